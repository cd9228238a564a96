#include <torch/torch.h>

#include <QTest>
#include <numeric>

#include "core/model/dff_model.h"
#include "core/model/model_info.h"
#include "core/model/paper_spec.h"
#include "tests/support/layout.h"

using namespace dff;
using namespace dff::test;
using torch::Tensor;

namespace {

using Named = std::map<std::string, Tensor>;

/// Values that keep a hundred layers of random weights within bounds, and every one of which counts.
void randomize(torch::nn::Module& model) {
  torch::NoGradGuard guard;
  torch::manual_seed(11);
  for (auto& [name, t] : namedTensors(model)) {
    if (name.ends_with("running_var"))
      t.uniform_(0.5, 1.5);
    else if (name.ends_with("running_mean"))
      t.normal_(0, 0.1);
    else if (name.ends_with("bn.weight"))
      t.uniform_(0.2, name.find("expand") == std::string::npos ? 1.2 : 0.3);
    else if (t.dim() == 1)
      t.normal_(0, 0.1);
    else
      t.normal_(0, std::sqrt(2. / double(t[0].numel())));
  }
}

// The networks once more, straight from the specification, by the names of the authors' files.

Tensor bn(const Named& w, const std::string& name, const Tensor& x) {
  const auto at = [&](const char* what) { return w.at(name + what).view({1, -1, 1, 1}); };
  return at("_gamma") * (x - at("_moving_mean")) / (at("_moving_var") + 1e-5).sqrt() + at("_beta");
}

Tensor block(const Named& w, const std::string& name, const Tensor& x, int stride, int dilation) {
  const auto conv = [&](const char* branch, const Tensor& in, int step, int pad, int dilated) {
    const std::string b = name + "_branch" + branch;
    return bn(w, "bn" + b, torch::conv2d(in, w.at("res" + b + "_weight"), {}, step, pad, dilated));
  };
  auto y = conv("2a", x, stride, 0, 1).relu();  // the stride is on the first 1x1
  y = conv("2b", y, 1, dilation, dilation).relu();
  y = conv("2c", y, 1, 0, 1);
  const bool first = w.count("res" + name + "_branch1_weight") > 0;
  return (y + (first ? conv("1", x, stride, 0, 1) : x)).relu();
}

Tensor residualNet(const Named& w, const Tensor& x, bool detection) {
  auto y = bn(w, "bn_conv1", torch::conv2d(x, w.at("conv1_weight"), {}, 2, 3)).relu();
  y = detection ? torch::max_pool2d(y, 3, 2, 1) : torch::max_pool2d(y, 3, 2, 0, 1, /*ceil_mode=*/true);
  for (const char* name : {"2a", "2b", "2c"}) y = block(w, name, y, 1, 1);
  for (const char* name : {"3a", "3b1", "3b2", "3b3"}) y = block(w, name, y, std::string(name) == "3a" ? 2 : 1, 1);
  y = block(w, "4a", y, 2, 1);
  for (int i = 1; i <= 22; ++i) y = block(w, "4b" + std::to_string(i), y, 1, 1);
  for (const char* name : {"5a", "5b", "5c"}) y = block(w, name, y, 1, 2);
  if (!detection) return torch::conv2d(y, w.at("fc6_weight"), w.at("fc6_bias")).relu();
  return torch::conv2d(y, w.at("feat_conv_3x3_weight"), w.at("feat_conv_3x3_bias"), 1, 6, 6).relu();
}

Tensor act(const Tensor& x) { return torch::leaky_relu(x, 0.1); }

Tensor conv(const Named& w, const std::string& name, const Tensor& x, int stride = 1) {
  const Tensor& weight = w.at(name + "_weight");
  return torch::conv2d(x, weight, w.at(name + "_bias"), stride, weight.size(2) / 2);
}

/// Transposed convolution without padding, then a crop from (1,1) to the size of `like`.
Tensor deconv(const Named& w, const std::string& name, const Tensor& x, const Tensor& like) {
  return torch::conv_transpose2d(x, w.at(name + "_weight"), w.at(name + "_bias"), 2)
      .slice(2, 1, 1 + like.size(2))
      .slice(3, 1, 1 + like.size(3));
}

/// Mean of 2x2 pixels; where a window lies half outside, of those inside.
Tensor pooled(const Tensor& x) {
  const int64_t h = x.size(2) % 2, v = x.size(3) % 2;
  const auto padded = [&](const Tensor& t) { return torch::constant_pad_nd(t, {0, v, 0, h}); };
  return torch::avg_pool2d(padded(x), 2) / torch::avg_pool2d(padded(torch::ones_like(x)), 2);
}

FlowEstimate flowNet(const Named& w, const Tensor& cur, const Tensor& key) {
  const auto pair = pooled(torch::cat({cur / 255, key / 255}, 1));
  const auto c1 = act(conv(w, "flow_conv1", pair, 2)), c2 = act(conv(w, "conv2", c1, 2));
  const auto c3 = act(conv(w, "conv3_1", act(conv(w, "conv3", c2, 2))));
  const auto c4 = act(conv(w, "conv4_1", act(conv(w, "conv4", c3, 2))));
  const auto c5 = act(conv(w, "conv5_1", act(conv(w, "conv5", c4, 2))));
  const auto c6 = act(conv(w, "conv6_1", act(conv(w, "conv6", c5, 2))));
  const auto refine = [&](const Tensor& x, const Tensor& like, int number, const std::string& deconvolution,
                          const std::string& up) {
    const auto flow = conv(w, "Convolution" + std::to_string(number), x);
    return torch::cat({like, act(deconv(w, deconvolution, x, like)), deconv(w, up, flow, like)}, 1);
  };
  auto x = refine(c6, c5, 1, "deconv5", "upsample_flow6to5");
  x = refine(x, c4, 2, "deconv4", "upsample_flow5to4");
  x = refine(x, c3, 3, "deconv3", "upsample_flow4to3");
  x = pooled(refine(x, c2, 4, "deconv2", "upsample_flow3to2"));
  return {conv(w, "Convolution5", x) * 2.5, conv(w, "Convolution5_scale", x), {}};
}

double difference(const Tensor& a, const Tensor& b) { return ((a - b).abs().max() / b.abs().max()).item<double>(); }

int64_t parameters(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& p : module.parameters()) sum += p.numel();
  return sum;
}

