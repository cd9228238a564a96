#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <opencv2/imgproc.hpp>

#include "core/run/frame_runner.h"
#include "core/run/pipeline.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

constexpr int kFrames = 10;
const cv::Size kSize{120, 90};

/// A smooth picture that moves by two pixels a frame; dark before frame `cut`, bright from it on.
FramePtr driftingFrame(int index, int cut) {
  cv::Mat wide(kSize.height, kSize.width + 2 * kFrames, CV_8UC3), smooth;
  cv::RNG random(3);
  random.fill(wide, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(wide, smooth, {0, 0}, 3);
  cv::normalize(smooth, smooth, index < cut ? 10 : 140, index < cut ? 110 : 240, cv::NORM_MINMAX);
  auto frame = std::make_shared<Frame>();
  frame->rgb = smooth(cv::Rect({2 * index, 0}, kSize)).clone();
  frame->index = index;
  return frame;
}

std::vector<FramePtr> drift(int cut = kFrames) {
  std::vector<FramePtr> frames;
  for (int i = 0; i < kFrames; ++i) frames.push_back(driftingFrame(i, cut));
  return frames;
}

/// Two-sided propagation by tensor operations alone: slow, and nothing shared with the engine but the networks.
class Reference {
 public:
  Reference(DffModel& model, std::vector<FramePtr> frames) : model_(model), frames_(std::move(frames)) {}

  torch::Tensor feature(int i) const { return model_.feature(input(i)); }
  FlowEstimate estimate(int cur, int key) const {
    return model_.flow->estimate(model_.flow->encode(input(cur)), model_.flow->encode(input(key)));
  }

  torch::Tensor trust(int cur, int key) const {
    const auto [now, covered] = cells(cur);
    FlowEstimate flow = estimate(cur, key);
    flow.scale = torch::ones({1});
    const auto warped = referenceWarp(torch::cat({cells(key).first * covered, covered}, 1), flow);
    const auto inside = warped.slice(1, 3, 4);
    const auto r = (now - warped.slice(1, 0, 3) / inside.clamp_min(1e-3)).abs().mean(1, true) * covered;
    const auto mean = torch::avg_pool2d(r, 3, 1, 1) / torch::avg_pool2d(covered, 3, 1, 1).clamp_min(1e-6);
    return covered * inside * torch::exp(-(mean / 10).square()) + 0.001;
  }

  torch::Tensor moved(const torch::Tensor& keyFeature, int cur, int key) const {
    return referenceWarp(keyFeature, estimate(cur, key));
  }

  /// Key i blended with its neighbours among `keys`, all of one scene.
  torch::Tensor aggregated(const std::vector<int>& keys, size_t i) const {
    auto sum = feature(keys[i]), weight = torch::ones({1});
    for (const int step : {-1, 1}) {
      const size_t n = i + size_t(step);
      if (n >= keys.size()) continue;
      const auto believed = trust(keys[i], keys[n]);
      sum = sum + believed * moved(feature(keys[n]), keys[i], keys[n]);
      weight = weight + believed;
    }
    return sum / weight;
  }

  struct Blend {
    torch::Tensor feature, trust, shareOfNext;
  };
  Blend between(const std::vector<int>& keys, size_t previous, int cur, bool aggregate) const {
    const int a = keys[previous], b = keys[previous + 1];
    const double position = double(cur - a) / (b - a);
    const auto fa = aggregate ? aggregated(keys, previous) : feature(a),
               fb = aggregate ? aggregated(keys, previous + 1) : feature(b);
    const auto ta = trust(cur, a), tb = trust(cur, b), wa = ta * (1 - position), wb = tb * position;
    return {(wa * moved(fa, cur, a) + wb * moved(fb, cur, b)) / (wa + wb), (wa * ta + wb * tb) / (wa + wb),
            wb / (wa + wb)};
  }

 private:
  torch::Tensor input(int i) const { return referenceInput(frames_[size_t(i)], model_.spec.input); }

  /// Mean of each cell over the pixels of the picture in it, grey levels, and which cells have any.
  std::pair<torch::Tensor, torch::Tensor> cells(int i) const {
    const cv::Mat& m = frames_[size_t(i)]->rgb;
    auto x = torch::from_blob(m.data, {1, m.rows, m.cols, 3}, torch::kByte).to(torch::kFloat).permute({0, 3, 1, 2});
    x = torch::cat({x, torch::ones({1, 1, m.rows, m.cols})}, 1);
    x = torch::constant_pad_nd(x, {0, (16 - m.cols % 16) % 16, 0, (16 - m.rows % 16) % 16});
    const auto mean = torch::avg_pool2d(x, 8, 8), share = mean.slice(1, 3, 4);
    return {mean.slice(1, 0, 3) / share.clamp_min(1e-6), (share > 0).to(torch::kFloat)};
  }

  DffModel& model_;
  std::vector<FramePtr> frames_;
};

cv::Mat matOf(const torch::Tensor& map) {
  const auto plain = map.contiguous();
  return cv::Mat(int(map.size(2)), int(map.size(3)), CV_32F, plain.data_ptr()).clone();
}

double apart(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

EngineOptions optionsFor(const std::string& propagate, bool aggregate = true) {
  EngineOptions options;
  options.propagate = propagate;
  options.aggregateKeys = aggregate;
  options.precision = "fp32";
  options.wantHeat = options.wantTrust = true;
  return options;
}

}  // namespace

class TwoSidedTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;

  std::vector<Result> play(const std::vector<FramePtr>& frames, const EngineOptions& options, KeyPlanOptions plan,
                           PipelineOptions pipeline = {0, -1, false, 1}) {
    MemorySource source(frames);
    Engine engine(package_, options);
    KeyPlan keys(plan);
    std::vector<Result> results;
    runFrames(source, engine, keys, pipeline, [&](Result& r) { results.push_back(r); }, {});
    return results;
  }

 private Q_SLOTS:
  void initTestCase() { package_ = randomPackage(fs::path(dir_.path().toStdString()) / "model"); }

  void everyFrameEqualsThePlainReference_data() {
    QTest::addColumn<int>("interval");
    QTest::addColumn<int>("cut");
    QTest::addColumn<bool>("aggregate");
    QTest::addColumn<QList<QList<int>>>("scenes");  // the keys of each
    const QList<QList<int>> whole{{0, 4, 8, 9}}, cut{{0, 4, 6}, {7, 8, 9}}, single{{0, 8}, {9}},
        two{{0, 2, 4, 6, 8, 9}};
    QTest::newRow("last frame a key") << 4 << kFrames << false << whole;
    QTest::newRow("last frame a key, aggregated") << 4 << kFrames << true << whole;
    QTest::newRow("cut") << 4 << 7 << false << cut;
    QTest::newRow("cut, aggregated") << 4 << 7 << true << cut;
    QTest::newRow("a scene of one frame, aggregated") << 20 << 9 << true << single;
    QTest::newRow("every other frame, aggregated") << 2 << kFrames << true << two;
  }
  void everyFrameEqualsThePlainReference() {
    QFETCH(int, interval);
    QFETCH(int, cut);
    QFETCH(bool, aggregate);
    QFETCH(QList<QList<int>>, scenes);
    const auto frames = drift(cut);
    const auto results = play(frames, optionsFor("two-sided", aggregate), {interval, 0, true});
    QCOMPARE(results.size(), frames.size());
    torch::NoGradGuard guard;
    const Reference reference(*package_.model, frames);
    double believed = 0;
    for (const auto& scene : scenes) {
      const std::vector<int> keys(scene.begin(), scene.end());
      size_t k = 0;
      for (int i = keys.front(); i <= keys.back(); ++i) {
        const Result& r = results[size_t(i)];
        if (k + 1 < keys.size() && keys[k + 1] == i) ++k;
        QCOMPARE(r.frame->index, int64_t(i));
        QCOMPARE(r.keyFrame, int64_t(keys[k]));
        QCOMPARE(r.isKey, keys[k] == i);
        if (r.isKey) {
          const auto expected = aggregate ? reference.aggregated(keys, k) : reference.feature(i);
          QVERIFY(apart(r.heat, meanActivation(expected)) < 1e-4);
          QVERIFY(r.keyFromCur.empty() && r.trust.empty());
          continue;
        }
        const auto expected = reference.between(keys, k, i, aggregate);
        QVERIFY(apart(r.heat, meanActivation(expected.feature)) < 1e-4);
        QVERIFY(apart(r.trust, matOf(expected.trust)) < 1e-4);
        QCOMPARE(r.nextKey, int64_t(keys[k + 1]));
        QVERIFY(apart(r.shareOfNext, matOf(expected.shareOfNext)) < 1e-4);
        const auto flow = reference.estimate(i, keys[k]).keyFromCur;  // always the previous key's
        cv::Mat across;
        cv::extractChannel(r.keyFromCur, across, 0);
        QVERIFY(apart(across, matOf(flow.slice(1, 0, 1))) < 1e-4);
        believed = std::max(believed, cv::mean(r.trust)[0]);
      }
    }
    QVERIFY(believed > 0.05);  // else the weights would not have been looked at
  }

  void pinnedFramesAreKeysAndBlendedLikeOthers() {
    const auto frames = drift();
    const auto results = play(frames, optionsFor("two-sided"), {4, 0, true, {2, 7}});
    torch::NoGradGuard guard;
    const Reference reference(*package_.model, frames);
    const std::vector<int> keys = {0, 2, 4, 7, 8, 9};
    for (size_t k = 0; k < keys.size(); ++k) {
      const Result& r = results[size_t(keys[k])];
      QVERIFY(r.isKey);
      QVERIFY(apart(r.heat, meanActivation(reference.aggregated(keys, k))) < 1e-4);
    }
    QVERIFY(apart(results[5].heat, meanActivation(reference.between(keys, 2, 5, true).feature)) < 1e-4);
  }

  void nearestTakesTheNearerKeyAndThePreviousOneHalfWay() {
    const auto frames = drift();
    const auto results = play(frames, optionsFor("nearest"), {4, 0, true});
    torch::NoGradGuard guard;
    const Reference reference(*package_.model, frames);
    for (const auto& [cur, key] : std::map<int, int>{{1, 0}, {2, 0}, {3, 4}, {5, 4}, {7, 8}}) {
      const auto expected = reference.moved(reference.feature(key), cur, key);
      QVERIFY(apart(results[size_t(cur)].heat, meanActivation(expected)) < 1e-4);
      QVERIFY(apart(results[size_t(cur)].trust, matOf(reference.trust(cur, key))) < 1e-4);
      QCOMPARE(results[size_t(cur)].keyFrame, int64_t(cur / 4 * 4));
    }
    QVERIFY(results[9].isKey);
  }

  void copyGivesTheKeysOwnClassesWithoutAnyFlow() {
    const auto results = play(drift(), optionsFor("copy"), {4, 0, true});
    for (const auto& r : results) {
      QCOMPARE(apart(r.labels, results[size_t(r.keyFrame)].labels), 0.0);
      QVERIFY(r.keyFromCur.empty() && r.times[Stage::Flow] < 0);
    }
    QVERIFY(!results[9].isKey);  // nothing is read ahead
  }

  void flowThatKnowsNoMotionGoesWithOneKeyOnly() {
    for (const char* propagate : {"two-sided", "nearest"}) {
      EngineOptions options = optionsFor(propagate);
      options.flow = "copy";
      QVERIFY_EXCEPTION_THROWN(Engine(package_, options), UsageError);
    }
    EngineOptions options = optionsFor("causal");
    options.flow = "copy";
    QVERIFY(!Engine(package_, options).readsAhead());
  }

  void threadsChangeNothing() {
    const auto frames = drift(7);
    const auto plain = play(frames, optionsFor("two-sided"), {3, 1, true}, {1, 8, false, 1}),
               threaded = play(frames, optionsFor("two-sided"), {3, 1, true}, {1, 8, true, 1});
    QCOMPARE(plain.size(), size_t(8));
    QCOMPARE(threaded.size(), plain.size());
    for (size_t i = 0; i < plain.size(); ++i) {
      QCOMPARE(plain[i].frame->index, int64_t(i) + 1);
      QCOMPARE(threaded[i].frame->index, plain[i].frame->index);
      QCOMPARE(apart(threaded[i].heat, plain[i].heat), 0.0);
    }
    QVERIFY(plain.back().isKey);  // the range ends there
  }

  void aSeekGivesWhatPlayingGives_data() {
    QTest::addColumn<QString>("propagate");
    QTest::addColumn<int>("cut");
    for (const char* propagate : {"causal", "two-sided", "nearest", "copy", "clockwork"})
      for (int cut : {5, kFrames}) QTest::addRow("%s %d", propagate, cut) << propagate << cut;
  }
  void aSeekGivesWhatPlayingGives() {
    QFETCH(QString, propagate);
    QFETCH(int, cut);
    const auto frames = drift(cut);
    const KeyPlanOptions plan{2, 1, true};
    const EngineOptions options = optionsFor(propagate.toStdString());
    const auto played = play(frames, options, plan, {1, -1, false, 1});
    const bool readsAhead = Engine(package_, options).readsAhead();
    for (int64_t i = 1; i < kFrames; ++i) {
      const int64_t start = KeyPlan(plan).startFor(i, readsAhead);
      QVERIFY(start >= 1 && start <= i && i - start < 2 * plan.interval);
      const auto sought = play(frames, options, plan, {start, -1, false, 1});
      const Result &now = sought[size_t(i - start)], &then = played[size_t(i - 1)];
      QCOMPARE(now.frame->index, i);
      QCOMPARE(now.isKey, then.isKey);
      QCOMPARE(now.keyFrame, then.keyFrame);
      QCOMPARE(apart(now.heat, then.heat), 0.0);
    }
  }

  void atIntervalOneEveryFrameIsOnItsOwn() {
    const auto frames = drift();
    const auto two = play(frames, optionsFor("two-sided"), {1, 0, true}),
               causal = play(frames, optionsFor("causal"), {1, 0, true});
    for (size_t i = 0; i < frames.size(); ++i) QCOMPARE(apart(two[i].heat, causal[i].heat), 0.0);
  }

  void noMoreFramesWaitThanThoseOfTwoIntervals() {
    constexpr int kInterval = 4, kLong = 40;
    Engine engine(package_, optionsFor("two-sided"));
    KeyPlan plan({kInterval, 0, false});
    const InferenceScope scope(1);
    int alive = 0, most = 0, results = 0;
    FrameRunner runner(engine, plan, [&](Result&&) { ++results; });
    for (int i = 0; i < kLong; ++i) {
      auto frame = std::shared_ptr<Frame>(new Frame(*noiseFrame(i, kSize)), [&](Frame* f) {
        --alive;
        delete f;
      });
      most = std::max(most, ++alive);
      runner.push({std::move(frame), {}});
    }
    runner.finish();
    QCOMPARE(results, kLong);
    QVERIFY2(most <= 2 * kInterval + 4, qPrintable(QString::number(most)));  // and the keys around them
  }

  void aStopEndsTheRunBetweenTheFramesOfASegment() {
    for (const bool threaded : {false, true}) {
      MemorySource source(drift());
      Engine engine(package_, optionsFor("two-sided"));
      KeyPlan plan({4, 0, true});
      std::stop_source stop;
      JobContext job;
      job.stop = stop.get_token();
      int results = 0;
      const auto sink = [&](Result&) {
        if (++results == 2) stop.request_stop();
      };
      QVERIFY_EXCEPTION_THROWN(runFrames(source, engine, plan, {0, -1, threaded, 1}, sink, job), Interrupted);
      QVERIFY(results < kFrames);
    }
  }

  void whatTheSinkThrowsIsWhatTheRunThrows() {
    MemorySource source(drift());
    Engine engine(package_, optionsFor("two-sided"));
    KeyPlan plan({2, 0, true});
    const auto sink = [](Result&) { throw Error("disk full"); };
    try {
      runFrames(source, engine, plan, {0, -1, true, 1}, sink, {});
      QFAIL("went on");
    } catch (const Error& e) {
      QCOMPARE(QString(e.what()), QString("disk full"));
    }
  }
};

QTEST_APPLESS_MAIN(TwoSidedTest)
#include "two_sided_test.moc"
