#include <QTest>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/schedule/key_plan.h"
#include "core/schedule/key_policy.h"
#include "core/schedule/least_change.h"

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

/// A model whose sureness falls by 0.002 a frame since the key, ten times as fast from `turn` on.
class FakeSureness : public ModelSureness {
 public:
  explicit FakeSureness(int64_t turn) : turn_(turn) {}
  double marginFall(int64_t frame, int64_t key) override {
    ++asked;
    const auto sum = [&](int64_t t) { return 0.002 * double(t) + 0.018 * double(std::max<int64_t>(0, t - turn_)); };
    return sum(frame) - sum(key);
  }
  int asked = 0;

 private:
  int64_t turn_;
};

/// What a choice of keys leaves, frame by frame, by the words of leastChange().
double changeLeft(const KeyChoice& choice, const std::vector<size_t>& keys) {
  double sum = 0;
  for (size_t i = 0; i < choice.change.size(); ++i) {
    const auto after = std::upper_bound(keys.begin(), keys.end(), i);
    double a = 0, b = 0;
    for (size_t j = *std::prev(after) + 1; j <= i; ++j) a += choice.change[j];
    if (choice.bothSides && after != keys.end())
      for (size_t j = i + 1; j <= *after; ++j) b += choice.change[j];
    sum += choice.bothSides && after != keys.end() ? (a + b > 0 ? a * b / (a + b) : 0) : a;
  }
  return sum;
}

