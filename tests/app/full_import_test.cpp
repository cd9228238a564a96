#include <sys/resource.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <map>
#include <random>
#include <set>

#include "core/base/file.h"
#include "core/base/mapped_file.h"
#include "core/model/tensor_files/safetensors.h"
#include "tests/support/layout.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

constexpr uint64_t kFileBytes = 405493247;  // of the authors' detector

/// Writes a file of the authors' size with random values, and knows where each tensor's lie in it.
class Writer {
 public:
  explicit Writer(const fs::path& path) : file_(path) {
    std::vector<LayoutRow> rows = layout("detection");
    std::erase_if(rows, [](const LayoutRow& row) { return row.optional; });
    number(uint64_t(0x112)), number(uint64_t(0)), number(uint64_t(rows.size()));
    for (const auto& row : rows) array(row);
    number(uint64_t(rows.size()));
    for (const auto& row : rows) name((row.isArg ? "arg:" : "aux:") + row.name);
    file_.commit();
  }

  struct Place {
    uint64_t begin, bytes;
  };
  std::map<std::string, Place> places;
  uint64_t written = 0;

 private:
  void bytes(std::string_view piece) { file_.write(piece), written += piece.size(); }
  template <class T>
  void number(T value) {
    bytes({reinterpret_cast<const char*>(&value), sizeof value});
  }
  void name(const std::string& text) { number(uint64_t(text.size())), bytes(text); }

  void array(const LayoutRow& row) {  // a legacy header
    number(uint32_t(row.shape.size()));
    for (const int64_t side : row.shape) number(uint32_t(side));
    number(int32_t(1)), number(int32_t(0)), number(int32_t(0));
    places[row.name] = {written, uint64_t(row.count()) * 4};
    std::vector<uint32_t> values(1 << 16);
    for (int64_t left = row.count(); left > 0; left -= std::ssize(values)) {
      values.resize(size_t(std::min<int64_t>(left, std::ssize(values))));
      for (auto& v : values) v = (uint32_t(random_()) & 0x80ffffff) | 0x3c000000;  // 0.008 to 0.03, either sign
      bytes({reinterpret_cast<const char*>(values.data()), 4 * values.size()});
    }
  }

  AtomicFile file_;
  std::mt19937 random_{7};
};

}  // namespace

/// The authors' detector at full size, through the program.
class FullImportTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyByteArrivesAndMemoryIsThatOfTheModel() {
#ifdef DFF_SANITIZE
    QSKIP("sanitizers take memory of their own");
#endif
    const QTemporaryDir dir;
    const fs::path root = dir.path().toStdString(), file = root / "full.params";
    const Writer theirs(file);
    QCOMPARE(theirs.written, kFileBytes);
    QElapsedTimer timer;
    timer.start();
    QProcess program;
    program.start(DFF_PROGRAM,
                  {"import", QString::fromStdString(file), "-o", QString::fromStdString(root / "package")});
    QVERIFY(program.waitForFinished(300000));
    QVERIFY2(program.exitCode() == 0, program.readAllStandardError());
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    qInfo("%.1f s, at most %ld MiB", double(timer.elapsed()) / 1000, usage.ru_maxrss / 1024);
    QVERIFY(usage.ru_maxrss < 700 * 1024);  // the model, once, and the libraries
    compare(theirs, MappedFile(file).bytes(), root / "package" / "weights.safetensors");
  }

 private:
  static void compare(const Writer& theirs, std::string_view file, const fs::path& weights) {
    const MappedFile ours(weights);
    std::set<std::string> seen;
    for (const auto& e : safetensorsEntries(ours.bytes(), weights.string())) {
      QVERIFY(e.type == at::kFloat);
      for (const auto& name : mxnetNames(e.name)) {
        const auto found = theirs.places.find(name);
        if (found == theirs.places.end()) continue;
        const auto [begin, bytes] = found->second;
        QVERIFY2(ours.bytes().substr(e.begin, e.end - e.begin) == file.substr(begin, bytes), e.name.c_str());
        seen.insert(name);
      }
    }
    QCOMPARE(seen.size(), theirs.places.size());
  }
};

QTEST_APPLESS_MAIN(FullImportTest)
#include "full_import_test.moc"
