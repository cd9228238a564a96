#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <random>

#include "core/base/file.h"
#include "core/model/dff_model.h"
#include "core/model/package.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

ModelSpec tinySpec(const std::string& flow = "pyramid") {
  ModelSpec spec;
  spec.feature.widths = {4, 4, 8, 8};
  spec.feature.depths = {1, 1, 1, 1};
  spec.feature.channels = 4;
  spec.flow.kind = flow;
  spec.flow.width = 0.05;
  spec.classes = {{"a", {1, 2, 3}, {4, 5, 6}}, {"b", {7, 8, 9}, {1, 1, 1}}};
  return spec;
}

NamedTensors tensorsOf(const ModelSpec& spec) {
  torch::manual_seed(1);
  DffModel model(spec);
  NamedTensors all;
  for (const auto& [name, tensor] : namedTensors(model)) all.emplace_back(name, tensor.detach().clone());
  return all;
}

/// Rewrites the weights and the hash beside them, so that only the tensors are wrong.
void saveWith(const fs::path& folder, const NamedTensors& weights) {
  savePackage(folder, {{"name", "x"}}, tinySpec(), weights);
}

}  // namespace

class PackageTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path folder() const { return fs::path(dir_.path().toStdString()) / QTest::currentTestFunction(); }

 private Q_SLOTS:
  void weightsComeBackConvolutionsRoundedToHalf() {
    const auto weights = tensorsOf(tinySpec());
    saveWith(folder(), weights);
    const Package package = loadPackage(folder());
    for (const auto& [name, tensor] : namedTensors(*package.model)) {
      const auto same =
          std::find_if(weights.begin(), weights.end(), [&, n = name](const auto& w) { return w.first == n; });
      QVERIFY(same != weights.end());
      const auto kept = tensor.dim() == 4 ? same->second.to(torch::kHalf).to(torch::kFloat) : same->second;
      QVERIFY(kept.equal(tensor));
    }
    QCOMPARE(package.spec.classes[1].name, std::string("b"));
  }

  void flowNetsGiveOneFlowACell_data() {
    QTest::addColumn<QString>("kind");
    QTest::newRow("pyramid") << "pyramid";
    QTest::newRow("FlowNet-S") << "flownet_s";
    QTest::newRow("FlowNet Inception") << "flownet_inception";
  }
  void flowNetsGiveOneFlowACell() {
    QFETCH(QString, kind);
    DffModel model(tinySpec(kind.toStdString()));
    const auto x = torch::randn({1, 3, 96, 112});
    const auto feature = model.feature(x);
    const auto e = model.flow->estimate(model.flow->encode(x), model.flow->encode(x));
    QVERIFY(e.keyFromCur.sizes() == at::IntArrayRef({1, 2, feature.size(2), feature.size(3)}));
    QVERIFY(e.scale.sizes() == feature.sizes());
    QVERIFY(e.scale.equal(torch::ones_like(e.scale)));  // the scale map starts as one
  }

  void brokenPackagesAreRefused_data() {
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("says");
    QTest::newRow("missing tensor") << "missing"
                                    << "is missing";
    QTest::newRow("wrong shape") << "shape"
                                 << "has shape";
    QTest::newRow("NaN weights") << "nan"
                                 << "not finite";
    QTest::newRow("bad JSON") << "json"
                              << "not valid JSON";
    QTest::newRow("truncated weights") << "truncated"
                                       << "truncated";
    QTest::newRow("oversized header") << "oversized"
                                      << "header";
    QTest::newRow("other hash") << "hash"
                                << "SHA-256";
    QTest::newRow("later schema") << "schema"
                                  << "schema_version";
    QTest::newRow("no folder") << "none"
                               << "does not exist";
  }
  void brokenPackagesAreRefused() {
    QFETCH(QString, fault);
    QFETCH(QString, says);
    const fs::path where = folder() / fault.toStdString();
    auto weights = tensorsOf(tinySpec());
    if (fault == "missing") weights.pop_back();
    if (fault == "shape") weights[0].second = torch::zeros({1});
    if (fault == "nan") weights[0].second.view(-1)[0] = NAN;
    if (fault != "none") saveWith(where, weights);
    const fs::path json = where / "model.json", file = where / "weights.safetensors";
    if (fault == "json") writeFileAtomically(json, "{");
    if (fault == "truncated") writeFileAtomically(file, readFile(file).substr(0, 5000));
    if (fault == "oversized") writeFileAtomically(file, std::string(8, '\x7f') + readFile(file));
    auto manifest = fault == "none" || fault == "json" ? nlohmann::json() : readJson(json);
    if (fault == "hash") manifest["sha256"] = std::string(64, '0'), writeJson(json, manifest);
    if (fault == "schema") manifest["schema_version"] = 99, writeJson(json, manifest);
    try {
      loadPackage(where);
      QFAIL("accepted");
    } catch (const Error& e) {
      QVERIFY2(QString(e.what()).contains(says), e.what());
    }
  }

  void mutatedWeightsNeverCrash() {
    const std::string good = toSafetensors(tensorsOf(tinySpec()));
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) {
      std::string bad = good.substr(0, i % 3 ? good.size() : random() % good.size());
      for (int k = 0; k < 3 && !bad.empty(); ++k) bad[random() % std::min<size_t>(bad.size(), 600)] = char(random());
      try {
        parseSafetensors(bad, "mutated");
      } catch (const Error&) {
      }
    }
  }
};

QTEST_APPLESS_MAIN(PackageTest)
#include "package_test.moc"
