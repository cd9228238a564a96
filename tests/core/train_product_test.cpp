#include <QTemporaryDir>
#include <QTest>

#include "core/model/dff_model.h"
#include "core/model/package.h"
#include "core/train/training_report.h"
#include "core/train/validation.h"
#include "tests/support/full_disk.h"
#include "tests/support/tiny_training.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

bool allFinite(const fs::path& weights) {
  for (const auto& [name, tensor] : readSafetensors(weights).tensors)
    if (tensor.is_floating_point() && !at::isfinite(tensor).all().item<bool>()) return false;
  return true;
}

template <class Action>
QString failureOf(Action action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

/// What a training leaves behind: curves, validation, and a whole checkpoint whatever happens.
class TrainProductTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }
  TrainOptions options(const nlohmann::json& config, const std::string& output) const {
    return trainOptions(root(), config, output);
  }
  std::string checkpointOf(const std::string& output) const {
    return readFile(root() / output / "checkpoint.safetensors");
  }

 private Q_SLOTS:
  void initTestCase() { renderStreet(root() / "street"); }

  void theScoreIsTheMeanOfWhatIsKnown() {
    const auto near = [](double a, double b) { return std::abs(a - b) < 1e-12; };
    QVERIFY(near(Validation({0.6, 0.4, -1, -1}).score(), 0.5));
    QVERIFY(near(Validation({0.6, -1, -1, -1}).score(), 0.6));
    QVERIFY(near(Validation({-1, 0.4, -1, -1}).score(), 0.4));
    QVERIFY(near(Validation({0.6, 0.4, 0.5, 0.2}).score(), 0.35));  // propagated frames decide
    QVERIFY(near(Validation({0.6, 0.4, 0.5, -1}).score(), 0.5));
    QVERIFY(!toJson(Validation({0.6, -1, -1, -1})).contains("ap50"));
  }

  void validationMeasuresBoxesWhereTheModelFindsThem_data() {
    QTest::addColumn<bool>("detects");
    QTest::addColumn<QString>("loss");
    QTest::newRow("classes, frames") << false << "frame";
    QTest::newRow("boxes too, frames") << true << "frame";
    QTest::newRow("boxes too, pairs") << true << "joint";
  }
  void validationMeasuresBoxesWhereTheModelFindsThem() {
    QFETCH(bool, detects);
    QFETCH(QString, loss);
    auto config = tinyTraining(loss.toStdString(), 2);
    if (detects) config = withDetection(config);
    config["validation"] = "synthetic:street";
    const fs::path output = root() / "validated";
    fs::remove_all(output);
    const TrainReport report = train(options(config, "validated"), {});
    const std::string suffix = loss == "joint" ? "_propagated" : "";
    const auto miou = logged(output, "miou" + suffix), score = logged(output, "score");
    QCOMPARE(score.size(), size_t(1));
    QCOMPARE(logged(output, "ap50").size(), size_t(detects));
    const double expected = detects ? (miou[0] + logged(output, "ap50" + suffix)[0]) / 2 : miou[0];
    QVERIFY(std::abs(score[0] - expected) < 1e-9);
    QCOMPARE(report.best, score[0]);
    QCOMPARE(loadPackage(output / "best").manifest["measured"]["validation"]["score"].get<double>(), score[0]);
  }

  void curvesAreAPageThatNeedsNothingElse() {
    auto config = tinyTraining("frame", 21);
    config["stages"].push_back(tinyTraining("flow", 21)["stages"][0]);
    config["validation"] = "synthetic:street";
    train(options(config, "curves"), {});
    const QString page = QString::fromStdString(readFile(root() / "curves/curves.html"));
    QCOMPARE(page.count("<svg "), 2);  // one a stage
    QCOMPARE(page.count("<svg "), page.count("</svg>"));
    for (const char* word : {"finished", "segmentation", "epe_cells", "learning rate", "miou", "stage 2 of 2"})
      QVERIFY2(page.contains(word), word);
    for (const char* outside : {"src=", "href=", "url(", "<script", "@import"})
      QVERIFY2(!page.contains(outside), outside);
    QVERIFY(!page.contains("http-equiv"));  // nothing will change any more
    QVERIFY(!fs::exists(root() / "curves/curves.tmp.html"));
  }

  void curvesShowWhyATrainingStopped() {
    QVERIFY_EXCEPTION_THROWN(trainUntil(options(tinyTraining("frame", 9), "cut"), 2), Interrupted);
    QVERIFY(readFile(root() / "cut/curves.html").find("stopped: interrupted") != std::string::npos);
  }

  void aPageOfARunningTrainingLoadsItselfAndSkipsBrokenLines() {
    fs::create_directory(root() / "page");
    writeFileAtomically(root() / "page/log.jsonl",
                        "{\"stage\":\"s\",\"step\":0,\"loss\":3.0}\n{\"stage\":\"s\",\"step\":20,\"loss\":2.0}\n"
                        "{\"stage\":\"s\",\"step\":20,\"loss\":1.0}\n{\"stage\":\"s\",\"step\":40,\"lo");
    writeTrainingReport(root() / "page", {"<m>", "running", "s", 1, 1, 30, 60, 2, 7260});
    const QString page = QString::fromStdString(readFile(root() / "page/curves.html"));
    QVERIFY(page.contains("http-equiv=\"refresh\"") && page.contains("&lt;m>") && page.contains("2:01 h"));
    const QStringList dots = page.split("<circle ");
    QCOMPARE(dots.size() - 1, qsizetype(2));  // of step 20 the later one
  }

  void aFullDiskLeavesTheLastCheckpointWhole() {
    const auto config = tinyTraining("frame", 6);
    TrainOptions o = options(config, "full");
    QVERIFY_EXCEPTION_THROWN(trainUntil(o, 2), Interrupted);
    const std::string before = checkpointOf("full");
    o.resume = true;
    {
      const FullDisk disk(16384);
      const QString says = failureOf([&] { trainUntil(o, 4); });
      QVERIFY2(says.contains("cannot write") && says.contains("checkpoint.safetensors"), qPrintable(says));
    }
    QVERIFY(checkpointOf("full") == before);
    QVERIFY(!fs::exists(root() / "full/checkpoint.tmp.safetensors"));
    QCOMPARE(train(o, {}).steps, int64_t(4));
  }

  void aCheckpointOfAnotherArchitectureIsRefusedByName() {
    TrainOptions o = options(tinyTraining("frame", 2), "shape");
    train(o, {});
    auto wider = tinyTraining("frame", 2);
    wider["model"]["feature"]["channels"] = 16;
    o = options(wider, "shape");
    o.resume = true;
    const QString says = failureOf([&] { train(o, {}); });
    QVERIFY2(says.contains("another architecture") && says.contains("model/feature/channels"), qPrintable(says));
  }

  void anExplosionLeavesTheLastCheckpointAsItWas() {
    auto config = tinyTraining("frame", 60, 100);
    config["stages"][0].update({{"optimizer", "sgd"}, {"warmup", 0}, {"weight_decay", 10}});
    TrainOptions o = options(config, "explodes");
    QVERIFY_EXCEPTION_THROWN(trainUntil(o, 1), Interrupted);
    const std::string before = checkpointOf("explodes");
    o.resume = true;
    const QString says = failureOf([&] { train(o, {}); });
    QVERIFY2(says.contains("no longer finite") && says.contains("intact"), qPrintable(says));
    QVERIFY(checkpointOf("explodes") == before);
    QVERIFY(allFinite(root() / "explodes/checkpoint.safetensors"));
  }
};

QTEST_APPLESS_MAIN(TrainProductTest)
#include "train_product_test.moc"
