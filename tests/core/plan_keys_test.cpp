#include "core/run/plan_keys.h"

#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/run/pipeline.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

constexpr int kFrames = 26;
const cv::Size kSize(120, 90);

/// A scene that stands, moves to the right, stands again, and is another one from frame 20 on.
std::vector<FramePtr> clip() {
  std::vector<FramePtr> frames;
  int x = 0;
  for (int i = 0; i < kFrames; ++i) {
    if (i >= 6 && i < 14) x += 6;
    cv::Mat scene(90, 200, CV_8UC3);
    cv::RNG(i < 20 ? 4 : 9).fill(scene, cv::RNG::UNIFORM, 0, 256);
    cv::GaussianBlur(scene, scene, {}, 4);
    cv::normalize(scene, scene, i < 20 ? 0 : 120, i < 20 ? 140 : 255, cv::NORM_MINMAX);
    auto frame = std::make_shared<Frame>();
    frame->index = i;
    frame->rgb = scene(cv::Rect({x, 0}, kSize)).clone();
    frames.push_back(frame);
  }
  return frames;
}

EngineOptions optionsOf(const std::string& propagate) {
  EngineOptions options;
  options.precision = "fp32";
  options.propagate = propagate;
  options.tasks = {"seg"};
  return options;
}

}  // namespace

/// Keys that a policy places with what a run knows, and runs with such keys.
class PlanKeysTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::optional<Package> package_;
  std::vector<FramePtr> frames_ = clip();
  std::vector<PlanFrame> planned_;
  int asked_ = 0;

  PlannedRun runOf(const std::string& propagate) {
    const auto frameOf = [this](int64_t index) {
      ++asked_;
      return frames_.at(size_t(index));
    };
    return {*package_, optionsOf(propagate), frameOf, {}, 1};
  }

  /// Labels of every frame of a run from `start` on, by their number.
  std::map<int64_t, cv::Mat> labelsFrom(int64_t start, const KeyPlanOptions& keys, const std::string& propagate) {
    MemorySource source(frames_);
    Engine engine(*package_, optionsOf(propagate));
    KeyPlan plan(keys);
    std::map<int64_t, cv::Mat> labels;
    runFrames(source, engine, plan, {start, -1, false, 1},
              [&](Result& r) { labels[r.frame->index] = r.labels.clone(); }, {});
    return labels;
  }

 private Q_SLOTS:
  void initTestCase() {
    package_ = randomPackage(dir_.path().toStdString() + "/model");
    for (const auto& frame : frames_)
      planned_.push_back(planFrame(*frame, kSize, planned_.empty() ? nullptr : &planned_.back()));
    QVERIFY(planned_[20].cut);
  }

  void theModelIsAskedForItsMargins() {
    const PlannedRun run = runOf("two-sided");
    const JobContext job;
    EngineSureness sureness(run, job);
    const InferenceScope scope(1);
    EngineOptions options = optionsOf("causal");
    options.wantMargin = true;
    Engine engine(*package_, options);
    const auto mean = [&](int64_t frame, bool isKey) {
      const Result r = engine.step(frames_[size_t(frame)], {isKey, false});
      const cv::Mat picture = r.margin(cv::Rect(0, 0, 15, 11));  // 120x90 in cells of 8; the rest is padding
      double sum = 0;
      for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) sum += double(picture.at<float>(y, x));
      return sum / double(picture.total());
    };
    const double key = mean(3, true), near = mean(5, false), far = mean(9, false);
    QVERIFY(std::abs(sureness.marginFall(9, 3) - (key - far)) < 1e-6);
    QVERIFY(std::abs(sureness.marginFall(5, 3) - (key - near)) < 1e-6);
    QVERIFY(near != far);
  }

  void aKeyIsMadeOnceForTheFramesAfterIt() {
    const PlannedRun run = runOf("causal");
    const JobContext job;
    EngineSureness sureness(run, job);
    asked_ = 0;
    sureness.marginFall(4, 2);
    sureness.marginFall(5, 2);
    QCOMPARE(asked_, 3);
  }

  void aPlannedRunIsTheSamePlayedAndSought_data() {
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QString>("propagate");
    for (const char* policy : {"margin", "balanced", "motion"})
      for (const char* propagate : {"causal", "two-sided"})
        QTest::addRow("%s, %s", policy, propagate) << policy << propagate;
  }
  void aPlannedRunIsTheSamePlayedAndSought() {
    QFETCH(QString, policy);
    QFETCH(QString, propagate);
    PolicyOptions options = parsePolicy(policy.toStdString());
    options.keyShare = 0.25;
    const KeyPlacement placed = planKeys(planned_, options, runOf(propagate.toStdString()), {});
    QCOMPARE(placed.keys.size(), size_t(7));  // a quarter of 26
    QVERIFY(placed.keys.count(0) && placed.keys.count(20));
    QCOMPARE(placed.keys.count(19) && placed.keys.count(25), propagate == "two-sided");
    const KeyPlanOptions keys{kNoGrid, 0, true, placed.keys};
    const auto played = labelsFrom(0, keys, propagate.toStdString());
    QCOMPARE(played.size(), size_t(kFrames));
    for (const int64_t index : {5, 12, 17, 22, 24}) {
      const int64_t start = KeyPlan(keys).startFor(index, propagate == "two-sided");
      QVERIFY(start <= index);
      const auto sought = labelsFrom(start, keys, propagate.toStdString());
      QCOMPARE(cv::norm(sought.at(index), played.at(index), cv::NORM_INF), 0.0);
    }
  }

  void noFrameIsMadeFromAnotherScene() {
    PolicyOptions options = parsePolicy("balanced");
    options.keyShare = 0.2;
    for (const char* propagate : {"causal", "two-sided"}) {
      const auto placed = planKeys(planned_, options, runOf(propagate), {});
      MemorySource source(frames_);
      Engine engine(*package_, optionsOf(propagate));
      KeyPlan plan({kNoGrid, 0, true, placed.keys});
      int64_t keys = 0;
      const auto sink = [&](Result& r) {
        const bool before = r.frame->index < 20;
        QCOMPARE(r.keyFrame < 20, before);
        if (r.nextKey >= 0) QCOMPARE(r.nextKey < 20, before);
        keys += r.isKey;
      };
      runFrames(source, engine, plan, {0, -1, false, 1}, sink, {});
      QCOMPARE(keys, int64_t(placed.keys.size()));  // what the run adds by itself, the plan has counted
    }
  }

  void aModelWithoutClassesCannotBeAsked() {
    ModelSpec spec = smallSpec();
    spec.classes.clear();
    const Package boxes = randomPackage(dir_.path().toStdString() + "/boxes", spec);
    const PlannedRun run{boxes, optionsOf("causal"), [this](int64_t i) { return frames_.at(size_t(i)); }, {}, 1};
    QVERIFY_EXCEPTION_THROWN(planKeys(planned_, parsePolicy("margin"), run, {}), Error);
    const PlannedRun lost{*package_, optionsOf("causal"), [](int64_t) { return FramePtr(); }, {}, 1};
    QVERIFY_EXCEPTION_THROWN(planKeys(planned_, parsePolicy("margin"), lost, {}), Error);
  }
};

QTEST_APPLESS_MAIN(PlanKeysTest)
#include "plan_keys_test.moc"
