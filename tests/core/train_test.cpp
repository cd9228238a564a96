#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/base/file.h"
#include "core/data/synthetic/synthesize.h"
#include "core/model/dff_model.h"
#include "core/model/package.h"
#include "core/train/trainer.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

nlohmann::json configuration(const std::string& loss, int steps, double lr = 3e-3) {
  nlohmann::json stage = {
      {"name", loss},     {"loss", loss},    {"steps", steps}, {"batch", 2},   {"lr", lr},
      {"warmup", 2},      {"width", 96},     {"height", 64},   {"max_gap", 3}, {"validate_every", 1000},
      {"scale_min", 0.9}, {"scale_max", 1.2}};
  nlohmann::json feature = {{"widths", {8, 8, 12, 12}}, {"depths", {1, 1, 1, 1}}, {"channels", 8}};
  return {{"name", "tiny"},
          {"seed", 4},
          {"data", {"synthetic:street"}},
          {"precision", "fp32"},
          {"model", {{"feature", feature}, {"flow", {{"width", 0.25}}}, {"input", nlohmann::json::object()}}},
          {"stages", {stage}}};
}

nlohmann::json withDetection(nlohmann::json config) {
  config["model"]["detection"] = {{"anchor_sizes", {12, 24, 48}}, {"group", 3}};
  return config;
}

std::vector<double> losses(const fs::path& output, const char* part = "loss") {
  std::vector<double> values;
  std::ifstream log(output / "log.jsonl");
  for (std::string line; std::getline(log, line);)
    if (const auto row = nlohmann::json::parse(line); row.contains(part)) values.push_back(row[part]);
  return values;
}

}  // namespace

class TrainTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

  TrainOptions options(const nlohmann::json& config, const std::string& output) const {
    writeJson(root() / (output + ".json"), config);
    TrainOptions o;
    o.config = (root() / (output + ".json")).string();
    o.output = (root() / output).string();
    o.dataRoot = root().string();
    o.threads = 1;
    return o;
  }

 private Q_SLOTS:
  void initTestCase() {
    SynthOptions synth;
    synth.street.frames = 6;
    synth.street.width = 128;
    synth.street.height = 96;
    synth.output = (root() / "street").string();
    synthesize(synth, {});
  }

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
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    job.onProgress = [&](const Progress& p) {
      if (p.done == 5) stop.request_stop();
    };
    TrainOptions o = options(config, "parts");
    QVERIFY_EXCEPTION_THROWN(train(o, job), Interrupted);
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
