#include <sys/resource.h>

#include <QTest>
#include <csignal>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/media/frame_source.h"
#include "core/media/video_writer.h"
#include "tests/support/clips.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {
const cv::Size kSize(96, 64);

cv::Mat picture(cv::Size size, int i) {
  cv::Mat rgb(size, CV_8UC3, cv::Scalar(40, 90, 160));
  cv::circle(rgb, {10 + 3 * i, 30}, 9, cv::Scalar(220, 60, 30), -1);
  return rgb;
}

VideoWriterOptions optionsFor(cv::Size size) {
  VideoWriterOptions options;
  options.width = size.width;
  options.height = size.height;
  return options;
}

void writeFrames(VideoWriter& writer, int count, double fps = 25, cv::Size size = kSize) {
  for (int i = 0; i < count; ++i) writer.write(picture(size, i), i / fps, 1 / fps);
}

size_t filesIn(const QTemporaryDir& dir) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(dir.path().toStdString()), fs::directory_iterator()));
}

/// One value that ffprobe prints about a stream ("v:0", "a:0"); empty where there is none.
QString streamValue(const fs::path& file, const QString& stream, const QString& key) {
  return output("ffprobe", {"-v", "quiet", "-select_streams", stream, "-show_entries", "stream=" + key, "-of",
                            "csv=p=0", QString::fromStdString(file.string())})
      .trimmed();
}

