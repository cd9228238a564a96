#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "tests/support/clips.h"
#include "ui/play/player.h"
#include "ui/play/wakeup.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

namespace {

FramePtr frameOf(int64_t index, int side = 10) {
  auto frame = std::make_shared<Frame>();
  frame->rgb = cv::Mat(side, side, CV_8UC3, cv::Scalar::all(double(index % 256)));
  frame->index = index;
  return frame;
}

ClipPtr clipOf(int frames, double fps) {
  auto clip = std::make_shared<Clip>();
  for (int i = 0; i < frames; ++i) clip->info.times.push_back({i / fps, 1 / fps, false});
  return clip;
}

/// A player at 10 frames a second whose clock the test turns.
struct HandClock {
  FrameRing ring{1 << 20};
  double now = 100;
  Player player{ring, [this] { return now; }};

  explicit HandClock(int frames) {
    for (int i = 0; i < frames; ++i) ring.put(frameOf(i));
    player.setClip(clipOf(frames, 10));
  }
  int64_t shownAfter(double seconds) {
    now += seconds;
    player.look();
    return player.shown()->index;
  }
};

}  // namespace

class PlayTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;

 private Q_SLOTS:
  void playingGoesOnBehindFramesThatCannotBeDecoded() {
    HandClock c(0);
    for (int i : {0, 1, 2, 8, 9}) c.ring.put(frameOf(i));
    c.player.setClip(clipOf(10, 10));
    c.player.setLoop(false);
    c.player.play();
    QCOMPARE(c.shownAfter(0.25), int64_t(2));
    QCOMPARE(c.shownAfter(0.3), int64_t(2));
    c.shownAfter(0.21);  // patience has ended
    QCOMPARE(c.shownAfter(0.01), int64_t(8));
    c.shownAfter(0.25);
    QVERIFY(!c.player.playing());
  }

  void theRingKeepsWhatLiesAhead() {
    FrameRing ring(10 * 300);  // ten frames
    QCOMPARE(ring.capacity(300), int64_t(10));
    ring.aim(50, 1);
    for (int64_t i = 40; i < 70; ++i) ring.put(frameOf(i));
    QVERIFY(ring.has(50) && ring.has(55) && !ring.has(40) && !ring.has(69));
    ring.aim(50, -1);
    for (int64_t i = 40; i < 70; ++i) ring.put(frameOf(i));
    QVERIFY(ring.has(50) && ring.has(45) && !ring.has(69));
    QCOMPARE(ring.ranges().size(), size_t(1));
    QVERIFY(ring.ranges()[0].second - ring.ranges()[0].first < 10);
  }

  void theRingNamesItsRuns() {
    FrameRing ring(1 << 20);
    for (int64_t i : {7, 1, 2, 3, 9, 8}) ring.put(frameOf(i));
    QCOMPARE(ring.ranges(), (std::vector<std::pair<int64_t, int64_t>>{{1, 3}, {7, 9}}));
    ring.clear();
    QVERIFY(ring.ranges().empty());
  }

  void theTargetIsDecodedFirstThenItsKeyThenWhatFollows() {
    FrameRing ring(1 << 20);
    const DecodeAim aim{50, {45, 60, 65, 30}, 1};
    std::vector<int64_t> order;
    while (const auto next = nextToDecode(ring, aim, 80, 30)) {
      order.push_back(*next);
      ring.put(frameOf(*next));
    }
    QCOMPARE(order.front(), int64_t(50));
    QCOMPARE(order[1], int64_t(51));
    const auto placeOf = [&](int64_t i) { return std::find(order.begin(), order.end(), i) - order.begin(); };
    QVERIFY(placeOf(45) < placeOf(60) && placeOf(60) < placeOf(65) && placeOf(30) < placeOf(56));
    QVERIFY(placeOf(48) < placeOf(56));
    QVERIFY(int64_t(order.size()) <= 30);
  }

  void whatCannotBeDecodedIsPassedOver() {
    FrameRing ring(1 << 20);
    ring.put(frameOf(50));
    QCOMPARE(nextToDecode(ring, {50, {}, 1}, 80, 30, {51}).value(), int64_t(52));
    QCOMPARE(nextToDecode(ring, {50, {52}, 1}, 80, 30, {51, 52, 53, 54}).value(), int64_t(55));
  }

  void keysThatAreNeededStayHoweverFarTheyLie() {
    FrameRing ring(10 * 300);
    ring.aim(50, 1, {20, 90});
    ring.put(frameOf(20));
    ring.put(frameOf(90));
    for (int64_t i = 45; i < 70; ++i) ring.put(frameOf(i));
    QVERIFY(ring.has(20) && ring.has(90) && ring.has(50) && !ring.has(69));
    ring.aim(50, 1);
    ring.put(frameOf(58));
    QVERIFY(!ring.has(20));
  }

  void largeFramesGetMoreRoom() {
    FrameRing ring(30 * 300);
    ring.clearFor(300);
    QCOMPARE(ring.capacity(300), int64_t(90));  // never above three times the usual
    ring.clearFor(3);
    QCOMPARE(ring.capacity(300), int64_t(30));
  }

  void playingShowsEachFrameInItsTime() {
    HandClock h(20);
    h.player.play();
    for (int i = 1; i < 20; ++i) QCOMPARE(h.shownAfter(0.1 + 1e-9), int64_t(i));
    QCOMPARE(h.player.dropped(), int64_t(0));
  }

  void framesThatComeTooLateAreDroppedAndCounted() {
    HandClock h(20);
    h.player.play();
    QCOMPARE(h.shownAfter(0.45), int64_t(4));
    QCOMPARE(h.player.dropped(), int64_t(3));
  }

  void onlyReadyFramesAreShownUntilPatienceEnds() {
    HandClock h(20);
    h.player.setReady([](int64_t i) { return i <= 2; });
    h.player.play();
    QCOMPARE(h.shownAfter(0.35), int64_t(2));
    QCOMPARE(h.shownAfter(0.2), int64_t(2));
    QCOMPARE(h.shownAfter(0.4), int64_t(9));
  }

  void theRangeIsPlayedRoundAndRoundOrOnce() {
    HandClock h(20);
    h.player.setRange(5, 8);
    h.player.seek(5);
    h.player.play();
    QCOMPARE(h.shownAfter(0.35), int64_t(8));
    QCOMPARE(h.shownAfter(0.11), int64_t(5));
    h.player.setLoop(false);
    h.shownAfter(0.35);
    h.shownAfter(0.2);
    QVERIFY(!h.player.playing());
    QCOMPARE(h.player.position(), int64_t(8));
  }

  void shuttlePlaysBackwardsAndFaster() {
    HandClock h(20);
    h.player.seek(15);
    h.player.shuttle(-1);
    QCOMPARE(h.shownAfter(0.25), int64_t(13));
    h.player.shuttle(-1);
    QCOMPARE(h.player.speed(), 2.0);
    QCOMPARE(h.shownAfter(0.11), int64_t(11));
    h.player.pause();
    QCOMPARE(h.player.direction(), 1);
  }

  void stepsStayWithinTheClip() {
    HandClock h(5);
    h.player.step(-1);
    QCOMPARE(h.player.shown()->index, int64_t(0));
    h.player.step(99);
    QCOMPARE(h.player.shown()->index, int64_t(4));
  }

  void seekingGivesTheFramesThatPlayingGives() {
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 60 -g 12 -bf 2 -pix_fmt yuv420p {}/clip.mp4");
    const auto path = dir_ / "clip.mp4";
    const auto source = openSource(path);
    std::vector<cv::Mat> played;
    while (const FramePtr frame = source->next()) played.push_back(frame->rgb);
    FrameRing ring(8 * 96 * 64 * 3);  // small, so that seeks have to decode
    Wakeup wake;
    Decoder decoder(ring, [&] { wake(); });
    Player player(ring, [] { return 0.0; });
    connect(&wake, &Wakeup::woken, this, [&] {
      if (decoder.news().clip != player.clip()) player.setClip(decoder.news().clip);
      player.look();
    });
    decoder.open(path);
    QTRY_VERIFY(player.shown());
    for (int64_t index : {41, 3, 40, 39, 38, 0, 59, 12, 11}) {
      player.seek(index);
      decoder.aim({index, {index}, 1});
      QTRY_COMPARE(player.shown()->index, index);
      QCOMPARE(cv::norm(player.shown()->rgb, played[size_t(index)], cv::NORM_INF), 0.0);
    }
  }

  void aCutIsFoundWhereDecodingMeetsWhatIsThere() {
    test::ffmpeg(dir_,
                 "-f lavfi -i color=red:size=64x48:rate=25:duration=0.4 -f lavfi -i "
                 "color=blue:size=64x48:rate=25:duration=0.4 -filter_complex concat -pix_fmt yuv420p {}/cut.mp4");
    FrameRing ring(1 << 20);
    Decoder decoder(ring, [] {});
    decoder.open(dir_ / "cut.mp4");
    decoder.aim({10, {}, -1});  // the second scene first, then backwards into the first one
    QTRY_COMPARE(decoder.news().cuts, (std::set<int64_t>{10}));
  }

  void aMissingFileIsSaidAndTheClipStays() {
    FrameRing ring(1 << 20);
    Decoder decoder(ring, [] {});
    decoder.open(dir_ / "clip.mp4");
    QTRY_VERIFY(decoder.news().clip);
    decoder.open(dir_ / "nothing.mp4");
    QTRY_VERIFY(!decoder.news().error.empty());
    QVERIFY(QString::fromStdString(decoder.news().error).contains("nothing.mp4"));
    QVERIFY(decoder.news().clip);
  }

  void manyWakesBecomeOneSignal() {
    Wakeup wake;
    QSignalSpy spy(&wake, &Wakeup::woken);
    for (int i = 0; i < 100; ++i) wake();
    QTRY_COMPARE(spy.count(), 1);
    wake();
    QTRY_COMPARE(spy.count(), 2);
  }
};

QTEST_GUILESS_MAIN(PlayTest)
#include "play_test.moc"
