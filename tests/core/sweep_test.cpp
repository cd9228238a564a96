#include "core/eval/sweep.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/data/dataset.h"
#include "core/data/label_folder.h"
#include "core/data/synthetic/synthesize.h"
#include "core/eval/label_agreement.h"
#include "core/eval/sweep_page.h"
#include "core/media/frame_fetcher.h"
#include "core/run/pipeline.h"
#include "tests/support/clips.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

constexpr int kFrames = 12;

const SweepPoint* pointAt(const SweepReport& report, const std::string& flow, const std::string& way, int interval) {
  for (const SweepPoint& p : report.points)
    if (p.flow == flow && p.propagate == way && p.interval == interval) return &p;
  return nullptr;
}

}  // namespace

/// Label folders, and the sweep over settings.
class SweepTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  SweepOptions options_;

  std::vector<cv::Mat> labelsAt(int interval, const std::string& flow, const std::string& propagate) {
    return labelsWith({interval, 0, true}, flow, propagate);
  }

  std::vector<cv::Mat> labelsWith(const KeyPlanOptions& keys, const std::string& flow, const std::string& propagate) {
    EngineOptions engineOptions = options_.engine;
    engineOptions.flow = flow;
    engineOptions.propagate = propagate;
    Engine engine(package_, engineOptions);
    KeyPlan plan(keys);
    std::vector<cv::Mat> labels;
    runFrames(*openSource(options_.input), engine, plan, {0, -1, false, 1},
              [&](Result& r) { labels.push_back(r.labels); }, {});
    return labels;
  }

  fs::path labelFolder(const char* name, const std::vector<std::pair<int, cv::Mat>>& labels) {
    const fs::path folder = dir_ / name;
    fs::create_directory(folder);
    for (const auto& [number, map] : labels)
      cv::imwrite((folder / ("street_" + std::to_string(number) + ".png")).string(), map);
    return folder;
  }

 private Q_SLOTS:
  void initTestCase() {
    package_ = randomPackage(dir_ / "model");
    ffmpeg(dir_, "-f lavfi -i testsrc2=size=120x90:rate=25 -frames:v 12 -pix_fmt yuv420p {}/clip.mp4");
    options_.input = (dir_ / "clip.mp4").string();
    options_.model = (dir_ / "model").string();
    options_.intervals = {1, 3, 6};
    options_.engine.precision = "fp32";
    options_.threads = 1;
  }

  void framesAreFetchedInAnyOrderAsPlayed() {
    std::vector<cv::Mat> played;
    const auto source = openSource(options_.input);
    while (const FramePtr frame = source->next()) played.push_back(frame->rgb);
    FrameFetcher fetcher(openSource(options_.input), 3 * 120 * 90 * 3);
    for (int64_t i : {4, 3, 3, 11, 0, 5, 6, 2}) {
      const FramePtr frame = fetcher.frame(i);
      QVERIFY(frame && frame->index == i);
      QCOMPARE(cv::norm(frame->rgb, played[size_t(i)], cv::NORM_INF), 0.0);
    }
    QVERIFY(!fetcher.frame(kFrames));
  }

  void labelsAreFoundByNumberOrByOrder() {
    const cv::Mat one(90, 120, CV_8U, cv::Scalar(1)), two(90, 120, CV_8U, cv::Scalar(2));
    const LabelFolder byNumber(labelFolder("numbered", {{3, one}, {7, two}}), kFrames);
    QCOMPARE(byNumber.count(), int64_t(2));
    QVERIFY(byNumber.labels(0, one.size()).empty());
    QCOMPARE(cv::norm(byNumber.labels(7, one.size()), two, cv::NORM_INF), 0.0);
    const LabelFolder inOrder(labelFolder("ordered", {{501, one}, {503, two}}), 2);
    QCOMPARE(cv::norm(inOrder.labels(1, one.size()), two, cv::NORM_INF), 0.0);
  }

  void labelsThatDoNotFitAreRefused() {
    const cv::Mat one(90, 120, CV_8U, cv::Scalar(1));
    const fs::path folder = labelFolder("far", {{3, one}, {70, one}});
    QVERIFY_EXCEPTION_THROWN(LabelFolder(folder, kFrames), Error);
    QVERIFY_EXCEPTION_THROWN(LabelFolder(dir_ / "nowhere", kFrames), Error);
    QVERIFY_EXCEPTION_THROWN(LabelFolder(folder, 100).labels(3, {10, 10}), Error);
    fs::create_directory(dir_ / "colored");
    cv::imwrite((dir_ / "colored").string() + "/0.png", cv::Mat(90, 120, CV_8UC3));
    QVERIFY_EXCEPTION_THROWN(LabelFolder(dir_ / "colored", kFrames).labels(0, {120, 90}), Error);
  }

  void everySensibleSettingIsRunOnce() {
    options_.flows = {"flownet", "copy"};
    options_.propagations = {"two-sided", "causal", "copy"};
    const SweepReport report = sweep(options_, {});
    QVERIFY(report.points[0].perFrame());
    QCOMPARE(report.points[0].agreement, 1.0);
    QCOMPARE(report.points[0].speedUp, 1.0);
    // Two-sided needs motion; carried as it is, a feature has one way only, by whichever name.
    QCOMPARE(report.points.size(), size_t(1 + 3 * 2));
    for (const int interval : {3, 6}) {
      QVERIFY(pointAt(report, "flownet", "two-sided", interval));
      QVERIFY(pointAt(report, "flownet", "causal", interval));
      QVERIFY(pointAt(report, "copy", "causal", interval));
    }
    QCOMPARE(report.framesRun, int64_t(kFrames));
    QCOMPARE(pointAt(report, "flownet", "causal", 6)->keyFrames, int64_t(2));
    QCOMPARE(pointAt(report, "flownet", "two-sided", 6)->keyFrames, int64_t(3));  // the last frame too
  }

  void agreementIsThatOfTheRunsThemselves() {
    const SweepReport report = sweep(options_, {});
    const auto perFrame = labelsAt(1, "flownet", "causal"), run = labelsAt(6, "flownet", "two-sided");
    LabelAgreement agreement(4);
    for (size_t i = 0; i < run.size(); ++i) agreement.add(run[i], perFrame[i]);
    QVERIFY(agreement.share() < 1);
    QCOMPARE(pointAt(report, "flownet", "two-sided", 6)->agreement, agreement.share());
    QCOMPARE(report.points[0].miou, -1.0);
  }

  void labelsGiveTheMiou() {
    SweepOptions options = options_;
    const auto perFrame = labelsAt(1, "flownet", "causal");
    std::vector<std::pair<int, cv::Mat>> truth = {{4, perFrame[4]}, {8, perFrame[8]}};
    options.labels = labelFolder("truth", truth).string();
    const SweepReport report = sweep(options, {});
    QCOMPARE(report.labelled, int64_t(2));
    QCOMPARE(report.points[0].miou, 1.0);
    QVERIFY(pointAt(report, "flownet", "causal", 6)->miou < 1);
  }

  void whatIsKnownIsToldAfterEveryRun() {
    std::vector<size_t> known;
    std::vector<int64_t> done;
    int64_t total = 0;
    JobContext job;
    job.onProgress = [&](const Progress& p) {
      done.push_back(p.done);
      total = p.total;
    };
    const SweepReport report = sweep(options_, job, [&](const SweepReport& r) { known.push_back(r.points.size()); });
    QCOMPARE(known.front(), size_t(1));
    QCOMPARE(known.back(), report.points.size());
    QVERIFY(std::is_sorted(known.begin(), known.end()) && std::is_sorted(done.begin(), done.end()));
    QCOMPARE(done.back(), total);
    QCOMPARE(total, int64_t(kFrames * report.points.size()));
  }

  void aStoppedSweepIsInterrupted() {
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    job.onProgress = [&](const Progress& p) {
      if (p.done == 5) stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(sweep(options_, job), Interrupted);
  }

  void whatCannotBeRunIsRefused_data() {
    QTest::addColumn<QString>("flow");
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<int>("interval");
    QTest::addColumn<int>("end");
    QTest::newRow("flow") << "wind"
                          << "causal" << 3 << -1;
    QTest::newRow("propagation") << "copy"
                                 << "sideways" << 3 << -1;
    QTest::newRow("interval") << "copy"
                              << "causal" << 0 << -1;
    QTest::newRow("range") << "copy"
                           << "causal" << 3 << 12;
  }
  void whatCannotBeRunIsRefused() {
    QFETCH(QString, flow);
    QFETCH(QString, propagate);
    QFETCH(int, interval);
    QFETCH(int, end);
    SweepOptions options = options_;
    options.flows = {flow.toStdString()};
    options.propagations = {propagate.toStdString()};
    options.intervals = {interval};
    options.end = end;
    QVERIFY_EXCEPTION_THROWN(sweep(options, {}), UsageError);
  }

  void csvHasALineForEveryPoint() {
    SweepReport report;
    report.points = {{"", "", 1, 1, -1, 20, 1, 20, 12, 12}, {"flownet", "causal", 6, 0.9, 0.5, 5, 4, 4.5, 12, 2}};
    const QStringList lines = QString::fromStdString(toCsv(report)).split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0].count(','), 13);
    QCOMPARE(lines[1], QString(",,1,20.0000,1.0000,20.0000,1.000000,,12,12,fixed,,,"));
    QCOMPARE(lines[2], QString("flownet,causal,6,5.0000,4.0000,4.5000,0.900000,0.500000,12,2,fixed,,,"));
    report.points[1].policy = "motion";
    report.points[1].fixedAgreement = 0.875, report.points[1].fixedMiou = 0.25, report.points[1].fixedKeyFrames = 2;
    QVERIFY(QString::fromStdString(toCsv(report)).endsWith(",motion,0.875000,0.250000,2\n"));
    QCOMPARE(toJson(report)["points"][1]["fixed_interval"]["key_frames"].get<int>(), 2);
    QCOMPARE(toJson(report)["points"][1]["miou"].get<double>(), 0.5);
    QVERIFY(!toJson(report)["points"][0].contains("miou"));
  }

  void policiesPutAsManyKeysAsTheInterval() {
    SweepOptions options = options_;
    options.flows = {"flownet"};
    options.propagations = {"causal"};
    options.policies = {"fixed", "motion"};
    options.intervals = {4};
    const SweepReport report = sweep(options, {});
    QCOMPARE(report.points.size(), size_t(3));
    QCOMPARE(QString::fromStdString(report.points[2].policy), QString("motion"));
    QCOMPARE(report.points[1].keyFrames, int64_t(3));
    QVERIFY(report.points[1].fixedAgreement < 0);
    QCOMPARE(report.points[2].keyFrames, report.points[2].fixedKeyFrames);
    for (const char* wrong : {"whim", "motion:policy_limit=0.2", "motion:key_share=0.5", "motion:speed=1"}) {
      options.policies = {wrong};
      QVERIFY_EXCEPTION_THROWN(sweep(options, {}), Error);
    }
  }

  void aPolicyIsComparedWithTheGridFromSeveralOffsets_data() {
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<QList<int>>("offsets");  // of 0 to 3, those with the commonest number of keys, or the earliest's
    QTest::addColumn<int>("keys");
    QTest::newRow("causal") << "causal" << QList<int>{1, 2, 3} << 4;     // 0 1 5 9, not 0 4 8
    QTest::newRow("two-sided") << "two-sided" << QList<int>{0, 3} << 4;  // 0 4 8 11, not 0 1 5 9 11
  }
  void aPolicyIsComparedWithTheGridFromSeveralOffsets() {
    QFETCH(QString, propagate);
    QFETCH(QList<int>, offsets);
    QFETCH(int, keys);
    SweepOptions options = options_;
    options.flows = {"flownet"};
    options.propagations = {propagate.toStdString()};
    options.policies = {"balanced", "margin:max_interval=5"};
    options.intervals = {4};
    const SweepReport report = sweep(options, {});
    const auto perFrame = labelsAt(1, "flownet", "causal");
    LabelAgreement agreement(4);
    for (const int offset : offsets) {
      std::set<int64_t> pins = {0};
      for (int64_t i = offset; i < kFrames; i += 4) pins.insert(i);
      const auto run = labelsWith({1000, 0, true, pins}, "flownet", propagate.toStdString());
      for (size_t i = 0; i < run.size(); ++i) agreement.add(run[i], perFrame[i]);
    }
    QCOMPARE(report.points.size(), size_t(3));
    for (const size_t i : {1, 2}) {
      QCOMPARE(report.points[i].fixedAgreement, agreement.share());
      QCOMPARE(report.points[i].fixedKeyFrames, int64_t(keys));
      QCOMPARE(report.points[i].keyFrames, int64_t(keys));
    }
    QVERIFY(pageOf(report, options).find("same key share") != std::string::npos);
  }

  void anEndedSweepGoesOnWhereItWas() {
    SweepOptions options = options_;
    options.policies = {"fixed", "motion"};
    options.cells = (dir_ / "report.html.cells").string();
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    job.onProgress = [&](const Progress& p) {
      if (p.done == (1 + 3 + 5) * kFrames + 3) stop.request_stop();  // per frame, two grids from 3 and 5 offsets
    };
    QVERIFY_EXCEPTION_THROWN(sweep(options, job), Interrupted);
    int steps = 0;
    std::string said;
    job = {};
    job.onProgress = [&](const Progress& p) { ++steps; };
    job.onLog = [&](const std::string& message) { said += message; };
    const SweepReport rest = sweep(options, job);
    QVERIFY2(said.find("3 finished parts") != std::string::npos, said.c_str());
    const int stepsOfRest = std::exchange(steps, 0);
    const SweepReport again = sweep(options, job);
    QVERIFY2(steps < stepsOfRest / 4, qPrintable(QString("%1 %2").arg(steps).arg(stepsOfRest)));
    options.cells.clear();
    const SweepReport whole = sweep(options, {});
    QCOMPARE(rest.points.size(), whole.points.size());
    for (size_t i = 0; i < whole.points.size(); ++i) {
      QCOMPARE(rest.points[i].agreement, whole.points[i].agreement);
      QCOMPARE(rest.points[i].fixedAgreement, whole.points[i].fixedAgreement);
      QCOMPARE(rest.points[i].keyFrames, whole.points[i].keyFrames);
      QCOMPARE(again.points[i].msPerFrame, rest.points[i].msPerFrame);  // not measured anew
    }
  }

  void finishedPartsAreOfTheirInputsAlone() {
    SweepOptions options = options_;
    options.input = (dir_ / "other.mp4").string();
    fs::copy_file(options_.input, options.input);
    options.flows = {"copy"};
    options.cells = (dir_ / "parts.cells").string();
    std::string warned;
    int steps = 0;
    JobContext job;
    job.onWarning = [&](const std::string& message) { warned += message; };
    job.onProgress = [&](const Progress&) { ++steps; };
    sweep(options, job);
    const int all = std::exchange(steps, 0);
    options.intervals = {1, 3, 4, 6};  // one more: only that is run
    sweep(options, job);
    QVERIFY(warned.empty() && steps > kFrames && steps < all);
    fs::last_write_time(options.input, fs::last_write_time(options.input) + std::chrono::seconds(5));
    steps = 0;
    sweep(options, job);
    QVERIFY(QString::fromStdString(warned).contains("anew") && steps > all);
    std::ofstream(options.cells) << "{broken";
    warned.clear();
    sweep(options, job);
    QVERIFY(!warned.empty());
  }

  void aDataSetIsSweptWithItsLabels() {
    SynthOptions synth;
    synth.street = {3, 8, 128, 96};
    synth.output = (dir_ / "street").string();
    synthesize(synth, {});
    ModelSpec spec = smallSpec();
    spec.classes = camvidClasses();
    randomPackage(dir_ / "eleven", spec);
    SweepOptions options = options_;
    options.input = "synthetic:" + (dir_ / "street").string();
    options.model = (dir_ / "eleven").string();
    options.flows = {"flownet"};
    options.propagations = {"causal"};
    const SweepReport report = sweep(options, {});
    QCOMPARE(report.framesRun, int64_t(8));
    QCOMPARE(report.labelled, int64_t(8));
    SweepOptions folder = options;  // the same as pictures with label images
    folder.input = (dir_ / "street/frames").string();
    folder.labels = (dir_ / "street/labels").string();
    const SweepReport same = sweep(folder, {});
    for (size_t i = 0; i < report.points.size(); ++i) {
      QVERIFY(report.points[i].miou >= 0);
      QCOMPARE(report.points[i].miou, same.points[i].miou);
      QCOMPARE(report.points[i].agreement, same.points[i].agreement);
    }
    options.labels = folder.labels;
    QVERIFY_EXCEPTION_THROWN(sweep(options, {}), UsageError);
    options.labels.clear();
    options.model = options_.model;
    QVERIFY_EXCEPTION_THROWN(sweep(options, {}), Error);  // four classes
    for (const char* part : {"street/frames", "street/labels"})
      fs::rename(dir_ / part / "000004.png", dir_ / part / "elsewhere_9.png");
    options.model = (dir_ / "eleven").string();
    QVERIFY_EXCEPTION_THROWN(sweep(options, {}), Error);  // no video any more
  }

  void thePageNeedsNothingElse() {
    SweepReport report;
    report.modelName = "a<b";
    report.points = {{"", "", 1, 1, -1, 20, 1, 20, 12, 12},
                     {"flownet", "causal", 3, 0.95, -1, 9, 2.2, 9.5, 12, 4},
                     {"flownet", "causal", 6, 0.9, -1, 5, 4, 4.5, 12, 2},
                     {"copy", "causal", 6, 0.7, -1, 4, 5, 4.5, 12, 2, "motion"}};
    const Figure figure = figureOf(report);
    QCOMPARE(figure.charts.size(), size_t(3));
    QCOMPARE(figure.charts[0].series.size(), size_t(2));
    QCOMPARE(figure.charts[0].series[0].points.size(), size_t(3));  // from per-frame inference on
    QCOMPARE(figure.charts[0].series[0].points[1].y, 95.0);
    QCOMPARE(figure.charts[2].series.back().dashed, true);
    const QString page = QString::fromStdString(pageOf(report, options_));
    QVERIFY(page.contains("<svg") && page.contains("copy causal motion") && page.contains("a&lt;b"));
    QVERIFY(!page.contains("src=") && !page.contains("href="));
    QCOMPARE(page.count("<tr>"), 5);
  }

  void theCostModelMixesKeyAndOtherFrames() {
    QCOMPARE(costModelMs(1, 20, 3), 20.0);
    QCOMPARE(costModelMs(10, 20, 3), 0.1 * 20 + 0.9 * 3);
  }
};

QTEST_GUILESS_MAIN(SweepTest)
#include "sweep_test.moc"
