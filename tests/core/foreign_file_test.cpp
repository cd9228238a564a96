#include <malloc.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstdlib>
#include <new>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/tensor_files/foreign_file.h"
#include "core/model/tensor_files/safetensors.h"
#include "tests/support/foreign_writers.h"

using namespace dff;
using namespace dff::test;

// Every allocation of this program is counted, so that a test can say how much a parser took.
namespace {
std::atomic<int64_t> allocated = 0, most = 0;
}  // namespace

void* operator new(size_t size) {
  void* p = std::malloc(size);
  if (!p) throw std::bad_alloc();
  const int64_t now = allocated += int64_t(malloc_usable_size(p));
  if (now > most) most = now;
  return p;
}
void operator delete(void* p) noexcept {
  if (p) allocated -= int64_t(malloc_usable_size(p));
  std::free(p);
}
void operator delete(void* p, size_t) noexcept { operator delete(p); }

namespace {

const ForeignTensor& named(const std::vector<ForeignTensor>& tensors, const std::string& name) {
  for (const auto& t : tensors)
    if (t.name == name) return t;
  throw std::runtime_error("no " + name);
}

NamedValues someValues() {
  torch::manual_seed(3);
  return {{"arg:conv1_weight", torch::randn({4, 3, 2, 2})},
          {"aux:bn_conv1_moving_var", torch::rand({4})},
          {"arg:half", torch::randn({2, 3}).to(torch::kHalf)},
          {"arg:double", torch::randn({5}, torch::kDouble)},
          {"arg:count", torch::arange(3)}};
}

/// A file of each kind, small enough to mutate it many times.
std::vector<std::string> wholeFiles() {
  std::vector<std::string> files;
  for (const auto version : {ParamsVersion::Legacy, ParamsVersion::V1, ParamsVersion::V2, ParamsVersion::V3})
    files.push_back(paramsFile(someValues(), version));
  files.push_back(pthFile(someValues()));
  files.push_back(pthFile(someValues(), "state_dict"));
  files.push_back(toSafetensors(someValues()));
  std::string large = paramsFile({{"arg:a", torch::zeros({120, 120})}, {"arg:b", torch::zeros({7})}});
  files.push_back(large);
  return files;
}

/// The file with a few things about it changed, as damage and malice change them.
std::string mutated(std::string bytes, std::mt19937& random) {
  const auto below = [&](size_t n) { return size_t(random() % std::max<size_t>(1, n)); };
  for (size_t times = 1 + below(4); times > 0; --times) {
    const size_t at = below(bytes.size());
    const uint64_t extremes[] = {0, ~0ull, 1ull << 31, 1ull << 32, 1ull << 62, 0x7fffffff, 0xF993FAC9, 0xF993FACA};
    switch (below(6)) {
      case 0:
        bytes[at] = char(random());
        break;
      case 1:
        bytes.resize(at);
        break;
      case 2:
        bytes.insert(at, std::string(1 + below(9), char(random())));
        break;
      case 3:
        bytes.erase(at, 1 + below(9));
        break;
      case 4:
        bytes.replace(at, std::min<size_t>(8, bytes.size() - at), reinterpret_cast<const char*>(&extremes[below(8)]),
                      std::min<size_t>(8, bytes.size() - at));
        break;
      default:
        bytes.insert(at, std::string(1 + below(3000), "]}()K0q2\x89N"[below(10)]));
        break;
    }
    if (bytes.empty()) bytes = "x";
  }
  return bytes;
}

QString errorOf(const std::string& bytes) {
  try {
    parseForeign(bytes, "the file");
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

class ForeignFileTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void mxnetFilesOfEveryAgeAreRead_data() {
    QTest::addColumn<int>("version");
    QTest::newRow("legacy") << 0;
    QTest::newRow("V1") << 1;
    QTest::newRow("V2") << 2;
    QTest::newRow("V3") << 3;
  }
  void mxnetFilesOfEveryAgeAreRead() {
    QFETCH(int, version);
    const std::string bytes = paramsFile(someValues(), ParamsVersion(version));
    const auto tensors = parseForeign(bytes, "the file");
    QCOMPARE(tensors.size(), size_t(5));
    for (const auto& [name, expected] : someValues()) {
      const auto& t = named(tensors, name.substr(4));
      QVERIFY(at::IntArrayRef(t.shape) == expected.sizes());
      if (name == "arg:count")
        QVERIFY_EXCEPTION_THROWN(t.read(), Error);
      else
        QVERIFY(t.read().equal(expected.to(torch::kFloat)));
    }
  }

  void theHeaderIsTheOneOfReferenceSection10() {
    // One array [2] of float32 named "arg:w", by hand.
    const std::string bytes(
        "\x12\x01\0\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0"
        "\x01\0\0\0\0\0\0\0"
        "\x01\0\0\0"
        "\x02\0\0\0"
        "\x01\0\0\0\0\0\0\0"
        "\0\0\0\0"
        "\0\0\x80\x3f\0\0\0\xc0"
        "\x01\0\0\0\0\0\0\0"
        "\x05\0\0\0\0\0\0\0"
        "arg:w",
        8 * 3 + 4 + 4 + 8 + 4 + 8 + 8 + 8 + 5);
    const auto tensors = parseForeign(bytes, "the file");
    QCOMPARE(tensors.size(), size_t(1));
    QCOMPARE(QString::fromStdString(tensors[0].name), QString("w"));
    QVERIFY(tensors[0].read().equal(torch::tensor({1.f, -2.f})));
  }

  void stateDictsAreRead_data() {
    QTest::addColumn<QString>("nest");
    QTest::newRow("alone") << "";
    QTest::newRow("within a checkpoint") << "state_dict";
  }
  void stateDictsAreRead() {
    QFETCH(QString, nest);
    auto values = someValues();
    const auto base = torch::randn({6, 8});
    values.push_back({"view", base.slice(0, 2, 4)});  // begins later in its storage
    values.push_back({"transposed", base.t()});
    const std::string bytes = pthFile(values, nest.toStdString());
    const auto tensors = parseForeign(bytes, "the file");
    QCOMPARE(tensors.size(), values.size());
    for (const auto& [name, expected] : values)
      if (name != "arg:count") QVERIFY2(named(tensors, name).read().equal(expected.to(torch::kFloat)), name.c_str());
  }

  void whatLibTorchPicklesIsRead() {
    c10::Dict<std::string, at::Tensor> dict;
    dict.insert("a", torch::randn({3, 4}));
    dict.insert("b", torch::randn({2, 2}).to(torch::kHalf));
    const auto saved = torch::jit::pickle_save(dict);
    const auto tensors = parseForeign({saved.data(), saved.size()}, "the file");
    QCOMPARE(tensors.size(), size_t(2));
    QVERIFY(named(tensors, "a").read().equal(dict.at("a")));
    QVERIFY(named(tensors, "b").read().equal(dict.at("b").to(torch::kFloat)));
  }

  void safetensorsAreRead() {
    const std::string bytes = toSafetensors(someValues(), {{"made", "here"}});
    const auto tensors = parseForeign(bytes, "the file");
    QCOMPARE(tensors.size(), size_t(5));
    for (const auto& [name, expected] : someValues())
      if (name != "arg:count") QVERIFY(named(tensors, name).read().equal(expected.to(torch::kFloat)));
  }

  void badFilesAreRefusedInWords_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const std::string& bytes, const char* says) {
      QTest::newRow(name) << QByteArray(bytes.data(), qsizetype(bytes.size())) << says;
    };
    const std::string good = paramsFile(someValues());
    const auto patched = [&](size_t at, auto value) {
      std::string s = good;
      std::memcpy(s.data() + at, &value, sizeof value);
      return s;
    };
    row("empty", "", "none of the weights files");
    row("text", "hello, this is no model", "none of the weights files");
    row("truncated", good.substr(0, 200), "more than the file can hold");
    row("without names", good.substr(0, good.size() - 1), "truncated");
    row("more behind", good + "x", "1 bytes follow");
    row("many arrays", patched(16, ~0ull), "more than the file can hold");
    row("many dimensions", patched(24, 33u), "33 dimensions");
    row("a huge side", patched(28, 0xffffffffu), "more than the file can hold");
    row("an empty array", patched(28, 0u), "is empty");
    row("an unknown type", patched(24 + 4 + 16 + 8, 99), "unknown type 99");
    std::string sparse = paramsFile(someValues(), ParamsVersion::V2);
    sparse[28] = 1;
    row("sparse", sparse, "array 0 is sparse");
    row(
        "negative side",
        [&] {
          std::string s = paramsFile(someValues(), ParamsVersion::V1);
          const int64_t side = -1;
          std::memcpy(s.data() + 32, &side, 8);
          return s;
        }(),
        "impossible shape");
    row("plain pickle", "\x80\x02}.", "without a zip archive");
    row("zip without a pickle", zipFile({{"archive/version", "3"}}), "has no data.pkl");
    row("NumPy archive", zipFile({{"conv1_weight.npy", "x"}}), "NumPy");
    row("compressed", zipFile({{"archive/data.pkl", "x"}}, 8), "compressed");
    row("truncated zip", pthFile(someValues()).substr(0, 500), "truncated");
    const auto pickle = [&](const std::string& program) { return zipFile({{"a/data.pkl", "\x80\x02" + program}}); };
    row("a command", pickle("cposix\nsystem\n(" + pickled("touch x") + "tR."), "posix.system, which is not part");
    row("another call", pickle("cbuiltins\neval\n(" + pickled("1") + "tR."), "builtins.eval");
    row("by stack", pickle(pickled("os") + pickled("system") + "\x93."), "os.system");
    row("an object made", pickle("ccollections\nOrderedDict\n)\x81."), "opcode 129");
    row("no dictionary", pickle("K\x01."), "no dictionary");
    row("no tensors", pickle("}."), "no tensors");
    row("empty stack", pickle("."), "without operands");
    row("no mark", pickle("t."), "without its mark");
    row("memo of nothing", pickle("h\x05."), "reference to nothing");
    row("unending", pickle("(((((("), "truncated");
    row(
        "a storage too short",
        [&] {
          const auto t = torch::zeros({4});
          return zipFile(
              {{"a/data.pkl", "\x80\x02}" + pickled("w") + pickledTensor(t, "0") + "s."}, {"a/data/0", "1234"}});
        }(),
        "more than the file can hold");
    row(
        "a tensor behind its storage",
        [&] {
          const auto t = torch::zeros({4, 4}).slice(0, 2, 4);
          return zipFile({{"a/data.pkl", "\x80\x02}" + pickled("w") + pickledTensor(t, "0") + "s."},
                          {"a/data/0", std::string(48, '\0')}});
        }(),
        "behind the end");
  }
  void badFilesAreRefusedInWords() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const QString error = errorOf(bytes.toStdString());
    QVERIFY2(error.contains(says), qPrintable(error));
    QVERIFY(error.contains("the file") && !error.contains('\n'));
  }

  void manyObjectsInALittleFileAreRefused() {
    const std::string nested = zipFile({{"a/data.pkl", "\x80\x02" + std::string(60000, ']') + "."}});
    QVERIFY(errorOf(nested).contains("more objects than a state dict"));
    const std::string marks = zipFile({{"a/data.pkl", "\x80\x02" + std::string(60000, '(') + "."}});
    QVERIFY(!errorOf(marks).isEmpty());
  }

  void mutatedFilesGiveAnErrorOrTensors() {
    const auto files = wholeFiles();
    std::mt19937 random(20170521);
    int refused = 0;
    constexpr int kTimes = 10000;
    for (int i = 0; i < kTimes; ++i) {
      const std::string bytes = mutated(files[size_t(i) % files.size()], random);
      const int64_t before = allocated;
      most = before;
      try {
        for (const auto& t : parseForeign(bytes, "the file")) {
          QVERIFY(uint64_t(t.count()) <= bytes.size());
          if (at::isFloatingType(t.type)) t.read();
        }
      } catch (const Error& e) {
        ++refused;
        QVERIFY(std::strlen(e.what()) > 10);
      }
      QVERIFY(most - before <= (1 << 20) + 4 * int64_t(bytes.size()));
    }
    QVERIFY(refused > kTimes / 2);
    QVERIFY(refused < kTimes);  // changed values alone are no error
  }

  void filesAreToldApartByContent() {
    const QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath("model.bin").toStdString();
    writeFileAtomically(path, pthFile(someValues()));
    QCOMPARE(QString::fromStdString(openForeignFile(path).format), QString("pth"));
    writeFileAtomically(path, paramsFile(someValues()));
    const auto file = openForeignFile(path);
    QCOMPARE(QString::fromStdString(file.format), QString("params"));
    QVERIFY(named(file.tensors, "conv1_weight").read().equal(someValues()[0].second));
    QVERIFY_EXCEPTION_THROWN(openForeignFile(path.parent_path()), Error);
    QVERIFY_EXCEPTION_THROWN(openForeignFile(path.parent_path() / "none"), Error);
  }
};

QTEST_APPLESS_MAIN(ForeignFileTest)
#include "foreign_file_test.moc"
