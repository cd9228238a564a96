#include "core/run/single_frames.h"

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "core/run/pipeline.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

/// Single frames against the run that they belong to: 12 frames, a key at 0, 5, 10, and, read ahead, at 11.
class SingleFramesTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  std::vector<FramePtr> frames_;

  static KeysAround keysOf(int64_t i, bool ahead) {
    const std::vector<int64_t> keys = ahead ? std::vector<int64_t>{0, 5, 10, 11} : std::vector<int64_t>{0, 5, 10};
    const auto next = std::upper_bound(keys.begin(), keys.end(), i), previous = std::prev(next);
    KeysAround around{.previous = *previous};
    if (!ahead) return around;
    if (next != keys.end()) around.next = *next;
    if (previous != keys.begin()) around.before = *std::prev(previous);
    if (next != keys.end() && std::next(next) != keys.end()) around.after = *std::next(next);
    return around;
  }

 private Q_SLOTS:
  void initTestCase() {
    package_ = randomPackage(fs::path(dir_.path().toStdString()) / "model");
    for (int i = 0; i < 12; ++i) frames_.push_back(noiseFrame(i, {120, 90}));
  }

  void aFrameIsWhatARunMakesOfIt_data() {
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<QString>("flow");
    for (const char* way : {"causal", "two-sided", "nearest", "copy", "clockwork"}) QTest::newRow(way) << way << "auto";
    for (const char* way : {"causal", "two-sided", "nearest"})
      QTest::addRow("%s along chained motion", way) << way << "search";
  }
  void aFrameIsWhatARunMakesOfIt() {
    QFETCH(QString, propagate);
    QFETCH(QString, flow);
    EngineOptions options;
    options.propagate = propagate.toStdString();
    options.flow = flow.toStdString();
    options.precision = "fp32";
    options.wantHeat = true;
    Engine engine(package_, options);
    KeyPlan plan({5, 0, false});
    MemorySource source(frames_);
    std::vector<Result> run;
    runFrames(source, engine, plan, {0, -1, false, 1}, [&](Result& r) { run.push_back(r); }, {});
    const InferenceScope scope(1);
    FeatureStore store(package_, "fp32", [this](int64_t i) { return frames_.at(size_t(i)); });
    SingleFrames single(package_, options, store);
    for (int64_t i : {7, 2, 11, 10, 0, 5, 7, 9, 1}) {
      const Result r = single.result(i, keysOf(i, single.readsAhead()));
      const Result& expected = run[size_t(i)];
      QCOMPARE(r.isKey, expected.isKey);
      QCOMPARE(r.keyFrame, expected.keyFrame);
      QVERIFY(cv::norm(r.heat, expected.heat, cv::NORM_INF) < 1e-5);
      QCOMPARE(cv::countNonZero(r.labels != expected.labels), 0);
    }
  }

  void aKeptKeyStillCostsItsFeature() {
    const InferenceScope scope(1);
    FeatureStore store(package_, "fp32", [this](int64_t i) { return frames_.at(size_t(i)); });
    SingleFrames single(package_, {}, store);
    single.result(3, {.previous = 3});
    QVERIFY(single.result(3, {.previous = 3}).times[Stage::Features] > 0);
    QVERIFY(single.result(4, {.previous = 3}).times[Stage::Features] < 0);
  }

  void whatFrameOfThrowsComesThrough() {
    const InferenceScope scope(1);
    FeatureStore store(package_, "fp32", [](int64_t i) -> FramePtr { fail("frame ", i, " is lost"); });
    SingleFrames single(package_, {}, store);
    QVERIFY_EXCEPTION_THROWN(single.result(3, {.previous = 3}), Error);
  }
};

QTEST_GUILESS_MAIN(SingleFramesTest)
#include "single_frames_test.moc"
