#include <torch/torch.h>

#include <QTest>
#include <cmath>

#include "core/model/int8_graph.h"
#include "core/model/int8_weight.h"
#include "core/run/precision.h"
#include "tests/support/feature_specs.h"
#include "tests/support/int8.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;
using Kind = FusedStep::Kind;

namespace {

FusedStep conversion(EightBits bits) {
  FusedStep step;
  step.kind = Kind::Convert;
  step.bits = bits;
  return step;
}

/// Appends a step that reads `from`; gives its map.
int append(FusedGraph& graph, FusedStep step, int from) {
  step.from = from;
  return graph.add(std::move(step));
}

/// What lies in 8 bits, by the definition: rounded to the nearest step, halves to the even one, cut off at the ends.
double stored(double value, const EightBits& bits) {
  return std::clamp(std::nearbyint(value / bits.unit), bits.isSigned ? -128. : 0., bits.isSigned ? 127. : 255.);
}

struct Shape {
  int64_t h, w, in, out, kernel, stride, dilation;
};

FusedStep randomConvolution(const Shape& shape) {
  FusedStep step;
  step.weight = at::randn({shape.out, shape.in, shape.kernel, shape.kernel});
  step.weight[0].zero_();  // as of a block that starts as the identity
  step.bias = at::randn({shape.out});
  step.stride = shape.stride;
  step.dilation = shape.dilation;
  step.padding = shape.dilation * (shape.kernel / 2);
  return step;
}

/// Sums of products of whole numbers, [O][h][w], one by one.
std::vector<int64_t> sums(const FusedStep& s, const at::Tensor& stored, const at::Tensor& weight) {
  const auto x = stored.accessor<float, 4>();
  const auto taps = weight.accessor<float, 4>();
  const int64_t k = weight.size(2), h = s.outputSize(x.size(2)), w = s.outputSize(x.size(3));
  std::vector<int64_t> all;
  for (int64_t o = 0; o < weight.size(0); ++o)
    for (int64_t cell = 0; cell < h * w; ++cell) {
      int64_t sum = 0;
      for (int64_t tap = 0; tap < k * k; ++tap) {
        const int64_t row = cell / w * s.stride - s.padding + tap / k * s.dilation;
        const int64_t column = cell % w * s.stride - s.padding + tap % k * s.dilation;
        if (row < 0 || row >= x.size(2) || column < 0 || column >= x.size(3)) continue;
        for (int64_t i = 0; i < weight.size(1); ++i)
          sum += int64_t(x[0][i][row][column]) * int64_t(taps[o][i][tap / k][tap % k]);
      }
      all.push_back(sum);
    }
  return all;
}

/// A max pool, bottlenecks, no context.
FeatureSpec bottlenecks() {
  FeatureSpec s;
  s.stem = "imagenet";
  s.block = "bottleneck";
  s.widths = {16, 16, 32, 32};
  s.context = false;
  s.skipStage = -1;
  s.channels = 48;
  return s;
}

/// A folded network that does something: every block adds.
ModelPtr networks(const FeatureSpec& feature) {
  torch::manual_seed(11);
  ModelSpec spec = smallSpec();
  spec.feature = feature;
  spec.detection.reset();
  DffModel model(spec);
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : namedTensors(model)) {
    if (name.find("bn.weight") != std::string::npos) tensor.uniform_(0.5, 1.5);
    if (name.find("bn.bias") != std::string::npos) tensor.normal_(0, 0.2);
  }
  model.eval();
  return forInference(model, false);
}

}  // namespace

class Int8NetTest : public QObject {
  Q_OBJECT
 private:
  static void specs() {
    QTest::addColumn<int>("which");
    QTest::newRow("street") << 0;
    QTest::newRow("narrow") << 1;
    QTest::newRow("bottlenecks") << 2;
  }
  static FeatureSpec fetched() {
    QFETCH(int, which);
    const FeatureSpec all[] = {streetLike(), narrow(), bottlenecks()};
    return all[which];
  }

 private Q_SLOTS:
  void initTestCase() {
    if (!Processor::here().bytes) QSKIP("this processor has no AVX-512 VNNI");
  }
  void init() {
    at::set_num_threads(2);
    torch::manual_seed(3);
  }

  void valuesAreRoundedToTheNearestStepAndCutOff() {
    for (const EightBits bits : {EightBits{0.5f, false}, EightBits{0.25f, true}}) {
      FusedGraph graph;
      graph.outputs = {append(graph, conversion({}), append(graph, conversion(bits), 0))};
      const at::Tensor x = at::cat({at::linspace(-40, 140, 59), at::tensor({0.25f, 0.75f, -0.125f, 1e9f, -1e9f})});
      const at::Tensor y = FusedNet(graph).forward(x.view({1, 1, 8, 8})).contiguous();
      for (int64_t i = 0; i < 64; ++i)
        QCOMPARE(y.data_ptr<float>()[i], float(stored(x[i].item<float>(), bits) * bits.unit));
    }
  }

