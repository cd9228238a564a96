#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <cmath>
#include <deque>

#include "core/media/audio_reader.h"
#include "tests/support/clips.h"
#include "ui/play/player.h"
#include "ui/play/sound.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

namespace {

/// A device that is heard as the test says.
struct FakeDevice {
  bool present = true, running = false;
  int rate = 0, starts = 0;
  double heard = 0;
  SoundSink::Pull pull;

  /// `seconds` more are heard; the left one of the last samples.
  float hear(double seconds) {
    const int64_t pairs = std::llround((heard + seconds) * rate) - std::llround(heard * rate);
    std::vector<float> samples(2 * size_t(pairs));
    pull(samples.data(), int(pairs));
    heard += seconds;
    return samples[samples.size() - 2];
  }
};

class FakeSink : public SoundSink {
 public:
  explicit FakeSink(FakeDevice& device) : device_(device) {}
  bool start(int rate, Pull pull) override {
    if (!device_.present) return false;
    device_.running = true;
    device_.rate = rate;
    device_.heard = 0;
    device_.pull = std::move(pull);
    ++device_.starts;
    return true;
  }
  void stop() override { device_.running = false; }
  double heard() const override { return device_.heard; }

 private:
  FakeDevice& device_;
};

/// The window's side of playing: a player whose clock is the sound's, and the steady clock that the test turns.
struct Playing {
  double steady = 50;
  FakeDevice device;
  FrameRing ring{64 << 20};
  Sound sound{std::make_unique<FakeSink>(device), [this] { return steady; }};
  Player player{ring, [this] { return sound.now(); }};
  ClipPtr clip;

  explicit Playing(const std::filesystem::path& file) {
    auto opened = std::make_shared<Clip>();
    opened->path = file;
    opened->info = openSource(file)->info();
    clip = opened;
    for (int64_t i = 0; i < clip->frames(); ++i) {
      auto frame = std::make_shared<Frame>();
      frame->rgb = cv::Mat(4, 4, CV_8UC3, cv::Scalar::all(0));
      frame->index = i;
      ring.put(frame);
    }
    QObject::connect(&player, &Player::changed, &sound, [this] { follow(); });
    QObject::connect(&player, &Player::frameShown, &sound, [this] { follow(); });
    QObject::connect(&sound, &Sound::ready, &sound, [this] { follow(); });
    sound.open(clip->info.hasAudio ? file : std::filesystem::path());
    player.setClip(clip);
  }
  void follow() {
    const bool plays = player.playing() && player.direction() > 0 && player.speed() == 1;
    sound.follow(plays ? std::optional(player.clockSeconds()) : std::nullopt);
  }
  /// The steady clock goes on in small steps, the device at `speed` of it; what was heard last.
  float pass(double seconds, double speed = 1) {
    float last = 0;
    for (double done = 0; done < seconds - 1e-9; done += 0.01) {
      steady += 0.01;
      if (device.running) last = device.hear(0.01 * speed);
      QThread::msleep(2);  // five times as fast as it is heard: decoding a second ahead keeps up
      player.look();
    }
    return last;
  }
};

constexpr double kTenth = 0.1;  // the test's sound at t seconds is t times this

}  // namespace

