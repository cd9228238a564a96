#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/base/file.h"
#include "core/base/registry.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {
struct Options {
  int interval = 10;
  std::string flow = "flownet";
};
template <class V>
void fields(Options& o, V&& v) {
  v("interval", o.interval, "frames from key to key", Bounds{1, 100});
  v("flow", o.flow, "flow source");
}
}  // namespace

class BaseTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sha256OfTheEmptyStringIsThePublishedOne() {
    QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  }
  void aFileIsReplacedWholeAndLeavesNoTemporary() {
    QTemporaryDir dir;
    const fs::path path = fs::path(dir.path().toStdString()) / "a.json";
    writeFileAtomically(path, "old");
    writeFileAtomically(path, "new");
    QCOMPARE(readFile(path), std::string("new"));
    QCOMPARE(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
  }
  void writingIntoAMissingFolderNamesIt() {
    QVERIFY_EXCEPTION_THROWN(writeFileAtomically("no/such/folder/file", "x"), Error);
  }
  void optionsComeBackFromJson() {
    Options o;
    fromJson(nlohmann::json{{"interval", 3}}, o, "test");
    QCOMPARE(o.interval, 3);
    QCOMPARE(toJson(o)["flow"].get<std::string>(), std::string("flownet"));
  }
  void wrongOptionsAreRefused_data() {
    QTest::addColumn<QString>("json");
    QTest::newRow("unknown key") << R"({"intervall": 3})";
    QTest::newRow("out of bounds") << R"({"interval": 0})";
    QTest::newRow("wrong type") << R"({"interval": "three"})";
    QTest::newRow("not an object") << "[1]";
  }
  void wrongOptionsAreRefused() {
    QFETCH(QString, json);
    Options o;
    QVERIFY_EXCEPTION_THROWN(fromJson(nlohmann::json::parse(json.toStdString()), o, "test"), Error);
  }
  void anUnknownKindListsTheKnownOnes() {
    const Kind<int> table[] = {{"dis", "", 1}, {"copy", "", 2}};
    QCOMPARE(findKind(table, "copy", "flow source").make, 2);
    try {
      findKind(table, "x", "flow source");
      QFAIL("found");
    } catch (const UsageError& e) {
      QCOMPARE(QString(e.what()), QString("unknown flow source \"x\"; known: dis, copy"));
    }
  }
};

QTEST_APPLESS_MAIN(BaseTest)
#include "base_test.moc"
