#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/run/frame_runner.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

/// Keys whose work is spread over the frames that follow them.
class SpreadTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  std::vector<FramePtr> frames_;

  static EngineOptions options(int spread) {
    EngineOptions o;
    o.precision = "fp32";
    o.wantHeat = true;
    o.spread = spread;
    return o;
  }

  /// Frames `first` and on, as a run gives them.
  std::vector<Result> run(Engine& engine, int interval, int64_t first = 0) const {
    std::vector<Result> results;
    KeyPlan plan({interval, 0, false});
    FrameRunner runner(engine, plan, [&](Result&& r) { results.push_back(std::move(r)); });
    for (size_t i = size_t(first); i < frames_.size(); ++i) runner.push({frames_[i], {}});
    runner.finish();
    return results;
  }

  static bool same(const Result& a, const Result& b) {
    return a.keyFrame == b.keyFrame && cv::norm(a.heat, b.heat, cv::NORM_INF) == 0 &&
           cv::norm(a.labels, b.labels, cv::NORM_INF) == 0;
  }

 private Q_SLOTS:
  void initTestCase() {
    package_ = randomPackage(fs::path(dir_.path().toStdString()) / "model");
    for (int i = 0; i < 14; ++i) frames_.push_back(noiseFrame(i, {120, 90}));
  }

  void aKeyServesTheStatedFramesLate_data() {
    QTest::addColumn<int>("spread");
    for (const int spread : {1, 2, 4}) QTest::addRow("%d", spread) << spread;
  }
  void aKeyServesTheStatedFramesLate() {
    QFETCH(int, spread);
    const InferenceScope scope(2);
    Engine late(package_, options(spread)), plain(package_, options(0));
    const auto results = run(late, 5);
    StageTimes times;
    const KeyPtr keys[] = {plain.makeKey(frames_[0], times), plain.makeKey(frames_[5], times),
                           plain.makeKey(frames_[10], times)};
    QVERIFY(results[0].isKey && same(results[0], plain.resultOfKey(*keys[0], times)));
    for (int i = 1; i < 14; ++i) {
      QVERIFY(!results[size_t(i)].isKey);
      QVERIFY(same(results[size_t(i)], plain.propagate(frames_[size_t(i)], keys[std::max(0, i - spread) / 5])));
    }
    QVERIFY(!same(results[5], plain.resultOfKey(*keys[1], times)));
  }
  void everyFrameTakesAPartAndNoneTheWhole() {
    const InferenceScope scope(2);
    Engine engine(package_, options(3));
    const auto results = run(engine, 5);
    for (size_t i = 1; i < results.size(); ++i)
      QCOMPARE(results[i].times[Stage::Features] >= 0, i >= 5 && i % 5 <= 3);  // a key's own frame and three more
  }
  /// The shipped network's shape at its own size; multiply-adds, not time.
  void theWorstFrameIsMuchCheaper() {
    ModelSpec spec = smallSpec();
    spec.feature = FeatureSpec();
    spec.feature.depths = {2, 2, 3, 4};
    spec.feature.strides = {1, 2, 1, 2};
    spec.feature.dilations = {1, 1, 2, 2};
    spec.feature.skipStage = 2;
    spec.feature.detailStage = 0;
    const InferenceScope scope(2);
    const ModelPtr fast = forInference(DffModel(spec), false);
    const at::Tensor picture = at::zeros({1, 3, 368, 480});
    const double whole = double(fast->fused->costsOfParts(picture, 1)[0]);
    for (const int parts : {2, 5, 10}) {
      const auto costs = fast->fused->costsOfParts(picture, parts);
      const double worst = double(*std::max_element(costs.begin(), costs.end())) / whole;
      qInfo("%d parts: the largest is %.3f of the whole", parts, worst);
      QVERIFY(worst < 1.0 / parts + 0.1);
    }
  }
  void aSeekGivesWhatPlayingGives() {
    const InferenceScope scope(2);
    Engine played(package_, options(2));
    const auto results = run(played, 4);
    const KeyPlan plan({4, 0, false});
    for (int64_t index = 0; index < int64_t(frames_.size()); ++index) {
      const int64_t start = plan.startFor(index, false, 2);
      QVERIFY(start <= index && index - start < 4 + 2);
      Engine sought(package_, options(2));
      if (index % 4 == 0 && index > 0) QVERIFY(start < index);  // the key's own frame is not made from itself
      QVERIFY(same(run(sought, 4, start)[size_t(index - start)], results[size_t(index)]));
    }
  }
  void aSceneCutIsComputedAtOnceAndDropsWhatIsOfTheOldScene() {
    const InferenceScope scope(2);
    Engine engine(package_, options(3));
    engine.step(frames_[0], {true, false});
    QCOMPARE(engine.step(frames_[1], {true, false}).keyFrame, int64_t(0));
    const Result cut = engine.step(frames_[2], {true, true});
    QVERIFY(cut.isKey);
    for (int64_t i = 3; i < 8; ++i) QCOMPARE(engine.step(frames_[size_t(i)], {false, false}).keyFrame, int64_t(2));
  }
  void aKeyThatComesEarlyEndsTheOneBefore() {
    const InferenceScope scope(2);
    Engine engine(package_, options(3));
    std::vector<int64_t> keys;
    for (int64_t i = 0; i < 9; ++i)
      keys.push_back(engine.step(frames_[size_t(i)], {i == 0 || i == 2 || i == 3, false}).keyFrame);
    QCOMPARE(keys, (std::vector<int64_t>{0, 0, 0, 2, 2, 2, 3, 3, 3}));
  }
  void whatDoesNotGoTogetherIsRefused() {
    EngineOptions o = options(2);
    o.propagate = "two-sided";
    QVERIFY_EXCEPTION_THROWN(Engine(package_, o), UsageError);
    o = options(2);
    o.precision = "bf16";
    QVERIFY_EXCEPTION_THROWN(Engine(package_, o), UsageError);
    Engine engine(package_, options(4));
    QVERIFY_EXCEPTION_THROWN(run(engine, 4), UsageError);
  }
};

QTEST_APPLESS_MAIN(SpreadTest)
#include "spread_test.moc"
