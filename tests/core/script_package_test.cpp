#include <QTemporaryDir>
#include <QTest>

#include "core/model/model_info.h"
#include "core/model/onnx_export.h"
#include "core/run/engine.h"
#include "tests/support/script_package.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

/// What is thrown, or nothing.
template <class Work>
QString sentenceOf(const Work& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

EngineOptions plainOptions() {
  EngineOptions options;
  options.precision = "fp32";
  options.wantFeature = true;
  return options;
}

double difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

cv::Mat planes(const at::Tensor& feature) {
  const auto dense = feature.contiguous();
  const int sizes[] = {int(dense.size(1)), int(dense.size(2)), int(dense.size(3))};
  return cv::Mat(3, sizes, CV_32F, dense.data_ptr()).clone();
}

}  // namespace

/// Packages whose networks are TorchScript modules.
class ScriptPackageTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  const cv::Size size_{120, 90};
  fs::path folder() const { return fs::path(dir_.path().toStdString()) / QTest::currentTestFunction(); }

 private Q_SLOTS:
  void modulesComputeWhatTheySay() {
    writeScriptPackage(folder());
    const Package package = loadPackage(folder());
    const InferenceScope scope(1);
    Engine engine(package, plainOptions());
    const FramePtr key = noiseFrame(0, size_), cur = noiseFrame(1, size_);
    const Result ofKey = engine.step(key, {true, false}), ofCur = engine.step(cur, {false, false});
    const auto means = at::avg_pool2d(referenceInput(key, package.spec.input), {8, 8});
    const auto flow = at::cat({at::full({1, 1, 12, 16}, 1.5), at::full({1, 1, 12, 16}, -0.5)}, 1);
    const auto moved = referenceWarp(means, {flow, at::full_like(means, 0.5), {}});
    QVERIFY(difference(ofKey.feature, planes(means)) < 1e-5);
    QVERIFY(difference(ofCur.feature, planes(moved)) < 1e-5);
    const auto logits = at::cat({moved, moved.slice(1, 0, 1) * moved.slice(1, 1, 2)}, 1);
    QVERIFY(shareEqual(ofCur.labels, referenceLabels(logits, size_)) > 0.999);
    QCOMPARE(ofCur.keyFromCur.at<cv::Vec2f>(3, 4), cv::Vec2f(1.5f, -0.5f));
  }

  void modulesOfOurNetworksGiveTheSameResults() {
    ModelSpec spec = smallSpec();
    spec.detection.reset();
    const Package ours = randomPackage(folder() / "ours", spec);
    ModelSpec brought = spec;
    brought.feature.kind = brought.segmentation.kind = kTorchScript;
    brought.feature.file = "feature.pt";
    brought.feature.stride = 8;
    brought.segmentation.file = "head.pt";
    NamedTensors flow;  // the flow network stays ours
    for (const auto& [name, tensor] : namedTensors(*ours.model))
      if (name.starts_with("flow.")) flow.emplace_back(name, tensor);
    savePackage(folder() / "brought", {{"name", "brought"}}, brought, flow);
    fs::path file = folder() / "brought/model.json";
    auto manifest = readJson(file);
    manifest.erase("sha256");  // of the weights alone
    writeJson(file, manifest);
    GraphScript(featureGraph(*forInference(*ours.model, false))).write(folder() / "brought/feature.pt");
    writeScript(folder() / "brought/head.pt", "def forward(self, f):\n    return torch.conv2d(f, self.w, self.b)\n",
                {{"w", ours.model->segmentation->weight}, {"b", ours.model->segmentation->bias}});
    const Package package = loadPackage(folder() / "brought");
    const InferenceScope scope(1);
    Engine one(ours, plainOptions()), other(package, plainOptions());
    for (int i = 0; i < 4; ++i) {
      const Result a = one.step(noiseFrame(i, size_), {i % 3 == 0, false}),
                   b = other.step(noiseFrame(i, size_), {i % 3 == 0, false});
      QVERIFY(difference(a.feature, b.feature) < 1e-4);
      QVERIFY(cv::countNonZero(a.labels != b.labels) < 0.001 * double(a.labels.total()));
    }
  }

  void aFlowWithoutScaleMapLeavesTheFeatureItsSize() {
    writeScriptPackage(folder());
    writeScript(folder() / "flow.pt",
                "def forward(self, cur, key):\n    return torch.avg_pool2d(cur, [8, 8])[:, :2] * 0\n");
    const Package package = loadPackage(folder());
    const InferenceScope scope(1);
    Engine engine(package, plainOptions());
    const Result key = engine.step(noiseFrame(0, size_), {true, false}),
                 cur = engine.step(noiseFrame(1, size_), {false, false});
    QVERIFY(difference(key.feature, cur.feature) == 0);
  }

  void aFinerHeadKeepsToThePapersSplit() {
    writeScriptPackage(folder());
    ModelSpec spec = scriptSpec();
    spec.segmentation.upscale = 2;
    writeManifest(folder(), spec);
    writeScript(folder() / "head.pt",
                "def forward(self, f):\n    g = torch.cat([f, f[:, 0:1]], 1)\n"
                "    return torch.upsample_nearest2d(g, [2 * f.size(2), 2 * f.size(3)])\n");
    const Package package = loadPackage(folder());
    const InferenceScope scope(1);
    Engine engine(package, plainOptions());
    StageTimes times;
    const KeyPtr key = engine.makeKey(noiseFrame(0, size_), times);
    QVERIFY(key->carried[0].is_same(key->feature));
    QCOMPARE(engine.resultOfKey(*key, times).labels.size(), size_);
  }

  void whatIsWrongIsSaidInOneSentence_data() {
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("says");
    QTest::newRow("feature of another size")
        << "feature.pt"
        << "def forward(self, x):\n    return torch.avg_pool2d(x, [4, 4])\n"
        << "feature.pt gave a feature map of shape [1, 3, 24, 32], where [1, 3, 12, 16] was expected";
    QTest::newRow("feature without channels") << "feature.pt"
                                              << "def forward(self, x):\n    return x.mean()\n"
                                              << "feature map of shape []";
    QTest::newRow("flow of pictures") << "flow.pt"
                                      << "def forward(self, cur, key):\n    return cur[:, :2]\n"
                                      << "flow.pt gave a flow of shape [1, 2, 96, 128]";
    QTest::newRow("scale map of one channel")
        << "flow.pt"
        << "def forward(self, cur, key):\n    f = torch.avg_pool2d(cur, [8, 8])\n    return f[:, :2], f[:, :1]\n"
        << "a scale map of shape [1, 1, 12, 16], where [1, 3, 12, 16]";
    QTest::newRow("too few classes") << "head.pt"
                                     << "def forward(self, f):\n    return f\n"
                                     << "head.pt gave logits of shape [1, 3, 12, 16]";
    QTest::newRow("no tensor") << "head.pt"
                               << "def forward(self, f):\n    return 3\n"
                               << "gave no tensor";
    QTest::newRow("an exception") << "head.pt"
                                  << "def forward(self, f):\n    return f.view(1, 7)\n"
                                  << "head.pt failed: shape '[1, 7]' is invalid";
  }
  void whatIsWrongIsSaidInOneSentence() {
    QFETCH(QString, part);
    QFETCH(QString, source);
    QFETCH(QString, says);
    writeScriptPackage(folder());
    writeScript(folder() / part.toStdString(), source.toStdString());
    const Package package = loadPackage(folder());
    const InferenceScope scope(1);
    Engine engine(package, plainOptions());
    const QString said = sentenceOf([&] {
      engine.step(noiseFrame(0, size_), {true, false});
      engine.step(noiseFrame(1, size_), {false, false});
    });
    QVERIFY2(said.contains(says) && !said.contains('\n'), qPrintable(said));
  }

  void manifestsAreChecked_data() {
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("says");
    QTest::newRow("no file") << "feature"
                             << "file"
                             << "\"\""
                             << "feature.file must name a file";
    QTest::newRow("a file elsewhere") << "flow"
                                      << "file"
                                      << "\"../flow.pt\""
                                      << "flow.file must name a file";
    QTest::newRow("no stride") << "feature"
                               << "stride"
                               << "0"
                               << "feature.stride is 0";
    QTest::newRow("an odd stride") << "feature"
                                   << "stride"
                                   << "7"
                                   << "divide input.pad_multiple, 16";
    QTest::newRow("unknown kind") << "segmentation"
                                  << "kind"
                                  << "\"onnx\""
                                  << "known: convolution, torchscript";
    QTest::newRow("a file of no module") << "flow"
                                         << "kind"
                                         << "\"pyramid\""
                                         << "flow.file goes with";
    QTest::newRow("a head twice") << "segmentation"
                                  << "deconvolution"
                                  << "8"
                                  << "segmentation.deconvolution goes with";
    QTest::newRow("file missing") << "segmentation"
                                  << "file"
                                  << "\"other.pt\""
                                  << "other.pt";
  }
  void manifestsAreChecked() {
    QFETCH(QString, part);
    QFETCH(QString, key);
    QFETCH(QString, json);
    QFETCH(QString, says);
    writeScriptPackage(folder());
    auto manifest = readJson(folder() / "model.json");
    manifest["architecture"][part.toStdString()][key.toStdString()] = nlohmann::json::parse(json.toStdString());
    writeJson(folder() / "model.json", manifest);
    const QString said = sentenceOf([&] { loadPackage(folder()); });
    QVERIFY2(said.contains(says), qPrintable(said));
  }

  void theHashIsOfAllFiles() {
    writeScriptPackage(folder());
    const std::string before = loadPackage(folder()).sha256;
    auto manifest = readJson(folder() / "model.json");
    manifest["sha256"] = before;
    writeJson(folder() / "model.json", manifest);
    QCOMPARE(loadPackage(folder()).sha256, before);
    writeScript(folder() / "flow.pt", "def forward(self, cur, key):\n    return cur\n");
    QVERIFY(sentenceOf([&] { loadPackage(folder()); }).contains("SHA-256"));
  }

  void whatNeedsOurNetworksIsRefused() {
    writeScriptPackage(folder());
    const Package package = loadPackage(folder());
    EngineOptions halves, spread = plainOptions();
    halves.precision = "bf16";
    spread.spread = 2;
    QVERIFY(sentenceOf([&] { Engine(package, halves); }).contains("--precision bf16"));
    QVERIFY(sentenceOf([&] { Engine(package, spread); }).contains("--spread"));
    QVERIFY(Engine(package, {}).precision() != Precision::BFloat16);
    QVERIFY(sentenceOf([&] { exportOnnx(package, size_, folder() / "o.onnx"); }).contains("ONNX"));
    QVERIFY(sentenceOf([&] { DffModel model(package.spec); }).contains("TorchScript"));  // as training would
  }

  void costsAreCountedWhereTheyAreConvolutions() {
    writeScriptPackage(folder());
    const at::Tensor weight = at::ones({4, 3, 1, 1});
    writeScript(folder() / "head.pt", "def forward(self, f):\n    return torch.conv2d(f, self.last_weight)\n",
                {{"last_weight", weight}});
    writeScript(folder() / "feature.pt",
                "def forward(self, x):\n    y = torch.matmul(x.flatten(2), torch.zeros([x.size(2) * x.size(3), 1]))\n"
                "    return torch.avg_pool2d(x, [8, 8]) + y.unsqueeze(3)\n");
    const auto info = modelInfo(folder(), "128x96");
    QVERIFY(info["multiply_adds"]["feature"].is_null());
    QCOMPARE(info["multiply_adds"]["segmentation"].get<int64_t>(), int64_t(4 * 3 * 12 * 16));
    QCOMPARE(info["parameters"]["segmentation"].get<int64_t>(), int64_t(12));
    QCOMPARE(info["stride"].get<int>(), 8);
    const auto parts = packageCosts(folder(), "128x96");
    QVERIFY(!parts[0].known && parts[2].known);
    QCOMPARE(parts[2].layers.at(0).name, std::string("last_weight"));
  }
};

QTEST_GUILESS_MAIN(ScriptPackageTest)
#include "script_package_test.moc"
