#include <QTemporaryDir>
#include <QTest>

#include "core/base/file.h"
#include "core/model/dff_model.h"
#include "core/model/package.h"
#include "core/train/trainer.h"
#include "tests/support/tiny_training.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

nlohmann::json configuration(const std::string& loss, int steps, double lr = 3e-3) {
  return tinyTraining(loss, steps, lr);
}

std::vector<double> losses(const fs::path& output, const char* part = "loss") { return logged(output, part); }

}  // namespace

class TrainTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

  TrainOptions options(const nlohmann::json& config, const std::string& output) const {
    return trainOptions(root(), config, output);
  }

 private Q_SLOTS:
  void initTestCase() { renderStreet(root() / "street"); }

  void theLossFalls_data() {
    QTest::addColumn<QString>("loss");
    for (const char* loss : {"frame", "flow", "joint"}) QTest::newRow(loss) << loss;
  }
  void theLossFalls() {
    QFETCH(QString, loss);
    const std::string name = "falls_" + loss.toStdString();
    const TrainReport report = train(options(configuration(loss.toStdString(), 81), name), {});
    const auto values = losses(root() / name);
    QCOMPARE(report.steps, int64_t(81));
    QVERIFY2(values.back() < 0.9 * values.front(),
             qPrintable(QString("%1 -> %2").arg(values.front()).arg(values.back())));
    QVERIFY(fs::exists(root() / name / "last" / "weights.safetensors"));
  }

  void detectionLearnsBesideSegmentation_data() {
    QTest::addColumn<QString>("loss");
    for (const char* loss : {"frame", "joint"}) QTest::newRow(loss) << loss;
  }
  void detectionLearnsBesideSegmentation() {
    QFETCH(QString, loss);
    const std::string name = "detects_" + loss.toStdString();
    train(options(withDetection(configuration(loss.toStdString(), 81)), name), {});
    for (const char* part : {"anchor_class", "region_class"}) {
      const auto values = losses(root() / name, part);
      QVERIFY2(values.back() < 0.8 * values.front(),
               qPrintable(QString("%1: %2 -> %3").arg(part).arg(values.front()).arg(values.back())));
    }
    QVERIFY(loadPackage(root() / name / "last").spec.detection.has_value());
  }

  void aPackageWithoutDetectionIsAStartForOneWithIt() {
    train(options(configuration("frame", 2), "plain"), {});
    auto config = withDetection(configuration("frame", 0));
    config["init_from"] = "plain/last";
    config["stages"][0]["steps"] = 1;
    config["stages"][0]["lr"] = 0;
    config["stages"][0]["ema"] = 0;
    train(options(config, "started"), {});
    const Package before = loadPackage(root() / "plain/last"), after = loadPackage(root() / "started/last");
    QVERIFY(before.model->segmentation->weight.equal(after.model->segmentation->weight));
  }

  void trainingDetectionWithoutObjectsSaysSo() {
    fs::copy(root() / "street", root() / "empty", fs::copy_options::recursive);
    auto boxes = readJson(root() / "empty/boxes.json");
    boxes["annotations"] = nlohmann::json::array();
    writeJson(root() / "empty/boxes.json", boxes);
    auto config = withDetection(configuration("frame", 2));
    config["data"] = {"synthetic:empty"};
    try {
      train(options(config, "objectless"), {});
      QFAIL("trained");
    } catch (const Error& e) {
      QVERIFY2(QString(e.what()).contains("no frame of the training data has an object"), e.what());
    }
    config["data"] = {"synthetic:empty", "synthetic:street"};  // frames without objects among others are fine
    QCOMPARE(train(options(config, "some"), {}).steps, int64_t(2));
  }

  void aResumedTrainingEqualsAnUninterruptedOne() {
    const auto config = withDetection(configuration("joint", 12));
    train(options(config, "whole"), {});
    TrainOptions o = options(config, "parts");
    QVERIFY_EXCEPTION_THROWN(trainUntil(o, 5), Interrupted);
    o.resume = true;
    QCOMPARE(train(o, {}).steps, int64_t(7));
    QVERIFY(readFile(root() / "whole/last/weights.safetensors") == readFile(root() / "parts/last/weights.safetensors"));
  }

  void aCheckpointOfAnotherConfigurationIsRefused() {
    train(options(configuration("frame", 2), "first"), {});
    TrainOptions o = options(configuration("frame", 3), "first");
    o.resume = true;
    QVERIFY_EXCEPTION_THROWN(train(o, {}), Error);
  }

  void anExplodingLossStopsWithAMessage() {
    auto config = configuration("frame", 60, 100);
    config["stages"][0]["optimizer"] = "sgd";
    config["stages"][0]["warmup"] = 0;
    config["stages"][0]["weight_decay"] = 10;
    try {
      train(options(config, "explodes"), {});
      QFAIL("did not explode");
    } catch (const Error& e) {
      QVERIFY2(QString(e.what()).contains("no longer finite"), e.what());
    }
  }
};

QTEST_APPLESS_MAIN(TrainTest)
#include "train_test.moc"
