#include "tests/support/studio_on_a_clip.h"

#include <opencv2/core.hpp>

#include "ui/panels/probe_panel.h"
#include "ui/view/compare_view.h"
#include "ui/view/explore_view.h"
#include "ui/window/launch.h"

using namespace dff;
using namespace dff::ui;

/// Inspect, Compare and Explore on the frame on screen, and what brings a whole window back.
class WorkspacesTest : public test::StudioOnAClip {
  Q_OBJECT

  bool comparedOn(int64_t frame) {
    const auto c = window_->compare().comparison();
    return c && !window_->compare().stale() && c->frame->index == frame;
  }

 private Q_SLOTS:
  void initTestCase() { start(); }

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
};

QTEST_MAIN(WorkspacesTest)
#include "workspaces_test.moc"
