#include <QPoint>
#include <QSize>
#include <QTest>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <random>

#include "core/base/error.h"
#include "core/media/frame_source.h"
#include "core/media/media_info.h"
#include "tests/support/clips.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {
const QString kMoving = "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1.6 ";

std::vector<FramePtr> play(FrameSource& source) {
  std::vector<FramePtr> frames;
  while (FramePtr frame = source.next()) frames.push_back(frame);
  return frames;
}

bool equal(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && std::memcmp(a.data, b.data, a.total() * a.elemSize()) == 0;
}

/// What the ffmpeg program makes of a file: its frames as RGB of the stored size.
std::vector<cv::Mat> reference(const fs::path& file, int width, int height) {
  const QStringList arguments = {"-v",   "quiet",    "-i",        QString::fromStdString(file.string()),
                                 "-map", "0:v:0",    "-fps_mode", "passthrough",
                                 "-f",   "rawvideo", "-pix_fmt",  "rgb24",
                                 "-"};
  const QByteArray bytes = output("ffmpeg", arguments);
  const qsizetype size = static_cast<qsizetype>(width) * height * 3;
  std::vector<cv::Mat> frames;
  for (qsizetype at = 0; at + size <= bytes.size(); at += size)
    frames.push_back(cv::Mat(height, width, CV_8UC3, const_cast<char*>(bytes.data() + at)).clone());
  return frames;
}

double meanDifference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

