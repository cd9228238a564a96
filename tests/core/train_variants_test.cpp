#include <QTemporaryDir>
#include <QTest>

#include "core/model/dff_model.h"
#include "core/model/package.h"
#include "core/model/weights.h"
#include "tests/support/tiny_training.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

bool sameTensors(const torch::nn::Module& a, const torch::nn::Module& b) {
  const auto ours = namedTensors(a), theirs = namedTensors(b);
  for (size_t i = 0; i < ours.size(); ++i)
    if (!ours[i].second.equal(theirs[i].second)) return false;
  return ours.size() == theirs.size();
}

/// The sentence that a training ends with; empty where it goes through.
QString failureOf(const TrainOptions& options) {
  try {
    train(options, {});
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

/// What trains and what stays as it was: the training variants of the paper.
class TrainVariantsTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }
  TrainOptions options(const nlohmann::json& config, const std::string& output) const {
    return trainOptions(root(), config, output);
  }
  Package lastOf(const std::string& output) const { return loadPackage(root() / output / "last"); }

 private Q_SLOTS:
  void initTestCase() {
    renderStreet(root() / "street");
    train(options(tinyTraining("frame", 3), "a"), {});
    auto other = tinyTraining("flow", 3);
    other["seed"] = 9;
    train(options(other, "b"), {});
  }

  void theFlowNetworkCanComeFromAnotherPackage() {
    auto config = tinyTraining("frame", 1, 0);
    config["init_from"] = "a/last";
    config["flow_from"] = "b/last";
    config["stages"][0]["ema"] = 0;
    train(options(config, "mixed"), {});
    const Package a = lastOf("a"), b = lastOf("b"), mixed = lastOf("mixed");
    QVERIFY(sameTensors(*mixed.model->flow, *b.model->flow));
    QVERIFY(!sameTensors(*mixed.model->flow, *a.model->flow));
    QVERIFY(mixed.model->segmentation->weight.equal(a.model->segmentation->weight));
  }

  void theStartCanBeTheMeanOfPackages() {
    auto config = tinyTraining("frame", 1, 0);
    config["init_from"] = "a/last";
    config["init_mean"] = {"b/last"};
    config["stages"][0]["ema"] = 0;
    train(options(config, "mean"), {});
    const auto of = [&](const char* run) { return lastOf(run).model->segmentation->weight; };
    QVERIFY(!of("a").equal(of("b")));
    QVERIFY(torch::allclose(of("mean"), (of("a") + of("b")) / 2, 0, 1e-3));  // packages are stored in 16 bits
  }

  void aMeanOfOtherArchitecturesIsRefusedByName() {
    const TensorFile one{{{"w", torch::ones({2})}}, {}}, other{{{"w", torch::ones({3})}}, {}};
    try {
      meanOf({one, other}, {"one", "other"});
      QFAIL("a mean of different shapes");
    } catch (const Error& e) {
      QVERIFY2(QString(e.what()).startsWith("other: tensor w"), e.what());
    }
  }

  void aFlowNetworkOfAnotherShapeIsRefusedByName() {
    auto config = tinyTraining("joint", 1);
    config["flow_from"] = "b/last";
    config["model"]["flow"]["width"] = 0.5;
    const QString says = failureOf(options(config, "misfit"));
    QVERIFY2(says.contains("flow network") && says.contains("shape"), qPrintable(says));
  }

  void whatIsFrozenStaysAsItWas_data() {
    QTest::addColumn<QString>("freeze");
    QTest::addColumn<bool>("featureStays");
    QTest::addColumn<bool>("flowStays");
    QTest::newRow("fix N") << "feature" << true << false;
    QTest::newRow("fix F") << "flow" << false << true;
    QTest::newRow("end to end") << "" << false << false;
  }
  void whatIsFrozenStaysAsItWas() {
    QFETCH(QString, freeze);
    QFETCH(bool, featureStays);
    QFETCH(bool, flowStays);
    auto config = withDetection(tinyTraining("joint", 3));
    config["init_from"] = "a/last";
    config["stages"][0]["freeze"] = freeze.toStdString();
    const std::string name = "frozen_" + freeze.toStdString();
    train(options(config, name), {});
    const Package before = lastOf("a"), after = lastOf(name);
    QCOMPARE(sameTensors(*before.model->feature, *after.model->feature), featureStays);
    QCOMPARE(sameTensors(*before.model->segmentation, *after.model->segmentation), featureStays);
    QCOMPARE(sameTensors(*before.model->flow, *after.model->flow), flowStays);
  }

  void aStageThatWouldTrainNothingIsRefused_data() {
    QTest::addColumn<QString>("loss");
    QTest::addColumn<QString>("freeze");
    QTest::addColumn<QString>("says");
    QTest::newRow("frames, features frozen") << "frame"
                                             << "feature"
                                             << "trains nothing";
    QTest::newRow("flow, flow frozen") << "flow"
                                       << "flow"
                                       << "trains nothing";
    QTest::newRow("typing mistake") << "joint"
                                    << "flows"
                                    << "known: feature, flow";
  }
  void aStageThatWouldTrainNothingIsRefused() {
    QFETCH(QString, loss);
    QFETCH(QString, freeze);
    QFETCH(QString, says);
    auto config = tinyTraining(loss.toStdString(), 1);
    config["stages"][0]["freeze"] = freeze.toStdString();
    const QString said = failureOf(options(config, "idle"));
    QVERIFY2(said.contains(says), qPrintable(said));
    QVERIFY(!fs::exists(root() / "idle"));
  }

  /// In the order of their README: each finds the packages of those before it.
  void everyVariantThatShipsRuns_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"start", "frame", "dff", "fix_n", "fix_f", "separate"}) QTest::newRow(name) << name;
  }
  void everyVariantThatShipsRuns() {
    QFETCH(QString, name);
    const std::string variant = name.toStdString();
    auto config = readJson(fs::path(DFF_MODELS) / "street/variants" / (variant + ".json"));
    config["data"] = {"synthetic:street"};
    config["validation"] = "";
    for (auto& stage : config["stages"]) {
      stage.update({{"steps", 1}, {"batch", 1}, {"width", 64}, {"height", 64}, {"max_gap", 2}, {"validate_every", 1}});
    }
    for (const char* from : {"init_from", "flow_from"})
      if (config.contains(from)) {
        const fs::path path = config[from].get<std::string>();  // ../../../runs/variants/NAME/last
        QCOMPARE(path.parent_path().parent_path(), fs::path("../../../runs/variants"));
        config[from] = path.lexically_relative("../../../runs/variants").string();
      }
    const TrainReport report = train(options(config, variant), {});
    QCOMPARE(report.steps, int64_t(config["stages"].size()));
    QCOMPARE(lastOf(variant).name(), config["name"].get<std::string>());
  }
};

QTEST_APPLESS_MAIN(TrainVariantsTest)
#include "train_variants_test.moc"
