#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "tests/support/script_package.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

/// What a TorchScript file may hold.
class ScriptModuleTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path path(const char* name) const { return fs::path(dir_.path().toStdString()) / name; }

  /// What is said of a file of these bytes; nothing: it was taken.
  static QString saidOf(const std::string& bytes, int inputs = 1) {
    try {
      ScriptModule(bytes, inputs, "net.pt");
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }

  std::string bytesOf(const std::string& source) const {
    writeScript(path("net.pt"), source, {{"w", at::ones({1, 3, 1, 1})}});
    return readFile(path("net.pt"));
  }

 private Q_SLOTS:
  void whatReachesBeyondComputingIsRefused_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("says");
    const QString out = path("out").c_str();
    QTest::newRow("writes a file") << "def forward(self, x):\n    torch.save(x, '" + out + "')\n    return x\n"
                                   << "calls aten::save";
    QTest::newRow("in a branch of a method")
        << "def other(self, x):\n    if x.size(0) > 5:\n        torch.save(x, '" + out +
               "')\n    return x\ndef forward(self, x):\n    return self.other(x)\n"
        << "calls aten::save";
    QTest::newRow("reads a file")
        << "def forward(self, x):\n    return x + torch.from_file('/etc/hostname', False, 1)\n"
        << "calls aten::from_file";
    QTest::newRow("prints") << "def forward(self, x):\n    print(x)\n    return x\n"
                            << "calls prim::Print";
    QTest::newRow("runs on being read")
        << "def __getstate__(self):\n    return 1\ndef __setstate__(self, state: int):\n    torch.save(state, '" + out +
               "')\ndef forward(self, x):\n    return x\n"
        << "__setstate__";
  }
  void whatReachesBeyondComputingIsRefused() {
    QFETCH(QString, source);
    QFETCH(QString, says);
    const QString said = saidOf(bytesOf(source.toStdString()));
    QVERIFY2(said.startsWith("net.pt") && said.contains(says) && said.contains("may compute only"), qPrintable(said));
    QVERIFY(!fs::exists(path("out")));
  }

  void warningsAndBranchesAreTaken() {
    const std::string bytes = bytesOf(
        "def forward(self, x):\n    if x.size(0) > 1:\n        torch.warn('many')\n    for i in range(2):\n"
        "        x = x * 2\n    return torch.conv2d(x, self.w)\n");
    QCOMPARE(saidOf(bytes), QString());
    const ScriptModule module(bytes, 1, "net.pt");
    const at::Tensor x = at::ones({1, 3, 2, 2});
    QVERIFY(module.run({x})[0].equal(at::full({1, 1, 2, 2}, 12.f)));
    QVERIFY(module.forInference()->run({x})[0].equal(at::full({1, 1, 2, 2}, 12.f)));
    QCOMPARE(module.forInference(), module.forInference());
    QCOMPARE(module.parameters(), int64_t(3));
  }

  void forwardMustFit() {
    QVERIFY(saidOf(bytesOf("def forward(self, a, b):\n    return a\n")).contains("takes 2 inputs, where 1 are given"));
    QCOMPARE(saidOf(bytesOf("def forward(self, a, b):\n    return a\n"), 2), QString());
    QVERIFY(saidOf(bytesOf("def backward(self, a):\n    return a\n")).contains("no method \"forward\""));
  }

  void aChangedWeightIsDamage() {
    std::string bytes = bytesOf("def forward(self, x):\n    return torch.conv2d(x, self.w)\n");
    const float one = 1;
    const size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&one), 4) +
                                 std::string(reinterpret_cast<const char*>(&one), 4));
    QVERIFY(at != std::string::npos);
    bytes[at + 2] = char(bytes[at + 2] ^ 1);
    QVERIFY2(saidOf(bytes).contains("is damaged: what net/data/0 holds"), qPrintable(saidOf(bytes)));
  }

  void otherFilesAreNoModules() {
    QVERIFY(saidOf("").contains("no TorchScript module, or is damaged"));
    QVERIFY(saidOf("this is no module").contains("no TorchScript module, or is damaged"));
    torch::save(at::ones({2}), path("tensor.pt").string());
    const QString said = saidOf(readFile(path("tensor.pt")));
    QVERIFY2(said.startsWith("net.pt") && !said.contains('\n'), qPrintable(said));
  }

  void damagedFilesAreRefusedOrRead() {
    const std::string good = bytesOf("def forward(self, x):\n    return torch.conv2d(x, self.w)\n");
    std::mt19937 random(3);
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
      std::string bad = good.substr(0, i % 4 ? good.size() : random() % good.size());
      for (int k = 0; k < 4 && !bad.empty(); ++k) bad[random() % bad.size()] = char(random());
      const QString said = saidOf(bad);
      refused += !said.isEmpty();
      QVERIFY2(!said.contains('\n'), qPrintable(said));
    }
    QVERIFY(refused > 200);
  }
};

QTEST_GUILESS_MAIN(ScriptModuleTest)
#include "script_module_test.moc"