/// The least that any choice leaves, by trying all.
double leastOfAll(const KeyChoice& choice) {
  double least = 1e300;
  for (unsigned set = 1; set < 1u << choice.change.size(); ++set) {
    std::vector<size_t> keys;
    for (size_t i = 0; i < choice.change.size(); ++i)
      if (set >> i & 1) keys.push_back(i);
    const bool allForced = std::all_of(choice.forced.begin(), choice.forced.end(),
                                       [&](size_t f) { return std::count(keys.begin(), keys.end(), f) > 0; });
    if (keys.size() == choice.keys && keys[0] == 0 && allForced) least = std::min(least, changeLeft(choice, keys));
  }
  return least;
}

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
      const auto plan = placeKeys(planned(frames), o, {{7}});
      const bool exactly = QStringList{"scene_cut", "codec", "manual"}.contains(policy);
      QVERIFY2(!exactly || plan.keys == (std::set<int64_t>{0, 7, 50}), policy);
      QVERIFY2(plan.keys.count(50) && plan.keys.count(7), policy);
    }
    PolicyOptions byHand = optionsOf("manual");
    byHand.keyShare = 0.5, byHand.maxInterval = 1000;  // nobody's hand placed what a share would add
    QVERIFY(placeKeys(planned(frames), byHand, {{7}}).keys == (std::set<int64_t>{0, 7, 50}));
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

  void leastChangeIsTheLeastOfAllChoices_data() {
    QTest::addColumn<bool>("bothSides");
    QTest::addColumn<int>("keys");
    for (const int keys : {2, 3, 4, 6})
      for (const bool both : {false, true}) QTest::addRow("%d keys, %d", keys, both) << both << keys;
  }
  void leastChangeIsTheLeastOfAllChoices() {
    QFETCH(bool, bothSides);
    QFETCH(int, keys);
    cv::RNG random(uint64_t(keys * 2 + bothSides + 1));
    int exact = 0;
    constexpr int kTries = 20;
    for (int t = 0; t < kTries; ++t) {
      KeyChoice choice;
      for (int i = 0; i < 12; ++i) choice.change.push_back(std::pow(random.uniform(0.0, 1.0), 3));
      choice.forced = {0};
      if (bothSides) choice.forced.insert(11);
      choice.keys = size_t(keys);
      choice.bothSides = bothSides;
      const auto found = leastChange(choice);
      QCOMPARE(found.size(), size_t(keys));
      const double least = leastOfAll(choice), left = changeLeft(choice, found);
      QVERIFY(left > least - 1e-9);
      QVERIFY2(left < 1.2 * least + 0.05, qPrintable(QString("%1 of %2").arg(left).arg(least)));
      exact += left < least + 1e-9;
    }
    QVERIFY2(exact >= kTries * 3 / 5, qPrintable(QString::number(exact)));  // not every count has a price
  }

  void leastChangeKeepsToForceAndBounds() {
    KeyChoice choice;
    choice.change.assign(40, 1);
    choice.forced = {0, 17, 18};
    choice.keys = 3;
    choice.shortest = 2, choice.longest = 100;
    QVERIFY(leastChange(choice) == (std::vector<size_t>{0, 17, 18}));
    choice.keys = 1;
    choice.longest = 10;
    const auto bounded = leastChange(choice);
    for (size_t k = 1; k < bounded.size(); ++k) QVERIFY(bounded[k] - bounded[k - 1] <= 10);
    QVERIFY(40 - bounded.back() <= 10);
    choice.keys = 40;
    const auto most = leastChange(choice);
    for (size_t k = 1; k < most.size(); ++k) QVERIFY(most[k] - most[k - 1] >= 2 || most[k] == 17 || most[k] == 18);
    choice.change.assign(1, 0), choice.forced = {0};
    QVERIFY(leastChange(choice) == std::vector<size_t>{0});
    choice.change.clear();
    QVERIFY(leastChange(choice).empty());
  }

  void aShareIsHitExactly_data() {
    QTest::addColumn<QString>("policy");
    for (const char* name : {"scene_cut", "warp_residual", "forward_backward", "motion", "margin", "balanced"})
      QTest::newRow(name) << name;
  }
  void aShareIsHitExactly() {
    QFETCH(QString, policy);
    FakeSureness sureness(30);
    const auto frames = planned(startAndStop());
    for (const double share : {0.05, 0.1, 0.2}) {
      PolicyOptions o = optionsOf(policy.toStdString(), share);
      o.maxInterval = 1000;
      const PlanContext context{{}, false, &sureness};
      QCOMPARE(placeKeys(frames, o, context).keys.size(), size_t(std::lround(share * kFrames)));
    }
  }

  void keysAreSpreadByWhatPilesUp() {
    // Of as many keys, those where the picture moves; and what piles up behind them is less than on the grid.
    const auto frames = planned(startAndStop());
    const auto balanced = placeKeys(frames, optionsOf("balanced", 0.1));
    QVERIFY(within(balanced.keys, 19, 40) >= 3);
    const auto piled = [&](const std::set<int64_t>& keys) {
      KeyChoice choice;
      for (size_t i = 0; i < frames.size(); ++i) {
        PairSignals pair(frames[i], frames[i ? i - 1 : 0], 0);
        choice.change.push_back(warpResidualScore(pair));
      }
      return changeLeft(choice, {keys.begin(), keys.end()});
    };
    QVERIFY(piled(balanced.keys) < piled({0, 10, 20, 30, 40, 50}));
    QVERIFY(piled(balanced.keys) <= piled(placeKeys(frames, optionsOf("motion", 0.1)).keys));
  }

  void whereKeysAreReadAheadTheLastOfASceneIsOne() {
    auto frames = planned(startAndStop());
    frames[33].cut = true;
    for (const char* policy : {"motion", "balanced"}) {
      const auto keys = placeKeys(frames, optionsOf(policy, 0.15), {{}, true, nullptr}).keys;
      for (const int64_t key : {0, 32, 33, 59}) QVERIFY2(keys.count(key), policy);
      QCOMPARE(keys.size(), size_t(9));
    }
  }

  void theMarginPolicyAsksTheModel() {
    const auto frames = planned(startAndStop());
    FakeSureness sureness(20);
    PolicyOptions o = optionsOf("margin");
    o.limit = 0.399;  // a fall of nearly 0.02
    o.minInterval = 1;
    const auto plan = placeKeys(frames, o, {{}, false, &sureness});
    QVERIFY(plan.keys.count(10) && plan.keys.count(20) && !plan.keys.count(5));
    QVERIFY(plan.keys.count(21) && plan.keys.count(22) && plan.keys.size() == size_t(42));
    QVERIFY(std::abs(plan.scores[5] - 0.01 / 0.05) < 1e-9);
    QVERIFY(sureness.asked > 0 && sureness.asked < kFrames);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, o), Error);
  }

  void streetsAreToldApart() {
    // Two scenes of nearly the same colours in other places, and one that moves by a tenth of its width.
    cv::Mat blobs(6, 12, CV_8UC3), wide, b;
    cv::RNG(7).fill(blobs, cv::RNG::UNIFORM, 40, 200);
    cv::resize(blobs, wide, {480, 240}, 0, 0, cv::INTER_CUBIC);
    const cv::Mat a = wide(cv::Rect(0, 0, 320, 240)).clone();
    cv::flip(a, b, -1);
    b = b * 0.88 + cv::Scalar(15, 8, 4);
    const double distance = histogramDistance(scenePrint(a).histogram, scenePrint(b).histogram);
    QVERIFY2(distance > 0.15 && distance < 0.5, qPrintable(QString::number(distance)));
    QVERIFY(isSceneCut(scenePrint(a), scenePrint(b)));
    QVERIFY(!isSceneCut(scenePrint(a), scenePrint(wide(cv::Rect(8, 0, 320, 240)))));
    QVERIFY(!isSceneCut(scenePrint(a), scenePrint(a * 0.93 + cv::Scalar(9, 4, 2))));  // the light has changed
  }

  void policiesAreReadWithTheirOptions() {
    PolicyOptions otherwise;
    otherwise.minInterval = 5;
    const PolicyOptions read = parsePolicy("motion:policy_limit=0.25:max_interval=17", otherwise);
    QCOMPARE(QString::fromStdString(read.policy), QString("motion"));
    QCOMPARE(read.limit, 0.25);
    QCOMPARE(read.maxInterval, 17);
    QCOMPARE(read.minInterval, 5);
    QCOMPARE(QString::fromStdString(parsePolicy("fixed").policy), QString("fixed"));
    for (const char* wrong : {"whim", "motion:policy_limit", "motion:policy_limit=much", "motion:policy_limit=2",
                              "motion:colour=1", "motion:policy=3", ""})
      QVERIFY_EXCEPTION_THROWN(parsePolicy(wrong), Error);
  }

  void wrongOptionsAreNamed() {
    const auto frames = planned(startAndStop());
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("magic")), UsageError);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("fixed")), UsageError);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("budget")), UsageError);
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, optionsOf("balanced")), UsageError);
    PolicyOptions o = optionsOf("motion");
    o.minInterval = 50;
    QVERIFY_EXCEPTION_THROWN(placeKeys(frames, o), UsageError);
  }
};

QTEST_APPLESS_MAIN(KeyPolicyTest)
#include "key_policy_test.moc"
