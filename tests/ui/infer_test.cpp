#include "tests/support/models.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <opencv2/core.hpp>

#include "ui/infer/inference.h"
#include "ui/jobs/job_runner.h"

using namespace dff;
using namespace dff::ui;

namespace {

const cv::Size kSize(120, 90);

FramePtr noiseFrame(int64_t index) {
  auto frame = std::make_shared<Frame>();
  cv::RNG random(uint64_t(index) + 17);
  frame->rgb = cv::Mat(kSize, CV_8UC3);
  random.fill(frame->rgb, cv::RNG::UNIFORM, 0, 256);
  frame->index = index;
  return frame;
}

StageTimes timesOf(double features, double flow, double head) {
  StageTimes t;
  if (features > 0) t[Stage::Features] = features;
  if (flow > 0) t[Stage::Flow] = flow;
  t[Stage::Head] = head;
  return t;
}

}  // namespace

/// Key schedules, cost, agreement, comparison of features, and the two threads that run the networks.
class InferTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  FrameRing ring_{64 << 20};
  ClipPtr clip_;

 private Q_SLOTS:
  void initTestCase() {
    test::saveSmallModel(dir_.path().toStdString() + "/model");
    auto clip = std::make_shared<Clip>();
    clip->info.width = kSize.width;
    clip->info.height = kSize.height;
    for (int i = 0; i < 30; ++i) {
      clip->info.times.push_back({i / 25.0, 1 / 25.0, false});
      ring_.put(noiseFrame(i));
    }
    clip_ = clip;
  }

  void keysStandEveryIntervalAfterCutsAndWherePinned() {
    const KeySchedule s{10, 2, {17}, {5}};
    QCOMPARE(s.keyOf(1), int64_t(0));
    QCOMPARE(s.keyOf(4), int64_t(2));
    QCOMPARE(s.keyOf(11), int64_t(5));
    QCOMPARE(s.keyOf(12), int64_t(12));
    QCOMPARE(s.keyOf(21), int64_t(17));
    QCOMPARE(s.keyAfter(12), int64_t(17));
    QCOMPARE(s.keyAfter(17), int64_t(22));
    for (int64_t i = 0; i < 60; ++i) QCOMPARE(s.keyOf(s.keyAfter(i)), s.keyAfter(i));
  }

  void costIsMixedByTheShareOfKeys() {
    CostMeter meter;
    for (int i = 0; i < 5; ++i) {
      meter.add(timesOf(90, 0, 10), true);
      meter.add(timesOf(0, 15, 10), false);
    }
    const CostReading r = meter.reading(0.1);
    QVERIFY(r.known);
    QCOMPARE(r.meanMs, 0.1 * 100 + 0.9 * 25);
    QVERIFY(std::abs(r.speedUp - 10 / (1 + 9 * 0.25)) < 1e-9);  // l / (1 + (l - 1) q)
    QVERIFY(std::abs(r.features + r.flow + r.warp + r.heads - r.meanMs) < 1e-9);
    QVERIFY(!CostMeter().reading(0.1).known);
  }

  void agreementIsTheMeanOverAnInterval() {
    Agreement a;
    QCOMPARE(a.atInterval(1).value(), 1.0);
    QVERIFY(!a.atInterval(2));
    a.add(10, 2, 0.8);
    a.add(10, 2, 0.1);  // the same place is not counted twice
    QVERIFY(std::abs(a.atInterval(3).value() - (1 + 0.9 + 0.8) / 3) < 1e-9);
    QVERIFY(!a.atInterval(4));
    QCOMPARE(a.curve(30).size(), size_t(3));
  }

  void equalFeaturesDoNotDiffer() {
    Inspection i;
    const int sizes[] = {3, 4, 5};
    i.recomputed = cv::Mat(3, sizes, CV_32F);
    cv::randu(i.recomputed.reshape(1, 1), 0, 1);
    i.propagated = i.recomputed.clone();
    i.gridInFrame = {5, 4};
    compareFeatures(i);
    QVERIFY(std::abs(i.cosine - 1) < 1e-6 && i.relativeError == 0);
    Inspection::channel(i.propagated, 1) *= 3;
    compareFeatures(i);
    QVERIFY(i.cosine < 0.999 && i.relativeError > 0.1);
    QCOMPARE(channelOrder(i.error).front(), 1);
  }

  void framesArePropagatedFromTheirKeyAndDrawn() {
    Inference inference(ring_, [] {});
    start(inference, 10);
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13) && !inference.result(13)->late, 60000);
    const OverlaidPtr o = inference.result(13);
    QCOMPARE(o->result.keyFrame, int64_t(10));
    QVERIFY(!o->result.isKey);
    QVERIFY(cv::norm(o->picture, o->result.frame->rgb, cv::NORM_INF) > 0);
    QVERIFY(inference.notes()[13].ms > 0 && inference.notes()[13].drift >= 0);
    QCOMPARE(QString::fromStdString(inference.news().model), QString("random"));
  }

  void resultsOfOlderSettingsFallAway() {
    Inference inference(ring_, [] {});
    start(inference, 10);
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13), 60000);
    for (int interval = 2; interval < 12; ++interval) {
      Tuning tuning = tuningOf(interval);
      inference.setTuning(tuning);  // most of these change while the one before is still computed
      if (const OverlaidPtr now = inference.result(13))
        if (!now->late) QCOMPARE(now->result.keyFrame, tuning.keys.keyOf(13));
    }
    inference.setTuning(tuningOf(4));
    QVERIFY(!inference.result(13) || inference.result(13)->late || inference.result(13)->result.keyFrame == 12);
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13) && !inference.result(13)->late, 60000);
    QCOMPARE(inference.result(13)->result.keyFrame, int64_t(12));
  }

  void layersAreDrawnAnewWithoutTheNetworks() {
    Inference inference(ring_, [] {});
    start(inference, 10);
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13), 60000);
    const OverlaidPtr before = inference.result(13);
    OverlayOptions none;
    none.layers = {};
    inference.setLayers(none);
    const OverlaidPtr after = inference.upToDate(before);
    QCOMPARE(cv::norm(after->picture, after->result.frame->rgb, cv::NORM_INF), 0.0);
    QCOMPARE(inference.upToDate(after), after);
  }

  void inspectionComparesBothFeatures() {
    Inference inference(ring_, [] {});
    start(inference, 10, true);
    QTRY_VERIFY_WITH_TIMEOUT(inference.inspection() && !inference.inspection()->recomputed.empty(), 60000);
    const InspectionPtr seen = inference.inspection();
    QCOMPARE(seen->key->index, int64_t(10));
    QCOMPARE(seen->channels(), 12);
    QVERIFY(seen->relativeError > 0 && seen->cosine < 1);
  }

  void agreementIsSampledInIdleTime() {
    Inference inference(ring_, [] {});
    start(inference, 10);
    QTRY_VERIFY_WITH_TIMEOUT(inference.news().agreement.samples() > 3, 60000);
    for (const auto& [interval, share] : inference.news().agreement.curve(30)) QVERIFY(share >= 0 && share <= 1);
  }

  void aModelThatCannotBeLoadedIsSaid() {
    Inference inference(ring_, [] {});
    Tuning tuning = tuningOf(10);
    tuning.model = "nowhere";
    inference.setTuning(tuning);
    inference.setClip(clip_);
    QTRY_VERIFY_WITH_TIMEOUT(!inference.news().error.empty(), 60000);
    QVERIFY(QString::fromStdString(inference.news().error).contains("nowhere"));
    inference.setTuning(tuningOf(10));
    inference.setFocus(focusOn(13));
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13), 60000);
  }

  void jobsRunInOrderAndTellHowFarTheyAre() {
    std::atomic<int> order = 0, first = 0, second = 0;
    JobRunner runner([] {});
    runner.add("a", "", [&](const JobContext& job) {
      job.progress(1, 4, "");
      first = ++order;
    });
    runner.add("b", "", [&](const JobContext&) { second = ++order; });
    QTRY_COMPARE(runner.jobs()[1].state, JobState::Done);
    QCOMPARE(first.load(), 1);
    QCOMPARE(second.load(), 2);
    QCOMPARE(runner.jobs()[0].progress.total, int64_t(4));
  }

  void jobsCanBeCancelledAndMayFail() {
    JobRunner runner([] {});
    const int id = runner.add("long", "", [](const JobContext& job) {
      for (;;) job.checkStop();
    });
    runner.add("bad", "", [](const JobContext&) { fail("disk full"); });
    QTRY_COMPARE(runner.jobs()[0].state, JobState::Running);
    runner.cancel(id);
    QTRY_COMPARE(runner.jobs()[0].state, JobState::Cancelled);
    QTRY_COMPARE(runner.jobs()[1].state, JobState::Failed);
    QCOMPARE(runner.jobs()[1].message, std::string("disk full"));
    runner.forget(id);
    QCOMPARE(runner.jobs().size(), size_t(1));
  }

 private:
  Tuning tuningOf(int interval) const {
    Tuning tuning;
    tuning.model = dir_.path().toStdString() + "/model";
    tuning.precision = "fp32";
    tuning.keys.interval = interval;
    return tuning;
  }
  static Focus focusOn(int64_t frame, bool inspect = false) {
    Focus focus;
    focus.frame = frame;
    focus.last = 29;
    focus.inspect = inspect;
    return focus;
  }
  void start(Inference& inference, int interval, bool inspect = false) const {
    inference.setTuning(tuningOf(interval));
    inference.setClip(clip_);
    inference.setFocus(focusOn(13, inspect));
  }
};

QTEST_GUILESS_MAIN(InferTest)
#include "infer_test.moc"
