#include <QTest>

#include "ui/panels/transport.h"
#include "ui/view/picture.h"
#include "ui/view/time_line.h"

using namespace dff;
using namespace dff::ui;

namespace {
TimeScale scaleOf(int64_t frames) {
  TimeScale s;
  s.frames = frames;
  s.left = 100;
  s.width = 800;
  return s.fitted();
}

Clip clipOf(int frames, double fps) {
  Clip clip;
  for (int i = 0; i < frames; ++i) clip.info.times.push_back({5 + i / fps, 1 / fps, false});
  return clip;
}

TimeLineData lanesOf(int frames) {
  TimeLineData data;
  data.frames = frames;
  data.out = frames - 1;
  data.keys.frames = frames;
  for (int i = 0; i < frames; ++i) data.notes.push_back({float(i % 7 + 1), float(i % 5) / 6, i % 10 == 0});
  return data;
}

/// As it is after the playhead has gone there at once.
QImage lineAt(Look& look, const TimeLineData& data, int64_t position) {
  TimeLine line(look);
  line.resize(900, line.sizeHint().height());
  line.setData(data);
  line.setPosition(position);
  return line.grab().toImage();
}
}  // namespace

/// The arithmetic of time line, picture and typed places.
class ViewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aFittedLineHoldsTheWholeClip() {
    const TimeScale s = scaleOf(200);
    QCOMPARE(s.x(0), 100.0);
    QCOMPARE(s.x(200), 900.0);
    QCOMPARE(s.frameAt(100), int64_t(0));
    QCOMPARE(s.frameAt(899.9), int64_t(199));
    QCOMPARE(s.frameAt(-50), int64_t(0));
    QCOMPARE(s.frameAt(5000), int64_t(199));
  }

  void everyFrameIsFoundWhereItIsDrawn() {
    const TimeScale s = scaleOf(377).zoomed(3.7, 420);
    for (int64_t i = int64_t(s.first) + 1; double(i) < s.last(); ++i) QCOMPARE(s.frameAt(s.x(double(i) + 0.5)), i);
  }

  void zoomingKeepsTheFrameUnderThePointer() {
    TimeScale s = scaleOf(1000);
    for (double factor : {2.0, 3.0, 0.7}) {
      const double before = (640 - s.left) / s.pixelsPerFrame + s.first;
      s = s.zoomed(factor, 640);
      QVERIFY(std::abs((640 - s.left) / s.pixelsPerFrame + s.first - before) < 1e-6);
    }
    QCOMPARE(s.zoomed(1e-6, 300).pixelsPerFrame, scaleOf(1000).pixelsPerFrame);
  }

  void thePlayheadIsKeptInSight() {
    const TimeScale s = scaleOf(1000).zoomed(10, 100);
    for (int64_t frame : {0, 500, 999}) {
      const TimeScale shown = s.showing(frame);
      QVERIFY(shown.first <= double(frame) && double(frame) + 1 <= shown.last());
    }
    QCOMPARE(s.showing(3).first, s.first);
  }

  void ticksStandApartAndAreRound() {
    for (int64_t frames : {10, 75, 377, 20000}) {
      const TimeScale s = scaleOf(frames);
      const int64_t step = s.tickStep(60);
      QVERIFY(double(step) * s.pixelsPerFrame >= 60);
      QString digits = QString::number(step);
      digits.remove('0');
      QVERIFY(digits == "1" || digits == "2" || digits == "5");
    }
  }

  void lanesArePaintedOnceWhileThePlayheadMoves() {
    Look look(*qApp, true);
    const TimeLineData data = lanesOf(150);
    TimeLine line(look);
    line.resize(900, line.sizeHint().height());
    line.setData(data);
    line.grab();
    const int painted = line.lanesPainted();
    for (int64_t frame : {3, 80, 149}) {
      line.setPosition(frame);
      QCOMPARE(line.grab().toImage(), lineAt(look, data, frame));
    }
    TimeLineData same = data;
    same.position = 20;
    line.setData(same);
    QCOMPARE(line.grab().toImage(), lineAt(look, data, 20));
    QCOMPARE(line.lanesPainted(), painted);
    look.setDark(false);
    line.grab();
    QCOMPARE(line.lanesPainted(), painted + 1);
  }

  void ofFramesThatShareAColumnTheWorstIsDrawn() {
    Look look(*qApp, true);
    TimeLineData data = lanesOf(9000);
    for (auto& note : data.notes) note = {1, 0, false};
    const QImage calm = lineAt(look, data, 0);
    data.notes[4507] = {9, 1, false};
    QVERIFY(lineAt(look, data, 0) != calm);
  }

  void aPictureIsFittedAndNeverStretched() {
    const QRectF place = placePicture({}, {480, 360}, {1000, 500});
    QCOMPARE(place.height(), 500.0);
    QVERIFY(std::abs(place.width() / place.height() - 480.0 / 360) < 1e-9);
    QCOMPARE(place.center(), QPointF(500, 250));
  }

  void zoomingAtThePointerKeepsThePlaceUnderIt() {
    const QSizeF picture(480, 360), pane(1000, 500);
    const QPointF at(620, 180);
    const QRectF before = placePicture({}, picture, pane);
    const Framing f = zoomedAt({}, 3, at, picture, pane);
    const QRectF after = placePicture(f, picture, pane);
    QVERIFY(std::abs((at.x() - before.x()) / before.width() - (at.x() - after.x()) / after.width()) < 1e-9);
    QVERIFY(std::abs((at.y() - before.y()) / before.height() - (at.y() - after.y()) / after.height()) < 1e-9);
    QCOMPARE(zoomedAt(f, 0, at, picture, pane), Framing{});
    const QRectF moved = placePicture(panned(f, {10, -4}, picture, pane), picture, pane);
    QVERIFY((moved.topLeft() - after.topLeft() - QPointF(10, -4)).manhattanLength() < 1e-6);
  }

  void placesCanBeTyped_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("frame");  // -1: not a place
    QTest::newRow("frame") << "123" << 123;
    QTest::newRow("forward") << "+10" << 60;
    QTest::newRow("back") << "-10" << 40;
    QTest::newRow("time") << "00:00:02.0" << 50;
    QTest::newRow("minutes") << "0:03" << 75;
    QTest::newRow("seconds") << "1.5s" << 37;
    QTest::newRow("nonsense") << "soon" << -1;
    QTest::newRow("empty") << "" << -1;
  }
  void placesCanBeTyped() {
    QFETCH(QString, text);
    QFETCH(int, frame);
    QCOMPARE(parsePlace(text, clipOf(300, 25), 50).value_or(-1), int64_t(frame));
  }

  void timesAreWrittenWithMilliseconds() { QCOMPARE(timeText(3661.2345), QString("01:01:01.235")); }
};

QTEST_MAIN(ViewTest)
#include "view_test.moc"
