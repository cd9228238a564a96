#define ONNX_ML 1
#define ONNX_NAMESPACE onnx
#include <onnx/onnx_pb.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/file.h"
#include "core/model/onnx_export.h"
#include "tests/support/clips.h"
#include "tests/support/gradients.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

/// The shipped street model's shape with other widths: detail, skip, context, dilation.
FeatureSpec streetLike() {
  FeatureSpec s;
  s.depths = {2, 1, 2, 2};
  s.widths = {48, 64, 48, 80};
  s.strides = {1, 2, 1, 2};
  s.dilations = {1, 1, 2, 2};
  s.detailStage = 0;
  s.skipStage = 2;
  s.channels = 64;
  return s;
}

FeatureSpec narrow() {
  FeatureSpec s;
  s.widths = {8, 12, 16, 20};
  s.channels = 12;
  return s;
}

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
    QTest::addColumn<int>("height");
    QTest::newRow("even") << 64;
    QTest::newRow("odd") << 75;  // a mean over part of a window
  }
  void theFlowNetworkEqualsItselfAsItWasTrained() {
    QFETCH(int, height);
    const auto model = makeModel(narrow());
    const c10::InferenceMode guard;
    for (auto& [name, tensor] : namedTensors(*model->flow))
      if (name.find("scale.weight") != std::string::npos) tensor.normal_(0, 0.05);
    const ModelPtr fast = forInference(*model, false);
    const at::Tensor cur = at::randn({1, 3, height, 96}), key = at::randn({1, 3, height, 96});
    const auto ours = fast->flow->estimate(fast->flow->encode(cur), fast->flow->encode(key));
    const auto theirs = model->flow->estimate(model->flow->encode(cur), model->flow->encode(key));
    QVERIFY(relativeDifference(ours.keyFromCur, theirs.keyFromCur) < 1e-4);
    QVERIFY(relativeDifference(ours.scale, theirs.scale) < 1e-4);
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
