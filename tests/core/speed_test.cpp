#include "core/eval/speed.h"

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/data/synthetic/synthesize.h"
#include "core/run/run_report.h"
#include "tests/support/clips.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

class SpeedTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;

  SpeedOptions options() const {
    SpeedOptions o;
    o.input = (dir_ / "street/frames").string();
    o.model = (dir_ / "model").string();
    o.intervals = {1, 2, 4};
    o.frames = 6;
    o.rounds = 2;
    return o;
  }

 private Q_SLOTS:
  void initTestCase() {
    SynthOptions synth;
    synth.street.frames = 6;
    synth.street.width = 128;
    synth.street.height = 96;
    synth.output = (dir_ / "street").string();
    synthesize(synth, {});
    randomPackage(dir_ / "model");
  }
  void everyPrecisionAndNumberOfThreadsHasASeries() {
    SpeedOptions o = options();
    o.precisions = {"fp32", "bf16"};
    o.threads = {1, 2};
    const SpeedReport report = measureSpeed(o, {});
    QCOMPARE(report.series.size(), size_t(4));
    QCOMPARE(report.series[1].precision, std::string("fp32"));
    QCOMPARE(report.series[1].threads, 2);
    QCOMPARE(report.series[2].precision, std::string("bf16"));
    for (const auto& s : report.series) {
      QCOMPARE(s.rows.size(), size_t(3));
      QCOMPARE(s.rows[0].speedUp, 1.0);  // interval 1 is what the others are compared with
      QVERIFY(s.keyMs > 0 && s.otherMs > 0 && s.featuresMs > 0 && s.flowMs > 0 && s.warpMs > 0);
      for (const auto& row : s.rows) {
        const double l = row.interval;
        QVERIFY(row.msPerFrame > 0);
        QVERIFY(std::abs(row.bound - l / (1 + (l - 1) * s.otherMs / s.keyMs)) < 1e-9);
      }
    }
  }
  /// A model with boxes: what they cost stands in both kinds of frame, and so in what the cost model allows.
  void boxesCount() {
    SpeedOptions o = options();
    o.rounds = 1;
    o.engine.tasks = {"seg"};
    QCOMPARE(measureSpeed(o, {}).series[0].detectMs, 0.0);
    o.engine.tasks = {"boxes"};
    const SpeedSeries s = measureSpeed(o, {}).series[0];
    QVERIFY(s.detectMs > 0);
    StageTimes times;
    times[Stage::Flow] = 2;
    QCOMPARE(engineMs(times), 2.0);
    times[Stage::Detect] = 3;
    QCOMPARE(engineMs(times), 5.0);
    QCOMPARE(inferenceMs(times), 2.0);
  }
  void keysThatAreSpreadAreMeasuredBesideThoseThatAreNot() {
    SpeedOptions o = options();
    o.engine.propagate = "causal";
    o.engine.spread = 2;
    const SpeedReport report = measureSpeed(o, {});
    const auto& rows = report.series.at(0).rows;
    QCOMPARE(report.series[0].precision, std::string("fp32"));
    QVERIFY(!rows[0].spread && !rows[1].spread);  // intervals that leave no room for it
    QVERIFY(rows[2].spread.has_value());
    for (const auto& row : rows) QVERIFY(row.frames.percentile99 > 0 && row.frames.worst >= row.frames.percentile99);
    QVERIFY(rows[2].spread->worst >= rows[2].spread->percentile99 && rows[2].spread->percentile99 > 0);
    QVERIFY(toJson(report)["series"][0]["rows"][2]["frames_spread"]["worst_ms"].get<double>() > 0);
    QVERIFY(!toJson(report)["series"][0]["rows"][1].contains("frames_spread"));
  }
  void theReportIsJsonATableAndAFigure() {
    const SpeedReport report{
        {{"fp32", 2, {{1, 50, 1, 1}, {10, 9, 5.5, 6, {42.5, 47.5}, FrameTimes{12.5, 13.5}}}, 50, 4, 45, 2, 0.1, 1.25},
         {"bf16", 0, {{1, 25, 1, 1}}, 25, 4, 20, 2, 0.1}}};
    const auto json = toJson(report);
    QCOMPARE(json["series"].size(), size_t(2));
    QCOMPARE(json["series"][0]["rows"][1]["speed_up"].get<double>(), 5.5);
    const std::string table = summary(report);
    QVERIFY(table.find("fp32, 2 threads: key frame 50.0 ms") != std::string::npos);
    QVERIFY(table.find("boxes 1.25 of both") != std::string::npos);
    QCOMPARE(json["series"][0]["detect_ms"].get<double>(), 1.25);
    QVERIFY(table.find("5.50x") != std::string::npos && table.find("6.00x") != std::string::npos);
    QVERIFY(table.find("42.5     47.5   with keys spread 12.5, 13.5") != std::string::npos);
    const Figure figure = figureOf(report);
    QCOMPARE(figure.charts.size(), size_t(2));
    QCOMPARE(figure.charts[0].series.size(), size_t(4));  // measured and allowed, of each
    QCOMPARE(figure.charts[0].series[1].points[1].y, 6.0);
    QVERIFY(svgOf(figure).find("bf16") != std::string::npos);
  }
  void whatCannotBeMeasuredIsRefused() {
    const auto refused = [](const SpeedOptions& o) {
      try {
        measureSpeed(o, {});
      } catch (const UsageError&) {
        return true;
      }
      return false;
    };
    SpeedOptions o = options();
    o.intervals = {0};
    QVERIFY(refused(o));
    o = options();
    o.threads = {-1};
    QVERIFY(refused(o));
    o = options();
    o.precisions = {"fp16"};
    QVERIFY(refused(o));
  }
};

QTEST_APPLESS_MAIN(SpeedTest)
#include "speed_test.moc"
