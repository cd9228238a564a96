#include <QTemporaryDir>
#include <QTest>

#include "core/run/engine.h"
#include "tests/support/script_package.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

const cv::Size kSize{120, 90};  // as the networks take it, so that nothing is resized

ModelSpec specOf(const QString& kind) {
  ModelSpec spec = smallSpec();
  spec.detection.reset();
  if (kind == "detail") spec.feature.detailStage = 0;
  if (kind == "finer head") spec.segmentation.upscale = 2;
  if (kind == "bottlenecks") {
    spec.feature.stem = "imagenet";
    spec.feature.block = "bottleneck";
    spec.feature.context = false;
    spec.feature.outputNorm = false;
  }
  return spec;
}

/// Random weights, those of batch normalisation as well, so that no residual block is the identity.
Package packageOf(const fs::path& folder, const ModelSpec& spec) {
  torch::manual_seed(7);
  DffModel model(spec);
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : namedTensors(model))
    if (name.find("bn.weight") != std::string::npos) tensor.uniform_(0.5, 1.5);
  savePackage(folder, {{"name", "clockwork"}}, spec, namedTensors(model));
  return loadPackage(folder);
}

/// The network module by module: what is deep sees one picture, what is shallow another one.
class ByHand {
 public:
  explicit ByHand(DffModel& model) : spec_(model.spec.feature), modules_(model.feature->named_modules()) {
    model.eval();
  }

  at::Tensor feature(const at::Tensor& deepPicture, const at::Tensor& shallowPicture) {
    at::Tensor deep = stages(stem(deepPicture), 1, 4);
    if (spec_.context) deep = deep + run<ConvolutionImpl>("context", deep.mean({2, 3}, true)).relu();
    const at::Tensor first = stages(stem(shallowPicture), 1, 1), second = stages(first, 2, 2);
    at::Tensor sum =
        run<ConvBnImpl>("skip_projection", second) +
        at::upsample_bilinear2d(run<ConvBnImpl>("deep_projection", deep), {second.size(2), second.size(3)}, false);
    if (spec_.detailStage >= 0) sum = sum + run<ConvBnImpl>("detail_projection", at::pixel_unshuffle(first, 2));
    const at::Tensor merged = sum.relu();
    return spec_.outputNorm ? run<ConvBnImpl>("output", merged) : run<ConvolutionImpl>("output", merged).relu();
  }

 private:
  template <class Module>
  at::Tensor run(const std::string& name, const at::Tensor& x) {
    return modules_[name]->as<Module>()->forward(x);
  }
  at::Tensor stem(const at::Tensor& x) {
    if (spec_.stem == "patch") return run<ConvBnImpl>("stem", at::pixel_unshuffle(x, 2));
    return at::max_pool2d(run<ConvBnImpl>("stem", x), 3, 2, 1);
  }
  at::Tensor stages(at::Tensor x, int first, int last) {
    for (int i = first; i <= last; ++i)
      x = modules_["stage" + std::to_string(i)]->as<torch::nn::SequentialImpl>()->forward(x);
    return x;
  }

  FeatureSpec spec_;
  torch::OrderedDict<std::string, std::shared_ptr<torch::nn::Module>> modules_;
};

EngineOptions optionsFor(const char* propagate, const char* precision = "fp32") {
  EngineOptions options;
  options.flow = "copy";
  options.propagate = propagate;
  options.precision = precision;
  options.wantFeature = true;
  return options;
}

cv::Mat planes(const at::Tensor& feature) {
  const auto dense = feature.contiguous();
  const int sizes[] = {int(dense.size(1)), int(dense.size(2)), int(dense.size(3))};
  return cv::Mat(3, sizes, CV_32F, dense.data_ptr()).clone();
}