/// A picture as the networks get it: 0..255 less the mean.
Tensor noise(int64_t h, int64_t w) { return torch::rand({1, 3, h, w}) * 255 - 115; }

struct Costs {
  double feature, flow, head;  ///< 10^9 multiply-adds
};
Costs costs(const std::string& name, const std::string& size) {
  const auto parts = modelCosts(paperSpec(name), size);
  return {double(parts[0].multiplyAdds()) / 1e9, double(parts[1].multiplyAdds()) / 1e9,
          double(parts[2].multiplyAdds()) / 1e9};
}

bool within(double value, double expected, double share = 0.01) {
  if (std::abs(value - expected) <= share * expected) return true;
  qWarning("%g is not within %g of %g", value, share, expected);
  return false;
}

}  // namespace

class PaperNetworksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void parametersAreCountedAsInTheAuthorsFiles() {
    const DffModel m(paperSpec("rfcn-resnet101-flownet"));
    QCOMPARE(parameters(*m.feature), int64_t(42500160 + 18875392));
    QCOMPARE(parameters(*m.flow), int64_t(38676514 + 199680));
    QCOMPARE(parameters(*m.detection), int64_t(27702 + 980343));
    QCOMPARE(parameters(m), int64_t(101259791));
    int64_t statistics = 0;
    for (const auto& b : m.named_buffers())
      if (b.value().is_floating_point()) statistics += b.value().numel();
    QCOMPARE(statistics, int64_t(105344));
    const DffModel s(paperSpec("deeplab-resnet101-flownet"));
    QCOMPARE(parameters(s), int64_t(83513461));
  }

  void everyTensorHasItsNameAndShapeInTheLayout_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("task");
    QTest::addColumn<int>("entries");
    QTest::newRow("detection") << "rfcn-resnet101-flownet"
                               << "detection" << 578;
    QTest::newRow("segmentation") << "deeplab-resnet101-flownet"
                                  << "segmentation" << 573;
  }
  void everyTensorHasItsNameAndShapeInTheLayout() {
    QFETCH(QString, model);
    QFETCH(QString, task);
    QFETCH(int, entries);
    const DffModel m(paperSpec(model.toStdString()));
    const auto rows = layout(task.toStdString());
    std::set<std::string> found;
    for (const auto& [ours, tensor] : namedTensors(m)) {
      std::vector<std::string> names;
      for (const auto& theirs : mxnetNames(ours))
        for (const auto& row : rows)
          if (row.name == theirs && !row.optional) {
            QVERIFY2(tensor.sizes() == at::IntArrayRef(row.shape), theirs.c_str());
            names.push_back(theirs);
          }
      QVERIFY2(names.size() == 1, ours.c_str());
      found.insert(names[0]);
    }
    QCOMPARE(int(found.size()), entries);
  }

  void theFeatureNetworkIsTheSpecifications_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("detection");
    QTest::newRow("detection") << "rfcn-resnet101-flownet" << true;
    QTest::newRow("segmentation") << "deeplab-resnet101-flownet" << false;
  }
  void theFeatureNetworkIsTheSpecifications() {
    QFETCH(QString, model);
    QFETCH(bool, detection);
    torch::NoGradGuard guard;
    DffModel m(paperSpec(model.toStdString()));
    randomize(m);
    m.eval();
    const auto x = noise(70, 99);
    const auto ours = m.feature(x);
    QVERIFY(difference(ours, residualNet(byMxnetName(m), x, detection)) < 1e-4);
    QVERIFY(ours.max().item<float>() > 0);
    if (detection) QCOMPARE(ours.sizes(), (at::IntArrayRef{1, 1024, 5, 7}));
    QVERIFY(difference(forInference(m, false)->feature(x), ours) < 1e-3);
  }

  void flowNetIsTheSpecifications_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::newRow("even") << "rfcn-resnet50-flownet" << 128 << 192;
    QTest::newRow("odd at every level") << "rfcn-resnet50-flownet" << 105 << 139;
    QTest::newRow("half") << "rfcn-resnet50-half" << 105 << 139;
  }
  void flowNetIsTheSpecifications() {
    QFETCH(QString, model);
    QFETCH(int, height);
    QFETCH(int, width);
    torch::NoGradGuard guard;
    DffModel m(paperSpec(model.toStdString()));
    randomize(m);
    const auto cur = noise(height, width), key = noise(height, width);
    const auto ours = m.flow->estimate(m.flow->encode(cur), m.flow->encode(key));
    const auto expected = flowNet(byMxnetName(m), cur, key);
    QVERIFY(difference(ours.keyFromCur, expected.keyFromCur) < 1e-4);
    QVERIFY(difference(ours.scale, expected.scale) < 1e-4);
    QCOMPARE(ours.scale.size(1), int64_t(1024));
    const auto turned = m.flow->estimate(m.flow->encode(key), m.flow->encode(cur));
    QVERIFY(difference(turned.keyFromCur, expected.keyFromCur) > 0.01);  // the order of the pair matters
  }

  void theScaleMapStartsAsOnes() {
    torch::NoGradGuard guard;
    DffModel m(paperSpec("rfcn-resnet50-flownet"));
    const auto code = m.flow->encode(noise(64, 64));
    QVERIFY(m.flow->estimate(code, code).scale.equal(torch::ones({1, 1024, 4, 4})));
  }

  void featureAndFlowAgreeInSizeForEverySize() {
    torch::NoGradGuard guard;
    ModelSpec spec = paperSpec("rfcn-resnet50-half");
    spec.feature.widths = {2, 2, 2, 2};
    spec.feature.channels = 600;
    spec.flow.width = 0.02;
    DffModel m(spec);
    for (int64_t h = 562; h < 582; h += 3)
      for (int64_t w : {1000, 991, 977}) {
        const auto x = torch::zeros({1, 3, h, w});
        const auto code = m.flow->encode(x);
        const auto flow = m.flow->estimate(code, code).keyFromCur;
        const auto feature = m.feature(x);
        QCOMPARE(feature.size(2), (h + 15) / 16);
        QCOMPARE(feature.size(3), (w + 15) / 16);
        QVERIFY(flow.size(2) == feature.size(2) && flow.size(3) == feature.size(3));
      }
  }

  void segmentationEnlargesBilinearly() {
    torch::NoGradGuard guard;
    const auto kernel = bilinearKernel(16);
    QCOMPARE(kernel[0][0].item<float>(), 1.f / 1024);  // (1 - 31/32)^2
    QCOMPARE(kernel[15][16].item<float>(), 31.f / 32 * 31 / 32);
    SegmentationSpec spec;
    spec.deconvolution = 16;
    SegmentationHead head(spec, 5, 3);
    const auto feature = torch::randn({1, 5, 4, 6});
    const auto cells = torch::conv2d(feature, head->weight, head->bias);
    const auto plain = torch::conv_transpose2d(cells, kernel.expand({3, 1, 32, 32}), {}, 16, 0, 0, 3);
    const auto logits = head(feature);
    QCOMPARE(logits.sizes(), (at::IntArrayRef{1, 3, 64, 96}));
    QVERIFY(torch::allclose(logits, plain.slice(2, 8, 72).slice(3, 8, 104), 1e-4, 1e-5));
    const auto inner = at::upsample_bilinear2d(cells, {64, 96}, false).slice(2, 8, 56).slice(3, 8, 88);
    QVERIFY(torch::allclose(logits.slice(2, 8, 56).slice(3, 8, 88), inner, 1e-4, 1e-5));
    QVERIFY(!head->upsampling.requires_grad());
  }

  void costsAreThePapersTable() {
    const Costs deep = costs("rfcn-resnet101-half", "1000x600"), shallow = costs("rfcn-resnet50-flownet", "1000x600");
    QVERIFY(within(deep.feature, 164.0));
    QVERIFY(within(shallow.feature, 118.7));
    QVERIFY(within(shallow.flow, 12.90));
    QVERIFY(within(deep.flow, 3.53));
    QVERIFY(within(deep.head, 2.41));
    QVERIFY(within(deep.feature / shallow.flow, 12.72));
    QVERIFY(within(shallow.feature / shallow.flow, 9.20));
    QVERIFY(within(deep.feature / deep.flow, 46.41));
    QVERIFY(within(shallow.feature / deep.flow, 33.58));
  }

  void flowNetInceptionHasThePapersCost() {
    torch::NoGradGuard guard;
    const auto net = makeFlowNet(paperSpec("rfcn-resnet50-inception").flow, {16, 1024});
    const auto code = net->encode(torch::zeros({1, 3, 600, 1000}));
    QVERIFY(within(double(countMultiplyAdds([&] { net->estimate(code, code); })) / 1e9, 1.72));
  }

  void costsOfCityscapesSizeAreTheSpecifications() {
    // A sixteenth of 1024x2048: every layer's positions shrink by exactly that.
    const Costs c = costs("deeplab-resnet101-flownet", "512x256");
    QVERIFY(within(16 * c.feature, 425));
    QVERIFY(within(16 * c.flow, 43.6));
    QVERIFY(within(16 * c.head, 0.3, 0.1));
  }

  void layersAddUpToTheirPart() {
    const auto parts = modelCosts(paperSpec("rfcn-resnet50-half"), "128x96");
    const auto& feature = parts[0];
    QCOMPARE(feature.layers.size(), size_t(1 + 3 * 16 + 4 + 1));
    QCOMPARE(QString::fromStdString(feature.layers[0].name), QString("stem.conv"));
    QCOMPARE(feature.layers[0].multiplyAdds, int64_t(64) * 48 * 64 * 3 * 49);
    QCOMPARE(QString::fromStdString(feature.layers.back().name), QString("output"));
    QCOMPARE(feature.layers.back().multiplyAdds, int64_t(8) * 6 * 2048 * 1024 * 9);
  }

  void unknownModelsAreNamedWithTheKnown() {
    QVERIFY_EXCEPTION_THROWN(paperSpec("rfcn-resnet18-flownet"), UsageError);
    QCOMPARE(paperModels().size(), size_t(12));
    for (const auto& name : paperModels())
      QVERIFY(toJson(modelSpecFromJson(toJson(paperSpec(name)), name)) == toJson(paperSpec(name)));
  }
};

QTEST_APPLESS_MAIN(PaperNetworksTest)
#include "paper_networks_test.moc"
