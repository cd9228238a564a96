#include "core/schedule/key_schedule.h"

#include <QTest>
#include <opencv2/core.hpp>

#include "core/schedule/key_plan.h"

using namespace dff;

namespace {

constexpr int64_t kFrames = 40;

KeySchedule scheduleOf(int interval, int64_t in, std::set<int64_t> cuts, std::set<int64_t> pins, bool readsAhead,
                       int64_t out = kFrames - 1) {
  KeySchedule s{interval, in, std::move(cuts), std::move(pins)};
  s.outPoint = out;
  s.frames = kFrames;
  s.readsAhead = s.blends = readsAhead;
  return s;
}

/// Plain pictures whose colour changes at the cuts.
Frame pictureAt(int64_t index, const std::set<int64_t>& cuts) {
  const auto scene = std::distance(cuts.begin(), cuts.upper_bound(index));
  Frame frame;
  frame.rgb = cv::Mat(24, 32, CV_8UC3, scene % 2 ? cv::Scalar(220, 10, 10) : cv::Scalar(10, 10, 220));
  frame.index = index;
  return frame;
}

KeysAround keys(int64_t before, int64_t previous, int64_t next, int64_t after) {
  return {before, previous, next, after};
}

}  // namespace
Q_DECLARE_METATYPE(KeySchedule)

namespace QTest {
template <>
char* toString(const KeysAround& k) {
  return toString(QString("%1 %2 %3 %4").arg(k.before).arg(k.previous).arg(k.next).arg(k.after));
}
}  // namespace QTest

class KeyScheduleTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
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

  void aRunThroughFindsTheSameKeys_data() {
    QTest::addColumn<KeySchedule>("schedule");
    for (const bool ahead : {false, true}) {
      const char* way = ahead ? "ahead" : "causal";
      QTest::addRow("plain, %s", way) << scheduleOf(10, 0, {}, {}, ahead);
      QTest::addRow("in-point, %s", way) << scheduleOf(7, 5, {}, {}, ahead);
      QTest::addRow("cuts, %s", way) << scheduleOf(10, 3, {9, 10, 27}, {}, ahead);
      QTest::addRow("pins, %s", way) << scheduleOf(10, 3, {20}, {4, 19, 25}, ahead);
      QTest::addRow("out-point, %s", way) << scheduleOf(10, 0, {}, {}, ahead, 24);
      QTest::addRow("every frame, %s", way) << scheduleOf(1, 0, {5}, {}, ahead);
    }
  }
  void aRunThroughFindsTheSameKeys() {
    QFETCH(KeySchedule, schedule);
    KeyPlan plan({schedule.interval, schedule.inPoint, true, schedule.pins});
    for (int64_t i = schedule.inPoint; i <= schedule.outPoint; ++i) {
      const Frame frame = pictureAt(i, schedule.cuts), following = pictureAt(i + 1, schedule.cuts);
      const bool isKey = schedule.readsAhead ? plan.decide(frame, i < schedule.outPoint ? &following : nullptr).isKey
                                             : plan.decide(frame).isKey;
      QVERIFY2(schedule.isKey(i) == isKey, qPrintable(QString::number(i)));
    }
  }

  void aFrameLiesBetweenKeysOfItsRun() {
    const KeySchedule s = scheduleOf(10, 0, {25}, {}, true);
    QCOMPARE(s.keysAround(3), keys(-1, 0, 10, 20));
    QCOMPARE(s.keysAround(13), keys(0, 10, 20, 24));
    QCOMPARE(s.keysAround(22), keys(10, 20, 24, -1));
    QCOMPARE(s.keysAround(25), keys(-1, 25, 30, -1));  // the first key of a scene
    QCOMPARE(s.keysAround(24), keys(20, 24, -1, -1));  // the last one
    QCOMPARE(s.keysAround(28), keys(-1, 25, 30, 39));
  }

  void withoutBlendingOnlyTheTwoKeysCount() {
    KeySchedule s = scheduleOf(10, 0, {}, {}, true);
    s.blends = false;
    QCOMPARE(s.keysAround(13), keys(-1, 10, 20, -1));
    QCOMPARE(s.keysAround(10), keys(-1, 10, -1, -1));
    s.readsAhead = false;
    QCOMPARE(s.keysAround(13), keys(-1, 10, -1, -1));
  }

  void atIntervalOneEveryFrameIsOnItsOwn() {
    QCOMPARE(scheduleOf(1, 0, {}, {}, true).keysAround(13), keys(-1, 13, -1, -1));
  }

  void theRangeKnowsNothingOfWhatLiesOutside() {
    const KeySchedule s = scheduleOf(10, 5, {}, {}, true, 24);
    QCOMPARE(s.keysAround(7), keys(-1, 5, 15, 24));
    QCOMPARE(s.keysAround(20), keys(5, 15, 24, -1));
    QCOMPARE(s.keysAround(3), keys(-1, 0, 4, -1));
    QCOMPARE(s.keysAround(30), keys(-1, 25, 35, 39));
    QCOMPARE(s.keysAround(39), keys(35, 39, -1, -1));
  }

  void plannedKeysStandForTheGridWithinTheRange() {
    KeySchedule s = scheduleOf(10, 5, {25}, {12}, false, 34);
    s.planned = {5, 9, 21, 25, 31};
    std::vector<int64_t> found;
    for (int64_t i = 0; i < kFrames; ++i)
      if (s.isKey(i)) found.push_back(i);
    QCOMPARE(found, (std::vector<int64_t>{0, 5, 9, 12, 21, 25, 31, 35}));  // outside the range the grid counts
    QCOMPARE(s.keyAfter(5), int64_t(9));
    QCOMPARE(s.keyAfter(9), int64_t(12));
    QCOMPARE(s.keyAfter(12), int64_t(21));
    QCOMPARE(s.keyAfter(31), int64_t(35));
  }

  void plannedKeysAreReadAheadToo() {
    KeySchedule s = scheduleOf(10, 0, {25}, {}, true);
    s.planned = {0, 4, 18, 25};
    QCOMPARE(s.keysAround(10), keys(0, 4, 18, 24));
    QCOMPARE(s.keysAround(30), keys(-1, 25, 39, -1));
  }

  void theMostUrgentKeyIsNamedFirst() {
    QCOMPARE(named(keys(0, 10, 20, 24)), (std::vector<int64_t>{10, 20, 24, 0}));
    QCOMPARE(named(keys(-1, 10, -1, -1)), (std::vector<int64_t>{10}));
  }
};

QTEST_APPLESS_MAIN(KeyScheduleTest)
#include "key_schedule_test.moc"
