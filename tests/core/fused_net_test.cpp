#define ONNX_ML 1
#define ONNX_NAMESPACE onnx
#include <onnx/onnx_pb.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <numeric>

#include "core/base/file.h"
#include "core/model/flop_counter.h"
#include "core/model/onnx_export.h"
#include "tests/support/clips.h"
#include "tests/support/feature_specs.h"
#include "tests/support/gradients.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

FeatureSpec resNetLike(const char* block) {
  FeatureSpec s;
  s.stem = "imagenet";
  s.block = block;
  s.widths = {48, 48, 64, 64};
  s.context = false;
  s.skipStage = -1;
  s.channels = 96;
  s.outputDilation = 6;
  return s;
}

/// The stem and the last layer of the paper's segmentation, strides where torchvision has them.
FeatureSpec paperLike() {
  FeatureSpec s = resNetLike("bottleneck");
  s.stem = "imagenet_ceil";
  s.strideAt = "spatial";
  s.outputKernel = 1;
  s.outputNorm = false;
  return s;
}

ModelSpec specWith(const FeatureSpec& feature) {
  ModelSpec spec = smallSpec();
  spec.feature = feature;
  spec.detection.reset();
  return spec;
}

/// A network that does something: batch norm with statistics and gains as after training.
std::shared_ptr<DffModel> makeModel(const FeatureSpec& feature) {
  torch::manual_seed(11);
  auto model = std::make_shared<DffModel>(specWith(feature));
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : namedTensors(*model)) {
    if (name.find("bn.weight") != std::string::npos) tensor.uniform_(0.5, 1.5);
    if (name.find("bn.bias") != std::string::npos) tensor.normal_(0, 0.2);
    if (name.find("running_mean") != std::string::npos) tensor.normal_(0, 0.1);
    if (name.find("running_var") != std::string::npos) tensor.uniform_(0.5, 1.5);
  }
  model->eval();
  return model;
}

/// The largest difference as a part of the largest value.
double relativeDifference(const at::Tensor& a, const at::Tensor& b) {
  return maxDifference(a, b) / b.abs().max().item<double>();
}

}  // namespace

