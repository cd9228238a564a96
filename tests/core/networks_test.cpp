#include <QTemporaryDir>
#include <QTest>

#include "core/run/engine.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

/// A network whose stages 2 and 3 lie at stride 8, with the stride-4 map of stage 1 folded in.
FeatureSpec detailedSpec(std::vector<int> depths = {1, 1, 1, 1}) {
  FeatureSpec spec = smallSpec().feature;
  spec.depths = std::move(depths);
  spec.strides = {1, 2, 1, 2};
  spec.skipStage = 2;
  spec.detailStage = 0;
  return spec;
}

void copyShared(const torch::nn::Module& from, torch::nn::Module& to) {
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : namedTensors(to))
    for (const auto& [other, value] : namedTensors(from))
      if (other == name) tensor.copy_(value);
}

torch::Tensor named(const torch::nn::Module& module, const std::string& wanted) {
  for (const auto& [name, tensor] : namedTensors(module))
    if (name == wanted) return tensor;
  return {};
}

}  // namespace

class NetworksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void addedBlocksChangeNothingUntilTheyAreTrained() {
    torch::NoGradGuard guard;
    FeatureNet shallow(detailedSpec()), deep(detailedSpec({1, 3, 2, 1}));
    copyShared(*shallow, *deep);
    shallow->eval(), deep->eval();
    const auto x = torch::randn({1, 3, 96, 128});
    QVERIFY(shallow(x).equal(deep(x)));
    named(*deep, "stage2.2.second.bn.weight").fill_(0.5);
    QVERIFY(!shallow(x).equal(deep(x)));
  }

  void aConvolutionIsTheSameOnOneThreadAsOnTwo_data() {
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("stride");
    QTest::addColumn<int>("dilation");
    QTest::addColumn<int>("side");
    QTest::newRow("of one pixel") << 1 << 1 << 1 << 45;
    QTest::newRow("of one pixel, strided") << 1 << 2 << 1 << 45;
    QTest::newRow("of nine") << 3 << 1 << 1 << 45;
    QTest::newRow("of nine, spread and strided") << 3 << 2 << 2 << 45;
    QTest::newRow("of a small map") << 3 << 1 << 1 << 7;
  }
  void aConvolutionIsTheSameOnOneThreadAsOnTwo() {
    QFETCH(int, kernel);
    QFETCH(int, stride);
    QFETCH(int, dilation);
    QFETCH(int, side);
    torch::NoGradGuard guard;
    Convolution layer = convolution(37, 21, kernel, stride, dilation, true);
    toChannelsLast(*layer);
    const auto x = torch::randn({1, 37, side, side + 15});
    torch::Tensor made[2];
    for (int threads : {1, 2}) {
      const InferenceScope scope(threads);
      made[threads - 1] = layer(x).clone();
    }
    QVERIFY(made[0].equal(made[1]));
    Convolution exact = convolution(37, 21, kernel, stride, dilation, true);
    copyShared(*layer, *exact);
    exact->to(torch::kDouble);
    const auto expected = exact(x.to(torch::kDouble));
    QCOMPARE(made[0].sizes(), expected.sizes());
    QVERIFY(made[0].to(torch::kDouble).allclose(expected, 1e-4, 1e-4));
  }

  void detailComesFromTheFinerStage() {
    torch::NoGradGuard guard;
    FeatureNet net(detailedSpec());
    net->eval();
    const auto x = torch::randn({2, 3, 96, 128});
    const auto without = net(x);
    QCOMPARE(without.sizes(), (at::IntArrayRef{2, 12, 12, 16}));
    const auto projection = named(*net, "detail_projection.conv.weight");
    QCOMPARE(projection.size(1), int64_t(8 * 2 * 2));  // four cells of stride 4 in one of stride 8
    named(*net, "detail_projection.bn.weight").fill_(1);
    QVERIFY(!net(x).equal(without));
  }

  void aDetailStageMustBeFinerThanTheSkip_data() {
    QTest::addColumn<int>("skip");
    QTest::addColumn<int>("detail");
    QTest::newRow("the same") << 1 << 1;
    QTest::newRow("coarser") << 1 << 2;
    QTest::newRow("no skip") << -1 << 0;
  }
  void aDetailStageMustBeFinerThanTheSkip() {
    QFETCH(int, skip);
    QFETCH(int, detail);
    auto json = toJson(smallSpec());
    json["feature"]["skip_stage"] = skip;
    json["feature"]["detail_stage"] = detail;
    QVERIFY_EXCEPTION_THROWN(modelSpecFromJson(json, "test"), Error);
  }

  void partsOfACellAreUnfolded() {
    torch::NoGradGuard guard;
    SegmentationHead head(SegmentationSpec{.upscale = 2}, 3, 2);
    const auto feature = torch::randn({1, 3, 4, 5});
    const auto logits = head(feature);
    QCOMPARE(logits.sizes(), (at::IntArrayRef{1, 2, 8, 10}));
    const auto weight = head->weight.view({2, 2, 2, 3});  // class, row in the cell, column in the cell, channel
    const auto cell = feature[0].select(1, 2).select(1, 3);
    for (int k = 0; k < 2; ++k)
      for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 2; ++x) {
          const auto expected = weight[k][y][x].dot(cell) + head->bias.view({2, 2, 2})[k][y][x];
          QVERIFY((logits[0][k][4 + y][6 + x] - expected).abs().item<float>() < 1e-5f);
        }
  }

  void aModelFromBeforeTheFinerHeadIsReadAsOneLogitACell() {
    auto json = toJson(smallSpec());
    json.erase("segmentation");
    json["feature"].erase("detail_stage");
    const ModelSpec spec = modelSpecFromJson(json, "test");
    QCOMPARE(spec.segmentation.upscale, 1);
    QCOMPARE(spec.feature.detailStage, -1);
  }

  void aBilinearDeconvolutionNeedNotBeMade_data() {
    QTest::addColumn<bool>("trained");  // an imported one may be another
    QTest::newRow("as it is made") << false;
    QTest::newRow("trained") << true;
  }
  void aBilinearDeconvolutionNeedNotBeMade() {
    QFETCH(bool, trained);
    QTemporaryDir dir;
    ModelSpec spec = smallSpec();
    spec.detection.reset();
    spec.feature.skipStage = -1;
    spec.feature.strides = {1, 2, 2, 1};
    spec.segmentation.deconvolution = 16;
    torch::manual_seed(9);
    const auto model = std::make_shared<DffModel>(spec);
    torch::NoGradGuard noGrad;
    if (trained) named(*model, "segmentation.upsampling").uniform_(0, 1);
    model->eval();
    QCOMPARE(model->segmentation->enlargesBilinearly(), !trained);
    Package package = untrainedPackage("deconvolution", spec);
    copyShared(*model, *package.model);
    const cv::Size size(120, 90);
    const FramePtr frame = noiseFrame(0, size);
    const InferenceScope scope(1);
    EngineOptions options;
    options.precision = "fp32";
    const Result result = Engine(package, options).step(frame, {true, false});
    const auto logits = model->segmentation(model->feature(referenceInput(frame, spec.input)));
    QVERIFY(shareEqual(result.labels, logits.argmax(1)[0].slice(0, 0, 90).slice(1, 0, 120)) > 0.999);
    options.wantMargin = true;  // margins are of the enlarged logits
    const Result plain = Engine(package, options).step(frame, {true, false});
    QVERIFY(cv::countNonZero(plain.labels != result.labels) < 12);
  }

  void finerLogitsReachTheLabels() {
    QTemporaryDir dir;
    ModelSpec spec = smallSpec();
    spec.feature = detailedSpec();
    spec.segmentation.upscale = 2;
    torch::manual_seed(7);
    const fs::path folder = fs::path(dir.path().toStdString()) / "model";
    savePackage(folder, {{"name", "fine"}}, spec, namedTensors(DffModel(spec)));
    const Package package = loadPackage(folder);
    const cv::Size size(120, 90);  // padded to 128 x 96: the padding must not be stretched into the picture
    const FramePtr frame = noiseFrame(0, size);
    const InferenceScope scope(1);
    EngineOptions options;
    options.precision = "fp32";
    const Result result = Engine(package, options).step(frame, {true, false});
    torch::NoGradGuard guard;
    DffModel& m = *package.model;
    const auto logits = m.segmentation(m.feature(referenceInput(frame, spec.input)));
    const auto large = at::upsample_bilinear2d(logits, {96, 128}, false);
    QVERIFY(shareEqual(result.labels, large.argmax(1)[0].slice(0, 0, 90).slice(1, 0, 120)) > 0.999);
  }
};

QTEST_APPLESS_MAIN(NetworksTest)
#include "networks_test.moc"
