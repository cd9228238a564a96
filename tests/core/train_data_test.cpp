#include <QTemporaryDir>
#include <QTest>

#include "core/train/batch.h"
#include "core/train/trainer.h"
#include "tests/support/mini_data.h"
#include "tests/support/tiny_training.h"

using namespace dff;
using namespace dff::test;

namespace {

/// tinyTraining() on pictures of mini data sets: as they are, not turned, not coloured.
nlohmann::json onMiniData(const std::string& loss, int steps, const std::string& dataset) {
  auto config = tinyTraining(loss, steps);
  config["data"] = {dataset};
  config["stages"][0].update({{"width", 64},
                              {"height", 48},
                              {"scale_min", 1},
                              {"scale_max", 1},
                              {"rotation", 0},
                              {"color", 0},
                              {"max_gap", 4}});
  return config;
}

nlohmann::json classesOf(const std::string& dataset) {
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& c : openDataset(dataset)->classes())
    classes.push_back({{"name", c.name}, {"display_color", c.displayColor}, {"dataset_color", c.datasetColor}});
  return classes;
}

}  // namespace

/// Training on every kind of data set.
class TrainDataTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

  nlohmann::json cityTraining(const std::string& loss, int steps) const {
    auto config = onMiniData(loss, steps, "cityscapes:city/train");
    config["model"]["classes"] = classesOf("cityscapes:" + (root() / "city/train").string());
    return config;
  }
  nlohmann::json vidTraining(const std::string& loss, int steps) const {
    auto config = withDetection(onMiniData(loss, steps, "imagenet_vid:vid"));
    config["model"]["detection"]["classes"] = {
        {{"name", "car"}, {"display_color", {1, 2, 3}}, {"dataset_color", {1, 2, 3}}}};
    return config;
  }
  QString failureOf(const nlohmann::json& config) const {
    try {
      train(trainOptions(root(), config, "fails"), {});
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }

 private Q_SLOTS:
  void initTestCase() {
    writeCityscapes(root() / "city", 2);
    writeVid(root() / "vid", 2, 4);
  }

  void theKeyOfASnippetIsAFrameBeforeTheLabelledOne() {
    writeJson(root() / "c.json", cityTraining("joint", 1));
    const TrainConfig config = readTrainConfig(root() / "c.json");
    std::vector<std::unique_ptr<Dataset>> data;
    data.push_back(openDataset("cityscapes:" + (root() / "city/train").string()));
    const BatchSource source(config, std::move(data));
    std::set<int> gaps;
    for (int step = 0; step < 40; ++step) {
      const Batch batch = source.make(config.stages[0], 0, step, true);
      const auto level = [&](const torch::Tensor& t) {  // of the middle pixel, as in the file
        return int(
            std::lround(t[0][0][24][32].item<double>() * config.model.input.std[0] + config.model.input.mean[0]));
      };
      QCOMPARE(level(batch.cur), 19);
      gaps.insert(19 - level(batch.key));
      QCOMPARE(batch.valid.max().item<double>(), 0.0);  // nobody knows the flow
    }
    QCOMPARE(gaps, (std::set<int>{0, 1, 2, 3, 4}));
  }

  void everyKindTrains_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("loss");
    for (const char* loss : {"frame", "joint"})
      for (const char* kind : {"cityscapes", "imagenet_vid"}) QTest::addRow("%s, %s", kind, loss) << kind << loss;
  }
  void everyKindTrains() {
    QFETCH(QString, kind);
    QFETCH(QString, loss);
    const bool city = kind == "cityscapes";
    const auto config = city ? cityTraining(loss.toStdString(), 41) : vidTraining(loss.toStdString(), 41);
    const std::string output = (kind + loss).toStdString();
    train(trainOptions(root(), config, output), {});
    const auto losses = logged(root() / output, city ? "segmentation" : "anchor_class");
    QVERIFY2(losses.back() < losses.front(), qPrintable(QString("%1 -> %2").arg(losses.front()).arg(losses.back())));
  }

  void dataAndModelMustKnowTheSameClasses() {
    const QString says = failureOf(onMiniData("frame", 1, "cityscapes:city/train"));
    QVERIFY2(says.contains("sidewalk") && says.contains("pavement"), qPrintable(says));
  }
  void boxesAloneNeedADetectionPart() {
    QVERIFY(failureOf(onMiniData("frame", 1, "imagenet_vid:vid")).contains("no detection part"));
  }
  void classesOfBoxesThatNobodyHasAreNoObjects() {
    auto config = vidTraining("frame", 1);
    config["model"]["detection"]["classes"][0]["name"] = "unicorn";
    QVERIFY(failureOf(config).contains("no frame of the training data has an object"));
  }
};

QTEST_APPLESS_MAIN(TrainDataTest)
#include "train_data_test.moc"