class FusedNetTest : public QObject {
  Q_OBJECT
 private:
  static void specs() {
    QTest::addColumn<int>("which");
    QTest::newRow("street") << 0;
    QTest::newRow("narrow") << 1;
    QTest::newRow("basic blocks") << 2;
    QTest::newRow("bottlenecks") << 3;
    QTest::newRow("as the paper's") << 4;
  }
  static FeatureSpec fetched() {
    QFETCH(int, which);
    const FeatureSpec all[] = {streetLike(), narrow(), resNetLike("basic"), resNetLike("bottleneck"), paperLike()};
    return all[which];
  }

 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheNetworkAsItWasTrained_data() { specs(); }
  void equalsTheNetworkAsItWasTrained() {
    const auto model = makeModel(fetched());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    QVERIFY(fast->fused);
    for (const auto& [h, w] : {std::pair(64, 96), std::pair(16, 16), std::pair(112, 80)}) {
      const at::Tensor picture = at::randn({1, 3, h, w}), ours = fast->featureMap(picture);
      const at::Tensor theirs = model->feature(picture);
      QVERIFY(theirs.abs().max().item<double>() > 0.1);
      QVERIFY(ours.is_contiguous(at::MemoryFormat::ChannelsLast));
      QVERIFY(relativeDifference(ours, theirs) < 1e-4);
    }
  }
  void theNumberOfThreadsChangesNoBit_data() { specs(); }
  void theNumberOfThreadsChangesNoBit() {
    const auto model = makeModel(fetched());
    const c10::InferenceMode guard;
    const at::Tensor picture = at::randn({1, 3, 64, 96});
    at::set_num_threads(1);
    const at::Tensor alone = forInference(*model, false)->featureMap(picture);
    for (const int threads : {2, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(forInference(*model, false)->featureMap(picture), alone));
    }
  }
  void theFlowNetworkEqualsItselfAsItWasTrained_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("wide");
    QTest::addColumn<bool>("coarse");  // a feature grid of stride 16
    QTest::addColumn<int>("height");
    QTest::newRow("pyramid") << "pyramid" << 0.5 << false << 64;
    QTest::newRow("pyramid, odd") << "pyramid" << 0.5 << false << 75;  // a mean over part of a window
    QTest::newRow("pyramid, as shipped") << "pyramid" << 1.0 << false << 112;
    QTest::newRow("pyramid, coarse grid") << "pyramid" << 1.0 << true << 112;
    QTest::newRow("FlowNet-S") << "flownet_s" << 0.25 << false << 128;
    QTest::newRow("FlowNet-S, odd") << "flownet_s" << 0.25 << true << 203;
    QTest::newRow("FlowNet-S of odd channels") << "flownet_s" << 0.1 << true << 90;
    QTest::newRow("FlowNet Inception") << "flownet_inception" << 1.0 << false << 128;
    QTest::newRow("FlowNet Inception, odd") << "flownet_inception" << 0.3 << true << 203;
  }
  void theFlowNetworkEqualsItselfAsItWasTrained() {
    QFETCH(QString, kind);
    QFETCH(double, wide);
    QFETCH(bool, coarse);
    QFETCH(int, height);
    ModelSpec spec = specWith(coarse ? paperLike() : narrow());
    spec.flow.kind = kind.toStdString();
    spec.flow.width = wide;
    spec.flow.inputDivisor = kind == "pyramid" ? 1 : 3;
    torch::manual_seed(23);
    DffModel model(spec);
    model.eval();
    const c10::InferenceMode guard;
    for (auto& [name, tensor] : namedTensors(*model.flow)) {
      if (name.find("scale.weight") != std::string::npos) tensor.normal_(0, 0.05);
      if (kind != "pyramid" && tensor.dim() == 4)  // so that what is deep down counts
        tensor.normal_(0, std::sqrt(1.5 / double(tensor.numel() / std::max(tensor.size(0), tensor.size(1)))));
      if (tensor.dim() == 1 && name != "scale.bias") tensor.normal_(0, 0.1);
    }
    const ModelPtr fast = forInference(model, false);
    const at::Tensor cur = at::randn({1, 3, height, 160}), key = at::randn({1, 3, height, 160});
    const auto ours = fast->flow->estimate(fast->flow->encode(cur), fast->flow->encode(key));
    const auto theirs = model.flow->estimate(model.flow->encode(cur), model.flow->encode(key));
    QCOMPARE(ours.keyFromCur.sizes(), theirs.keyFromCur.sizes());
    QVERIFY(theirs.keyFromCur.std().item<double>() > 1e-3);
    QVERIFY(relativeDifference(ours.keyFromCur, theirs.keyFromCur) < 2e-4);
    QVERIFY(relativeDifference(ours.scale, theirs.scale) < 2e-4);
    fast->flow->wantsScale = false;
    QVERIFY(!fast->flow->estimate(fast->flow->encode(cur), fast->flow->encode(key)).scale.defined());
  }
  void theHeadsEqualThemselvesAsTheyWereTrained_data() {
    QTest::addColumn<int>("upscale");
    QTest::addColumn<int>("split");
    QTest::addColumn<int>("deltaGroups");
    QTest::newRow("street's") << 2 << 0 << 1;
    QTest::newRow("the paper's") << 1 << 5 << 2;
  }
  void theHeadsEqualThemselvesAsTheyWereTrained() {
    QFETCH(int, upscale);
    QFETCH(int, split);
    QFETCH(int, deltaGroups);
    ModelSpec spec = smallSpec();
    spec.segmentation.upscale = upscale;
    spec.detection->proposalChannels = split;
    spec.detection->deltaGroups = deltaGroups;
    torch::manual_seed(29);
    DffModel model(spec);
    model.eval();
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(model, false);
    const at::Tensor feature = at::randn({1, 12, 9, 14}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor logits = fast->segmentation(feature), expected = model.segmentation(feature);
    QCOMPARE(logits.sizes(), expected.sizes());
    QVERIFY(relativeDifference(logits, expected) < 1e-5);
    const DetectionMaps ours = fast->detection(feature), theirs = model.detection(feature);
    const at::Tensor of[] = {ours.anchorScores, ours.anchorDeltas, ours.regionScores, ours.regionDeltas};
    const at::Tensor asTrained[] = {theirs.anchorScores, theirs.anchorDeltas, theirs.regionScores, theirs.regionDeltas};
    for (int i = 0; i < 4; ++i) {
      QCOMPARE(of[i].sizes(), asTrained[i].sizes());
      QVERIFY(relativeDifference(of[i], asTrained[i]) < 1e-5);
    }
  }
  void aKeysCodeOutlivesTheNextFrames() {
    const auto model = makeModel(narrow());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    const at::Tensor cur = at::randn({1, 3, 64, 96}), key = at::randn({1, 3, 64, 96});
    const auto code = fast->flow->encode(key);
    const at::Tensor first = fast->flow->estimate(fast->flow->encode(cur), code).keyFromCur.clone();
    fast->flow->estimate(fast->flow->encode(at::randn({1, 3, 64, 96})), fast->flow->encode(at::randn({1, 3, 64, 96})));
    QVERIFY(at::equal(fast->flow->estimate(fast->flow->encode(cur), code).keyFromCur, first));
  }
  void partsMakeTheWhole() {
    const auto model = makeModel(streetLike());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    const at::Tensor picture = at::randn({1, 3, 64, 96}), whole = fast->featureMap(picture);
    for (const int parts : {1, 2, 7, 100}) {
      fast->featureMap(at::randn({1, 3, 64, 96}));  // so that nothing of the picture lies there already
      fast->fused->start(picture, parts);
      for (int part = 1; part < parts; ++part) QVERIFY(!fast->fused->advance().defined());
      QVERIFY(fast->fused->isStarted());
      QVERIFY(at::equal(fast->fused->advance(), whole));
      QVERIFY(!fast->fused->isStarted());
    }
    QVERIFY_EXCEPTION_THROWN(fast->fused->advance(), Error);
  }
  void aWholePictureInBetweenDropsTheParts() {
    const auto model = makeModel(streetLike());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    fast->fused->start(at::randn({1, 3, 64, 96}), 3);
    fast->fused->advance();
    fast->featureMap(at::randn({1, 3, 64, 96}));
    QVERIFY(!fast->fused->isStarted());
  }
  void partsAreAlikeInMultiplyAdds() {
    const auto model = makeModel(streetLike());
    const at::Tensor picture = at::randn({1, 3, 64, 96});
    torch::NoGradGuard noGrad;
    const int64_t counted = countMultiplyAdds([&] { model->feature(picture); });
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    const int64_t whole = fast->fused->costsOfParts(picture, 1)[0];
    QCOMPARE(whole, counted);
    const auto costs = fast->fused->costsOfParts(picture, 4);
    QCOMPARE(std::accumulate(costs.begin(), costs.end(), int64_t(0)), whole);
    QVERIFY(*std::max_element(costs.begin(), costs.end()) < whole * 4 / 10);
  }
  void severalInputsAndOutputs() {
    FusedGraph graph;
    graph.inputs = graph.maps = 2;
    FusedStep step;
    step.kind = FusedStep::Kind::Place;
    step.to = graph.maps++;
    step.channels = 5;
    for (int i = 0; i < 2; ++i) {
      step.from = i;
      step.offset = 3 * i;
      graph.steps.push_back(step);
    }
    graph.outputs = {2, graph.add(FusedStep::Kind::Mean, 2)};
    FusedNet net(graph);
    const at::Tensor inputs[] = {at::randn({1, 3, 4, 6}), at::randn({1, 2, 4, 6})};
    at::Tensor outputs[2];
    net.forward(inputs, outputs);
    const at::Tensor both = at::cat({inputs[0], inputs[1]}, 1);
    QVERIFY(at::equal(outputs[0], both));
    QVERIFY(maxDifference(outputs[1], both.mean({2, 3}, true)) < 1e-6);
    QVERIFY_EXCEPTION_THROWN(net.forward(inputs[0]), Error);
    const at::Tensor unlike[] = {inputs[0], at::randn({1, 2, 4, 7})};
    QVERIFY_EXCEPTION_THROWN(net.forward(unlike, outputs), Error);
  }
  void aFeatureMapOutlivesTheNextPictures() {
    const auto model = makeModel(streetLike());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    const at::Tensor picture = at::randn({1, 3, 64, 96}), kept = fast->featureMap(picture), copy = kept.clone();
    fast->featureMap(at::randn({1, 3, 64, 96}));
    fast->featureMap(at::randn({1, 3, 32, 48}));
    QVERIFY(at::equal(kept, copy));
    QVERIFY(at::equal(fast->featureMap(picture), copy));
  }
  void aPictureThatDoesNotFitIsRefused() {
    const auto model = makeModel(streetLike());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, false);
    QVERIFY_EXCEPTION_THROWN(fast->featureMap(at::randn({1, 3, 62, 50})), Error);  // the detail does not fold
    QVERIFY(fast->featureMap(at::randn({1, 3, 64, 48})).defined());
  }
  void bfloat16GoesByLibTorch() {
    const auto model = makeModel(narrow());
    const c10::InferenceMode guard;
    const ModelPtr fast = forInference(*model, true);
    QVERIFY(!fast->fused);
    const at::Tensor picture = at::randn({1, 3, 32, 48});
    QVERIFY(relativeDifference(fast->featureMap(picture), model->feature(picture)) < 0.05);
  }

  void theExportedFileHoldsEveryStep() {
    const QTemporaryDir dir;
    Package package;
    package.model = makeModel(streetLike());
    package.spec = package.model->spec;
    package.spec.input.padMultiple = 32;
    exportOnnx(package, {90, 60}, dir / "net.onnx");
    onnx::ModelProto file;
    QVERIFY(file.ParseFromString(readFile(dir / "net.onnx")));
    const auto& graph = file.graph();
    std::map<std::string, int> kinds;
    std::set<std::string> known = {"", "picture"};
    for (const auto& constant : graph.initializer()) known.insert(constant.name());
    for (const auto& node : graph.node()) {
      ++kinds[node.op_type()];
      for (const auto& input : node.input()) QVERIFY(known.contains(input));  // nothing is read before it is made
      for (const auto& output : node.output()) QVERIFY(known.insert(output).second);
    }
    QCOMPARE(kinds["Conv"], 1 + 2 * 7 + 3 + 1 + 3 + 1 + 1);  // stem, blocks, shortcuts, context, merge, output, head
    QCOMPARE(kinds["Resize"], 1);
    QCOMPARE(kinds["Add"], 7 + 1 + 2);
    QCOMPARE(graph.input(0).type().tensor_type().shape().dim(3).dim_value(), int64_t(96));
    QCOMPARE(graph.output(0).type().tensor_type().shape().dim(2).dim_value(), int64_t(64 / 8));
    QCOMPARE(graph.output(1).name(), std::string("logits"));
  }
};

QTEST_APPLESS_MAIN(FusedNetTest)
#include "fused_net_test.moc"