double apart(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

QString refusal(const Package& package, const EngineOptions& options) {
  try {
    Engine engine(package, options);
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

/// Clockwork's alternating schedule: deep stages of the key frame, shallow ones of every frame.
class ClockworkTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package made(const QString& kind) const {
    return packageOf(fs::path(dir_.path().toStdString()) / kind.toStdString(), specOf(kind));
  }

  static void kinds() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"plain", "detail", "finer head", "bottlenecks"}) QTest::newRow(kind) << kind;
  }

 private Q_SLOTS:
  void atIntervalOneItIsPerFrame_data() { kinds(); }
  void atIntervalOneItIsPerFrame() {
    QFETCH(QString, kind);
    const Package package = made(kind);
    const InferenceScope scope(1);
    Engine clockwork(package, optionsFor("clockwork")), perFrame(package, optionsFor("causal"));
    for (int i = 0; i < 3; ++i) {
      const Result ours = clockwork.step(noiseFrame(i, kSize), {true, false}),
                   theirs = perFrame.step(noiseFrame(i, kSize), {true, false});
      QCOMPARE(apart(ours.feature, theirs.feature), 0.0);
      QCOMPARE(apart(ours.labels, theirs.labels), 0.0);
      QVERIFY(ours.isKey);
    }
  }

  void betweenKeysTheShallowStagesAreFresh_data() { kinds(); }
  void betweenKeysTheShallowStagesAreFresh() {
    QFETCH(QString, kind);
    const Package package = made(kind);
    const InferenceScope scope(1);
    Engine engine(package, optionsFor("clockwork"));
    const auto input = [&](int i) { return referenceInput(noiseFrame(i, kSize), package.spec.input); };
    ByHand network(*package.model);
    for (int i = 0; i < 5; ++i) {
      const int key = i / 3 * 3;
      const Result r = engine.step(noiseFrame(i, kSize), {i == key, false});
      const at::Tensor expected = network.feature(input(key), input(i));
      QVERIFY2(apart(r.feature, planes(expected)) < 1e-4 * expected.max().item<double>(), qPrintable(kind));
      QVERIFY(shareEqual(r.labels, referenceLabels(package.model->logits(expected), kSize,
                                                   8 / package.spec.segmentation.upscale)) > 0.998);
      QCOMPARE(r.keyFrame, int64_t(key));
      QCOMPARE(r.isKey, i == key);
      QVERIFY(r.keyFromCur.empty() && r.times[Stage::Features] > 0);
      if (i == key) continue;
      QVERIFY(apart(r.feature, planes(network.feature(input(i), input(i)))) > 1e-2);      // not per-frame
      QVERIFY(apart(r.feature, planes(network.feature(input(key), input(key)))) > 1e-2);  // nor a copy
    }
  }

  void inBfloat16ItIsTheSameButForRounding() {
    const Package package = made("detail");
    const InferenceScope scope(1);
    Engine engine(package, optionsFor("clockwork", "bf16"));
    engine.step(noiseFrame(0, kSize), {true, false});
    const Result r = engine.step(noiseFrame(1, kSize), {false, false});
    const auto input = [&](int i) { return referenceInput(noiseFrame(i, kSize), package.spec.input); };
    const cv::Mat expected = planes(ByHand(*package.model).feature(input(0), input(1)));
    QVERIFY(cv::norm(r.feature, expected) < 0.05 * cv::norm(expected));
  }

  void aKeyThatAnotherEngineMadeServes() {
    const Package package = made("plain");
    const InferenceScope scope(1);
    Engine clockwork(package, optionsFor("clockwork")), causal(package, optionsFor("causal"));
    StageTimes times;
    const KeyPtr own = clockwork.makeKey(noiseFrame(0, kSize), times),
                 others = causal.makeKey(noiseFrame(0, kSize), times);
    QVERIFY(own->deep.defined() && !others->deep.defined());
    const FramePtr frame = noiseFrame(1, kSize);
    QCOMPARE(apart(clockwork.propagate(frame, own).feature, clockwork.propagate(frame, others).feature), 0.0);
  }

  void whatHasNoSkipIsRefused() {
    ModelSpec spec = specOf("plain");
    spec.feature.skipStage = -1;
    const fs::path root = dir_.path().toStdString();
    const Package without = packageOf(root / "without", spec);
    QVERIFY(refusal(without, optionsFor("clockwork")).contains("needs a feature network with a skip"));
    QVERIFY(refusal(without, optionsFor("copy")).isEmpty());
    writeScriptPackage(root / "script");
    const QString said = refusal(loadPackage(root / "script"), optionsFor("clockwork"));
    QVERIFY2(said.contains("TorchScript"), qPrintable(said));
    EngineOptions spread = optionsFor("clockwork");
    spread.spread = 2;
    QVERIFY(refusal(made("plain"), spread).contains("--spread goes with --propagate causal"));
  }
};

QTEST_GUILESS_MAIN(ClockworkTest)
#include "clockwork_test.moc"