/// Sound that goes along with the pictures, on a device of the test's own.
class SoundTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::filesystem::path clip() const { return dir_ / "clip.mkv"; }

 private Q_SLOTS:
  void initTestCase() {
    // 4 s: the sample at t seconds is t / 10 on the left, and 0.4 less on the right.
    test::ffmpeg(dir_,
                 "-f lavfi -i testsrc2=size=32x32:rate=25:duration=4 -f lavfi "
                 "-i aevalsrc=t/10|t/10-0.4:s=8000:d=4 -c:v ffv1 -c:a pcm_s16le {}/clip.mkv");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=32x32:rate=25:duration=1 -c:v ffv1 {}/silent.mkv");
  }

  void theReaderGivesEverySampleInItsPlace_data() {
    QTest::addColumn<double>("from");
    for (double from : {0.0, 0.7, 3.2}) QTest::addRow("from %.1f", from) << from;
  }
  void theReaderGivesEverySampleInItsPlace() {
    QFETCH(double, from);
    AudioReader reader(clip(), from);
    QVERIFY(reader.found());
    QCOMPARE(reader.rate(), 8000);
    double first = -1, end = 0;
    for (AudioBlock block = reader.next(); !block.samples.empty(); block = reader.next()) {
      if (first < 0) first = block.seconds;
      const size_t pairs = block.samples.size() / 2;
      end = block.seconds + double(pairs) / 8000;
      for (size_t i : {size_t(0), pairs - 1}) {
        const double at = block.seconds + double(i) / 8000;
        QVERIFY(std::abs(block.samples[2 * i] - at * kTenth) < 1e-3);
        QVERIFY(std::abs(block.samples[2 * i + 1] - (at * kTenth - 0.4)) < 1e-3);
      }
    }
    QVERIFY(first <= from + 1e-9 && first > from - 0.3);
    QVERIFY(std::abs(end - 4) < 1e-6);
  }

  void aFileWithoutSoundHasNone() {
    AudioReader reader(dir_ / "silent.mkv");
    QVERIFY(!reader.found() && reader.next().samples.empty());
    QVERIFY_EXCEPTION_THROWN(AudioReader(dir_ / "nowhere.mkv"), Error);
  }

  void theBufferIsSilentWhereItHasNothingAndStaysInStep() {
    SoundBuffer buffer;
    buffer.clear(10);
    buffer.add(12, {1, 1, 2, 2});  // pairs 12 and 13; 10 and 11 are a gap
    float out[10];
    buffer.read(out, 5);
    const std::vector<float> expected = {0, 0, 0, 0, 1, 1, 2, 2, 0, 0};
    QCOMPARE(std::vector<float>(out, out + 10), expected);
    buffer.add(14, {3, 3, 4, 4});  // 14 is past: it was due and not there
    buffer.read(out, 1);
    QCOMPARE(out[0], 4.f);
    buffer.add(15, {9, 9, 5, 5});  // 15 is there already
    buffer.read(out, 1);
    QCOMPARE(out[0], 5.f);
    QCOMPARE(buffer.position(), int64_t(17));
  }

  void soundBeginsWherePlayingDoesAndPicturesFollowIt() {
    Playing p(clip());
    p.player.seek(25);
    p.player.play();
    QTRY_VERIFY(p.device.running);
    const float last = p.pass(1);
    QVERIFY2(std::abs(last - 2.0 * kTenth) < 2e-3, qPrintable(QString::number(last)));
    QVERIFY(std::abs(p.player.clockSeconds() - 2) < 0.03);
    QVERIFY(std::abs(double(p.player.position()) - 50) <= 1);
    QCOMPARE(p.device.starts, 1);
  }

  void aDeviceThatIsSlowOrQuickTakesThePicturesAlong_data() {
    QTest::addColumn<double>("speed");
    QTest::newRow("slow") << 0.97;
    QTest::newRow("quick") << 1.03;
  }
  void aDeviceThatIsSlowOrQuickTakesThePicturesAlong() {
    QFETCH(double, speed);
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    const float last = p.pass(3, speed);
    QVERIFY2(std::abs(last - 3 * speed * kTenth) < 2e-3, qPrintable(QString::number(last)));
    QVERIFY(std::abs(p.player.clockSeconds() - 3 * speed) < 0.04);  // and not the 3 s that passed
    QCOMPARE(p.device.starts, 1);
  }

  void picturesWaitForADeviceThatIsAboutToBegin() {
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    for (int i = 0; i < 20; ++i) {
      p.steady += 0.01;
      p.player.look();
    }
    QCOMPARE(p.player.position(), int64_t(0));
    p.pass(0.5);
    QVERIFY(std::abs(p.player.clockSeconds() - 0.5) < 0.03);
  }

  void aSeekWhilePlayingTakesTheSoundAlong() {
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    p.pass(0.2);
    p.player.seek(75);
    QTRY_VERIFY(p.device.running && p.device.starts == 2);
    QVERIFY(std::abs(p.pass(0.5) - 3.5 * kTenth) < 2e-3);
  }

  void theLoopBringsTheSoundBack() {
    Playing p(clip());
    p.player.setRange(0, 9);
    p.player.play();
    QTRY_VERIFY(p.device.running);
    p.pass(0.45);
    QTRY_VERIFY(p.device.starts == 2 && p.device.running);
    const float last = p.pass(0.1);
    QVERIFY2(last > 0.1 * kTenth && last < 0.25 * kTenth, qPrintable(QString::number(last)));
  }

  void thereIsSilenceWhilePausedBackwardsAndAtOtherSpeeds() {
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    p.player.setSpeed(2);
    QVERIFY(!p.device.running);
    const double before = p.player.clockSeconds();
    p.pass(0.5);
    QVERIFY(std::abs(p.player.clockSeconds() - before - 1) < 0.03);
    p.player.setSpeed(1);
    QTRY_VERIFY(p.device.running);
    p.player.pause();
    QVERIFY(!p.device.running);
    p.player.shuttle(-1);
    QTest::qWait(50);
    QVERIFY(!p.device.running);
  }

  void mutedPicturesGoOnBySteadyTime() {
    Playing p(clip());
    p.sound.setMuted(true);
    p.player.play();
    p.pass(1);
    QVERIFY(!p.device.running && std::abs(p.player.clockSeconds() - 1) < 0.03);
    p.sound.setMuted(false);
    p.follow();
    QTRY_VERIFY(p.device.running);
    QVERIFY(std::abs(p.pass(0.5) - 1.5 * kTenth) < 2e-3);
  }

  void withoutADevicePicturesGoOnBySteadyTime() {
    Playing p(clip());
    p.device.present = false;
    p.player.play();
    QTest::qWait(100);
    p.pass(1);
    QVERIFY(!p.device.running && std::abs(p.player.clockSeconds() - 1) < 0.03);
    p.player.pause();  // plugged in meanwhile
    p.device.present = true;
    p.player.play();
    QTRY_VERIFY(p.device.running);
  }

  void aDeviceThatStopsDoesNotStopThePictures() {
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    p.pass(0.3);
    for (int i = 0; i < 200 && p.device.running; ++i) {
      p.steady += 0.01;
      p.player.look();
    }
    QVERIFY(!p.device.running);
    const double before = p.player.clockSeconds();
    p.pass(0.5);
    QVERIFY(std::abs(p.player.clockSeconds() - before - 0.5) < 0.03);
  }

  void aFileWithoutSoundPlays() {
    Playing p(dir_ / "silent.mkv");
    p.player.play();
    p.pass(0.5);
    QCOMPARE(p.device.starts, 0);
    QVERIFY(std::abs(p.player.clockSeconds() - 0.5) < 0.03);
  }

  void timeNeverGoesBack() {
    Playing p(clip());
    p.player.play();
    QTRY_VERIFY(p.device.running);
    double before = p.sound.now();
    for (int i = 0; i < 300; ++i) {
      p.steady += 0.01;
      if (i % 7 == 0) p.device.hear(0.07);  // in steps
      const double now = p.sound.now();
      QVERIFY(now >= before && now - before <= 0.0201);
      before = now;
    }
  }
};

QTEST_GUILESS_MAIN(SoundTest)
#include "sound_test.moc"
