#include <QTemporaryDir>
#include <QTest>

#include "core/data/dataset.h"
#include "core/data/synthetic/synthesize.h"
#include "tests/support/run_dff.h"
#include "tests/support/script_package.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

/// A package of TorchScript modules, as scripts run it.
class ScriptCliTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }
  QString out_, err_;

  int dff(const QString& line) {
    const Outcome outcome = runDff(line.split(' '), dir_.path());
    out_ = outcome.out;
    err_ = outcome.err.trimmed();
    return outcome.code;
  }

 private Q_SLOTS:
  void initTestCase() {
    SynthOptions synth;
    synth.street.frames = 12;
    synth.street.width = 160;
    synth.street.height = 120;
    synth.output = (root() / "street").string();
    synthesize(synth, {});
    writeScriptPackage(root() / "brought");
    ModelSpec spec = scriptSpec();
    spec.classes = camvidClasses();
    writeManifest(root() / "brought", spec);
    writeScript(root() / "brought/head.pt",
                "def forward(self, f):\n    return torch.cat([f, f, f, f[:, :2] - 1], 1)\n");
  }

  void itRunsIsScoredAndDescribed() {
    QVERIFY2(dff("run street/video.mp4 --model brought -o out.mp4 --interval 3 --export labels:labels") == 0,
             qPrintable(err_));
    QVERIFY(fs::exists(root() / "out.mp4") && fs::exists(root() / "labels/000011.png"));
    QVERIFY2(
        dff("eval --model brought --dataset synthetic:street --interval 1,3 --propagate causal --json e.json") == 0,
        qPrintable(err_));
    const auto rows = readJson(root() / "e.json")["rows"];
    QVERIFY(rows[0]["miou"].get<double>() > 0 && rows[1]["by_distance"].size() == 3);
    QVERIFY2(dff("info brought --json") == 0, qPrintable(err_));
    const auto info = nlohmann::json::parse(out_.toStdString());
    QCOMPARE(info["name"].get<std::string>(), std::string("brought"));
    QCOMPARE(info["classes"].size(), size_t(11));
    QVERIFY2(dff("info brought --per-layer") == 0, qPrintable(err_));
    QVERIFY(out_.contains("segmentation"));
  }

  void whatIsWrongIsToldInOneSentence_data() {
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("says");
    QTest::newRow("missing") << "feature.pt"
                             << ""
                             << "feature.pt";
    QTest::newRow("damaged") << "flow.pt"
                             << "PK"
                             << "flow.pt is no TorchScript module, or is damaged";
    QTest::newRow("misshapen") << "feature.pt"
                               << "def forward(self, x):\n    return x\n"
                               << "was expected";
    QTest::newRow("writes files") << "head.pt"
                                  << "def forward(self, f):\n    torch.save(f, 'o')\n    return f\n"
                                  << "calls aten::save";
  }
  void whatIsWrongIsToldInOneSentence() {
    QFETCH(QString, part);
    QFETCH(QString, content);
    QFETCH(QString, says);
    fs::remove_all(root() / "bad");
    fs::copy(root() / "brought", root() / "bad");
    const fs::path file = root() / "bad" / part.toStdString();
    if (content.isEmpty()) fs::remove(file);
    if (content == "PK") writeFileAtomically(file, readFile(file).substr(0, 300));
    if (content.startsWith("def")) writeScript(file, content.toStdString());
    QCOMPARE(dff("run street/video.mp4 --model bad -o bad.mp4"), 1);
    const QString last = err_.split('\n').last();
    QVERIFY2(last.startsWith("dff: ") && last.contains(says), qPrintable(err_));
    QVERIFY(!fs::exists(root() / "bad.mp4") && !fs::exists(root() / "o"));
  }

  void clockworkNeedsANetworkOfOurOwn() {
    QCOMPARE(dff("run street/video.mp4 --model brought -o c.mp4 --propagate clockwork"), 1);
    QVERIFY2(err_.contains("dff: --propagate clockwork keeps the deep stages"), qPrintable(err_));
  }
};

QTEST_GUILESS_MAIN(ScriptCliTest)
#include "script_cli_test.moc"
