#include "tests/support/small_model.h"

#include <QApplication>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "tests/support/clips.h"
#include "ui/panels/export_panel.h"
#include "ui/panels/layers_panel.h"
#include "ui/panels/probe_panel.h"
#include "ui/view/compare_view.h"
#include "ui/view/explore_view.h"
#include "ui/window/launch.h"
#include "ui/window/main_window.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

/// The whole window on a clip of moving shapes, with a small model of random weights.
class WindowTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<MainWindow> window_;

  Session& session() { return window_->session(); }
  void trigger(const char* action) { window_->actions()[action].trigger(); }
  bool overlaidOn(int64_t frame, int64_t key) {
    const auto o = session().overlaid();
    return o && !o->late && !o->provisional && o->result.frame->index == frame && o->result.keyFrame == key;
  }

  bool comparedOn(int64_t frame) {
    const auto c = window_->compare().comparison();
    return c && !window_->compare().stale() && c->frame->index == frame;
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("dff-studio-test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir_.path());
    test::randomPackage(dir_ / "model");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 40 -pix_fmt yuv420p {}/clip.mp4");
    look_ = std::make_unique<Look>(*qApp, true);
    window_ = std::make_unique<MainWindow>(*look_);
    session().setModel(dir_.path() + "/model");
    session().setPrecision("fp32");
    session().setInterval(10);
    window_->show();
    window_->open(dir_.path() + "/clip.mp4");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(0, 0), 60000);
  }

  void theFirstFrameIsAKeyFrameWithClassesOverIt() {
    QVERIFY(session().overlaid()->result.isKey);
    QVERIFY(cv::norm(session().picture(), session().frame()->rgb, cv::NORM_INF) > 0);
  }

  void stepsGoToPropagatedFrames() {
    trigger("forward_ten");
    trigger("forward");
    trigger("forward");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(12, 10), 60000);
    trigger("previous_key");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(10, 10), 60000);
  }

  void anotherIntervalChangesTheKeyOfTheFrameOnScreen() {
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    session().setInterval(4);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 12), 60000);
    session().setInterval(10);
  }

  void pinsAreKeyFrames() {
    session().player().seek(15);
    trigger("pin");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(15, 15), 60000);
    trigger("pin");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(15, 10), 60000);
  }

  void byDefaultFramesLieBetweenTwoKeys() {
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    QCOMPARE(session().overlaid()->result.nextKey, int64_t(20));
    QVERIFY(session().complete());
    session().setPropagation("causal");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10) && session().overlaid()->result.nextKey == -1, 60000);
    trigger("next_way");
    QCOMPARE(session().tuning().propagate, std::string("two-sided"));
  }

  void aPolicyPlacesKeysAndTheGridComesBack() {
    trigger("next_policy");
    QCOMPARE(session().policy(), std::string("scene_cut"));
    session().setPolicy("manual");
    trigger("pin");  // at 13: keys are the first frame, the pinned one and the last
    QTRY_VERIFY_WITH_TIMEOUT(!session().tuning().keys.planned.empty() && overlaidOn(13, 13), 60000);
    session().player().seek(25);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(25, 13) && session().overlaid()->result.nextKey == 39, 60000);
    session().player().seek(13);
    trigger("pin");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 0), 60000);
    session().setPolicy("fixed");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
  }

  void theOutPointIsTheLastKeyOfARunThatReadsAhead() {
    session().player().setRange(0, 17);
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10) && session().overlaid()->result.nextKey == 17, 60000);
    session().player().clearRange();
  }

  void theBoxesOfTheModelHaveTheirOwnControls() {
    QTRY_VERIFY_WITH_TIMEOUT(session().news().boxClasses.size() == 3, 60000);
    auto* panel = window_->findChild<LayersPanel*>();
    Slider* score = nullptr;
    for (Slider* slider : panel->findChildren<Slider*>())
      if (slider->accessibleName() == "Score at least") score = slider;
    QVERIFY(score);
    QTRY_VERIFY_WITH_TIMEOUT(score->isVisible(), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    const cv::Mat without = session().picture();
    Q_EMIT score->moved(0);  // an untrained network is sure of nothing
    QCOMPARE(session().layers().boxScore, 0.0);
    QVERIFY(cv::norm(session().picture(), without, cv::NORM_INF) > 0);
    Q_EMIT score->moved(50);
  }

  void theHeatMapShowsTheChosenChannel() {
    session().setLayer("heat", true);
    OverlayOptions layers = session().layers();
    layers.heatChannel = 3;
    session().setLayers(layers);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10) && !session().overlaid()->result.heat.empty(), 60000);
    const cv::Mat one = session().overlaid()->result.heat;
    layers.heatChannel = -1;
    session().setLayers(layers);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10) && cv::norm(session().overlaid()->result.heat, one, cv::NORM_INF) > 0,
                             60000);
    session().setLayer("heat", false);
  }

  void playingMovesOnAndShowsOverlays() {
    session().player().seek(0);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(0, 0), 60000);
    trigger("play");
    QVERIFY(session().player().playing());
    QTRY_VERIFY_WITH_TIMEOUT(session().player().position() > 5 && session().overlaid(), 60000);
    trigger("pause");
    QVERIFY(!session().player().playing());
  }

  void hiddenOverlaysShowThePlainFrame() {
    trigger("overlays");
    QCOMPARE(cv::norm(session().picture(), session().frame()->rgb, cv::NORM_INF), 0.0);
    trigger("overlays");
    QTRY_VERIFY_WITH_TIMEOUT(session().overlaid(), 60000);
  }

  void theProbeReadsTheFrameOnScreen() {
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    session().setProbe(QPointF(0.5, 0.25));
    const auto reading = readProbe(session());
    QVERIFY(reading && reading->flow);
    QCOMPARE(reading->pixel, cv::Point(80, 30));
    QCOMPARE(reading->label, int(session().overlaid()->result.labels.at<uint8_t>(30, 80)));
    QTRY_COMPARE_WITH_TIMEOUT(readProbe(session())->feature.size(), size_t(12), 60000);
    QCOMPARE(toJson(*readProbe(session()))["key_frame"].get<int>(), 10);
    trigger("clear_probe");
    QVERIFY(!readProbe(session()));
  }

  void inspectComparesTheFrameOnScreen() {
    trigger("inspect");
    session().player().seek(14);
    QTRY_VERIFY_WITH_TIMEOUT(session().inspection() && session().inspection()->current->index == 14 &&
                                 !session().inspection()->recomputed.empty(),
                             60000);
    QVERIFY(window_->grab().toImage().width() > 1000);
    trigger("watch");
  }

  void compareShowsTwoSettingsOnTheFrameOnScreen() {
    session().player().seek(13);
    trigger("compare");
    auto& compare = window_->compare();
    QCOMPARE(compare.side(0).interval, 10);  // the studio's setting against per-frame inference
    QVERIFY(compare.side(1).kind == Configuration::Kind::PerFrame);
    QTRY_VERIFY_WITH_TIMEOUT(comparedOn(13), 60000);
    QCOMPARE(compare.comparison()->sides[0].result.keyFrame, int64_t(10));
    QVERIFY(compare.comparison()->sides[1].result.isKey);
    trigger("forward");
    QTRY_VERIFY_WITH_TIMEOUT(comparedOn(14), 60000);
    QVERIFY(window_->findChild<CompareView*>()->isVisible());
  }

  void compareIsWipedSplitAndSubtracted() {
    auto* view = window_->findChild<CompareView*>();
    auto& compare = window_->compare();
    QCOMPARE(compare.mode(), CompareMode::Wipe);
    const double before = compare.divider();
    trigger("wipe_left");
    QVERIFY(compare.divider() < before);
    QVERIFY(view->picture(1).mask().boundingRect().left() < view->width() / 2);
    trigger("split");
    QVERIFY(view->picture(1).geometry().left() >= view->width() / 2 && !view->line().isVisible());
    trigger("difference");
    QVERIFY(!view->picture(1).isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(compare.comparison() && !compare.comparison()->difference.empty(), 60000);
    trigger("wipe");
    QVERIFY(view->line().isVisible());
  }

  void playingInCompareShowsBothSides() {
    trigger("play");
    QTRY_VERIFY_WITH_TIMEOUT(session().player().position() > 18 && comparedOn(session().player().position()), 60000);
    trigger("pause");
    trigger("watch");
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
  }

  void exploreSweepsTheRangeAndAPointIsTaken() {
    auto& explore = window_->explore();
    QVERIFY(explore.setIntervals("1, 2, 5"));
    trigger("sweep");
    QVERIFY(explore.running() && window_->findChild<ExploreView*>()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!explore.running(), 120000);
    QCOMPARE(explore.job()->state, JobState::Done);
    const auto& points = explore.report().points;
    QCOMPARE(points.size(), size_t(1 + 3 * 2));
    explore.take(points.size() - 1);
    QCOMPARE(session().tuning().keys.interval, 5);
    QCOMPARE(session().tuning().flow, std::string("copy"));
    QCOMPARE(explore.current().value(), points.size() - 1);
    session().load("flownet", "causal", 10);
    trigger("watch");
  }

  void aSweepIsCancelledByTheSameAction() {
    trigger("sweep");
    QVERIFY(window_->explore().running());
    trigger("sweep");
    QTRY_COMPARE_WITH_TIMEOUT(window_->explore().job()->state, JobState::Cancelled, 60000);
    trigger("watch");
  }

  void aProjectRestoresWhatTheWindowWorkedOn() {
    const QString file = dir_.path() + "/street.dffproj";
    auto& player = session().player();
    player.setRange(4, 30);
    session().setPins({17});
    session().setInterval(6);
    session().setLayer("contours", false);
    player.seek(19);
    trigger("compare");
    window_->compare().setSide(1, {Configuration::Kind::Propagated, 3, "dis", "causal"});
    QVERIFY(window_->saveProject(file));
    QVERIFY(!window_->projectChanged());
    window_->compare().setSide(1, {Configuration::Kind::PerFrame});
    QVERIFY(window_->projectChanged());
    trigger("watch");
    session().load("flownet", "causal", 10);
    session().setLayer("contours", true);
    window_->open(file);
    QTRY_VERIFY_WITH_TIMEOUT(!window_->projectChanged() && player.out() == 30, 60000);
    QCOMPARE(player.in(), int64_t(4));
    QCOMPARE(player.position(), int64_t(19));
    QCOMPARE(session().tuning().keys.interval, 6);
    QVERIFY(session().tuning().keys.pins.count(17) && !session().hasLayer("contours"));
    QCOMPARE(window_->compare().side(1).flow, std::string("dis"));
    QVERIFY(window_->findChild<CompareView*>()->isVisible());
    QVERIFY(window_->windowTitle().contains("street.dffproj"));
    trigger("watch");
    session().setLayer("contours", true);
    session().setPins({});
    session().setInterval(10);
    player.clearRange();
  }

  void exportWritesTheRangeAsAJob() {
    session().load("flownet", "two-sided", 10);
    session().player().setRange(5, 14);
    session().player().seek(8);
    trigger("pin");
    const auto* panel = window_->findChild<ExportPanel*>();
    RunOptions options = panel->options(dir_.path(), "clip");
    QCOMPARE(options.interval, 10);
    QCOMPARE(options.start, int64_t(5));
    QCOMPARE(options.pins, (std::vector<int64_t>{8}));
    QCOMPARE(options.engine.propagate, std::string("two-sided"));
    QCOMPARE(options.exports, (std::vector<std::string>{"video:" + (dir_ / "clip_annotated.mp4").string()}));
    const int id = session().jobs().add("clip", "", [options](const JobContext& j) { runFiles(options, j); });
    QVERIFY(id > 0);
    QTRY_COMPARE_WITH_TIMEOUT(session().jobs().jobs().back().state, JobState::Done, 60000);
    QCOMPARE(test::probe(dir_ / "clip_annotated.mp4", "pts_time").size(), size_t(10));
    session().player().clearRange();
    trigger("pin");
  }

  void theCommandLineSaysWhatIsUnknown_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("value");
    QTest::newRow("workspace") << "workspace"
                               << "kitchen";
    QTest::newRow("flow") << "flow"
                          << "magic";
    QTest::newRow("propagation") << "propagate"
                                 << "magic";
    QTest::newRow("layer") << "layers"
                           << "magic";
    QTest::newRow("window") << "window"
                            << "big";
    QTest::newRow("probe") << "probe"
                           << "here";
    QTest::newRow("folder") << "screenshot"
                            << "/nowhere/at/all.png";
  }
  void theCommandLineSaysWhatIsUnknown() {
    QFETCH(QString, what);
    QFETCH(QString, value);
    LaunchOptions options;
    options.file = "clip.mp4";
    check(options);
    const std::map<QString, std::string*> fields = {
        {"workspace", &options.workspace}, {"flow", &options.flow},   {"propagate", &options.propagate},
        {"window", &options.window},       {"probe", &options.probe}, {"screenshot", &options.screenshot}};
    if (what == "layers")
      options.layers = {value.toStdString()};
    else
      *fields.at(what) = value.toStdString();
    QVERIFY_EXCEPTION_THROWN(check(options), Error);
  }

  void aScreenshotIsTakenOnceAllIsThere() {
    LaunchOptions options;
    options.file = dir_.path().toStdString() + "/clip.mp4";
    options.frame = 23;
    options.interval = 5;
    options.workspace = "inspect";
    options.probe = "40,30";
    options.window = "1500x900";
    options.screenshot = dir_.path().toStdString() + "/window.png";
    check(options);
    launch(*window_, options);
    std::optional<std::string> problem;
    screenshotWhenComplete(*window_, options.screenshot, [&](const std::string& p) { problem = p; });
    QTRY_VERIFY_WITH_TIMEOUT(problem, 130000);
    QCOMPARE(*problem, std::string());
    QCOMPARE(QImage(dir_.path() + "/window.png").size(), QSize(1500, 900));
    QVERIFY(overlaidOn(23, 20) && session().inspection()->current->index == 23);
    QCOMPARE(readProbe(session())->pixel, cv::Point(40, 30));
    session().setInterval(10);
    trigger("clear_probe");
    trigger("watch");
  }

  void aFileThatIsNoVideoLeavesTheClipOpen() {
    QFile file(dir_.path() + "/text.mp4");
    file.open(QIODevice::WriteOnly);
    file.write("not a video");
    file.close();
    QString said;
    connect(&session(), &Session::failed, this, [&](const QString& sentence) { said = sentence; });
    window_->open(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), 60000);
    QVERIFY(session().clip()->path.filename() == "clip.mp4");
  }

  void theThemeChangesEveryGround() {
    const QColor dark = window_->grab().toImage().pixelColor(5, 5);
    trigger("light");
    const QColor light = window_->grab().toImage().pixelColor(5, 5);
    QVERIFY(dark.lightness() < 60 && light.lightness() > 200);
    trigger("light");
  }

  void closingWhileEverythingRunsEnds() {
    trigger("compare");
    trigger("play");
    trigger("sweep");
    trigger("compare");
    QTRY_VERIFY_WITH_TIMEOUT(window_->explore().job()->state != JobState::Waiting, 60000);
    session().jobs().add("endless", "", [](const JobContext& job) {
      for (;;) job.checkStop();
    });
    window_.reset();
  }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
