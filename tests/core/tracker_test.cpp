#include "core/task/tracker.h"

#include <QTest>
#include <random>

using namespace dff;

namespace {

ObjectBox boxAt(float x, float score = 0.9f, int classIndex = 0) { return {{x, 50, 20, 40}, classIndex, score, -1}; }

std::vector<int64_t> tracked(Tracker& tracker, std::vector<ObjectBox> boxes) {
  tracker.track(boxes);
  std::vector<int64_t> ids;
  for (const auto& box : boxes) ids.push_back(box.trackId);
  return ids;
}

using Ids = std::vector<int64_t>;

}  // namespace

class TrackerTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aSureBoxStartsATrackAnotherDoesNot() {
    Tracker tracker;
    QCOMPARE(tracked(tracker, {boxAt(0), boxAt(100, 0.4f), boxAt(200, 0.6f)}), (Ids{1, -1, 2}));
  }
  void aTrackKeepsItsNumberWhateverTheOrder() {
    Tracker tracker;
    QCOMPARE(tracked(tracker, {boxAt(0), boxAt(100)}), (Ids{1, 2}));
    QCOMPARE(tracked(tracker, {boxAt(103), boxAt(2)}), (Ids{2, 1}));
  }
  void aWeakBoxKeepsATrackAlive() {
    Tracker tracker;
    tracked(tracker, {boxAt(0)});
    QCOMPARE(tracked(tracker, {boxAt(1, 0.2f)}), (Ids{1}));
    QCOMPARE(tracked(tracker, {boxAt(1, 0.05f)}), (Ids{-1}));
    QCOMPARE(tracked(tracker, {boxAt(2, 0.2f)}), (Ids{-1}));  // not sure, and the track was just lost
    QCOMPARE(tracked(tracker, {boxAt(2)}), (Ids{1}));
  }
  void constantVelocityBridgesAGap() {
    Tracker tracker;
    for (int i = 0; i < 8; ++i) QCOMPARE(tracked(tracker, {boxAt(float(12 * i))}), (Ids{1}));
    for (int i = 0; i < 4; ++i) tracked(tracker, {});
    QCOMPARE(tracked(tracker, {boxAt(12 * 12)}), (Ids{1}));  // five frames on: 60 pixels away, three widths
  }
  void timeCanTurnRound() {
    Tracker tracker({}, 5);
    for (int i = 0; i < 8; ++i) QCOMPARE(tracked(tracker, {boxAt(float(10 * i))}), (Ids{5}));
    tracker.turnRound();
    for (int i = 6; i >= 0; --i) QCOMPARE(tracked(tracker, {boxAt(float(10 * i))}), (Ids{5}));
    QCOMPARE(tracker.nextId(), int64_t(6));
  }
  void crossingObjectsKeepTheirNumbers() {
    Tracker tracker;
    for (int i = 0; i < 30; ++i) {
      const float there = float(4 * i), back = float(120 - 4 * i);
      ObjectBox upper = boxAt(there), lower = boxAt(back);
      lower.box.y += 12;  // they pass each other with a large overlap
      QCOMPARE(tracked(tracker, {upper, lower}), (Ids{1, 2}));
    }
  }
  void patienceEnds() {
    TrackerOptions options;
    options.trackPatience = 3;
    Tracker tracker(options);
    tracked(tracker, {boxAt(0)});
    for (int i = 0; i < 3; ++i) tracked(tracker, {});
    QCOMPARE(tracked(tracker, {boxAt(0)}), (Ids{1}));
    for (int i = 0; i < 4; ++i) tracked(tracker, {});
    QCOMPARE(tracked(tracker, {boxAt(0)}), (Ids{2}));
  }
  void classesDoNotMix() {
    Tracker tracker;
    tracked(tracker, {boxAt(0, 0.9f, 0)});
    QCOMPARE(tracked(tracker, {boxAt(0, 0.9f, 1)}), (Ids{2}));
  }
  void theLargerOverlapWins() {
    Tracker tracker;
    tracked(tracker, {boxAt(0)});
    QCOMPARE(tracked(tracker, {boxAt(8, 0.99f), boxAt(1, 0.6f)}), (Ids{2, 1}));
  }
  void numbersGivenBeforeAreForgotten() {
    Tracker tracker;
    ObjectBox box = boxAt(0, 0.3f);
    box.trackId = 7;
    QCOMPARE(tracked(tracker, {box}), (Ids{-1}));
  }
  void noisyBoxesInACrowdKeepTheirNumbers() {
    Tracker tracker;
    std::mt19937 random(4);
    std::normal_distribution<float> noise(0, 1.5f);
    for (int i = 0; i < 60; ++i) {
      std::vector<ObjectBox> boxes;
      for (int k = 0; k < 8; ++k) {
        ObjectBox box = boxAt(float(40 * k) + noise(random) + float(i) * (k % 2 ? 1.f : 1.5f), 0.8f);
        box.box.y = 50 + 60 * float(k % 3) + noise(random);
        boxes.push_back(box);
      }
      QCOMPARE(tracked(tracker, boxes), (Ids{1, 2, 3, 4, 5, 6, 7, 8}));
    }
  }
};

QTEST_APPLESS_MAIN(TrackerTest)
#include "tracker_test.moc"
