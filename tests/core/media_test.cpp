#include <QTest>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <random>

#include "core/base/error.h"
#include "core/media/frame_source.h"
#include "core/media/image_folder.h"
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
  const QStringList arguments = {"-v", "quiet", "-i", QString::fromStdString(file.string()), "-map", "0:v:0", "-fps_mode",
                                 "passthrough", "-sws_flags", "bicubic+accurate_rnd+full_chroma_int", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"};
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

void kinds() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("how");   // ffmpeg's arguments behind the moving picture
  QTest::addColumn<QString>("then");  // a second call, {}/file made from {}/first.*
  QTest::addColumn<bool>("stamped");  // the container has time stamps
  const auto row = [](const char* name, const char* file, const char* how, const char* then = "", bool stamped = true) {
    QTest::newRow(name) << file << how << then << stamped;
  };
  row("plain with B-frames", "a.mp4", "-c:v libx264 -g 12 -bf 3");
  row("without B-frames", "a.mp4", "-c:v libx264 -g 12 -bf 0");
  row("every frame a key frame", "a.mp4", "-c:v libx264 -g 1");
  row("key every second frame with B", "a.mp4", "-c:v libx264 -x264-params keyint=2:min-keyint=1:bframes=2:open-gop=1");
  row("open GOP", "a.mp4", "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP in Matroska", "a.mkv", "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP in a transport stream", "a.ts", "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0");
  row("open GOP cut in front", "a.mkv", "-c:v libx264 -x264-params open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0",
      "-ss 0.45 -i {}/first.mkv -c copy -copyts {}/a.mkv");
  row("open GOP HEVC", "a.mp4", "-c:v libx265 -x265-params open-gop=1:keyint=10:min-keyint=10:bframes=3:log-level=none");
  row("open GOP HEVC cut in front", "a.mkv", "-c:v libx265 -x265-params open-gop=1:keyint=10:min-keyint=10:bframes=3:log-level=none",
      "-ss 0.45 -i {}/first.mkv -c copy -copyts {}/a.mkv");
  row("intra refresh", "a.mkv", "-c:v libx264 -x264-params intra-refresh=1:keyint=12:bframes=0");
  row("variable frame rate", "a.mp4", "-vf select=not(mod(n\\,3))+not(mod(n\\,4)) -fps_mode vfr -c:v libx264 -g 8");
  row("variable frame rate in Matroska", "a.mkv", "-vf select=not(mod(n\\,3))+not(mod(n\\,4)) -fps_mode vfr -c:v libx264 -g 8");
  row("edit list", "a.mp4", "-c:v libx264 -g 12 -bf 3", "-ss 0.3 -i {}/first.mp4 -c copy {}/a.mp4");
  row("negative start time", "a.mkv", "-c:v libx264 -g 12 -bf 3", "-i {}/first.mkv -c copy -copyts -output_ts_offset -0.5 -avoid_negative_ts disabled {}/a.mkv");
  row("late start time", "a.ts", "-c:v libx264 -g 12 -bf 3");
  row("10 bit", "a.mp4", "-c:v libx264 -pix_fmt yuv420p10le -g 12");
  row("4:4:4", "a.mp4", "-c:v libx264 -pix_fmt yuv444p -g 12");
  row("full range", "a.mp4", "-c:v libx264 -pix_fmt yuvj420p -g 12");
  row("BT.709", "a.mp4", "-vf scale=out_color_matrix=bt709 -colorspace bt709 -c:v libx264 -pix_fmt yuv420p -g 12");
  row("odd sizes", "a.webm", "-vf scale=95:63 -c:v libvpx-vp9 -cpu-used 8 -g 10");
  row("odd sizes, lossless", "a.mkv", "-vf scale=95:63 -c:v ffv1 -g 1");
  row("VP8 with hidden frames", "a.webm", "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 12 -arnr-maxframes 5 -g 20 -cpu-used 4");
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
      QVERIFY2(difference < 0.5, qPrintable(QString("frame %1 differs by %2").arg(i).arg(difference)));
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
};

QTEST_APPLESS_MAIN(MediaTest)
#include "media_test.moc"
