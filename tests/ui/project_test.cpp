#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/base/file.h"
#include "tests/support/clips.h"
#include "ui/window/project.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;
namespace fs = std::filesystem;

namespace {

/// A project as schema 1 kept it, word for word.
constexpr const char* kFirst = R"({
  "schema_version": 1,
  "file": "clips/street.mp4",
  "model": "street", "precision": "fp32", "flow": "dis", "propagate": "causal",
  "interval": 7, "in": 3, "out": 40, "position": 12, "pins": [5, 9], "workspace": "explore",
  "sweep_intervals": [1, 4, 8],
  "sweep_labels": "truth",
  "layers": {"layers": ["seg", "flow"], "opacity": 0.25},
  "compare": {"left": {"kind": "propagated", "interval": 7, "flow": "dis", "propagate": "causal"},
              "right": {"kind": "truth", "interval": 10, "flow": "flownet", "propagate": "causal"},
              "mode": "split", "divider": 0.3, "truth": "truth"}
})";

QString failureOf(const fs::path& file) {
  try {
    readProject(file);
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

/// Project files of this version, of older ones, and bad ones.
class ProjectTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;

  fs::path written(const std::string& text) const {
    const fs::path file = dir_ / "p.dffproj";
    std::ofstream(file) << text;
    return file;
  }
  /// The first schema's text with one part replaced.
  fs::path altered(std::string from, const std::string& to) const {
    std::string text = kFirst;
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error(from);
    return written(text.replace(at, from.size(), to));
  }

 private Q_SLOTS:
  void aFileOfTheFirstSchemaIsMigrated() {
    const Project p = readProject(written(kFirst));
    QCOMPARE(p.file, (dir_ / "clips/street.mp4").string());
    QCOMPARE(p.flow, std::string("dis"));
    QCOMPARE(p.interval, 7);
    QCOMPARE(p.in, int64_t(3));
    QCOMPARE(p.out, int64_t(40));
    QCOMPARE(p.pins, (std::vector<int64_t>{5, 9}));
    QCOMPARE(p.workspace, std::string("explore"));
    QCOMPARE(p.sweep.intervals, (std::vector<int>{1, 4, 8}));
    QCOMPARE(p.sweep.labels, (dir_ / "truth").string());
    QCOMPARE(p.sweep.flows, SweptKinds().flows);  // the first schema did not keep them
    QCOMPARE(p.layers.layers, (std::vector<std::string>{"seg", "flow"}));
    QCOMPARE(p.layers.opacity, 0.25);
    QVERIFY(p.compare.mode == CompareMode::Split && p.compare.sides[1].kind == Configuration::Kind::Truth);
    QCOMPARE(p.exports.video, ExportChoices().video);
    QVERIFY(p.aggregateKeys);
  }

  void aMigratedFileIsWrittenInTheSchemaOfNow() {
    const fs::path file = written(kFirst);
    writeProject(file, readProject(file));
    const auto json = readJson(file);
    QCOMPARE(json["schema_version"].get<int>(), kProjectSchema);
    QVERIFY(!json.contains("sweep_intervals"));
    QCOMPARE(json["sweep"]["intervals"].get<std::vector<int>>(), (std::vector<int>{1, 4, 8}));
    QCOMPARE(json["file"].get<std::string>(), std::string("clips/street.mp4"));
  }

  void aProjectComesBackAsItWas() {
    Project p;
    p.file = (dir_ / "clips/street.mp4").string();
    p.interval = 4;
    p.policy = "motion";
    p.aggregateKeys = false;
    p.pins = {8};
    p.layers.hide = {"sky"};
    p.sweep = {{1, 3}, {"dis"}, {"causal", "nearest"}, (dir_ / "truth").string()};
    p.exports.video = "ffv1";
    p.exports.layout = "wipe";
    p.exports.wholeClip = true;
    p.exports.sound = p.exports.legend = false;
    p.exports.layers = {{"flow", true}, {"seg", false}};
    p.exports.beside = {"coco", "flow"};
    p.probe = {0.25, 0.75};
    p.compare.divider = 0.7;
    const fs::path file = dir_ / "whole.dffproj";
    writeProject(file, p);
    const Project back = readProject(file);
    QCOMPARE(QString::fromStdString(toJson(back, file).dump()), QString::fromStdString(toJson(p, file).dump()));
    QCOMPARE(back.file, p.file);
    QCOMPARE(back.exports.beside, p.exports.beside);
    QCOMPARE(back.sweep.propagations, p.sweep.propagations);
  }

  void pathsFollowTheProjectWhenItsFolderMoves() {
    fs::create_directories(dir_ / "one");
    Project p;
    p.file = (dir_ / "one/street.mp4").string();
    writeProject(dir_ / "one/p.dffproj", p);
    fs::rename(dir_ / "one", dir_ / "two");
    QCOMPARE(readProject(dir_ / "two/p.dffproj").file, (dir_ / "two/street.mp4").string());
  }

  void whatIsWrongIsSaidWithTheFile_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("says");
    QTest::newRow("newer") << "\"schema_version\": 1"
                           << "\"schema_version\": 99"
                           << "newer version";
    QTest::newRow("no schema") << "\"schema_version\": 1,"
                               << ""
                               << "schema_version is missing";
    QTest::newRow("schema of no time") << "\"schema_version\": 1"
                                       << "\"schema_version\": 0"
                                       << "schema_version";
    QTest::newRow("schema in words") << "\"schema_version\": 1"
                                     << "\"schema_version\": \"one\""
                                     << "schema_version";
    QTest::newRow("no video") << "\"file\": \"clips/street.mp4\","
                              << ""
                              << "names no video";
    QTest::newRow("interval") << "\"interval\": 7, \"in\""
                              << "\"interval\": 700, \"in\""
                              << "interval";
    QTest::newRow("type") << "\"pins\": [5, 9]"
                          << "\"pins\": \"five\""
                          << "pins";
    QTest::newRow("sweep") << "[1, 4, 8]"
                           << "\"all\""
                           << "intervals";
    QTest::newRow("typing mistake") << "\"workspace\""
                                    << "\"workspaec\""
                                    << "workspaec";
    QTest::newRow("kind") << "\"truth\", \"interval\": 10"
                          << "\"magic\", \"interval\": 10"
                          << "magic";
    QTest::newRow("flow") << "\"flow\": \"dis\", \"propagate\": \"causal\",\n"
                          << "\"flow\": \"magic\","
                          << "magic";
    QTest::newRow("way") << "\"propagate\": \"causal\",\n"
                         << "\"propagate\": \"magic\",\n"
                         << "magic";
    QTest::newRow("layer") << "\"seg\", \"flow\""
                           << "\"seg\", \"magic\""
                           << "magic";
    QTest::newRow("half a file") << "\"divider\": 0.3, \"truth\": \"truth\"}"
                                 << ""
                                 << "p.dffproj";
  }
  void whatIsWrongIsSaidWithTheFile() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, says);
    const QString failure = failureOf(altered(from.toStdString(), to.toStdString()));
    QVERIFY2(failure.contains("p.dffproj") && failure.contains(says), qPrintable(failure));
  }

  void noFileNoListAndNoFolderAreProjects() {
    QVERIFY(failureOf(dir_ / "nowhere.dffproj").contains("nowhere"));
    QVERIFY(failureOf(written("[1, 2]")).contains("JSON object"));
    QVERIFY(!failureOf(written("")).isEmpty());
    QVERIFY_EXCEPTION_THROWN(writeProject(dir_ / "no/folder/p.dffproj", Project()), Error);
  }
};

QTEST_GUILESS_MAIN(ProjectTest)
#include "project_test.moc"
