#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/file.h"
#include "core/model/import_model.h"
#include "core/model/paper_spec.h"
#include "core/run/engine.h"
#include "tests/support/foreign_writers.h"
#include "tests/support/layout.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

/// The paper's detector with few channels; everything else is as it is at full size.
ModelSpec thinSpec(const std::string& name) {
  ModelSpec spec = paperSpec(name);
  spec.feature.widths = {4, 4, 4, 4};
  spec.feature.depths = {3, 4, 5, 3};
  spec.feature.channels = 8;
  spec.flow.width = 0.03;
  if (spec.detection) spec.detection->proposalChannels = 4;
  spec.input.shortSide = 96;
  spec.input.longSideMax = 160;
  return spec;
}

class Import {
 public:
  explicit Import(const std::string& name = "rfcn-resnet101-flownet") : spec(thinSpec(name)) {
    torch::manual_seed(4);
    model = std::make_shared<DffModel>(spec);
    torch::NoGradGuard guard;
    for (auto& [name, tensor] : namedTensors(*model))
      if (name.ends_with("running_var"))
        tensor.uniform_(0.5, 2);
      else
        tensor.add_(torch::randn(tensor.sizes()) * 0.05);
    savePackage(folder() / "shape", {{"name", "shape"}}, spec, namedTensors(*model));
    for (const auto& [ours, tensor] : namedTensors(*model)) {
      const auto names = mxnetNames(ours);
      const bool aux = ours.find("running") != std::string::npos;
      std::string theirs = names.back();
      if (ours.rfind("feature.output.", 0) == 0 && !spec.classes.empty()) theirs = "fc6_" + ours.substr(15);
      if (ours.rfind("feature.output.", 0) == 0 && spec.classes.empty()) theirs = "feat_conv_3x3_" + ours.substr(15);
      values.emplace_back((aux ? "aux:" : "arg:") + theirs, tensor.detach().clone());
    }
  }
  fs::path folder() const { return dir_.path().toStdString(); }
  torch::Tensor& value(const std::string& name) {
    for (auto& [n, t] : values)
      if (n == name) return t;
    throw std::runtime_error(name);
  }
  ImportOptions options(const std::string& bytes) {
    writeFileAtomically(folder() / "weights.bin", bytes);
    ImportOptions o;
    o.file = (folder() / "weights.bin").string();
    o.output = (folder() / "imported").string();
    o.as = (folder() / "shape").string();
    return o;
  }
  ImportReport run(const std::string& bytes) { return importModel(options(bytes), {}); }
  QString errorOf(const ImportOptions& o) {
    try {
      importModel(o, {});
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }
  Package imported() const { return loadPackage(folder() / "imported"); }

  ModelSpec spec;
  std::shared_ptr<DffModel> model;
  NamedValues values;

 private:
  QTemporaryDir dir_;
};

bool sameTensors(const DffModel& a, const DffModel& b) {
  const auto of = namedTensors(a), other = namedTensors(b);
  for (size_t i = 0; i < of.size(); ++i)
    if (!of[i].second.equal(other[i].second)) {
      qWarning("%s differs", of[i].first.c_str());
      return false;
    }
  return of.size() == other.size();
}

}  // namespace

class ImportTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyValueArrives_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("version");
    QTest::newRow("detection, legacy") << "rfcn-resnet101-flownet" << 0;
    QTest::newRow("detection, V3") << "rfcn-resnet101-flownet" << 3;
    QTest::newRow("detection, half") << "rfcn-resnet101-half" << 1;
    QTest::newRow("segmentation, V2") << "deeplab-resnet101-flownet" << 2;
  }
  void everyValueArrives() {
    QFETCH(QString, model);
    QFETCH(int, version);
    Import import(model.toStdString());
    const auto report = import.run(paramsFile(import.values, ParamsVersion(version)));
    QCOMPARE(report.tensors, int64_t(import.values.size()));
    QVERIFY(report.missing.empty() && report.unused.empty());
    QCOMPARE(QString::fromStdString(report.names), QString("mxnet"));
    const Package package = import.imported();
    QVERIFY(sameTensors(*package.model, *import.model));
    QVERIFY(toJson(package.spec)["feature"] == toJson(import.spec)["feature"]);
  }

  void boxRowsForInferenceReplaceThePlainOnes() {
    Import import;
    const auto weight = import.value("arg:rfcn_bbox_weight"), bias = import.value("arg:rfcn_bbox_bias");
    const auto stds = torch::tensor({0.1f, 0.1f, 0.2f, 0.2f});
    const auto rows = torch::arange(392).div(49, "floor").remainder(4);  // row c has the unit of (c / 49) mod 4
    const auto unit = stds.index({rows});
    import.values.emplace_back("arg:rfcn_bbox_weight_test", weight * unit.view({-1, 1, 1, 1}));
    import.values.emplace_back("arg:rfcn_bbox_bias_test", bias * unit);
    QVERIFY(import.run(paramsFile(import.values)).unused.empty());
    const Package folded = import.imported();
    QVERIFY(
        folded.model->detection->named_parameters()["region_deltas.weight"].equal(weight * unit.view({-1, 1, 1, 1})));
    QCOMPARE(folded.spec.detection->regionStds, (std::array<float, 4>{1, 1, 1, 1}));
    // Both say the same of a box.
    torch::NoGradGuard guard;
    const auto feature = torch::randn({1, 8, 6, 8});
    const auto plainMaps = import.model->detection(feature), foldedMaps = folded.model->detection(feature);
    const auto rois = roisOf({{10, 10, 60, 70}}, 0);
    const auto a = import.model->detection->regions(plainMaps, rois).deltas,
               b = folded.model->detection->regions(foldedMaps, rois).deltas;
    QVERIFY(torch::allclose(a * stds, b, 1e-4, 1e-6));
  }

  void withoutThemTheUnitsStayUnlessToldOtherwise() {
    Import import;
    const auto report = import.run(paramsFile(import.values));
    QCOMPARE(report.remarks.size(), size_t(1));
    QCOMPARE(import.imported().spec.detection->regionStds, (std::array<float, 4>{0.1f, 0.1f, 0.2f, 0.2f}));
    auto o = import.options(paramsFile(import.values));
    o.boxes = "folded";
    QVERIFY(importModel(o, {}).remarks.empty());
    QCOMPARE(import.imported().spec.detection->regionStds, (std::array<float, 4>{1, 1, 1, 1}));
    o.boxes = "perhaps";
    QVERIFY_EXCEPTION_THROWN(importModel(o, {}), UsageError);
  }

  void whatDoesNotFitIsNamed_data() {
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("says");
    QTest::newRow("missing") << "missing"
                             << "lacks 1 tensors";
    QTest::newRow("misshapen") << "shape"
                               << "conv3_weight has shape";
    QTest::newRow("NaN") << "nan"
                         << "conv3_weight holds values that are not finite";
    QTest::newRow("half a pair") << "pair"
                                 << "without the other";
    QTest::newRow("other names") << "names"
                                 << "has no tensor that";
    QTest::newRow("integers") << "integers"
                              << "floating-point";
  }
  void whatDoesNotFitIsNamed() {
    QFETCH(QString, fault);
    QFETCH(QString, says);
    Import import;
    auto& weight = import.value("arg:conv3_weight");
    if (fault == "missing") std::erase_if(import.values, [](const auto& v) { return v.first == "arg:conv3_weight"; });
    if (fault == "shape") weight = torch::zeros({3, 3});
    if (fault == "nan") weight.view(-1)[2] = NAN;
    if (fault == "integers") weight = weight.to(torch::kLong);
    if (fault == "pair") import.values.emplace_back("arg:rfcn_bbox_bias_test", torch::zeros({392}));
    if (fault == "names")
      for (auto& [name, tensor] : import.values) name += "x";
    const QString error = import.errorOf(import.options(paramsFile(import.values)));
    QVERIFY2(error.contains(says), qPrintable(error));
    QVERIFY(!fs::exists(import.folder() / "imported" / "model.json"));
  }

  void missingAndUnusedAreReported() {
    Import import;
    std::erase_if(import.values, [](const auto& v) { return v.first == "arg:conv3_bias"; });
    import.values.emplace_back("arg:fc1000_weight", torch::zeros({3}));
    import.values.emplace_back("arg:conv1_weight", import.value("arg:conv1_weight"));
    auto o = import.options(paramsFile(import.values));
    o.partial = true;
    const auto report = importModel(o, {});
    QCOMPARE(report.missing, (std::vector<std::string>{"flow.conv3.bias (conv3_bias)"}));
    QCOMPARE(report.unused, (std::vector<std::string>{"fc1000_weight"}));
    QVERIFY(report.remarks[0].find("conv1_weight twice") != std::string::npos);
    QCOMPARE(import.imported().manifest["provenance"]["missing"].size(), size_t(1));
  }

  void otherKindsOfNumbersAreConverted() {
    Import import;
    auto& weight = import.value("arg:conv3_weight");
    const auto half = weight.to(torch::kHalf);
    weight = half;
    import.value("arg:conv4_weight") = import.value("arg:conv4_weight").to(torch::kDouble);
    import.run(paramsFile(import.values));
    const auto flow = import.imported().model->flow->named_parameters();
    QVERIFY(flow["conv3.weight"].equal(half.to(torch::kFloat)));
    QVERIFY(flow["conv4.weight"].equal(import.model->flow->named_parameters()["conv4.weight"]));
  }

  void torchvisionsResNetsGiveTheFeatureNetwork() {
    Import import;
    NamedValues values;
    for (const auto& [ours, tensor] : namedTensors(*import.model))
      for (const auto& theirs : torchvisionNames(ours)) values.emplace_back(theirs, tensor.detach().clone());
    values.emplace_back("fc.weight", torch::zeros({10, 4}));
    values.emplace_back("bn1.num_batches_tracked", torch::tensor(5));
    QVERIFY(std::any_of(values.begin(), values.end(),
                        [](const auto& v) { return v.first == "layer1.0.downsample.1.running_mean"; }));
    auto o = import.options(pthFile(values));
    QVERIFY(import.errorOf(o).contains("--partial"));
    o.partial = true;
    const auto report = importModel(o, {});
    QCOMPARE(QString::fromStdString(report.names), QString("torchvision"));
    QCOMPARE(report.unused, (std::vector<std::string>{"bn1.num_batches_tracked", "fc.weight"}));
    const Package package = import.imported();
    QCOMPARE(QString::fromStdString(package.spec.feature.strideAt), QString("spatial"));
    QVERIFY(package.model->feature->named_parameters()["stage3.4.expand.conv.weight"].equal(
        import.model->feature->named_parameters()["stage3.4.expand.conv.weight"]));
  }

  void aStrideOnTheSpatialConvolutionIsTorchvisions() {
    ModelSpec spec = thinSpec("rfcn-resnet50-flownet");
    spec.feature.strideAt = "spatial";
    DffModel m(spec);
    const auto parts = m.feature->named_parameters();
    torch::NoGradGuard guard;
    m.eval();
    // Where reduce has the stride, three of four positions of the stage's input are never looked at.
    const auto x = torch::randn({1, 3, 64, 64});
    spec.feature.strideAt = "reduce";
    DffModel other(spec);
    for (size_t i = 0; i < namedTensors(m).size(); ++i) namedTensors(other)[i].second.copy_(namedTensors(m)[i].second);
    other.eval();
    QCOMPARE(m.feature(x).sizes(), other.feature(x).sizes());
    for (auto* model : {&m, &other}) model->feature->named_parameters()["stage2.0.expand.bn.weight"].fill_(1);
    QVERIFY(!torch::allclose(m.feature(x), other.feature(x)));
  }

  void ourOwnFilesComeBack() {
    Import import;
    const auto report = import.run(toSafetensors(namedTensors(*import.model)));
    QCOMPARE(QString::fromStdString(report.names), QString("own"));
    QVERIFY(sameTensors(*import.imported().model, *import.model));
  }

  void anImportedModelRuns_data() {
    QTest::addColumn<QString>("model");
    QTest::newRow("detection") << "rfcn-resnet101-flownet";
    QTest::newRow("segmentation") << "deeplab-resnet101-flownet";
  }
  void anImportedModelRuns() {
    QFETCH(QString, model);
    Import import(model.toStdString());
    import.run(paramsFile(import.values));
    const Package package = import.imported();
    const InferenceScope scope(1);
    Engine engine(package, {});
    for (int i = 0; i < 3; ++i) {
      const Result r = engine.step(noiseFrame(i, {200, 120}), {i == 0, false});
      QCOMPARE(r.isKey, i == 0);
      QCOMPARE(r.labels.empty(), package.spec.classes.empty());
      QCOMPARE(r.boxes.empty(), !package.spec.detection);
      if (!r.labels.empty()) QCOMPARE(r.labels.size(), cv::Size(200, 120));
    }
  }

  void theModelIsToldByItsNames_data() {
    QTest::addColumn<QString>("task");
    QTest::addColumn<QString>("says");
    QTest::newRow("detection") << "detection"
                               << "rfcn-resnet101-flownet";
    QTest::newRow("segmentation") << "segmentation"
                                  << "deeplab-resnet101-flownet";
  }
  void theModelIsToldByItsNames() {
    QFETCH(QString, task);
    QFETCH(QString, says);
    Import import;
    NamedValues values;  // the names of the whole layout, shapes that do not fit
    for (const auto& row : layout(task.toStdString()))
      values.emplace_back((row.isArg ? "arg:" : "aux:") + row.name, torch::zeros({64, 1}));
    auto o = import.options(paramsFile(values));
    o.as = "auto";
    const QString error = import.errorOf(o);
    QVERIFY2(error.contains(says) && error.contains("has shape"), qPrintable(error));
  }
};

QTEST_APPLESS_MAIN(ImportTest)
#include "import_test.moc"
