#include "core/model/int8_ranges.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "core/base/file.h"
#include "core/eval/calibrate.h"
#include "core/run/engine.h"
#include "tests/support/clips.h"
#include "tests/support/gradients.h"
#include "tests/support/int8.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

class Int8RangesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aPackageKeepsItsRanges() {
    const QTemporaryDir dir;
    Package package = randomPackage(dir / "model");
    const QString sentence = sentenceOf([&] { int8ForInference(package); });
    QVERIFY(sentence.contains("no activation ranges") && sentence.contains("dff calibrate"));
    const at::Tensor picture = at::randn({1, 3, 64, 96});
    const c10::InferenceMode guard;
    const ModelPtr exact = forInference(*package.model, false);
    saveInt8Calibration(package, {"max", "camvid:train", 7, rangesOf(*exact->fused, picture)});
    const Package loaded = loadPackage(dir / "model");
    const Int8Calibration read = int8Calibration(loaded);
    QCOMPARE(read.method, std::string("max"));
    QCOMPARE(read.data, std::string("camvid:train"));
    QCOMPARE(read.frames, int64_t(7));
    QCOMPARE(read.ranges, rangesOf(*exact->fused, picture));
    QVERIFY(loaded.manifest["architecture"] == package.manifest["architecture"]);
    const at::Tensor near = int8ForInference(loaded)->featureMap(picture), plain = exact->featureMap(picture);
    QVERIFY(!at::equal(near, plain));
    QVERIFY(maxDifference(near, plain) < 0.1 * plain.abs().max().item<double>());
  }

  void rangesThatCannotBeUsedSaySo_data() {
    QTest::addColumn<QString>("change");  // a JSON patch
    QTest::addColumn<QString>("says");
    QTest::newRow("of other weights") << R"({"weights": "00"})"
                                      << "other weights";
    QTest::newRow("of another version") << R"({"version": 2})"
                                        << "version is 2";
    QTest::newRow("not numbers") << R"({"ranges": {"stem": "wide"}})"
                                 << "cannot be used";
    QTest::newRow("below 0") << R"({"ranges": {"stem": -1}})"
                             << "above 0";
    QTest::newRow("of a network without the stem") << R"({"ranges": {"stem": null}})"
                                                   << "stem";
  }
  void rangesThatCannotBeUsedSaySo() {
    QFETCH(QString, change);
    QFETCH(QString, says);
    const QTemporaryDir dir;
    const Package package = randomPackage(dir / "model");
    const c10::InferenceMode guard;
    const ModelPtr exact = forInference(*package.model, false);
    saveInt8Calibration(package, {"max", "noise", 1, rangesOf(*exact->fused, at::randn({1, 3, 64, 96}))});
    auto manifest = readJson(dir / "model/model.json");
    manifest["int8"].merge_patch(nlohmann::json::parse(change.toStdString()));
    writeJson(dir / "model/model.json", manifest);
    const QString sentence = sentenceOf([&] { int8ForInference(loadPackage(dir / "model")); });
    QVERIFY2(sentence.contains(says) && sentence.contains("dff calibrate"), qPrintable(sentence));
  }

  void aProcessorWithoutTheInstructionsIsRefused() {
    QVERIFY(sentenceOf([] { choosePrecision("int8", 0, {false, false}, {}); }).contains("VNNI"));
    QCOMPARE(choosePrecision("int8", 0, {false, true}, {}), Precision::Int8);
    QCOMPARE(choosePrecision("int8", 4, {false, true}, {}), Precision::Int8);
    QCOMPARE(choosePrecision("auto", 0, {true, true}, {}), Precision::BFloat16);
    QCOMPARE(choosePrecision("auto", 4, {true, true}, {}), Precision::Float32);
    QCOMPARE(choosePrecision("auto", 0, {false, true}, {}), Precision::Float32);  // never int8 by itself
    QVERIFY_EXCEPTION_THROWN(choosePrecision("bf16", 4, {true, true}, {}), UsageError);
    QVERIFY(sentenceOf([] { choosePrecision("fp16", 0, {}, {}); }).contains("known: auto, fp32, bf16, int8"));
  }

  void aHistogramKnowsWhereValuesEnd() {
    ValueHistogram h;
    std::vector<float> values;
    for (int i = 1; i <= 1000; ++i) values.push_back(float(i % 2 ? i : -i) / 1000);
    h.add(values);
    QCOMPARE(h.largest(), 1.f);
    QVERIFY(std::abs(h.percentile(0.9) - 0.9f) < 2e-3f);
    h.add(std::vector<float>{7.f, NAN, INFINITY});  // bins grow; what is not finite is left out
    QCOMPARE(h.largest(), 7.f);
    QVERIFY(std::abs(h.percentile(0.5) - 0.5f) < 5e-3f);
    QCOMPARE(h.percentile(1), 7.f);
    QCOMPARE(ValueHistogram().percentile(0.5), 0.f);
  }
  void aFewOutliersAreCutOffForTheRest() {
    ValueHistogram even, tailed;
    std::vector<float> values;
    for (int i = 0; i < 100000; ++i) values.push_back(float(i) / 100000);
    even.add(values);
    QVERIFY(even.leastError(255) > 0.98f);
    tailed.add(values);
    tailed.add(std::vector<float>{3.f});
    QVERIFY(std::abs(tailed.leastError(15) - 1) < 0.1f);  // one value lost, 100000 rounded three times as finely
    QCOMPARE(tailed.percentile(1), 3.f);
  }

  void calibratingWritesTheRangesOfAVideo_data() {
    QTest::addColumn<QString>("method");
    for (const char* method : {"mse", "percentile", "max"}) QTest::newRow(method) << method;
  }
  void calibratingWritesTheRangesOfAVideo() {
    QFETCH(QString, method);
    const QTemporaryDir dir;
    randomPackage(dir / "model");
    ffmpeg(dir, "-f lavfi -i testsrc2=size=160x96:rate=10:duration=1 -pix_fmt yuv420p {}/clip.mp4");
    const auto optionsOf = [&](const std::string& name) {
      return CalibrateOptions{dir / "model", dir / "clip.mp4", 4, name};
    };
    const Int8Calibration made = calibrate(optionsOf(method.toStdString()), {});
    const Int8Calibration most = calibrate(optionsOf("max"), {}), again = calibrate(optionsOf(made.method), {});
    QCOMPARE(again.ranges, made.ranges);
    QCOMPARE(int8Calibration(loadPackage(dir / "model")).ranges, made.ranges);
    QCOMPARE(made.data, std::string("clip.mp4"));
    QCOMPARE(made.frames, int64_t(4));
    for (const auto& [step, largest] : made.ranges) QVERIFY(largest > 0 && largest <= most.ranges.at(step));
    QVERIFY((made.ranges == most.ranges) == (method == "max"));
  }
  void theEngineComputesInWhatWasAskedFor() {
    if (!Processor::here().bytes) QSKIP("this processor has no AVX-512 VNNI");
    const QTemporaryDir dir;
    Package package = randomPackage(dir / "model");
    EngineOptions options;
    options.precision = "int8";
    QVERIFY(sentenceOf([&] { Engine(package, options); }).contains("dff calibrate"));
    cv::imwrite(dir / "0.png", noiseFrame(0, {160, 96})->rgb);
    calibrate({dir / "model", dir.path().toStdString(), 1, "max"}, {});
    package = loadPackage(dir / "model");
    const InferenceScope scope(1);
    Engine bytes(package, options);
    QCOMPARE(bytes.precision(), Precision::Int8);
    options.precision = "fp32";
    Engine exact(package, options);
    const FramePtr frame = noiseFrame(0, {160, 96});
    const Result a = bytes.step(frame, {true, false}), b = exact.step(frame, {true, false});
    QVERIFY(cv::countNonZero(a.labels == b.labels) > 160 * 96 * 9 / 10);
    StageTimes times;
    QVERIFY(!at::equal(bytes.makeKey(frame, times)->feature, exact.makeKey(frame, times)->feature));
  }
  void whatCannotBeCalibratedIsRefused() {
    const QTemporaryDir dir;
    randomPackage(dir / "model");
    const std::string before = readFile(dir / "model/model.json");
    CalibrateOptions o{dir / "model", dir / "none.mp4", 4, "max"};
    QVERIFY(!sentenceOf([&] { calibrate(o, {}); }).isEmpty());
    o.method = "magic";
    QVERIFY(sentenceOf([&] { calibrate(o, {}); }).contains("known: mse, percentile, max"));
    o.model = dir / "nothing";
    QVERIFY(!sentenceOf([&] { calibrate(o, {}); }).isEmpty());
    QCOMPARE(readFile(dir / "model/model.json"), before);
  }
};

QTEST_APPLESS_MAIN(Int8RangesTest)
#include "int8_ranges_test.moc"
