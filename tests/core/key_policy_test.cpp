#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/schedule/key_plan.h"
#include "core/schedule/key_policy.h"

using namespace dff;

namespace {

constexpr int kFrames = 60;
const cv::Size kSize(320, 240);

cv::Mat sceneOf(int seed) {
  cv::Mat scene(500, 900, CV_8UC3);
  cv::RNG random(static_cast<uint64_t>(seed));
  random.fill(scene, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(scene, scene, {}, 6);
  cv::normalize(scene, scene, 0, 255, cv::NORM_MINMAX);
  scene += cv::Scalar(random.uniform(-60, 60), random.uniform(-60, 60), random.uniform(-60, 60));
  return scene;
}

/// A clip that stands still for 20 frames, moves fast for 20, and stands still again.
std::vector<FramePtr> startAndStop() {
  const cv::Mat scene = sceneOf(5);
  std::vector<FramePtr> frames;
  int x = 10;
  for (int i = 0; i < kFrames; ++i) {
    auto frame = std::make_shared<Frame>();
    frame->index = i;
    if (i >= 20 && i < 40) x += 14;
    frame->rgb = scene(cv::Rect({x, 100}, kSize)).clone();
    frames.push_back(frame);
  }
  return frames;
}

std::vector<PlanFrame> planned(const std::vector<FramePtr>& frames, size_t from = 0) {
  std::vector<PlanFrame> seen;
  for (size_t i = from; i < frames.size(); ++i)
    seen.push_back(planFrame(*frames[i], kSize, seen.empty() ? nullptr : &seen.back()));
  return seen;
}

PolicyOptions optionsOf(const std::string& policy, double share = 0) {
  PolicyOptions o;
  o.policy = policy;
  o.keyShare = share;
  return o;
}

int within(const std::set<int64_t>& keys, int64_t first, int64_t last) {
  return int(std::distance(keys.lower_bound(first), keys.upper_bound(last)));
}

/// A pair of small pictures, the second moved by (dx, dy) of its pixels.
struct MovedPair {
  MovedPair(int dx, int dy) {
    const cv::Mat scene = sceneOf(9);
    cv::Mat gray;
    cv::cvtColor(scene, gray, cv::COLOR_RGB2GRAY);
    key.gray = gray(cv::Rect(200, 200, 80, 60)).clone();
    cur.gray = gray(cv::Rect(200 + dx, 200 + dy, 80, 60)).clone();
    cur.index = 1;
  }
  PlanFrame cur, key;
};

}  // namespace

class KeyPolicyTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void policiesPutKeysWhereThingsHappen_data() {
    QTest::addColumn<QString>("policy");
    for (const char* name : {"warp_residual", "forward_backward", "motion", "budget"}) QTest::newRow(name) << name;
  }
  void policiesPutKeysWhereThingsHappen() {
    QFETCH(QString, policy);
    const auto plan = placeKeys(planned(startAndStop()), optionsOf(policy.toStdString(), 0.1));
    QVERIFY2(std::abs(int(plan.keys.size()) - 6) <= 2, qPrintable(QString::number(plan.keys.size())));
    QVERIFY(plan.keys.count(0));
    QVERIFY(within(plan.keys, 20, 41) >= int(plan.keys.size()) - 3);
    QCOMPARE(within(plan.keys, 1, 19), 0);
    QCOMPARE(plan.scores.size(), size_t(kFrames));
  }

  void ofEqualSharesAnAdaptivePolicyLeavesLessMotion() {
    // The mean distance that pictures have moved since their key, with as many keys on a grid.
    const auto moved = [](const std::set<int64_t>& keys) {
      double sum = 0;
      for (int64_t i = 0; i < kFrames; ++i) {
        const int64_t key = *std::prev(keys.upper_bound(i));
        const auto at = [](int64_t t) { return 14.0 * double(std::clamp<int64_t>(t - 19, 0, 20)); };
        sum += at(i) - at(key);
      }
      return sum / kFrames;
    };
    const auto plan = placeKeys(planned(startAndStop()), optionsOf("motion", 0.1));
    std::set<int64_t> grid;
    const double step = double(kFrames) / double(plan.keys.size());
    for (size_t k = 0; k < plan.keys.size(); ++k) grid.insert(int64_t(std::lround(double(k) * step)));
    QCOMPARE(grid.size(), plan.keys.size());
    QVERIFY2(moved(plan.keys) < moved(grid),
             qPrintable(QString("%1 of %2, %3 keys").arg(moved(plan.keys)).arg(moved(grid)).arg(grid.size())));
  }