std::string messageOf(const fs::path& path) {
  try {
    openSource(path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

/// Some steps of the way to another frame.
void abandonedSeek(FrameSource& source, std::mt19937& random, size_t frames) {
  source.seek(static_cast<int64_t>(random() % frames));
  for (size_t steps = random() % 25; steps > 0 && !source.approach(); --steps) continue;
}

void kinds() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("how");   // ffmpeg's arguments behind the moving picture
  QTest::addColumn<QString>("then");  // a second call, {}/file made from {}/first.*
  QTest::addColumn<bool>("stamped");  // the container has time stamps
  const auto row = [](const char* name, const char* file, const char* how, const char* then = "", bool stamped = true) {
    QTest::newRow(name) << file << how << then << stamped;
  };
  row("plain with B-frames", "a.mp4", "-c:v libx264 -g 12 -bf 3");
  row("B-frames that others refer to", "a.mp4",
      "-c:v libx264 -g 60 -x264-params bframes=6:b-pyramid=normal:b-adapt=0:ref=4");
  row("interlaced", "a.mp4", "-c:v libx264 -g 30 -x264-params interlaced=1:bframes=3:b-adapt=0");
  row("without B-frames", "a.mp4", "-c:v libx264 -g 12 -bf 0");
  row("every frame a key frame", "a.mp4", "-c:v libx264 -g 1");
  row("key every second frame with B", "a.mp4", "-c:v libx264 -x264-params keyint=2:min-keyint=1:bframes=2:open-gop=1");
  row("open GOP", "a.mp4", "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP in Matroska", "a.mkv",
      "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP in a transport stream", "a.ts",
      "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP cut in front", "a.mkv",
      "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0",
      "-ss 0.45 -i {}/first.mkv -c copy -copyts {}/a.mkv");
  row("open GOP HEVC", "a.mp4",
      "-c:v libx265 -x265-params open-gop=1:keyint=10:min-keyint=10:bframes=3:log-level=none");
  row("open GOP HEVC cut in front", "a.mkv",
      "-c:v libx265 -x265-params open-gop=1:keyint=10:min-keyint=10:bframes=3:log-level=none",
      "-ss 0.45 -i {}/first.mkv -c copy -copyts {}/a.mkv");
  row("intra refresh", "a.mkv", "-c:v libx264 -x264-params intra-refresh=1:keyint=12:bframes=0");
  row("variable frame rate", "a.mp4", "-vf select=not(mod(n\\,3))+not(mod(n\\,4)) -fps_mode vfr -c:v libx264 -g 8");
  row("variable frame rate in Matroska", "a.mkv",
      "-vf select=not(mod(n\\,3))+not(mod(n\\,4)) -fps_mode vfr -c:v libx264 -g 8");
  row("edit list", "a.mp4", "-c:v libx264 -g 12 -bf 3", "-ss 0.3 -i {}/first.mp4 -c copy {}/a.mp4");
  row("negative start time", "a.mkv", "-c:v libx264 -g 12 -bf 3",
      "-i {}/first.mkv -c copy -copyts -output_ts_offset -0.5 -avoid_negative_ts disabled {}/a.mkv",
      false);  // Matroska cannot say times below 0: these frames have none
  row("start before zero in MP4", "a.mp4", "-c:v libx264 -g 12 -bf 3",
      "-i {}/first.mp4 -c copy -copyts -output_ts_offset -0.5 -avoid_negative_ts disabled {}/a.mp4");
  row("late start time", "a.ts", "-c:v libx264 -g 12 -bf 3");
  row("10 bit", "a.mp4", "-c:v libx264 -pix_fmt yuv420p10le -g 12");
  row("4:4:4", "a.mp4", "-c:v libx264 -pix_fmt yuv444p -g 12");
  row("full range", "a.mp4", "-c:v libx264 -pix_fmt yuvj420p -g 12");
  row("BT.709", "a.mp4", "-vf scale=out_color_matrix=bt709 -colorspace bt709 -c:v libx264 -pix_fmt yuv420p -g 12");
  row("uneven width", "a.mp4", "-vf scale=94:64,setsar=1 -c:v libx264 -g 12");
  row("odd sizes", "a.webm", "-vf scale=95:63,setsar=1 -c:v libvpx-vp9 -cpu-used 8 -g 10");
  row("odd sizes, lossless", "a.mkv", "-vf scale=95:63,setsar=1 -c:v ffv1 -g 1");
  row("VP8 with hidden frames", "a.webm",
      "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 12 -arnr-maxframes 5 -g 20 -cpu-used 4");
  row("AV1", "a.mkv", "-c:v libaom-av1 -cpu-used 8 -g 16");
  row("motion JPEG", "a.mov", "-c:v mjpeg -pix_fmt yuvj420p");
  row("MPEG-2 transport stream", "a.ts", "-c:v mpeg2video -g 12 -bf 2");
  row("MPEG-4 part 2", "a.mp4", "-c:v mpeg4 -g 12 -bf 2");
  row("MPEG-4 in AVI", "a.avi", "-c:v mpeg4 -g 12 -bf 2", "", false);
  row("H.264 in AVI", "a.avi", "-c:v libx264 -g 12 -bf 2", "", false);
  row("bare H.264", "a.h264", "-c:v libx264 -g 12 -bf 2", "", false);
}
}  // namespace

class MediaTest : public QObject {
  Q_OBJECT

  /// Makes the clip of the current row.
  fs::path makeClip(const QTemporaryDir& dir) {
    QFETCH(QString, file);
    QFETCH(QString, how);
    QFETCH(QString, then);
    const QString first = then.isEmpty() ? file : "first" + file.mid(file.lastIndexOf('.'));
    ffmpeg(dir, kMoving + (how.contains("pix_fmt") ? "" : "-pix_fmt yuv420p ") + how + " {}/" + first);
    if (!then.isEmpty()) ffmpeg(dir, then);
    return dir / file.toUtf8().constData();
  }

 private Q_SLOTS:
  void theTableIsWhatDecodingGives_data() { kinds(); }
  void theTableIsWhatDecodingGives() {
    QTemporaryDir dir;
    const fs::path clip = makeClip(dir);
    QFETCH(bool, stamped);
    const auto source = openSource(clip);
    const auto frames = play(*source);
    const auto& times = source->info().times;
    QCOMPARE(frames.size(), times.size());
    QVERIFY2(source->warnings().empty(), source->warnings().empty() ? "" : source->warnings()[0].c_str());
    for (size_t i = 0; i < frames.size(); ++i) {
      QCOMPARE(frames[i]->index, static_cast<int64_t>(i));
      QCOMPARE(frames[i]->ptsSeconds, times[i].ptsSeconds);
      QVERIFY(times[i].durationSeconds > 0);
    }
    const auto expected = probe(clip, stamped ? "pts_time" : "pkt_size");
    QCOMPARE(times.size(), expected.size());
    for (size_t i = 0; stamped && i < expected.size(); ++i) QVERIFY(std::abs(times[i].ptsSeconds - expected[i]) < 2e-6);
  }

  void framesAreThoseOfTheFfmpegProgram_data() { kinds(); }
  void framesAreThoseOfTheFfmpegProgram() {
    QTemporaryDir dir;
    const fs::path clip = makeClip(dir);
    const auto source = openSource(clip);
    const auto expected = reference(clip, source->info().width, source->info().height);
    const auto frames = play(*source);
    QCOMPARE(frames.size(), expected.size());
    for (size_t i = 0; i < frames.size(); ++i) {
      const double difference = meanDifference(frames[i]->rgb, expected[i]);
      QVERIFY2(difference == 0, qPrintable(QString("frame %1 differs by %2").arg(i).arg(difference)));
    }
  }

  void seekGivesTheSameFrameAsPlaying_data() { kinds(); }
  void seekGivesTheSameFrameAsPlaying() {
    QTemporaryDir dir;
    const fs::path clip = makeClip(dir);
    const auto source = openSource(clip);
    const auto played = play(*source);
    std::mt19937 random(7);
    for (int trial = 0; trial < 60; ++trial) {
      const auto index = static_cast<size_t>(random() % played.size());
      if (trial % 2) abandonedSeek(*source, random, played.size());
      source->seek(static_cast<int64_t>(index));
      for (size_t i = index; i < std::min(played.size(), index + 1 + trial % 3); ++i) {
        const FramePtr frame = source->next();
        QVERIFY(frame);
        QCOMPARE(frame->index, static_cast<int64_t>(i));
        QVERIFY2(equal(frame->rgb, played[i]->rgb), qPrintable(QString("frame %1").arg(i)));
      }
    }
    QVERIFY(source->warnings().empty());
  }

  void aColourComesBack_data() {
    QTest::addColumn<QString>("matrix");
    QTest::addColumn<QString>("range");
    QTest::addColumn<QString>("format");
    for (const char* matrix : {"bt601", "bt709"})
      for (const char* range : {"tv", "pc"})
        for (const char* format : {"yuv420p", "yuv444p10le"})
          QTest::addRow("%s %s %s", matrix, range, format) << matrix << range << format;
  }
  void aColourComesBack() {
    QFETCH(QString, matrix);
    QFETCH(QString, range);
    QFETCH(QString, format);
    for (const cv::Vec3b& colour :
         {cv::Vec3b(220, 40, 60), cv::Vec3b(30, 200, 90), cv::Vec3b(20, 60, 230), cv::Vec3b(128, 128, 128)}) {
      QTemporaryDir dir;
      const QString hex = QString("0x%1%2%3")
                              .arg(colour[0], 2, 16, QChar('0'))
                              .arg(colour[1], 2, 16, QChar('0'))
                              .arg(colour[2], 2, 16, QChar('0'));
      ffmpeg(dir, "-f lavfi -i color=c=" + hex +
                      ":size=64x64:rate=5:duration=0.4,format=gbrp -vf scale=out_color_matrix=" + matrix +
                      ":out_range=" + range + ",format=" + format + " -colorspace " +
                      (matrix == "bt709" ? "bt709" : "smpte170m") + " -color_range " + range +
                      " -c:v libx264 -crf 5 {}/a.mp4");
      const cv::Vec3b found = openSource(dir / "a.mp4")->next()->rgb.at<cv::Vec3b>(31, 33);
      for (int c = 0; c < 3; ++c)
        QVERIFY2(std::abs(found[c] - colour[c]) <= 3,
                 qPrintable(QString("%1: channel %2 is %3").arg(hex).arg(c).arg(found[c])));
    }
  }

  void theDisplayedSizeHasRotationAndPixelAspectApplied_data() {
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("then");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("rotation");
    QTest::addColumn<QPoint>("marked");  // where the stored picture's left upper corner is seen: 0 or 1 each
    // The program's option counts against the clock.
    const char* turn[] = {"", "-i {}/first.mp4 -c copy -metadata:s:v rotate=270 {}/a.mp4",
                          "-i {}/first.mp4 -c copy -metadata:s:v rotate=180 {}/a.mp4",
                          "-i {}/first.mp4 -c copy -metadata:s:v rotate=90 {}/a.mp4"};
    QTest::newRow("upright") << "" << turn[0] << QSize(96, 64) << 0 << QPoint(0, 0);
    QTest::newRow("90") << "" << turn[1] << QSize(64, 96) << 90 << QPoint(1, 0);
    QTest::newRow("180") << "" << turn[2] << QSize(96, 64) << 180 << QPoint(1, 1);
    QTest::newRow("270") << "" << turn[3] << QSize(64, 96) << 270 << QPoint(0, 1);
    QTest::newRow("wide pixels") << ",setsar=3/2" << turn[0] << QSize(144, 64) << 0 << QPoint(0, 0);
    QTest::newRow("narrow pixels") << ",setsar=8/9" << turn[0] << QSize(85, 64) << 0 << QPoint(0, 0);
    QTest::newRow("wide pixels and 90") << ",setsar=3/2" << turn[1] << QSize(64, 144) << 90 << QPoint(1, 0);
  }
  void theDisplayedSizeHasRotationAndPixelAspectApplied() {
    QFETCH(QString, how);
    QFETCH(QString, then);
    QFETCH(QSize, size);
    QFETCH(QPoint, marked);
    QTemporaryDir dir;
    ffmpeg(dir, "-f lavfi -i color=c=black:size=96x64:rate=5:duration=1,drawbox=0:0:16:16:white:fill" + how +
                    " -pix_fmt yuv420p -c:v libx264 {}/" + (then.isEmpty() ? "a.mp4" : "first.mp4"));
    if (!then.isEmpty()) ffmpeg(dir, then);
    const auto source = openSource(dir / "a.mp4");
    QTEST(source->info().rotation, "rotation");
    QCOMPARE(QSize(source->info().width, source->info().height), size);
    const cv::Mat rgb = source->next()->rgb;
    QCOMPARE(QSize(rgb.cols, rgb.rows), size);
    for (int x : {0, 1})
      for (int y : {0, 1}) {
        const int value = rgb.at<cv::Vec3b>(y ? rgb.rows - 5 : 4, x ? rgb.cols - 5 : 4)[1];
        QVERIFY((value > 200) == (QPoint(x, y) == marked));
      }
  }

  void damageCostsOnlyTheDamagedFrames_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("codec");
    QTest::newRow("mp4") << "a.mp4"
                         << "-c:v libx264 -g 8 -bf 2 -movflags +faststart";
    QTest::newRow("Matroska") << "a.mkv"
                              << "-c:v libx264 -g 8 -bf 2";
    QTest::newRow("transport stream") << "a.ts"
                                      << "-c:v libx264 -g 8 -bf 2";
    QTest::newRow("motion JPEG") << "a.mov"
                                 << "-c:v mjpeg -pix_fmt yuvj420p -movflags +faststart";
  }
  void damageCostsOnlyTheDamagedFrames() {
    QFETCH(QString, file);
    QFETCH(QString, codec);
    QTemporaryDir dir;
    ffmpeg(dir, kMoving + "-pix_fmt yuv420p " + codec + " {}/" + file);
    const fs::path clip = dir / file.toUtf8().constData();
    const auto whole = openSource(clip);
    const auto good = play(*whole);
    damage(clip, 0.5, 0.58);
    const auto source = openSource(clip);
    const auto frames = play(*source);
    QVERIFY(frames.size() >= 25);
    QVERIFY(!source->warnings().empty());
    size_t equalFrames = 0;
    for (const FramePtr& frame : frames) {
      QCOMPARE(frame->ptsSeconds, source->info().times[static_cast<size_t>(frame->index)].ptsSeconds);
      for (const FramePtr& g : good) equalFrames += g->ptsSeconds == frame->ptsSeconds && equal(g->rgb, frame->rgb);
    }
    QVERIFY2(equalFrames >= 20, qPrintable(QString::number(equalFrames)));
  }

  void aCutOffFileGivesWhatIsThere_data() { damageCostsOnlyTheDamagedFrames_data(); }
  void aCutOffFileGivesWhatIsThere() {
    QFETCH(QString, file);
    QFETCH(QString, codec);
    QTemporaryDir dir;
    ffmpeg(dir, kMoving + "-pix_fmt yuv420p " + codec + " {}/" + file);
    const fs::path clip = dir / file.toUtf8().constData();
    const auto whole = openSource(clip);
    const auto good = play(*whole);
    truncate(clip, 0.6);
    const auto source = openSource(clip);
    const auto frames = play(*source);
    QVERIFY(frames.size() >= 10 && frames.size() < good.size());
    for (size_t i = 0; i < 8; ++i) QVERIFY(equal(frames[i]->rgb, good[i]->rgb));
    if (!file.endsWith(".ts")) QVERIFY(!source->warnings().empty());  // a stream announces no length
    source->seek(5);
    QVERIFY(equal(source->next()->rgb, good[5]->rgb));
  }

  void whatCannotBeReadIsRefusedInOneSentence() {
    QTemporaryDir dir;
    const auto put = [&](const char* name, const QByteArray& bytes) {
      QFile out(QString::fromStdString((dir / name).string()));
      QVERIFY(out.open(QIODevice::WriteOnly));
      out.write(bytes);
    };
    put("empty.mp4", "");
    put("text.mp4", QByteArray("no video at all\n").repeated(100));
    ffmpeg(dir, "-f lavfi -i sine=duration=0.3 {}/sound.wav");
    ffmpeg(dir, kMoving + "-c:v libx264 {}/headless.mp4");
    truncate(dir / "headless.mp4", 0.5);
    ffmpeg(dir, kMoving + "-c:v libx264 -frames:v 0 {}/zero.mkv");
    ffmpeg(dir, kMoving + "-c:v libx264 -movflags +faststart {}/dead.mp4");
    const QByteArray dead = bytesOf(dir / "dead.mp4");
    damage(dir / "dead.mp4", static_cast<double>(dead.indexOf("mdat") + 4) / static_cast<double>(dead.size()), 1);
    QVERIFY(fs::create_directory(dir / "no_images"));
    for (const char* name :
         {"missing.mp4", "empty.mp4", "text.mp4", "sound.wav", "headless.mp4", "zero.mkv", "dead.mp4", "no_images"}) {
      const std::string message = messageOf(dir / name);
      QVERIFY2(message.find(name) != std::string::npos, (std::string(name) + ": " + message).c_str());
      QVERIFY(message.find('\n') == std::string::npos);
    }
  }

  void infoListsTheFrames() {
    QTemporaryDir dir;
    ffmpeg(dir, kMoving + "-pix_fmt yuv420p -c:v libx264 -g 10 -bf 2 {}/a.mp4");
    const auto source = openSource(dir / "a.mp4");
    const nlohmann::json info = mediaInfo(*source, true);
    QCOMPARE(info["width"].get<int>(), 96);
    QCOMPARE(info["rotation"].get<int>(), 0);
    QCOMPARE(info["codec"].get<std::string>(), std::string("h264"));
    QCOMPARE(info["frame_count"].get<int>(), 40);
    QVERIFY(std::abs(info["fps"].get<double>() - 25) < 1e-6);
    for (size_t i = 0; i < 40; ++i) {
      QVERIFY(std::abs(info["frames"][i]["pts_seconds"].get<double>() - i / 25.0) < 1e-6);
      QVERIFY(std::abs(info["frames"][i]["duration_seconds"].get<double>() - 0.04) < 1e-6);
      QCOMPARE(info["frames"][i]["codec_key"].get<bool>(), i % 10 == 0);
    }
    QVERIFY(!mediaInfo(*source, false).contains("frames"));
  }
  void seekingOutsideIsRefused() {
    QTemporaryDir dir;
    ffmpeg(dir, kMoving + "-c:v libx264 {}/a.mp4");
    const auto source = openSource(dir / "a.mp4");
    QVERIFY_EXCEPTION_THROWN(source->seek(-1), Error);
    QVERIFY_EXCEPTION_THROWN(source->seek(40), Error);
  }
};

QTEST_APPLESS_MAIN(MediaTest)
#include "media_test.moc"
