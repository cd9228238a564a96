#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "core/model/dff_model.h"
#include "core/run/engine.h"
#include "core/run/pipeline.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

ModelSpec smallSpec() {
  ModelSpec spec;
  spec.feature.widths = {8, 12, 16, 16};
  spec.feature.depths = {1, 1, 1, 1};
  spec.feature.channels = 12;
  spec.flow.width = 0.5;
  spec.detection.emplace();
  spec.detection->group = 3;
  spec.detection->minScore = 0;
  spec.input.shortSide = 90;
  spec.input.longSideMax = 640;
  for (int i = 0; i < 4; ++i) spec.classes.push_back({"class" + std::to_string(i), {0, 0, 0}, {0, 0, 0}});
  return spec;
}

/// A package with random weights; the scale map is made to differ from one.
Package randomPackage(const fs::path& folder) {
  torch::manual_seed(5);
  const ModelSpec spec = smallSpec();
  DffModel model(spec);
  torch::NoGradGuard guard;
  NamedTensors weights;
  for (auto& [name, tensor] : namedTensors(model)) {
    if (name.find("scale.weight") != std::string::npos) tensor.normal_(0, 0.05);
    weights.emplace_back(name, tensor);
  }
  savePackage(folder, {{"name", "random"}}, spec, weights);
  return loadPackage(folder);
}

FramePtr noiseFrame(int64_t index, cv::Size size) {
  auto frame = std::make_shared<Frame>();
  cv::RNG random(uint64_t(index) + 17);
  frame->rgb = cv::Mat(size, CV_8UC3);
  random.fill(frame->rgb, cv::RNG::UNIFORM, 0, 256);
  frame->index = index;
  return frame;
}

/// The picture as the networks see it, by tensor operations alone (no resizing: the size is the network's own).
torch::Tensor referenceInput(const FramePtr& frame, const InputSpec& input) {
  const cv::Mat& m = frame->rgb;
  auto x = torch::from_blob(m.data, {1, m.rows, m.cols, 3}, torch::kByte).to(torch::kFloat).permute({0, 3, 1, 2});
  for (int c = 0; c < 3; ++c) x.select(1, c).sub_(input.mean[c]).div_(input.std[c]);
  return torch::constant_pad_nd(x, {0, (16 - m.cols % 16) % 16, 0, (16 - m.rows % 16) % 16});
}

/// Warp x scale through grid_sampler, slow and independent of our kernel.
torch::Tensor referenceWarp(const torch::Tensor& feature, const FlowEstimate& e) {
  const int64_t h = feature.size(2), w = feature.size(3);
  const auto x = torch::arange(w).view({1, 1, w}) + e.keyFromCur.select(1, 0);
  const auto y = torch::arange(h).view({1, h, 1}) + e.keyFromCur.select(1, 1);
  const auto grid = torch::stack({x / (w - 1.0) * 2 - 1, y / (h - 1.0) * 2 - 1}, -1);
  return at::grid_sampler(feature, grid, 0, 0, true) * e.scale;
}

cv::Mat meanActivation(const torch::Tensor& feature) {
  const auto mean = feature.abs().mean(1)[0].contiguous();
  return cv::Mat(int(mean.size(0)), int(mean.size(1)), CV_32F, mean.data_ptr()).clone();
}

torch::Tensor referenceLabels(const torch::Tensor& logits, cv::Size size) {
  const auto large = at::upsample_bilinear2d(logits, {logits.size(2) * 8, logits.size(3) * 8}, false);
  return large.argmax(1)[0].slice(0, 0, size.height).slice(1, 0, size.width);
}

double shareEqual(const cv::Mat& labels, const torch::Tensor& reference) {
  const auto ours = torch::from_blob(labels.data, {labels.rows, labels.cols}, torch::kByte).to(torch::kLong);
  return (ours == reference).to(torch::kDouble).mean().item<double>();
}