  void aCutAndAPinAreKeysWhateverThePolicySays() {
    auto frames = startAndStop();
    const cv::Mat other(kSize, CV_8UC3, cv::Scalar(250, 10, 10));
    for (int i = 50; i < kFrames; ++i) {
      auto frame = std::make_shared<Frame>(*frames[size_t(i)]);
      frame->rgb = other;
      frames[size_t(i)] = frame;
    }
    for (const char* policy : {"scene_cut", "warp_residual", "forward_backward", "motion", "codec", "manual"}) {
      PolicyOptions o = optionsOf(policy);
      o.limit = 1, o.maxInterval = 1000;
      const auto plan = placeKeys(planned(frames), o, {7});
      const bool exactly = QStringList{"scene_cut", "codec", "manual"}.contains(policy);
      QVERIFY2(!exactly || plan.keys == (std::set<int64_t>{0, 7, 50}), policy);
      QVERIFY2(plan.keys.count(50) && plan.keys.count(7), policy);
    }
  }

  void intervalsStayWithinTheirBounds() {
    PolicyOptions o = optionsOf("motion");
    o.limit = 0, o.minInterval = 4, o.maxInterval = 9;
    QCOMPARE(placeKeys(planned(startAndStop()), o).keys.size(), size_t(kFrames / 4));
    o.limit = 1;
    std::set<int64_t> nines;
    for (int64_t i = 0; i < kFrames; i += 9) nines.insert(i);
    const auto keys = placeKeys(planned(startAndStop()), o).keys;
    QVERIFY(within(keys, 1, 18) == within(nines, 1, 18));
    for (auto key = keys.begin(); std::next(key) != keys.end(); ++key) QVERIFY(*std::next(key) - *key <= 9);
  }

  void aLaterStartAtAKeyGivesTheSameKeys() {
    PolicyOptions o = optionsOf("warp_residual");
    o.limit = 0.15;
    const auto frames = startAndStop();
    const auto whole = placeKeys(planned(frames), o).keys;
    const auto third = *std::next(whole.begin(), 2);
    const auto rest = placeKeys(planned(frames, size_t(third)), o).keys;
    QVERIFY(rest == std::set<int64_t>(whole.find(third), whole.end()));
  }

  void aPlannedRunFindsItsStart() {
    KeyPlan plan({kNoGrid, 0, true, {0, 12, 31}});
    QCOMPARE(plan.startFor(35, false), int64_t(31));
    QCOMPARE(plan.startFor(35, true), int64_t(12));
    QCOMPARE(plan.startFor(11, true), int64_t(0));
    KeyPlan grid({10, 4, true});
    QCOMPARE(grid.startFor(27, false), int64_t(24));
    QCOMPARE(grid.startFor(27, true), int64_t(14));
    QCOMPARE(grid.startFor(5, true), int64_t(4));
  }

  void scoresAreTheirFormulas() {
    MovedPair still(0, 0), moved(5, 0);
    PairSignals same(still.cur, still.key, 0), other(moved.cur, moved.key, 0.4);
    QVERIFY(warpResidualScore(same) < 0.02);
    QVERIFY(forwardBackwardScore(same) < 0.02);
    QVERIFY(motionScore(same) < 0.02);
    // 5 pixels of a quarter picture are 20 of the network's, of 64; 5 of 80 columns come in from outside.
    QVERIFY2(std::abs(motionScore(other) - 20. / 64) < 0.12, qPrintable(QString::number(motionScore(other))));
    QVERIFY(warpResidualScore(other) > 0.03);
    QVERIFY(warpResidualScore(other) < 0.2);  // what can be followed leaves no residual
    QCOMPARE(codecScore(other), 0.4);
    moved.cur.codedByItself = true;
    QCOMPARE(codecScore(other), 1.0);
  }

  void wrongOptionsAreNamed() {
    const auto frames = planned(startAndStop());
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("magic")), UsageError);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("fixed")), UsageError);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("budget")), UsageError);
    PolicyOptions o = optionsOf("motion");
    o.minInterval = 50;
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, o), UsageError);
  }
};

QTEST_APPLESS_MAIN(KeyPolicyTest)
#include "key_policy_test.moc"
