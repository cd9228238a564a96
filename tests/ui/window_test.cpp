#include "tests/support/studio_on_a_clip.h"

#include <QFile>
#include <opencv2/core.hpp>

#include "ui/panels/export_panel.h"
#include "ui/panels/layers_panel.h"
#include "ui/window/launch.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

/// Playing, keys, overlays, export and faults of the whole window.
class WindowTest : public test::StudioOnAClip {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { start(); }

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
