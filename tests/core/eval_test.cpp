#include "core/eval/evaluate.h"

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/synthesize.h"
#include "core/eval/compare.h"
#include "core/eval/motion_scores.h"
#include "core/schedule/key_plan.h"
#include "tests/support/mini_data.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

bool near(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) < tolerance; }

/// Every field of one column of a CSV; empty where there is no such column.
QStringList columnOf(const std::string& csv, const QString& name) {
  const QStringList lines = QString::fromStdString(csv).trimmed().split('\n');
  const qsizetype at = lines[0].split(',').indexOf(name);
  QStringList fields;
  for (qsizetype i = 1; at >= 0 && i < lines.size(); ++i) fields.append(lines[i].split(',').value(at));
  return fields;
}

const Series& seriesOf(const Figure& figure, const std::string& title, const std::string& name) {
  for (const auto& chart : figure.charts)
    if (chart.title == title)
      for (const auto& series : chart.series)
        if (series.name == name) return series;
  fail("no curve ", name, " in ", title);
}

}  // namespace

/// What `dff eval` and `dff compare` measure, on a drawn street and small networks with random weights.
class EvalTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

  void saveModel(const std::string& name, const ModelSpec& spec, int seed) const {
    torch::manual_seed(uint64_t(seed));
    savePackage(root() / name, {{"name", name}}, spec, namedTensors(DffModel(spec)));
  }
  EvalOptions options(const std::string& dataset, std::vector<int> intervals) const {
    EvalOptions o;
    o.dataset = dataset;
    o.model = (root() / "a").string();
    o.intervals = std::move(intervals);
    o.engine.precision = "fp32";
    o.threads = 1;
    return o;
  }
  std::string street() const { return "synthetic:" + (root() / "street").string(); }

 private Q_SLOTS:
  void initTestCase() {
    SynthOptions synth;
    synth.street.frames = 13;
    synth.street.width = 128;
    synth.street.height = 96;
    synth.output = (root() / "street").string();
    synthesize(synth, {});
    ModelSpec spec = smallSpec();
    spec.classes = camvidClasses();
    saveModel("a", spec, 2);
    saveModel("b", spec, 3);
  }

  void sharesLeaveOutWhatIsNotKnown() {
    Share share;
    QVERIFY(share.value() < 0);
    const cv::Mat labels = (cv::Mat_<uint8_t>(1, 4) << 1, 2, 3, kIgnore);
    share.add(labels, (cv::Mat_<uint8_t>(1, 4) << 1, 9, kIgnore, kIgnore));
    QCOMPARE(share.pixels, int64_t(2));
    QVERIFY(near(share.value(), 0.5));
  }

  void neutralMotionMovesLabelsWithThePicture() {
    cv::Mat scene(120, 200, CV_8UC3);
    cv::RNG(3).fill(scene, cv::RNG::UNIFORM, 0, 256);
    cv::GaussianBlur(scene, scene, {}, 3);
    cv::normalize(scene, scene, 0, 255, cv::NORM_MINMAX);
    const cv::Rect first(20, 20, 128, 80), second(25, 20, 128, 80);  // things move 5 to the left
    NeutralMotion motion;
    motion.next(scene(first).clone());
    motion.next(scene(second).clone());
    cv::Mat labels(80, 128, CV_8U, cv::Scalar(0)), expected(80, 128, CV_8U, cv::Scalar(0));
    labels(cv::Rect(60, 30, 30, 30)) = 1;
    expected(cv::Rect(55, 30, 30, 30)) = 1;
    Share share;
    share.add(expected, motion.moved(labels));
    QVERIFY2(share.value() > 0.98, qPrintable(QString::number(share.value())));
    Share still;
    still.add(labels, motion.moved(labels));
    QVERIFY(still.value() < share.value() - 0.02);
  }

  void endPointErrorsAreInPixelsOfTheVideo_data() {
    QTest::addColumn<double>("dx");
    QTest::addColumn<double>("error");
    QTest::newRow("exact") << 2. << 0.;  // two cells of 8 pixels: 16 pixels
    QTest::newRow("a cell too far") << 3. << 8.;
  }
  void endPointErrorsAreInPixelsOfTheVideo() {
    QFETCH(double, dx);
    QFETCH(double, error);
    Result result;
    result.keyFromCur = cv::Mat(6, 8, CV_32FC2, cv::Scalar(dx, 0));
    result.gridInFrame = {7.5f, 6};  // half of the last column is padding
    DenseMotion truth{cv::Mat(48, 60, CV_32FC2, cv::Scalar(16, 0)), cv::Mat(48, 60, CV_8U, cv::Scalar(255))};
    truth.flow(cv::Rect(0, 0, 10, 48)) = cv::Scalar(999, 0);
    truth.visible(cv::Rect(0, 0, 10, 48)) = 0;
    Mean errors;
    addEndPointErrors(result, truth, errors);
    QCOMPARE(errors.count, int64_t(50 * 48));
    QVERIFY(near(errors.value(), error, 1e-4));
  }

  void noFlowMissesByTheWholeMotion() {
    Result result;
    result.gridInFrame = {8, 6};
    const DenseMotion truth{cv::Mat(48, 64, CV_32FC2, cv::Scalar(3, 4)), cv::Mat(48, 64, CV_8U, cv::Scalar(255))};
    Mean errors;
    addEndPointErrors(result, truth, errors);
    QVERIFY(near(errors.value(), 5, 1e-5));
  }

  void aSyntheticStreetKnowsItsMotionBetweenAnyFrames() {
    const auto data = openDataset(street());
    const auto one = data->motion(5, 4), far = data->motion(8, 3);
    QVERIFY(one && far);
    QCOMPARE(one->flow.size(), cv::Size(128, 96));
    QVERIFY(cv::norm(far->flow) > cv::norm(one->flow));
    fs::copy(root() / "street", root() / "changed", fs::copy_options::recursive);
    auto drawn = readJson(root() / "changed/street.json");
    drawn["seed"] = 99;
    writeJson(root() / "changed/street.json", drawn);
    const auto changed = openDataset("synthetic:" + (root() / "changed").string());
    QVERIFY(!changed->motion(5, 4));
    QVERIFY(QString::fromStdString(changed->warnings().back()).contains("no longer draws"));
  }

  void aDriveThroughSeveralStreetsIsCutWhereTheyMeet() {
    for (const uint64_t seed : {3, 40}) {
      const DriveOptions options{{seed, 24, 160, 120}, 4};
      const SyntheticDrive drive(options);
      QCOMPARE(drive.starts().size(), size_t(4));
      QCOMPARE(drive.starts()[0], 0);
      const int second = drive.starts()[1];
      QVERIFY(second > 0 && drive.starts()[2] > second && drive.starts()[3] < 24);
      QVERIFY(drive.motion(second + 1, second) && drive.motion(1, 0) && !drive.motion(second, second - 1));
      const StreetOptions alone{seed + 1, drive.starts()[2] - second, 160, 120};
      QCOMPARE(cv::norm(drive.render(second).rgb, SyntheticStreet(alone).render(0).rgb, cv::NORM_INF), 0.0);
      std::set<int> cuts;
      for (int i = 1; i < 24; ++i)
        if (isSceneCut(scenePrint(drive.render(i - 1).rgb), scenePrint(drive.render(i).rgb))) cuts.insert(i);
      QVERIFY(cuts == std::set<int>(drive.starts().begin() + 1, drive.starts().end()));
    }
    QVERIFY_EXCEPTION_THROWN(SyntheticDrive({{1, 3, 64, 64}, 4}), Error);
    SynthOptions synth;
    synth.street = {9, 8, 96, 64};
    synth.scenes = 2;
    synth.output = (root() / "drive").string();
    synthesize(synth, {});
    const int cut = SyntheticDrive(synth.drive()).starts()[1];
    const auto data = openDataset("synthetic:" + synth.output);
    QVERIFY(data->warnings().empty());
    QVERIFY(!data->motion(cut, cut - 1) && data->motion(1, 0));
    char flow[32];
    std::snprintf(flow, sizeof flow, "flow/%06d.flo", cut);
    QVERIFY(!fs::exists(root() / "drive" / flow) && fs::exists(root() / "drive/flow/000001.flo"));
  }

  void everyMeasureIsTakenAgainstIntervalDistanceAndFlow() {
    EvalOptions o = options(street(), {1, 3});
    o.flows = {"flownet", "copy"};
    const EvalReport report = evaluate(o, {});
    QCOMPARE(report.rows.size(), size_t(4));
    const EvalRow &flownet = report.rows[1], &copy = report.rows[3];
    QCOMPARE(flownet.scoredFrames, int64_t(4));  // 9 .. 12
    for (const EvalRow* row : {&flownet, &copy}) {
      QCOMPARE(row->byDistance.size(), size_t(3));
      QCOMPARE(row->boxes->byDistance.size(), size_t(3));
      QVERIFY(near(row->agreementByDistance[0], 1));  // a key frame is per-frame inference
      QVERIFY(row->consistency > 0 && row->consistency <= 1 && row->consistencyPerFrame > 0);
      QVERIFY(
          near(row->consistency,
               (row->consistencyByDistance[0] + row->consistencyByDistance[1] + row->consistencyByDistance[2]) / 3));
      QVERIFY(row->endPointErrorByDistance[0] == 0 && row->endPointErrorByDistance[2] > 0);
    }
    QVERIFY(near(report.rows[0].consistency, report.rows[0].consistencyPerFrame));  // interval 1 is per-frame
    QVERIFY(near(report.rows[0].agreement, 1));
    QVERIFY(report.rows[0].endPointError < 0);  // no frame but keys
    const auto truth = openDataset(street())->motion(9, 8);
    QVERIFY(copy.endPointErrorByDistance[1] < copy.endPointErrorByDistance[2]);
    QVERIFY(cv::norm(truth->flow, cv::NORM_INF) >= copy.endPointErrorByDistance[1]);
    QVERIFY(copy.endPointErrorByDistance[2] != flownet.endPointErrorByDistance[2]);
  }

  void figuresAndTablesHoldWhatWasMeasured() {
    EvalOptions o = options(street(), {1, 2, 3});
    o.flows = {"flownet", "dis"};
    const EvalReport report = evaluate(o, {});
    const std::string csv = csvOf(report);
    QCOMPARE(columnOf(csv, "flow").size(), qsizetype(2 * (3 + 1 + 2 + 3)));  // a mean and every distance
    QCOMPARE(columnOf(csv, "distance")[0], QString(""));
    QVERIFY(near(columnOf(csv, "miou")[0].toDouble(), report.rows[0].miou, 1e-5));
    for (const char* column : {"ap50", "ap", "ap_small", "agreement", "consistency", "epe", "ms_per_frame"})
      QCOMPARE(columnOf(csv, column).size(), columnOf(csv, "flow").size());
    const Figure figure = figureOf(report);
    const Series& against = seriesOf(figure, "mIoU", "dis");
    QCOMPARE(against.points.size(), size_t(3));
    QVERIFY(near(against.points[2].y, report.rows[5].miou));
    QVERIFY(seriesOf(figure, "mIoU", "per frame").dashed);
    QVERIFY(near(seriesOf(figure, "end-point error, pixels, interval 3", "flownet").points[2].y,
                 report.rows[2].endPointErrorByDistance[2]));
    const auto json = toJson(report)["rows"][5];
    for (const char* key : {"epe", "epe_by_distance", "consistency", "consistency_by_distance", "agreement_by_distance",
                            "ap_by_distance", "ap_small"})
      QVERIFY2(json.contains(key), key);
    QVERIFY(QString::fromStdString(summary(report)).contains("steady"));
  }

  void aPolicyStandsBesideTheFixedIntervalWithAsManyKeys() {
    EvalOptions o = options(street(), {1, 3});
    o.policies = {"balanced", "motion"};
    const EvalReport report = evaluate(o, {});
    QCOMPARE(report.rows.size(), size_t(2));
    QCOMPARE(report.policies.size(), size_t(2));
    for (const SweepPoint& p : report.policies) {
      QCOMPARE(p.interval, 3);
      QCOMPARE(p.frames, int64_t(13));  // all of the video
      QCOMPARE(p.keyFrames, p.fixedKeyFrames);
      QVERIFY(p.agreement > 0 && p.agreement <= 1 && p.fixedAgreement > 0 && p.miou >= 0 && p.fixedMiou >= 0);
    }
    QVERIFY(QString::fromStdString(summary(report)).contains("fixed keys"));
    QCOMPARE(toJson(report)["policies"].size(), size_t(2));
    QVERIFY(!toJson(evaluate(options(street(), {1}), {})).contains("policies"));
    o.policies = {"motion:policy_limit=0.1"};
    QVERIFY_EXCEPTION_THROWN(evaluate(o, {}), UsageError);
    o.dataset = street() + "#!000003";  // a hole in the labels, not in the video
    o.policies = {"balanced"};
    QCOMPARE(evaluate(o, {}).policies[0].frames, int64_t(13));
  }

  void snippetsAreScoredFromTheFramesBeforeTheLabelledOne() {
    writeCityscapes(root() / "city", 3);
    const std::string city = "cityscapes:" + (root() / "city/train").string();
    ModelSpec spec = smallSpec();
    spec.classes = openDataset(city)->classes();
    saveModel("city19", spec, 4);
    EvalOptions o = options(city, {1, 5});
    o.model = (root() / "city19").string();
    const EvalReport causal = evaluate(o, {});
    QCOMPARE(causal.rows[1].scoredFrames, int64_t(3));
    QCOMPARE(causal.rows[1].byDistance.size(), size_t(5));
    QVERIFY(causal.rows[1].agreementByDistance[4] > 0 && causal.rows[1].consistency < 0);
    o.engine.propagate = "two-sided";
    QCOMPARE(evaluate(o, {}).rows[1].scoredFrames, int64_t(3));
    o.intervals = {7};
    QVERIFY_EXCEPTION_THROWN(evaluate(o, {}), Error);  // only five frames stand before
  }

  void severalVideosWithoutLabelsAreScoredByTheirBoxes() {
    writeVid(root() / "vid", 2, 4);
    EvalOptions o = options("imagenet_vid:" + (root() / "vid").string(), {1, 2});
    ModelSpec spec = smallSpec();
    spec.detection->classes = {{"car", {1, 2, 3}, {1, 2, 3}}};
    saveModel("cars", spec, 5);
    o.model = (root() / "cars").string();
    const EvalReport report = evaluate(o, {});
    QCOMPARE(report.rows[1].scoredFrames, int64_t(6));  // all but the first of each
    QVERIFY(report.rows[1].boxes && report.rows[1].boxes->mean.ap50 >= 0);
    QVERIFY(toJson(report)["rows"][1]["miou"].is_null());
    QCOMPARE(toJson(report)["rows"][1]["vid"]["map"].get<double>(), report.rows[1].boxes->mean.vid.map);
    QVERIFY(QString::fromStdString(summary(report)).contains("medium") &&
            csvOf(report).find("vid_fast") != std::string::npos);
  }

  void masksOfObjectsAreScoredByRegionAndContour() {
    writeDavis(root() / "davis", 2, 4);
    const std::string davis = "davis:" + (root() / "davis").string();
    ModelSpec spec = smallSpec();
    spec.classes = openDataset(davis)->classes();
    saveModel("masks", spec, 4);
    EvalOptions o = options(davis, {1, 2});
    o.model = (root() / "masks").string();
    const EvalReport report = evaluate(o, {});
    QVERIFY(report.rows[1].masks && report.rows[1].masks->byDistance.size() == 2);
    const MaskScores &mean = report.rows[1].masks->mean, &key = report.rows[1].masks->byDistance[0];
    QVERIFY(mean.region >= 0 && mean.region <= 1 && mean.contour >= 0 && mean.contour <= 1);
    QCOMPARE(key.region, report.rows[1].masks->perFrame.region);
    QCOMPARE(toJson(report)["rows"][1]["masks"]["j"].get<double>(), mean.region);
    QVERIFY(QString::fromStdString(summary(report)).contains("decay"));
  }

  void comparisonIsATableOfModelsAndFlows() {
    CompareOptions o;
    o.dataset = street();
    o.models = {(root() / "a").string(), (root() / "b").string()};
    o.intervals = {1, 2};
    o.flows = {"copy", "farneback"};
    o.engine.precision = "fp32";
    o.threads = 1;
    const CompareReport report = compare(o, {});
    QCOMPARE(report.models[0].rows.size(), size_t(6));
    QCOMPARE(report.models[1].rows.size(), size_t(2));
    const QString page = QString::fromStdString(markdown(report));
    for (const char* line : {"| a | every frame | ", "| a | flownet | ", "| a | copy | ", "| a | farneback | ",
                             "| b | flownet | ", "Mean IoU", "AP50", "l=2"})
      QVERIFY2(page.contains(line), line);
    QVERIFY(!page.contains("| b | copy"));
    QVERIFY(page.contains(QString("| a | copy | %1 | %2 |")
                              .arg(report.models[0].rows[2].miou, 0, 'f', 3)
                              .arg(report.models[0].rows[3].miou, 0, 'f', 3)));
    QCOMPARE(toJson(report)["models"].size(), size_t(2));
    o.models.clear();
    QVERIFY_EXCEPTION_THROWN(compare(o, {}), UsageError);
  }
};

QTEST_APPLESS_MAIN(EvalTest)
#include "eval_test.moc"
