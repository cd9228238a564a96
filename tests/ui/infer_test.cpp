#include "tests/support/small_model.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <opencv2/core.hpp>

#include "core/run/pipeline.h"
#include "ui/infer/inference.h"
#include "ui/infer/inference_state.h"
#include "ui/infer/live_tracks.h"

using namespace dff;
using namespace dff::ui;

namespace {

const cv::Size kSize(120, 90);
constexpr int kFrames = 30, kCut = 17;

/// Noise that is dark before the cut and bright from it on.
FramePtr frameAt(int64_t index) {
  const FramePtr noise = test::noiseFrame(index, kSize);
  auto frame = std::make_shared<Frame>(*noise);
  frame->rgb = noise->rgb / 2 + (index < kCut ? cv::Scalar() : cv::Scalar::all(127));
  return frame;
}

ObjectBox boxAt(float x) { return {{x, 50, 20, 40}, 0, 0.9f, -1}; }

StageTimes timesOf(double features, double flow, double head) {
  StageTimes t;
  if (features > 0) t[Stage::Features] = features;
  if (flow > 0) t[Stage::Flow] = flow;
  t[Stage::Head] = head;
  return t;
}

}  // namespace

/// Cost, tracks, comparison of features, and the two threads that run the networks.
class InferTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  Package package_;
  FrameRing ring_{64 << 20};
  ClipPtr clip_;

 private Q_SLOTS:
  void initTestCase() {
    package_ = test::randomPackage(dir_.path().toStdString() + "/model");
    auto clip = std::make_shared<Clip>();
    clip->info.width = kSize.width;
    clip->info.height = kSize.height;
    for (int i = 0; i < kFrames; ++i) {
      clip->info.times.push_back({i / 25.0, 1 / 25.0, false});
      ring_.put(frameAt(i));
    }
    clip_ = clip;
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
    CostMeter blended;  // its keys have flow to their neighbours
    blended.add(timesOf(90, 20, 10), true);
    blended.add(timesOf(0, 15, 10), false);
    QVERIFY(std::abs(blended.reading(0.1).flow - (0.1 * 20 + 0.9 * 15)) < 1e-9);
    QVERIFY(std::abs(blended.reading(0.1).heads - 10) < 1e-9);
  }

  void whatIsPlayedInOrderIsTrackedAsAnExportTracksIt() {
    LiveTracks live;
    Tracker exported;
    for (int i = 3; i < 20; ++i) {
      std::vector<ObjectBox> boxes = {boxAt(float(5 * i)), boxAt(float(400 - 7 * i))}, same = boxes;
      if (i % 5 == 0) boxes.pop_back(), same.pop_back();
      live.track(i, 3, boxes);
      exported.track(same);
      for (size_t b = 0; b < boxes.size(); ++b) QCOMPARE(boxes[b].trackId, same[b].trackId);
    }
  }

  void tracksBridgeWhatWasLeftOutAndGoBackwards() {
    LiveTracks live;
    const auto idAt = [&](int64_t frame) {
      std::vector<ObjectBox> boxes = {boxAt(float(10 * frame))};
      live.track(frame, 0, boxes);
      return boxes[0].trackId;
    };
    const int64_t first = idAt(100);
    QCOMPARE(idAt(101), first);
    QCOMPARE(idAt(102), first);
    QCOMPARE(idAt(106), first);  // 40 pixels away, two widths
    QCOMPARE(idAt(99), first);
    QCOMPARE(idAt(97), first);
    QCOMPARE(idAt(100), first);  // done again
    const int64_t elsewhere = idAt(200);
    QVERIFY(elsewhere != first);
    QCOMPARE(idAt(200), elsewhere);
    QCOMPARE(idAt(0), int64_t(1));
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

  void everyFrameIsWhatAnExportGives_data() {
    QTest::addColumn<QString>("way");
    QTest::addColumn<bool>("aggregate");
    QTest::addColumn<int>("interval");
    for (const char* way : {"two-sided", "causal", "nearest", "copy", "clockwork"})
      QTest::newRow(way) << way << true << 8;
    QTest::newRow("keys not blended") << "two-sided" << false << 8;
    QTest::newRow("every frame a key") << "two-sided" << true << 1;
  }
  void everyFrameIsWhatAnExportGives() {
    QFETCH(QString, way);
    QFETCH(bool, aggregate);
    QFETCH(int, interval);
    Tuning tuning = tuningOf(interval, way.toStdString());
    tuning.aggregateKeys = aggregate;
    tuning.heat = true;
    tuning.keys.inPoint = 2;
    tuning.keys.pins = {5, 22};
    tuning.keys.cuts = {kCut};
    const std::vector<Result> exported = exportOf(tuning);
    Inference inference(ring_, [] {});
    inference.setTuning(tuning);
    inference.setClip(clip_);
    for (const Result& expected : exported) {
      const int64_t i = expected.frame->index;
      const OverlaidPtr live = finished(inference, i);
      QVERIFY2(live, qPrintable(QString::number(i)));
      QCOMPARE(live->result.isKey, expected.isKey);
      QCOMPARE(live->result.keyFrame, expected.keyFrame);
      QCOMPARE(live->result.nextKey, expected.nextKey);
      QCOMPARE(cv::norm(live->result.heat, expected.heat, cv::NORM_INF), 0.0);
      QCOMPARE(cv::norm(live->result.labels, expected.labels, cv::NORM_INF), 0.0);
      QCOMPARE(live->result.boxes.size(), expected.boxes.size());
      for (size_t b = 0; b < expected.boxes.size(); ++b) QCOMPARE(live->result.boxes[b].box, expected.boxes[b].box);
    }
  }

  void thePictureIsRefinedWhenTheNextKeyArrives() {
    FrameRing ring(64 << 20);
    for (int i = 0; i < 14; ++i) ring.put(frameAt(i));
    std::atomic<bool> woken = false;
    Inference inference(ring, [&] { woken = true; });
    inference.setTuning(tuningOf(8, "two-sided"));
    inference.setClip(clip_);
    inference.setFocus(focusOn(13));
    QTRY_VERIFY_WITH_TIMEOUT(inference.result(13), 60000);
    const OverlaidPtr first = inference.result(13);
    QVERIFY(first->provisional && !first->late);
    QCOMPARE(first->result.keyFrame, int64_t(8));
    QCOMPARE(first->result.nextKey, int64_t(-1));
    for (int i = 14; i < kFrames; ++i) ring.put(frameAt(i));
    inference.setFocus(focusOn(13));  // the workers look again
    const OverlaidPtr refined = finished(inference, 13);
    QVERIFY(refined);
    QCOMPARE(refined->result.nextKey, int64_t(16));
    QVERIFY(refined->result.shareOfNext.data);
  }

  void theWayCanChangeWhileFramesAreDue() {
    Inference inference(ring_, [] {});
    inference.setClip(clip_);
    for (const char* way : {"two-sided", "causal", "nearest", "copy", "two-sided"}) {
      inference.setTuning(tuningOf(8, way));
      const OverlaidPtr now = inference.result(13);
      QVERIFY(!now);  // nothing of the way before is left
      const OverlaidPtr done = finished(inference, 13);
      QVERIFY(done);
      QCOMPARE(done->result.nextKey, int64_t(QString(way) == "two-sided" || QString(way) == "nearest" ? 16 : -1));
    }
  }

  void aNewlyFoundCutLeavesTheOtherScenesAlone() {
    Inference inference(ring_, [] {});
    Tuning tuning = tuningOf(4, "two-sided");
    inference.setTuning(tuning);
    inference.setClip(clip_);
    const OverlaidPtr early = finished(inference, 2), late = finished(inference, 18);
    QVERIFY(early && late);
    tuning.keys.cuts = {kCut};
    inference.setTuning(tuning);
    QCOMPARE(inference.result(2), early);
    QVERIFY(inference.notes()[2].ms > 0);
    QVERIFY(inference.result(18) != late && inference.notes()[18].ms < 0);
    QCOMPARE(finished(inference, 18)->result.keyFrame, int64_t(kCut));
  }

  void withoutMotionTwoSidedFallsBackToCausal() {
    Tuning tuning = tuningOf(8, "two-sided");
    tuning.flow = "copy";
    QCOMPARE(tuning.way(), std::string("causal"));
    QVERIFY(!settled(tuning).keys.readsAhead);
    Inference inference(ring_, [] {});
    inference.setTuning(tuning);
    inference.setClip(clip_);
    QVERIFY(finished(inference, 13));
    QVERIFY(inference.news().error.empty());
  }

  void boxesComeWithTheOthersAndHaveNames() {
    Inference inference(ring_, [] {});
    OverlayOptions layers;
    layers.layers = {"boxes"};
    layers.boxScore = 0;
    inference.setLayers(layers);
    start(inference, 10);
    const OverlaidPtr o = finished(inference, 13);
    QVERIFY(o && !o->result.boxes.empty());
    QVERIFY(cv::norm(o->picture, o->result.frame->rgb, cv::NORM_INF) > 0);
    QCOMPARE(inference.news().boxClasses.size(), size_t(3));
    layers.boxScore = 1;
    inference.setLayers(layers);
    QCOMPARE(cv::norm(inference.upToDate(o)->picture, o->result.frame->rgb, cv::NORM_INF), 0.0);
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

  void theCoresBelongToTheOverlayThatIsDue() {
    InferenceState s(ring_);
    s.clip = clip_;
    s.tuning = settled(tuningOf(10, "two-sided"));
    s.focus = focusOn(13);
    s.painter = std::make_shared<OverlayPainter>(package_.spec.classes, OverlayOptions(), kSize);
    QVERIFY(!s.overlayIsDue());  // its key is not there
    s.features[10] = std::make_shared<TimedFeature>();
    QVERIFY(s.overlayIsDue());
    QCOMPARE(s.threadsForTask(), 0);  // all
    s.busy = 1;
    QCOMPARE(s.threadsForTask(), networkThreads());
    s.focus.playing = true;
    QVERIFY(!s.overlayIsDue());
    s.busy = 0;
    QCOMPARE(s.threadsForTask(), networkThreads());
    s.focus.playing = false;
    s.keepResult(13, std::make_shared<Overlaid>());
    QVERIFY(!s.overlayIsDue());
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

 private:
  Tuning tuningOf(int interval, const std::string& way = "causal") const {
    Tuning tuning;
    tuning.model = dir_.path().toStdString() + "/model";
    tuning.precision = "fp32";
    tuning.propagate = way;
    tuning.keys.interval = interval;
    tuning.keys.frames = kFrames;
    tuning.keys.outPoint = kFrames - 1;
    return tuning;
  }
  /// What a run over the range gives that was told the same.
  std::vector<Result> exportOf(const Tuning& tuning) const {
    std::vector<FramePtr> frames;
    for (int i = 0; i < kFrames; ++i) frames.push_back(frameAt(i));
    test::MemorySource source(frames);
    EngineOptions options = engineOptions(tuning);
    options.wantHeat = true;
    Engine engine(package_, options);
    KeyPlan plan({tuning.keys.interval, tuning.keys.inPoint, true, tuning.keys.pins});
    std::vector<Result> results;
    runFrames(source, engine, plan, {tuning.keys.inPoint, -1, false, networkThreads()},
              [&](Result& r) { results.push_back(r); }, {});
    return results;
  }
  /// The frame as it is once nothing better will come; null: it did not come.
  static OverlaidPtr finished(Inference& inference, int64_t frame) {
    inference.setFocus(focusOn(frame));
    const auto there = [&] {
      const OverlaidPtr o = inference.result(frame);
      return o && !o->late && !o->provisional;
    };
    return QTest::qWaitFor(there, 60000) ? inference.result(frame) : nullptr;
  }
  static Focus focusOn(int64_t frame, bool inspect = false) {
    Focus focus;
    focus.frame = frame;
    focus.last = kFrames - 1;
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
