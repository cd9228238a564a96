#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/run/engine.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

constexpr int kFineStride = 4;  // pixels of a logit: two a cell of eight

FlowEstimate estimateOf(DffModel& m, const torch::Tensor& cur, const torch::Tensor& key) {
  return m.flow->estimate(m.flow->encode(cur), m.flow->encode(key));
}

/// The flow at twice the resolution, beyond the border led to it; position by position.
torch::Tensor fineFlow(const torch::Tensor& cells) {
  auto flow = at::upsample_bilinear2d(cells, {cells.size(2) * 2, cells.size(3) * 2}, false) * 2;
  auto at = flow.accessor<float, 4>();
  for (int64_t y = 0; y < flow.size(2); ++y)
    for (int64_t x = 0; x < flow.size(3); ++x) {
      at[0][0][y][x] = std::clamp(float(x) + at[0][0][y][x], 0.f, float(flow.size(3) - 1)) - float(x);
      at[0][1][y][x] = std::clamp(float(y) + at[0][1][y][x], 0.f, float(flow.size(2) - 1)) - float(y);
    }
  return flow;
}

torch::Tensor movedLogits(DffModel& m, const torch::Tensor& cur, const torch::Tensor& key) {
  const auto flow = fineFlow(estimateOf(m, cur, key).keyFromCur);
  return referenceWarp(m.segmentation(m.feature(key)), {flow, torch::ones({1})});
}

}  // namespace

/// Where the network is split into what runs on keys and what runs on every frame, for segmentation.
class SplitTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package fine_, plain_;
  const cv::Size size_{120, 90};

  Engine engineOf(const Package& package, const std::string& split, const std::string& propagate = "causal") const {
    EngineOptions options;
    options.precision = "fp32";
    options.tasks = {"seg"};
    options.split = split;
    options.propagate = propagate;
    options.aggregateKeys = false;
    return Engine(package, options);
  }
  /// Frame 1 from the key frame 0.
  Result propagated(const Package& package, const std::string& split) const {
    Engine engine = engineOf(package, split);
    engine.step(noiseFrame(0, size_), {true, false});
    return engine.step(noiseFrame(1, size_), {false, false});
  }

 private Q_SLOTS:
  void initTestCase() {
    const fs::path root = dir_.path().toStdString();
    plain_ = randomPackage(root / "plain");
    ModelSpec spec = smallSpec();
    spec.segmentation.upscale = 2;
    fine_ = randomPackage(root / "fine", spec);
  }

  void logitsMoveOnTheirOwnGrid() {
    const InferenceScope scope(1);
    DffModel& m = *fine_.model;
    const auto key = referenceInput(noiseFrame(0, size_), m.spec.input);
    const auto cur = referenceInput(noiseFrame(1, size_), m.spec.input);
    const Result carried = propagated(fine_, "logits");
    QVERIFY(shareEqual(carried.labels, referenceLabels(movedLogits(m, cur, key), size_, kFineStride)) > 0.999);
    const auto read = m.segmentation(referenceWarp(m.feature(key), estimateOf(m, cur, key)));
    const Result perFrame = propagated(fine_, "feature");
    QVERIFY(shareEqual(perFrame.labels, referenceLabels(read, size_, kFineStride)) > 0.999);
    QVERIFY(shareEqual(carried.labels, referenceLabels(read, size_, kFineStride)) < 0.999);
  }

  void bothSidesLogitsAreBlendedAsTheFeaturesAre() {
    const InferenceScope scope(1);
    DffModel& m = *fine_.model;
    Engine engine = engineOf(fine_, "logits", "two-sided");
    StageTimes times;
    const auto previous = engine.makeKey(noiseFrame(0, size_), times),
               next = engine.makeKey(noiseFrame(4, size_), times);
    const Result r = engine.propagate(noiseFrame(1, size_), previous, next);
    const auto cur = referenceInput(noiseFrame(1, size_), m.spec.input);
    const auto cells = torch::from_blob(const_cast<uchar*>(r.shareOfNext.data),
                                        {1, 1, r.shareOfNext.rows, r.shareOfNext.cols}, torch::kFloat);
    const auto share = at::upsample_bilinear2d(cells, {cells.size(2) * 2, cells.size(3) * 2}, false);
    const auto blended = torch::lerp(movedLogits(m, cur, referenceInput(noiseFrame(0, size_), m.spec.input)),
                                     movedLogits(m, cur, referenceInput(noiseFrame(4, size_), m.spec.input)), share);
    QVERIFY(shareEqual(r.labels, referenceLabels(blended, size_, kFineStride)) > 0.98);
  }

  void automaticallyTheFinerGridDecides() {
    const InferenceScope scope(1);
    const auto same = [](const Result& a, const Result& b) { return cv::norm(a.labels, b.labels, cv::NORM_INF) == 0; };
    QVERIFY(same(propagated(fine_, "auto"), propagated(fine_, "logits")));
    QVERIFY(same(propagated(plain_, "auto"), propagated(plain_, "feature")));
    QVERIFY(!same(propagated(fine_, "auto"), propagated(fine_, "feature")));
  }

  void keysAreTheSameEitherWay() {
    const InferenceScope scope(1);
    const Result carried = engineOf(fine_, "logits").step(noiseFrame(0, size_), {true, false});
    const Result read = engineOf(fine_, "feature").step(noiseFrame(0, size_), {true, false});
    QCOMPARE(cv::norm(carried.labels, read.labels, cv::NORM_INF), 0.0);
  }

  void anUnknownSplitListsTheKnownOnes() {
    try {
      engineOf(fine_, "middle");
      QFAIL("accepted");
    } catch (const UsageError& e) {
      QVERIFY(QString(e.what()).contains("known: auto, feature, logits"));
    }
  }
};

QTEST_APPLESS_MAIN(SplitTest)
#include "split_test.moc"