  void aConvolutionEqualsSumsOfWholeNumbers_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<bool>("signedInput");
    QTest::addColumn<bool>("relu");
    QTest::addColumn<bool>("inFloat");
    QTest::newRow("3x3") << 0 << false << true << false;
    QTest::newRow("3x3 of signed ones") << 0 << true << false << false;
    QTest::newRow("3x3 to float32") << 0 << false << false << true;
    QTest::newRow("dilated") << 1 << false << true << false;
    QTest::newRow("stride 2") << 2 << false << true << false;
    QTest::newRow("1x1") << 3 << false << false << false;
    QTest::newRow("few channels") << 4 << false << true << false;
  }
  void aConvolutionEqualsSumsOfWholeNumbers() {
    QFETCH(int, which);
    QFETCH(bool, signedInput);
    QFETCH(bool, relu);
    QFETCH(bool, inFloat);
    const Shape shapes[] = {{9, 11, 32, 48, 3, 1, 1},
                            {13, 10, 16, 16, 3, 1, 2},
                            {9, 12, 16, 32, 3, 2, 1},
                            {5, 7, 64, 16, 1, 1, 1},
                            {6, 6, 3, 5, 3, 1, 1}};
    const Shape& shape = shapes[which];
    const EightBits source{0.02f, signedInput}, result{inFloat ? 0.f : 0.3f, !relu};
    FusedStep step = randomConvolution(shape);
    step.bits = result;
    step.slope = relu ? 0 : 1;
    FusedGraph graph;
    const int made = append(graph, step, append(graph, conversion(source), 0));
    graph.outputs = {inFloat ? made : append(graph, conversion({}), made)};
    const at::Tensor x = at::randn({1, shape.in, shape.h, shape.w}) * 2;
    const at::Tensor y = FusedNet(graph).forward(x).contiguous();

    const at::Tensor inSteps = (x / source.unit).round().clamp(signedInput ? -128 : 0, signedInput ? 127 : 255);
    const Int8Weight weight = int8Weight(step.weight);
    const auto products = sums(step, inSteps.contiguous(), weight.values.contiguous());
    const int64_t cells = int64_t(products.size()) / shape.out;
    QCOMPARE(y.numel(), int64_t(products.size()));
    for (size_t i = 0; i < products.size(); ++i) {
      const int64_t o = int64_t(i) / cells;
      double value = double(products[i]) * double(weight.units[o].item<float>()) * double(source.unit) +
                     double(step.bias[o].item<float>());
      if (relu) value = std::max(value, 0.);
      const double got = y.data_ptr<float>()[i];
      if (inFloat)
        QVERIFY(std::abs(got - value) < 1e-4);
      else  // one step where it lies between two
        QVERIFY(std::abs(got / result.unit - stored(value, result)) <
                (std::abs(std::remainder(value / result.unit - 0.5, 1)) < 1e-3 ? 1.01 : 0.01));
    }
  }

  void aSumIsReadByTheScaleThatItWasStoredWith_data() {
    QTest::addColumn<bool>("isSigned");
    QTest::newRow("of what ReLU made") << false;
    QTest::newRow("of a shortcut") << true;  // bytes change their sign in place
  }
  void aSumIsReadByTheScaleThatItWasStoredWith() {
    QFETCH(bool, isSigned);
    const EightBits source{0.02f, false}, before{0.05f, isSigned}, after{0.11f, false};
    FusedStep step = randomConvolution({8, 9, 16, 16, 1, 1, 1});
    step.weight.zero_();
    step.bits = after;
    step.accumulate = true;
    step.slope = 0;
    FusedGraph graph;
    graph.inputs = graph.maps = 2;
    step.from = append(graph, conversion(source), 0);
    step.to = append(graph, conversion(before), 1);
    graph.steps.push_back(step);
    graph.outputs = {append(graph, conversion({}), step.to)};
    const at::Tensor inputs[] = {at::randn({1, 16, 8, 9}), at::randn({1, 16, 8, 9}) * 3};
    at::Tensor y;
    FusedNet(graph).forward(inputs, {&y, 1});
    const auto shown = y.contiguous().flatten(), shortcut = inputs[1].flatten();
    int64_t above = 0;
    for (int64_t i = 0; i < shown.numel(); ++i) {
      const double sum = stored(shortcut[i].item<float>(), before) * before.unit + step.bias[i / 72].item<float>();
      const double got = shown[i].item<float>();
      QVERIFY(std::abs(got - std::max(0., std::min(sum, 255. * after.unit))) < 0.51 * after.unit);
      above += got > 0;
    }
    QVERIFY(above > 100);
  }

  void theLargestWeightOfAChannelIsTheLastStep() {
    const at::Tensor weight = at::tensor({0.5f, -1.27f, 0.f, 0.f, 2.f, 1.f}).view({3, 2, 1, 1});
    const Int8Weight packed = int8Weight(weight);
    QVERIFY(at::equal(packed.values.flatten(), at::tensor({50.f, -127.f, 0.f, 0.f, 127.f, 64.f})));
    QVERIFY(at::allclose(packed.units, at::tensor({0.01f, 1.f, 2 / 127.f})));
  }

  void staysNearTheNetworkInFloat32_data() { specs(); }
  void staysNearTheNetworkInFloat32() {
    const c10::InferenceMode guard;
    const ModelPtr model = networks(fetched());
    const at::Tensor picture = at::randn({1, 3, 64, 96}), exact = model->featureMap(picture);
    FusedNet bytes(inEightBits(featureGraph(*model), rangesOf(*model->fused, picture)));
    for (const int threads : {1, 2}) {
      at::set_num_threads(threads);
      const at::Tensor near = bytes.forward(picture);
      QVERIFY(near.is_contiguous(at::MemoryFormat::ChannelsLast));
      const double error = (near - exact).square().mean().sqrt().item<double>() / exact.std().item<double>();
      QVERIFY2(error < 0.1, qPrintable(QString::number(error)));  // of a random network, which damps no noise
      QVERIFY(error > 1e-4);                                      // or it was not computed in 8 bits
    }
  }
  void convolutionsButTheFirstAndTheContextReadBytes_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("inFloat");
    QTest::newRow("street") << 0 << 2;
    QTest::newRow("narrow") << 1 << 2;
    QTest::newRow("bottlenecks") << 2 << 1;
  }
  void convolutionsButTheFirstAndTheContextReadBytes() {
    QFETCH(int, inFloat);
    const c10::InferenceMode guard;
    const ModelPtr model = networks(fetched());
    const FusedGraph plain = featureGraph(*model);
    const FusedGraph graph = inEightBits(plain, rangesOf(*model->fused, at::randn({1, 3, 64, 96})));
    std::set<int> bytes;
    int convolutions = 0, onFloat = 0;
    for (const auto& step : graph.steps) {
      if (step.kind == Kind::Convolution) ++convolutions, onFloat += !bytes.contains(step.from);
      if (step.bits.unit > 0) bytes.insert(step.to);
      if (step.kind == Kind::Convert && step.bits.unit == 0) QVERIFY(bytes.contains(step.from));
    }
    QCOMPARE(onFloat, inFloat);
    const auto isConvolution = [](const FusedStep& s) { return s.kind == Kind::Convolution; };
    QCOMPARE(convolutions, int(std::count_if(plain.steps.begin(), plain.steps.end(), isConvolution)));
    QVERIFY(!bytes.contains(graph.outputs[0]));
  }
  void partsMakeTheWhole() {
    const c10::InferenceMode guard;
    const ModelPtr model = networks(streetLike());
    const at::Tensor picture = at::randn({1, 3, 64, 96});
    FusedNet bytes(inEightBits(featureGraph(*model), rangesOf(*model->fused, picture)));
    const at::Tensor whole = bytes.forward(picture);
    bytes.forward(at::randn({1, 3, 64, 96}));
    bytes.start(picture, 3);
    for (int part = 0; part < 2; ++part) QVERIFY(!bytes.advance().defined());
    QVERIFY(at::equal(bytes.advance(), whole));
  }

  void rangesOfAnotherNetworkAreRefused() {
    const c10::InferenceMode guard;
    const ModelPtr model = networks(narrow());
    const FusedGraph graph = featureGraph(*model);
    ActivationRanges ranges = rangesOf(*model->fused, at::randn({1, 3, 32, 48}));
    QCOMPARE(inEightBits(graph, ranges).outputs.size(), size_t(1));
    ActivationRanges other = ranges;
    other["stage9.0.first"] = 1;
    QVERIFY(sentenceOf([&] { inEightBits(graph, other); }).contains("ranges of"));
    other = ranges;
    other["stem"] = 0;
    QVERIFY(sentenceOf([&] { inEightBits(graph, other); }).contains("stem"));
    ranges.erase("stage2.0.second");
    QVERIFY(sentenceOf([&] { inEightBits(graph, ranges); }).contains("stage2.0.second"));
    FusedGraph unnamed;
    unnamed.outputs = {unnamed.add(Kind::Mean, 0)};
    QVERIFY(sentenceOf([&] { inEightBits(unnamed, {}); }).contains("no step"));
  }
};

QTEST_APPLESS_MAIN(Int8NetTest)
#include "int8_net_test.moc"
