#include <QTemporaryDir>
#include <QTest>

#include "core/run/engine.h"
#include "core/run/pipeline.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

class EngineTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  const cv::Size size_{120, 90};

 private Q_SLOTS:
  void initTestCase() { package_ = randomPackage(fs::path(dir_.path().toStdString()) / "model"); }

  void bothPathsEqualThePlainReference() {
    const InferenceScope scope(1);
    EngineOptions options;
    options.precision = "fp32";
    options.wantHeat = true;
    Engine engine(package_, options);
    const FramePtr key = noiseFrame(0, size_), cur = noiseFrame(1, size_);
    const Result ofKey = engine.step(key, {true, false}), ofCur = engine.step(cur, {false, false});
    DffModel& m = *package_.model;
    const auto keyInput = referenceInput(key, m.spec.input), curInput = referenceInput(cur, m.spec.input);
    const auto feature = m.feature(keyInput);
    const auto estimate = m.flow->estimate(m.flow->encode(curInput), m.flow->encode(keyInput));
    const auto moved = referenceWarp(feature, estimate);
    QVERIFY(cv::norm(ofKey.heat, meanActivation(feature), cv::NORM_INF) < 1e-4);
    QVERIFY(cv::norm(ofCur.heat, meanActivation(moved), cv::NORM_INF) < 1e-4);
    QVERIFY(cv::norm(ofKey.heat, ofCur.heat, cv::NORM_INF) > 1e-3);  // the propagated feature is another one
    QVERIFY(shareEqual(ofKey.labels, referenceLabels(m.segmentation(feature), size_)) > 0.999);
    QVERIFY(shareEqual(ofCur.labels, referenceLabels(m.segmentation(moved), size_)) > 0.999);
    QVERIFY(ofKey.isKey && !ofCur.isKey);
    QCOMPARE(ofCur.keyFrame, int64_t(0));
  }

  void theHeatMapMayShowOneChannel() {
    const InferenceScope scope(1);
    EngineOptions options;
    options.wantHeat = options.wantFeature = true;
    options.heatChannel = 3;
    Engine engine(package_, options);
    const Result one = engine.step(noiseFrame(0, size_), {true, false});
    const cv::Mat third(one.feature.size[1], one.feature.size[2], CV_32F, const_cast<uchar*>(one.feature.ptr(3)));
    QCOMPARE(cv::norm(one.heat, third, cv::NORM_INF), 0.0);
    options.heatChannel = -1;
    engine.want(options);
    QVERIFY(cv::norm(engine.step(noiseFrame(0, size_), {true, false}).heat, third, cv::NORM_INF) > 0);
    options.heatChannel = 12;
    QVERIFY_EXCEPTION_THROWN(engine.want(options), UsageError);
  }

  void marginsSayHowSureTheClassesAre_data() {
    QTest::addColumn<int>("upscale");
    QTest::newRow("one logit a cell") << 1;
    QTest::newRow("two by two") << 2;
  }
  void marginsSayHowSureTheClassesAre() {
    QFETCH(int, upscale);
    const QTemporaryDir dir;
    ModelSpec spec = smallSpec();
    spec.segmentation.upscale = upscale;
    const Package package = randomPackage(fs::path(dir.path().toStdString()) / "model", spec);
    const InferenceScope scope(1);
    EngineOptions options;
    options.precision = "fp32";
    options.wantMargin = true;
    const Result r = Engine(package, options).step(noiseFrame(0, size_), {true, false});
    DffModel& m = *package.model;
    const auto logits = m.segmentation(m.feature(referenceInput(noiseFrame(0, size_), m.spec.input)));
    const auto [best, classes] = logits.softmax(1).topk(2, 1);
    const auto margins = best.select(1, 0) - best.select(1, 1);
    const auto cells = at::avg_pool2d(margins, upscale).contiguous();
    const cv::Mat expected(12, 16, CV_32F, cells.data_ptr());  // 128x96 with the padding, in cells of 8
    QVERIFY(cv::norm(r.margin, expected, cv::NORM_INF) < 1e-5);
    QCOMPARE(r.classMargin.size(), size_t(4));
    const auto inPicture = [&](const at::Tensor& t) {  // 15 x 11.25 cells
      return t.slice(1, 0, upscale == 1 ? 12 : 23).slice(2, 0, 15 * upscale);
    };
    for (int64_t c = 0; c < 4; ++c) {
      const auto there = inPicture(margins).masked_select(inPicture(classes.select(1, 0)) == c);
      const float mean = there.numel() ? there.mean().item<float>() : -1;
      QVERIFY(std::abs(r.classMargin[size_t(c)] - mean) < 1e-5f);
    }
    QVERIFY(Engine(package, {}).step(noiseFrame(0, size_), {true, false}).margin.empty());
  }

  void copyTakesTheKeysFeatureAsItIs() {
    const InferenceScope scope(1);
    EngineOptions options;
    options.flow = "copy";
    Engine engine(package_, options);
    const Result key = engine.step(noiseFrame(0, size_), {true, false});
    const Result cur = engine.step(noiseFrame(1, size_), {false, false});
    QCOMPARE(cv::norm(key.labels, cur.labels, cv::NORM_INF), 0.0);
    QVERIFY(cur.keyFromCur.empty());
  }

  void onlyTheTasksAskedForAreComputed() {
    const InferenceScope scope(1);
    for (const std::string task : {"seg", "boxes"}) {
      EngineOptions options;
      options.tasks = {task};
      const Result r = Engine(package_, options).step(noiseFrame(0, size_), {true, false});
      QCOMPARE(r.labels.empty(), task == "boxes");
      QCOMPARE(r.boxes.empty(), task == "seg");
      QCOMPARE(r.times[Stage::Detect] >= 0, task == "boxes");
    }
    EngineOptions wrong;
    wrong.tasks = {"boxen"};
    QVERIFY_EXCEPTION_THROWN(Engine(package_, wrong), UsageError);
  }

  void boxesAreInThePixelsOfTheVideo() {
    const InferenceScope scope(1);
    Engine engine(package_, {});
    const cv::Size large(240, 180);  // twice the network's input
    const Result key = engine.step(noiseFrame(0, large), {true, false});
    const Result cur = engine.step(noiseFrame(1, large), {false, false});
    for (const Result* r : {&key, &cur}) {
      QVERIFY(!r->boxes.empty());
      float right = 0;
      for (size_t i = 0; i < r->boxes.size(); ++i) {
        const ObjectBox& b = r->boxes[i];
        QVERIFY(b.box.x >= 0 && b.box.y >= 0 && b.box.br().x <= 240.01f && b.box.br().y <= 180.01f);
        QVERIFY(b.classIndex >= 0 && b.classIndex < 3 && b.score >= 0 && b.score <= 1 && b.trackId == -1);
        if (i > 0) QVERIFY(r->boxes[i - 1].score >= b.score);
        right = std::max(right, b.box.br().x);
      }
      QVERIFY(right > 200);
    }
  }

  void aModelWithoutDetectionFindsNoBoxes() {
    ModelSpec spec = smallSpec();
    spec.detection.reset();
    const fs::path folder = fs::path(dir_.path().toStdString()) / "plain";
    savePackage(folder, {{"name", "plain"}}, spec, namedTensors(DffModel(spec)));
    const Package plain = loadPackage(folder);
    const InferenceScope scope(1);
    const Result r = Engine(plain, {}).step(noiseFrame(0, size_), {true, false});
    QVERIFY(r.boxes.empty() && !r.labels.empty());
    EngineOptions options;
    options.tasks = {"boxes"};
    QVERIFY_EXCEPTION_THROWN(Engine(plain, options), Error);
  }

  void unknownNamesListTheKnownOnes_data() {
    QTest::addColumn<QString>("flow");
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<QString>("precision");
    QTest::newRow("flow") << "magic"
                          << "causal"
                          << "auto";
    QTest::newRow("propagator") << "copy"
                                << "magic"
                                << "auto";
    QTest::newRow("precision") << "copy"
                               << "causal"
                               << "magic";
  }
  void unknownNamesListTheKnownOnes() {
    QFETCH(QString, flow);
    QFETCH(QString, propagate);
    QFETCH(QString, precision);
    EngineOptions options;
    options.flow = flow.toStdString();
    options.propagate = propagate.toStdString();
    options.precision = precision.toStdString();
    try {
      Engine engine(package_, options);
      QFAIL("accepted");
    } catch (const UsageError& e) {
      QVERIFY(QString(e.what()).contains("known: "));
    }
  }

  void keysStandEveryIntervalFromTheInPointAndAfterCuts() {
    KeyPlan plan({3, 2, true});
    std::vector<int64_t> keys;
    for (int64_t i = 2; i < 10; ++i) {
      auto frame = std::make_shared<Frame>();
      frame->rgb = cv::Mat(size_, CV_8UC3, i < 7 ? cv::Scalar(200, 10, 10) : cv::Scalar(10, 10, 200));
      frame->index = i;
      if (plan.decide(*frame).isKey) keys.push_back(i);
    }
    QCOMPARE(keys, (std::vector<int64_t>{2, 5, 7, 8}));
    QVERIFY_EXCEPTION_THROWN(KeyPlan({0, 0, true}), UsageError);
  }

  void threadsChangeNothing() {
    std::vector<FramePtr> frames;
    for (int i = 0; i < 9; ++i) frames.push_back(noiseFrame(i, size_));
    std::vector<cv::Mat> labels[2];
    for (int threaded = 0; threaded < 2; ++threaded) {
      MemorySource source(frames);
      Engine engine(package_, {});
      KeyPlan plan({4, 1, false});
      const auto sink = [&](Result& r) { labels[threaded].push_back(r.labels); };
      QCOMPARE(runFrames(source, engine, plan, {1, 7, threaded == 1, 1}, sink, {}), int64_t(7));
    }
    for (int i = 0; i < 7; ++i) QCOMPARE(cv::norm(labels[0][i], labels[1][i], cv::NORM_INF), 0.0);
  }

  void whatTheSinkThrowsStopsTheRun() {
    MemorySource source({noiseFrame(0, size_), noiseFrame(1, size_), noiseFrame(2, size_)});
    Engine engine(package_, {});
    KeyPlan plan({1, 0, false});
    const auto sink = [](Result&) { throw Error("disk full"); };
    QVERIFY_EXCEPTION_THROWN(runFrames(source, engine, plan, {}, sink, {}), Error);
  }
};

QTEST_APPLESS_MAIN(EngineTest)
#include "engine_test.moc"