/// The sound as ffmpeg decodes it: samples, mono, at 8 kHz.
std::vector<int16_t> sound(const fs::path& file) {
  const QByteArray bytes = output("ffmpeg", {"-v", "quiet", "-i", QString::fromStdString(file.string()), "-map",
                                             "0:a:0", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"});
  const auto* first = reinterpret_cast<const int16_t*>(bytes.constData());
  return {first, first + bytes.size() / 2};
}

/// Seconds until the sound first exceeds a level; the clips are silent for their first second, then a tone.
double onset(const std::vector<int16_t>& samples) {
  const auto loud = std::find_if(samples.begin(), samples.end(), [](int16_t s) { return std::abs(s) > 1000; });
  return static_cast<double>(loud - samples.begin()) / 8000;
}
}  // namespace

class VideoWriterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyFrameKeepsItsTime_data() {
    QTest::addColumn<QList<double>>("times");
    const auto every = [](double step, double from) {
      QList<double> times;
      for (int i = 0; i < 30; ++i) times.push_back(from + i * step);
      return times;
    };
    QTest::newRow("25 fps") << every(0.04, 0);
    QTest::newRow("30000/1001 fps") << every(1001.0 / 30000, 0);
    QTest::newRow("24000/1001 fps") << every(1001.0 / 24000, 0);
    QTest::newRow("begins late") << every(0.1, 1.5);
    QTest::newRow("variable") << QList<double>{0, 0.033, 0.1, 0.5, 0.511, 0.6, 2.25, 2.26, 2.3, 2.301, 7.125};
    QTest::newRow("one frame") << QList<double>{0};
  }
  void everyFrameKeepsItsTime() {
    QFETCH(QList<double>, times);
    QTemporaryDir dir;
    VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
    for (int i = 0; i < times.size(); ++i)
      writer.write(picture(kSize, i), times[i], i + 1 < times.size() ? times[i + 1] - times[i] : 0.04);
    writer.finish();
    const auto source = openSource(dir / "a.mp4");
    QCOMPARE(source->info().times.size(), static_cast<size_t>(times.size()));
    for (int i = 0; i < times.size(); ++i) {
      const FramePtr frame = source->next();
      QVERIFY2(std::abs(frame->ptsSeconds - times[i]) <= 0.5 / 90000 + 1e-9,
               qPrintable(QString::number(frame->ptsSeconds, 'g', 12)));
      QVERIFY(cv::norm(frame->rgb, picture(kSize, i), cv::NORM_L1) / (kSize.area() * 3) < 6);
    }
  }

  void whatBeginsBeforeZeroIsMovedThere() {
    QTemporaryDir dir;
    VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
    for (int i = 0; i < 20; ++i) writer.write(picture(kSize, i), -0.4 + i * 0.04, 0.04);
    writer.finish();
    const auto source = openSource(dir / "a.mp4");
    QCOMPARE(source->info().times.size(), size_t(20));
    QVERIFY(std::abs(source->info().times[0].ptsSeconds) < 1e-6);
    QVERIFY(std::abs(source->info().times[19].ptsSeconds - 0.76) < 1e-6);
  }

  void theFileIsWhatPlayersExpect() {
    QTemporaryDir dir;
    VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
    writeFrames(writer, 10);
    QCOMPARE(fs::exists(dir / "a.mp4"), false);
    writer.finish();
    QCOMPARE(filesIn(dir), size_t(1));
    QCOMPARE(streamValue(dir / "a.mp4", "v:0", "codec_name,pix_fmt,color_range,color_space"),
             QString("h264,yuv420p,tv,smpte170m"));
    QVERIFY(streamValue(dir / "a.mp4", "v:0", "level").toInt() <= 12);
    const QByteArray bytes = bytesOf(dir / "a.mp4");
    QVERIFY(bytes.indexOf("moov") < bytes.indexOf("mdat"));
  }
  void largePicturesAreBt709() {
    QTemporaryDir dir;
    const cv::Size hd(1280, 720);
    VideoWriter writer(dir / "a.mp4", optionsFor(hd));
    writeFrames(writer, 2, 25, hd);
    writer.finish();
    QCOMPARE(streamValue(dir / "a.mp4", "v:0", "color_space"), QString("bt709"));
    const cv::Vec3b found = openSource(dir / "a.mp4")->next()->rgb.at<cv::Vec3b>(600, 900);
    for (int c = 0; c < 3; ++c) QVERIFY(std::abs(found[c] - cv::Vec3b(40, 90, 160)[c]) <= 3);
  }
  void oddSidesGainOneReplicatedRowOrColumn() {
    QTemporaryDir dir;
    const cv::Size odd(95, 63);
    VideoWriter writer(dir / "a.mp4", optionsFor(odd));
    writeFrames(writer, 3, 25, odd);
    writer.finish();
    const FramePtr frame = openSource(dir / "a.mp4")->next();
    QCOMPARE(QSize(frame->rgb.cols, frame->rgb.rows), QSize(96, 64));
    for (int c = 0; c < 3; ++c)
      QVERIFY(std::abs(frame->rgb.at<cv::Vec3b>(63, 95)[c] - frame->rgb.at<cv::Vec3b>(62, 94)[c]) <= 4);
  }

  void everyFormatGivesThePicturesBack_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("codec");
    QTest::addColumn<QString>("sound");
    QTest::addColumn<int>("tolerance");
    QTest::addRow("h264") << "h264"
                          << "a.mp4"
                          << "h264"
                          << "aac" << 6;
    QTest::addRow("hevc") << "hevc"
                          << "a.mp4"
                          << "hevc"
                          << "aac" << 6;
    QTest::addRow("vp9") << "vp9"
                         << "a.webm"
                         << "vp9"
                         << "vorbis" << 12;
    QTest::addRow("ffv1") << "ffv1"
                          << "a.mkv"
                          << "ffv1"
                          << "aac" << 0;
    QTest::addRow("gif") << "gif"
                         << "a.gif"
                         << "gif"
                         << "" << 6;
  }
  void everyFormatGivesThePicturesBack() {
    QFETCH(QString, file);
    QFETCH(int, tolerance);
    QTemporaryDir dir;
    ffmpeg(dir, "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -f lavfi -i sine=duration=1 -c:a aac {}/s.mp4");
    VideoWriterOptions options = optionsFor({95, 63});
    options.format = QTest::currentDataTag();
    options.audioFrom = dir / "s.mp4";
    options.audioEnd = 1;
    VideoWriter writer(dir / file.toUtf8().constData(), options);
    writeFrames(writer, 10, 10, {95, 63});
    writer.finish();
    QTEST(streamValue(dir / file.toUtf8().constData(), "v:0", "codec_name"), "codec");
    QTEST(streamValue(dir / file.toUtf8().constData(), "a:0", "codec_name"), "sound");
    const auto source = openSource(dir / file.toUtf8().constData());
    QCOMPARE(source->info().times.size(), size_t(10));
    const auto& times = source->info().times;
    QVERIFY(std::abs(times[9].ptsSeconds - times[0].ptsSeconds - 0.9) < 0.011);  // GIF counts hundredths
    for (int i = 0; i < 10; ++i) {
      const FramePtr frame = source->next();
      const cv::Mat expected = picture({95, 63}, i), found = frame->rgb(cv::Rect(0, 0, 95, 63));
      for (const cv::Point at : {cv::Point(80, 5), cv::Point(10 + 3 * i, 30)})
        for (int c = 0; c < 3; ++c)
          QVERIFY(std::abs(found.at<cv::Vec3b>(at)[c] - expected.at<cv::Vec3b>(at)[c]) <= tolerance);
    }
  }
  void anUnknownFormatNamesTheKnownOnes() {
    QTemporaryDir dir;
    VideoWriterOptions options = optionsFor(kSize);
    options.format = "betamax";
    QVERIFY_EXCEPTION_THROWN(VideoWriter(dir / "a.mp4", options), UsageError);
    QCOMPARE(filesIn(dir), size_t(0));
  }

  void soundGoesAlong_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("codec");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("encodedAnew");
    QTest::newRow("AAC in MP4") << "s.mp4"
                                << "aac"
                                << "aac" << false;
    QTest::newRow("AAC in a transport stream") << "s.ts"
                                               << "aac"
                                               << "aac" << false;
    QTest::newRow("MP3") << "s.mkv"
                         << "libmp3lame"
                         << "mp3" << false;
    QTest::newRow("Opus") << "s.webm"
                          << "libopus"
                          << "opus" << false;
    QTest::newRow("PCM in Matroska") << "s.mkv"
                                     << "pcm_s16le"
                                     << "aac" << true;
    QTest::newRow("PCM in AVI") << "s.avi"
                                << "pcm_s16le"
                                << "aac" << true;
    QTest::newRow("Vorbis") << "s.mkv"
                            << "libvorbis"
                            << "aac" << true;
  }
  void soundGoesAlong() {
    QFETCH(QString, file);
    QFETCH(QString, codec);
    QFETCH(bool, encodedAnew);
    QTemporaryDir dir;
    const QString video = file.endsWith("webm") ? "libvpx -cpu-used 8" : "libx264 -bf 0";
    ffmpeg(dir,
           "-f lavfi -i testsrc2=size=96x64:rate=25:duration=3 -f lavfi -i "
           "sine=frequency=440:sample_rate=48000:duration=3,volume=enable=lt(t\\,1):volume=0 "
           "-pix_fmt yuv420p -c:v " +
               video + " -c:a " + codec + " {}/" + file);
    const fs::path from = dir / file.toUtf8().constData();
    const double begin = openSource(from)->info().times[0].ptsSeconds;
    for (const double start : {0.0, 0.52}) {
      std::vector<std::string> warnings;
      JobContext job;
      job.onWarning = [&](const std::string& w) { warnings.push_back(w); };
      VideoWriterOptions options = optionsFor(kSize);
      options.audioFrom = from;
      options.audioStart = begin + start;
      options.audioEnd = begin + start + 1.6;
      VideoWriter writer(dir / "a.mp4", options, job);
      writeFrames(writer, 40);
      writer.finish();
      QTEST(streamValue(dir / "a.mp4", "a:0", "codec_name"), "expected");
      QCOMPARE(warnings.size(), size_t(encodedAnew));
      const auto samples = sound(dir / "a.mp4");
      const double first = streamValue(dir / "a.mp4", "a:0", "start_time").toDouble();
      const double seconds = static_cast<double>(samples.size()) / 8000;
      QVERIFY2(std::abs(first + seconds - 1.6) < 0.1, qPrintable(QString::number(seconds)));
      QVERIFY2(std::abs(first + onset(samples) - (1 - start)) < 0.04, qPrintable(QString::number(onset(samples))));
      QCOMPARE(openSource(dir / "a.mp4")->info().times.size(), size_t(40));
    }
  }
  void aSilentSourceGivesASilentVideo() {
    QTemporaryDir dir;
    ffmpeg(dir, "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -c:v libx264 {}/s.mp4");
    VideoWriterOptions options = optionsFor(kSize);
    options.audioFrom = dir / "s.mp4";
    VideoWriter writer(dir / "a.mp4", options);
    writeFrames(writer, 5);
    writer.finish();
    QCOMPARE(streamValue(dir / "a.mp4", "a:0", "codec_name"), QString());
  }

  void anUnfinishedVideoLeavesNothing() {
    QTemporaryDir dir;
    {
      VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
      writeFrames(writer, 30);
    }
    QCOMPARE(filesIn(dir), size_t(0));
  }
  void anUnfinishedVideoLeavesTheOldOne() {
    QTemporaryDir dir;
    VideoWriter old(dir / "a.mp4", optionsFor(kSize));
    writeFrames(old, 7);
    old.finish();
    {
      VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
      writeFrames(writer, 30);
    }
    QCOMPARE(openSource(dir / "a.mp4")->info().times.size(), size_t(7));
    QCOMPARE(filesIn(dir), size_t(1));
  }
  void mistakesAreRefusedAndLeaveNothing() {
    QTemporaryDir dir;
    QVERIFY_EXCEPTION_THROWN(VideoWriter(dir / "no/such/a.mp4", optionsFor(kSize)), Error);
    QVERIFY_EXCEPTION_THROWN(VideoWriter(dir / "a.mp4", optionsFor({0, 64})), Error);
    {
      VideoWriter writer(dir / "a.mp4", optionsFor(kSize));
      QVERIFY_EXCEPTION_THROWN(writer.write(picture({32, 32}, 0), 0, 0.04), Error);
      QVERIFY_EXCEPTION_THROWN(writer.finish(), Error);  // no picture
    }
    QCOMPARE(filesIn(dir), size_t(0));
  }
  void aFullDiskIsAnErrorAndLeavesNothing() {
    QTemporaryDir dir;
    std::signal(SIGXFSZ, SIG_IGN);  // beyond the limit write() then fails as on a full disk
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit small{20000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    bool refused = false;
    try {
      VideoWriterOptions options = optionsFor(kSize);
      VideoWriter writer(dir / "a.mp4", options);
      cv::RNG random(3);
      for (int i = 0; i < 60; ++i) {
        cv::Mat noise(kSize, CV_8UC3);
        random.fill(noise, cv::RNG::UNIFORM, 0, 256);
        writer.write(noise, i / 25.0, 0.04);
      }
      writer.finish();
    } catch (const Error&) {
      refused = true;
    }
    setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(refused);
    QCOMPARE(filesIn(dir), size_t(0));
  }
};

QTEST_APPLESS_MAIN(VideoWriterTest)
#include "video_writer_test.moc"