/// Frames in memory.
class MemorySource : public FrameSource {
 public:
  explicit MemorySource(std::vector<FramePtr> frames) : frames_(std::move(frames)) {
    info_.times.resize(frames_.size());
  }
  const SourceInfo& info() const override { return info_; }
  FramePtr next() override { return at_ < frames_.size() ? frames_[at_++] : nullptr; }
  void seek(int64_t index) override { at_ = size_t(index); }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  std::vector<FramePtr> frames_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
  size_t at_ = 0;
};

}  // namespace

class EngineTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  const cv::Size size_{120, 90};

 private Q_SLOTS:
  void initTestCase() { package_ = randomPackage(fs::path(dir_.path().toStdString()) / "model"); }

  void bothPathsEqualThePlainReference() {
    const InferenceScope scope(1);
    EngineOptions options;
    options.precision = "fp32";
    options.wantHeat = true;
    Engine engine(package_, options);
    const FramePtr key = noiseFrame(0, size_), cur = noiseFrame(1, size_);
    const Result ofKey = engine.step(key, {true, false}), ofCur = engine.step(cur, {false, false});
    DffModel& m = *package_.model;
    const auto keyInput = referenceInput(key, m.spec.input), curInput = referenceInput(cur, m.spec.input);
    const auto feature = m.feature(keyInput);
    const auto estimate = m.flow->estimate(m.flow->encode(curInput), m.flow->encode(keyInput));
    const auto moved = referenceWarp(feature, estimate);
    QVERIFY(cv::norm(ofKey.heat, meanActivation(feature), cv::NORM_INF) < 1e-4);
    QVERIFY(cv::norm(ofCur.heat, meanActivation(moved), cv::NORM_INF) < 1e-4);
    QVERIFY(cv::norm(ofKey.heat, ofCur.heat, cv::NORM_INF) > 1e-3);  // the propagated feature is another one
    QVERIFY(shareEqual(ofKey.labels, referenceLabels(m.segmentation(feature), size_)) > 0.999);
    QVERIFY(shareEqual(ofCur.labels, referenceLabels(m.segmentation(moved), size_)) > 0.999);
    QVERIFY(ofKey.isKey && !ofCur.isKey);
    QCOMPARE(ofCur.keyFrame, int64_t(0));
  }

  void copyTakesTheKeysFeatureAsItIs() {
    const InferenceScope scope(1);
    EngineOptions options;
    options.flow = "copy";
    Engine engine(package_, options);
    const Result key = engine.step(noiseFrame(0, size_), {true, false});
    const Result cur = engine.step(noiseFrame(1, size_), {false, false});
    QCOMPARE(cv::norm(key.labels, cur.labels, cv::NORM_INF), 0.0);
    QVERIFY(cur.keyFromCur.empty());
  }

  void onlyTheTasksAskedForAreComputed() {
    const InferenceScope scope(1);
    for (const std::string task : {"seg", "boxes"}) {
      EngineOptions options;
      options.tasks = {task};
      const Result r = Engine(package_, options).step(noiseFrame(0, size_), {true, false});
      QCOMPARE(r.labels.empty(), task == "boxes");
      QCOMPARE(r.boxes.empty(), task == "seg");
      QCOMPARE(r.times[Stage::Detect] >= 0, task == "boxes");
    }
    EngineOptions wrong;
    wrong.tasks = {"boxen"};
    QVERIFY_EXCEPTION_THROWN(Engine(package_, wrong), UsageError);
  }

  void boxesAreInThePixelsOfTheVideo() {
    const InferenceScope scope(1);
    Engine engine(package_, {});
    const cv::Size large(240, 180);  // twice the network's input
    const Result key = engine.step(noiseFrame(0, large), {true, false});
    const Result cur = engine.step(noiseFrame(1, large), {false, false});
    for (const Result* r : {&key, &cur}) {
      QVERIFY(!r->boxes.empty());
      float right = 0;
      for (size_t i = 0; i < r->boxes.size(); ++i) {
        const ObjectBox& b = r->boxes[i];
        QVERIFY(b.box.x >= 0 && b.box.y >= 0 && b.box.br().x <= 240.01f && b.box.br().y <= 180.01f);
        QVERIFY(b.classIndex >= 0 && b.classIndex < 3 && b.score >= 0 && b.score <= 1 && b.trackId == -1);
        if (i > 0) QVERIFY(r->boxes[i - 1].score >= b.score);
        right = std::max(right, b.box.br().x);
      }
      QVERIFY(right > 200);
    }
  }

  void aModelWithoutDetectionFindsNoBoxes() {
    ModelSpec spec = smallSpec();
    spec.detection.reset();
    const fs::path folder = fs::path(dir_.path().toStdString()) / "plain";
    savePackage(folder, {{"name", "plain"}}, spec, namedTensors(DffModel(spec)));
    const Package plain = loadPackage(folder);
    const InferenceScope scope(1);
    const Result r = Engine(plain, {}).step(noiseFrame(0, size_), {true, false});
    QVERIFY(r.boxes.empty() && !r.labels.empty());
    EngineOptions options;
    options.tasks = {"boxes"};
    QVERIFY_EXCEPTION_THROWN(Engine(plain, options), Error);
  }

  void unknownNamesListTheKnownOnes_data() {
    QTest::addColumn<QString>("flow");
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<QString>("precision");
    QTest::newRow("flow") << "magic"
                          << "causal"
                          << "auto";
    QTest::newRow("propagator") << "copy"
                                << "magic"
                                << "auto";
    QTest::newRow("precision") << "copy"
                               << "causal"
                               << "magic";
  }
  void unknownNamesListTheKnownOnes() {
    QFETCH(QString, flow);
    QFETCH(QString, propagate);
    QFETCH(QString, precision);
    EngineOptions options;
    options.flow = flow.toStdString();
    options.propagate = propagate.toStdString();
    options.precision = precision.toStdString();
    try {
      Engine engine(package_, options);
      QFAIL("accepted");
    } catch (const UsageError& e) {
      QVERIFY(QString(e.what()).contains("known: "));
    }
  }

  void keysStandEveryIntervalFromTheInPointAndAfterCuts() {
    KeyPlan plan({3, 2, true});
    std::vector<int64_t> keys;
    for (int64_t i = 2; i < 10; ++i) {
      auto frame = std::make_shared<Frame>();
      frame->rgb = cv::Mat(size_, CV_8UC3, i < 7 ? cv::Scalar(200, 10, 10) : cv::Scalar(10, 10, 200));
      frame->index = i;
      if (plan.decide(*frame).isKey) keys.push_back(i);
    }
    QCOMPARE(keys, (std::vector<int64_t>{2, 5, 7, 8}));
    QVERIFY_EXCEPTION_THROWN(KeyPlan({0, 0, true}), UsageError);
  }

  void threadsChangeNothing() {
    std::vector<FramePtr> frames;
    for (int i = 0; i < 9; ++i) frames.push_back(noiseFrame(i, size_));
    std::vector<cv::Mat> labels[2];
    for (int threaded = 0; threaded < 2; ++threaded) {
      MemorySource source(frames);
      Engine engine(package_, {});
      KeyPlan plan({4, 1, false});
      const auto sink = [&](Result& r) { labels[threaded].push_back(r.labels); };
      QCOMPARE(runFrames(source, engine, plan, {1, 7, threaded == 1, 1}, sink, {}), int64_t(7));
    }
    for (int i = 0; i < 7; ++i) QCOMPARE(cv::norm(labels[0][i], labels[1][i], cv::NORM_INF), 0.0);
  }

  void whatTheSinkThrowsStopsTheRun() {
    MemorySource source({noiseFrame(0, size_), noiseFrame(1, size_), noiseFrame(2, size_)});
    Engine engine(package_, {});
    KeyPlan plan({1, 0, false});
    const auto sink = [](Result&) { throw Error("disk full"); };
    QVERIFY_EXCEPTION_THROWN(runFrames(source, engine, plan, {}, sink, {}), Error);
  }
};

QTEST_APPLESS_MAIN(EngineTest)
#include "engine_test.moc"
