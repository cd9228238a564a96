#include "ui/infer/key_planner.h"

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/clips.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

/// Keys placed in the background, on a clip of two scenes of which the second begins with frame 14.
class KeyPlannerTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  ClipPtr clip_;

  KeyWish wishOf(const std::string& policy, int64_t first = 0, int64_t last = 29) {
    return {clip_, first, last, {160, 128}, policy, 10};
  }
  static PlannedKeys planOf(KeyPlanner& planner, const KeyWish& wish) {
    planner.setWish(wish);
    for (int i = 0; i < 600 && planner.news().wish != wish; ++i) QTest::qWait(100);
    return planner.news();
  }

 private Q_SLOTS:
  void initTestCase() {
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 14 -pix_fmt yuv420p {}/a.mp4");
    test::ffmpeg(dir_, "-f lavfi -i color=green:size=160x120:rate=25 -frames:v 16 -pix_fmt yuv420p {}/b.mp4");
    test::ffmpeg(dir_, "-i {}/a.mp4 -i {}/b.mp4 -filter_complex [0:v][1:v]concat=n=2:v=1 -pix_fmt yuv420p {}/c.mp4");
    auto clip = std::make_shared<Clip>();
    clip->path = dir_ / "c.mp4";
    clip->info = openSource(clip->path)->info();
    clip_ = clip;
    QCOMPARE(clip_->frames(), int64_t(30));
  }

  void cutsAndPinsAreKeysOfEveryPolicy() {
    KeyPlanner planner([] {});
    KeyWish wish = wishOf("manual");
    wish.pins = {20};
    const PlannedKeys planned = planOf(planner, wish);
    QCOMPARE(planned.error, std::string());
    QCOMPARE(planned.keys, (std::set<int64_t>{0, 14, 20}));
    QVERIFY(!planned.looked);
  }

  void whatReadsAheadEndsASceneWithAKey() {
    KeyPlanner planner([] {});
    KeyWish wish = wishOf("manual");
    wish.readsAhead = true;
    QCOMPARE(planOf(planner, wish).keys, (std::set<int64_t>{0, 13, 14, 29}));
  }

  void policiesThatAskTheModelAreNoneOfItsKinds() {
    const auto names = quickPolicies();
    QVERIFY(std::count(names.begin(), names.end(), "motion") == 1);
    QCOMPARE(std::count(names.begin(), names.end(), "margin"), 0);
    QCOMPARE(names.front(), std::string("fixed"));
  }

  void placesWhatARunWithItsOptionsPlaces() {
    KeyPlanner planner([] {});
    const KeyWish wish = wishOf("motion", 3, 25);
    const auto source = openSource(clip_->path);
    const auto frames = planFrames(*source, 3, 25, wish.network, {});
    QCOMPARE(planOf(planner, wish).keys, placeKeys(frames, policyOptions("motion", 10)).keys);
    QCOMPARE(*planOf(planner, wishOf("motion", 14, 25)).keys.begin(), int64_t(14));  // another range is looked at
  }

  void onTheGridThereIsNothingToPlace_data() {
    QTest::addColumn<QString>("policy");
    QTest::addColumn<int>("interval");
    QTest::newRow("fixed") << "fixed" << 10;
    QTest::newRow("every frame") << "motion" << 1;
  }
  void onTheGridThereIsNothingToPlace() {
    QFETCH(QString, policy);
    QFETCH(int, interval);
    KeyPlanner planner([] {});
    KeyWish wish = wishOf(policy.toStdString());
    wish.interval = interval;
    const PlannedKeys planned = planOf(planner, wish);
    QVERIFY(planned.keys.empty() && planned.error.empty());
  }

  void aVideoThatVanishedIsSaid() {
    KeyPlanner planner([] {});
    auto gone = std::make_shared<Clip>(*clip_);
    gone->path = dir_ / "gone.mp4";
    KeyWish wish = wishOf("motion");
    wish.clip = gone;
    QVERIFY(planOf(planner, wish).error.find("gone.mp4") != std::string::npos);
    QCOMPARE(planOf(planner, wishOf("manual")).keys, (std::set<int64_t>{0, 14}));  // and it goes on
  }
};

QTEST_GUILESS_MAIN(KeyPlannerTest)
#include "key_planner_test.moc"
