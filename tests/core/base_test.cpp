#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/base/file.h"
#include "core/base/mapped_file.h"
#include "core/base/registry.h"
#include "core/base/sha256_blocks.h"

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
  void sha256IsQts_data() {
    QTest::addColumn<int>("piece");
    for (const int piece : {1, 7, 63, 64, 65, 200, 5000}) QTest::addRow("pieces of %d", piece) << piece;
  }
  void sha256IsQts() {
    QFETCH(int, piece);
    QByteArray bytes;
    for (int length = 0; length < 4200; length += length < 140 ? 1 : 997) {
      while (bytes.size() < length) bytes.append(char(bytes.size() * 37 + bytes.size() / 251));
      Sha256 hash;
      for (int at = 0; at < length; at += piece) hash.add({bytes.data() + at, size_t(std::min(piece, length - at))});
      QCOMPARE(QByteArray::fromStdString(hash.hex()),
               QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    }
  }
  void sha256OfBlocksByInstructionsIsThePublishedOne() {
    if (!hasSha256Instructions()) QSKIP("the processor has none");
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t block[64] = {'a', 'b', 'c', 0x80};  // FIPS 180-2, appendix B.1
    block[63] = 24;
    sha256Blocks(state, block, 1);
    QCOMPARE(state[0], 0xba7816bfu);
    QCOMPARE(state[7], 0xf20015adu);
  }
  void aMappedFileStaysReadableWhereItWasReleased() {
    QTemporaryDir dir;
    const fs::path path = fs::path(dir.path().toStdString()) / "large";
    std::string bytes(5 << 20, ' ');
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = char(i * 2654435761u >> 24);
    writeFileAtomically(path, bytes);
    const MappedFile file(path);
    QVERIFY(file.bytes() == bytes);
    file.release(file.bytes().substr(5, 4 << 20));
    file.release(file.bytes().substr(100, 50));
    file.release({});
    QVERIFY(file.bytes() == bytes);
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
