#include <signal.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/file.h"
#include "core/data/synthetic/synthesize.h"
#include "tests/support/run_dff.h"

namespace fs = std::filesystem;
using namespace dff;
using test::Outcome;
using test::runDff;

/// The program as scripts see it. A short synthetic drive is the input.
class CliTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }
  Outcome dff(const QString& line) const { return runDff(line.split(' ', Qt::SkipEmptyParts), dir_.path()); }

 private Q_SLOTS:
  void initTestCase() {
    SynthOptions synth;
    synth.street.frames = 8;
    synth.street.width = 160;
    synth.street.height = 120;
    synth.output = (root() / "street").string();
    synthesize(synth, {});
    fs::copy(root() / "street/video.mp4", root() / "a.mp4");
    fs::copy(root() / "street/video.mp4", root() / "b.mp4");
    writeFileAtomically(root() / "broken.mp4", "this is no video");
    writeFileAtomically(root() / "empty.mp4", "");
    const std::string whole = readFile(root() / "a.mp4");
    writeFileAtomically(root() / "half.mp4", whole.substr(0, whole.size() * 6 / 10));
    fs::create_directory(root() / "mixed");
    fs::copy(root() / "street/frames/000000.png", root() / "mixed/0.png");
    SynthOptions smaller = synth;
    smaller.street.frames = 1;
    smaller.street.width = 96;
    smaller.output = (root() / "smaller").string();
    synthesize(smaller, {});
    fs::copy(root() / "smaller/frames/000000.png", root() / "mixed/1.png");
    fs::create_directory(root() / "uneven");
    fs::copy(root() / "street", root() / "uneven", fs::copy_options::recursive);
    fs::remove(root() / "uneven/labels/000003.png");
    fs::create_directories(root() / "unlabelled/labels");
    fs::copy(root() / "street/frames", root() / "unlabelled/frames", fs::copy_options::recursive);
  }

  void aRunWritesWhatItsContractSays() {
    const Outcome o =
        dff("run a.mp4 -o out.mp4 --size 160x120 --interval 3 --propagate causal --scene-cuts off --export "
            "labels:labels --export flow:flow --export jsonl:log.jsonl --json r.json");
    QVERIFY2(o.code == 0, qPrintable(o.err));
    QVERIFY(o.out.contains("8 frames, 3 key frames"));
    const auto report = readJson(root() / "r.json");
    for (const char* key : {"schema_version", "frames", "key_frames", "seconds", "load_seconds", "fps", "stages",
                            "peak_rss_bytes", "model", "options", "warnings"})
      QVERIFY2(report.contains(key), key);
    QCOMPARE(report["frames"].get<int>(), 8);
    QCOMPARE(report["stages"]["flow"]["count"].get<int>(), 5);
    QCOMPARE(report["stages"]["features"]["count"].get<int>(), 3);
    QVERIFY(fs::exists(root() / "labels/000007.png") && fs::exists(root() / "flow/000001.flo") &&
            !fs::exists(root() / "flow/000003.flo"));
    const auto info = nlohmann::json::parse(dff("info out.mp4 --frames --json").out.toStdString());
    QCOMPARE(info["frames"].size(), size_t(8));
    QCOMPARE(info["width"].get<int>(), 160);
  }

  void aFileIsReadAheadAndItsLastFrameIsAKey() {
    const Outcome o =
        dff("run a.mp4 --size 160x120 --interval 3 --scene-cuts off --export flow:ahead --export "
            "jsonl:ahead.jsonl --json ahead.json");
    QVERIFY2(o.code == 0, qPrintable(o.err));
    const auto report = readJson(root() / "ahead.json");
    QCOMPARE(report["options"]["propagate"].get<std::string>(), std::string("two-sided"));
    QCOMPARE(report["options"]["aggregate_keys"].get<bool>(), true);
    QCOMPARE(report["stages"]["features"]["count"].get<int>(), 4);  // 0, 3, 6 and 7
    QCOMPARE(report["stages"]["flow"]["count"].get<int>(), 8);      // keys are blended with each other along flow too
    std::istringstream lines(readFile(root() / "ahead.jsonl"));
    std::string line;
    for (int i = 0, key = 0; std::getline(lines, line); ++i) {
      const auto entry = nlohmann::json::parse(line);
      if (i % 3 == 0 || i == 7) key = i;
      QCOMPARE(entry["frame"].get<int>(), i);
      QCOMPARE(entry["key"].get<bool>(), key == i);
      QCOMPARE(entry["key_frame"].get<int>(), key);
      QCOMPARE(fs::exists(root() / ("ahead/00000" + std::to_string(i) + ".flo")), key != i);
    }
  }

  void propagationOfFilesFollowsWhatElseIsAsked_data() {
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("propagate");
    QTest::newRow("nothing") << ""
                             << "two-sided";
    QTest::newRow("no motion") << "--flow copy"
                               << "causal";
    QTest::newRow("long interval") << "--interval 61"
                                   << "causal";
    QTest::newRow("named") << "--propagate nearest"
                           << "nearest";
    QTest::newRow("copy") << "--propagate copy --flow copy"
                          << "copy";
  }
  void propagationOfFilesFollowsWhatElseIsAsked() {
    QFETCH(QString, arguments);
    QFETCH(QString, propagate);
    const Outcome o = dff("run a.mp4 --size 160x120 --end 1 --json follows.json " + arguments);
    QVERIFY2(o.code == 0, qPrintable(o.err));
    const auto chosen = readJson(root() / "follows.json")["options"]["propagate"].get<std::string>();
    QCOMPARE(QString::fromStdString(chosen), propagate);
  }

  void evalReadsTheNextKeyWhereItIsAsked() {
    SynthOptions synth;
    synth.street.frames = 12;
    synth.street.width = 160;
    synth.street.height = 120;
    synth.output = (root() / "longer").string();
    synthesize(synth, {});
    const QString line =
        "eval --dataset synthetic:longer --size 160x120 --interval 1,2,3 --json eval.json --propagate ";
    const auto rowsOf = [&](const QString& propagate) {
      const Outcome o = dff(line + propagate);
      return o.code == 0 ? readJson(root() / "eval.json")["rows"] : nlohmann::json::array();
    };
    const auto causal = rowsOf("causal"), plain = rowsOf("two-sided --aggregate-keys off"), both = rowsOf("two-sided");
    QVERIFY(causal.size() == 3 && plain.size() == 3 && both.size() == 3);
    const auto clockwork = rowsOf("clockwork --flow flownet,dis");
    QVERIFY(clockwork.size() == 3 && clockwork[0]["flow"] == "copy");  // no flow is read
    QCOMPARE(clockwork[0]["miou"].get<double>(), causal[0]["miou"].get<double>());
    QVERIFY(clockwork[2]["by_distance"][2] != causal[2]["by_distance"][2]);
    for (size_t i = 0; i < 3; ++i) {
      QCOMPARE(causal[i]["scored_frames"].get<int>(), 3);             // 9, 10, 11
      QCOMPARE(both[i]["scored_frames"].get<int>(), i == 0 ? 3 : 2);  // 11 is a key where two sides are read
      QCOMPARE(plain[i]["by_distance"][0].get<double>(), plain[i]["miou_per_frame"].get<double>());
      QCOMPARE(both[i]["by_distance"].size(), i + 1);
    }
    QCOMPARE(both[0]["miou"].get<double>(), causal[0]["miou"].get<double>());  // interval 1 is per-frame
    QVERIFY(plain[2]["by_distance"] != both[2]["by_distance"]);
    QVERIFY(plain[2]["by_distance"][1] != causal[2]["by_distance"][1]);
  }

  void evalAndCompareWriteTheirFiles() {
    const QString data = " --dataset synthetic:uneven --size 160x120 --interval 1,2 --flow flownet,copy";
    const Outcome o = dff("eval" + data + " --csv e.csv --plot e.png");
    QVERIFY2(o.code == 0, qPrintable(o.err));
    QVERIFY2(o.err.contains("1 frames left out: no label image"), qPrintable(o.err));
    QVERIFY(QString::fromStdString(readFile(root() / "e.csv")).startsWith("flow,propagate,interval,distance,miou"));
    QVERIFY(readFile(root() / "e.png").compare(1, 3, "PNG") == 0);
    QCOMPARE(dff("eval" + data + " --plot e.svg").code, 0);
    QVERIFY(readFile(root() / "e.svg").find("copy</text>") != std::string::npos);
    const Outcome table = dff("compare " DFF_MODELS "/street" + data + " -o t.md --json t.json");
    QVERIFY2(table.code == 0, qPrintable(table.err));
    QVERIFY(table.out.contains("| street | copy |"));
    QCOMPARE(QString::fromStdString(readFile(root() / "t.md")), table.out);
    QCOMPARE(readJson(root() / "t.json")["models"][0]["rows"].size(), size_t(4));  // flownet once
  }

  void framesOfARangeKeepTheirNumbers() {
    QCOMPARE(dff("run a.mp4 --start 2 --end 5 --size 160x120 --export labels:range").code, 0);
    QVERIFY(fs::exists(root() / "range/000002.png") && fs::exists(root() / "range/000005.png"));
    QVERIFY(!fs::exists(root() / "range/000001.png") && !fs::exists(root() / "range/000006.png"));
  }

  void severalInputsGoOnPastAFailureAndAreSkippedTheSecondTime() {
    fs::create_directory(root() / "all");
    const QString line = "run a.mp4 broken.mp4 b.mp4 -o all --size 160x120 --json all.json";
    const Outcome first = dff(line);
    QCOMPARE(first.code, 1);
    QVERIFY(first.err.trimmed().split('\n').last().startsWith("dff: "));
    QVERIFY(fs::exists(root() / "all/a.mp4") && fs::exists(root() / "all/b.mp4"));
    const auto files = [&] { return readJson(root() / "all.json")["files"]; };
    QCOMPARE(files()[1]["status"].get<std::string>(), std::string("failed"));
    QCOMPARE(files()[2]["report"]["frames"].get<int>(), 8);
    dff(line);
    QCOMPARE(files()[0]["status"].get<std::string>(), std::string("skipped"));
  }

  void aCutOffFileGivesWhatItHas() {
    const Outcome o = dff("run half.mp4 -o half_out.mp4 --size 160x120 --json half.json");
    if (o.code == 0)
      QVERIFY(!readJson(root() / "half.json")["warnings"].empty());
    else  // the index stands at the end of some files: then nothing can be decoded
      QVERIFY(o.code == 1 && o.err.contains("dff: ") && !fs::exists(root() / "half_out.mp4"));
  }

  void wrongUseIsToldInOneSentence_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown command") << "dance" << 2 << "";
    QTest::newRow("unknown option") << "run a.mp4 --fast" << 2 << "--fast";
    QTest::newRow("interval 0") << "run a.mp4 --interval 0" << 2 << "interval";
    QTest::newRow("interval below 0") << "run a.mp4 --interval -3" << 2 << "interval";
    QTest::newRow("start after end") << "run a.mp4 --start 5 --end 2" << 2 << "--start";
    QTest::newRow("unknown flow") << "run a.mp4 --flow magic" << 2
                                  << "flownet, search, dis, deepflow, farneback, sparse, codec, files, copy";
    QTest::newRow("unknown propagation") << "run a.mp4 --propagate magic" << 2 << "causal, two-sided, nearest, copy";
    QTest::newRow("two sides, no motion") << "run a.mp4 --propagate two-sided --flow copy" << 2 << "--propagate causal";
    QTest::newRow("too long to hold") << "run a.mp4 --propagate nearest --interval 61" << 2 << "--interval 61";
    QTest::newRow("unknown layer") << "run a.mp4 --layers seg,glitter" << 2 << "contours";
    QTest::newRow("unknown model") << "run a.mp4 --model nowhere" << 2 << "known:";
    QTest::newRow("unknown export") << "run a.mp4 --export betamax:x" << 2 << "labels";
    QTest::newRow("equal stems") << "run a.mp4 street/../a.mp4 -o all" << 2 << "called";
    QTest::newRow("missing file") << "run nothing.mp4 -o o.mp4" << 1 << "nothing.mp4";
    QTest::newRow("no video") << "run broken.mp4 -o o.mp4" << 1 << "broken.mp4";
    QTest::newRow("zero length") << "run empty.mp4 -o o.mp4" << 1 << "empty.mp4";
    QTest::newRow("mixed sizes") << "run mixed -o o.mp4" << 1 << "1.png";
    QTest::newRow("missing output folder") << "run a.mp4 -o no/such/o.mp4" << 1 << "no/such";
    QTest::newRow("output is the input") << "run a.mp4 -o a.mp4" << 1 << "input";
    QTest::newRow("start behind the end") << "run a.mp4 --start 99" << 1 << "last frame";
    QTest::newRow("labels missing") << "eval --dataset synthetic:unlabelled --interval 1" << 1 << "no labels for any";
    QTest::newRow("plot of no kind") << "eval --dataset synthetic:street --interval 1 --plot o.pdf" << 2
                                     << ".png or .svg";
    QTest::newRow("nothing to compare") << "compare --dataset synthetic:street" << 2 << "models";
    QTest::newRow("unknown data set") << "eval --dataset places:x" << 2 << "camvid";
    QTest::newRow("no such data set") << "eval --dataset camvid:nowhere" << 1 << "nowhere";
    QTest::newRow("too few frames") << "eval --dataset synthetic:street --interval 3" << 1 << "too few";
    QTest::newRow("boxes without their task") << "run a.mp4 --tasks seg --export mot:o.txt" << 1 << "needs boxes";
    QTest::newRow("unknown task") << "run a.mp4 --tasks boxen -o o.mp4" << 2 << "known: seg, boxes";
    QTest::newRow("classes that are not computed")
        << "eval --dataset synthetic:street --interval 1 --tasks boxes" << 2 << "leave \"seg\"";
    QTest::newRow("no configuration") << "train none.json -o t" << 1 << "none.json";
  }
  void wrongUseIsToldInOneSentence() {
    QFETCH(QString, line);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Outcome o = dff(line);
    QCOMPARE(o.code, code);
    const QString last = o.err.trimmed().split('\n').last();
    QVERIFY2(last.startsWith("dff: ") && last.contains(says), qPrintable(o.err));
    QVERIFY(!fs::exists(root() / "o.mp4"));
  }

  void anInterruptLeavesNoBrokenFile() {
    QProcess process;
    process.setWorkingDirectory(dir_.path());
    process.start(DFF_PROGRAM, {"run", "a.mp4", "-o", "cut.mp4", "--interval", "1", "--size", "1280x960"});
    QVERIFY(process.waitForStarted());
    QTest::qWait(1500);
    ::kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 130);
    for (const auto& entry : fs::directory_iterator(root()))
      QVERIFY(entry.path().string().find("cut") == std::string::npos);
  }

  void costsOfThePapersNetworksNeedNoWeights() {
    const Outcome o = dff("info rfcn-resnet50-inception --per-layer --size 128x96");
    QCOMPARE(o.code, 0);
    QVERIFY(o.out.contains("feature.stage4.2.expand.conv") && o.out.contains("flow.mixed6_1.pooled"));
    QVERIFY(o.out.contains("feature / flow"));
    QCOMPARE(dff("info no-such-model --flops").code, 2);
  }

  void everyVerbHasHelp_data() {
    QTest::addColumn<QString>("verb");
    for (const char* verb : {"run", "eval", "compare", "sweep", "train", "import", "calibrate", "synth", "info",
                             "bench", "export-onnx", "selftest"})
      QTest::newRow(verb) << verb;
  }
  void everyVerbHasHelp() {
    QFETCH(QString, verb);
    const Outcome o = dff(verb + " --help");
    QCOMPARE(o.code, 0);
    QVERIFY(o.out.contains("Usage: "));
  }
};

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
