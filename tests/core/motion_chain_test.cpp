#include <QTemporaryDir>
#include <QTest>
#include <opencv2/imgproc.hpp>

#include "core/eval/flow_self_test.h"
#include "core/flow/codec_cost.h"
#include "core/flow/flow_source.h"
#include "core/media/codec_motion.h"
#include "core/media/flow_file.h"
#include "core/media/frame_source.h"
#include "core/media/video_writer.h"
#include "tests/support/small_model.h"

namespace fs = std::filesystem;
using namespace dff;
using namespace dff::test;

namespace {

constexpr int kFrames = 8;
const float kNone = std::numeric_limits<float>::quiet_NaN();

/// A picture that moves right by 4 pixels and down by 2 a frame.
void writeMovingClip(const fs::path& path, cv::Size size, const std::string& encoder) {
  cv::Mat scene(size.height + 100, size.width + 100, CV_8UC3);
  cv::RNG(3).fill(scene, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(scene, scene, {}, 3);
  cv::normalize(scene, scene, 0, 255, cv::NORM_MINMAX);
  VideoWriterOptions options;
  options.width = size.width, options.height = size.height;
  options.encoderOptions = encoder;
  VideoWriter writer(path, options);
  for (int t = 0; t < kFrames; ++t)
    writer.write(scene(cv::Rect({60 - 4 * t, 60 - 2 * t}, size)).clone(), t * 0.04, 0.04);
  writer.finish();
}

std::vector<FramePtr> framesOf(const fs::path& path) {
  std::vector<FramePtr> frames;
  const auto source = openSource(path);
  while (FramePtr frame = source->next()) frames.push_back(frame);
  return frames;
}

double distance(const cv::Vec2f& a, const cv::Vec2f& b) { return cv::norm(a - b); }

cv::Vec2f middle(const cv::Mat& field) { return field.at<cv::Vec2f>(field.rows / 2, field.cols / 2); }

/// What a source says of two frames, in the middle of the map, in pixels.
cv::Vec2f flowBetween(FlowSource& source, const FramePtr& cur, const FramePtr& key) {
  const ModelSpec spec = smallSpec();
  const auto code = [&](const FramePtr& f) {
    return source.encode(netInput(f, networkSize(f->rgb.size(), spec.input), spec));
  };
  const auto flow = source.estimate(code(cur), code(key)).keyFromCur;
  const int64_t y = flow.size(2) / 2, x = flow.size(3) / 2;
  const double scale = 90. / cur->rgb.rows;
  return {float(flow[0][0][y][x].item<double>() * spec.stride() / scale),
          float(flow[0][1][y][x].item<double>() * spec.stride() / scale)};
}

}  // namespace

class MotionChainTest : public QObject {
  Q_OBJECT
  const cv::Size size_{192, 144};
  ModelPtr model_ = std::make_shared<DffModel>(smallSpec());

 private Q_SLOTS:
  void whatCodecFlowCostsIsMeasuredPartByPart() {
    QTemporaryDir dir;
    const fs::path clip = fs::path(dir.path().toStdString()) / "moving.mp4";
    writeMovingClip(clip, size_, "");
    const CodecCost cost = measureCodecCost(clip, 4, {});
    QCOMPARE(cost.frames, int64_t(kFrames));
    for (const double ms : {cost.decode, cost.gather, cost.field, cost.chain}) QVERIFY(ms > 0);
    QVERIFY(cost.handOver >= 0);
    QCOMPARE(cost.total(), cost.handOver + cost.gather + cost.field + cost.chain);
    QVERIFY(QString::fromStdString(summary(cost)).contains("total"));
    QVERIFY_EXCEPTION_THROWN(measureCodecCost(clip.parent_path() / "none.mp4", 4, {}), Error);
  }

  void unknownCellsTakeTheirNeighboursMean() {
    cv::Mat field(1, 5, CV_32FC2, cv::Scalar(kNone, kNone));
    field.at<cv::Vec2f>(0, 0) = {2, 0};
    field.at<cv::Vec2f>(0, 2) = {4, 8};
    fillUnknown(field);
    QCOMPARE(field.at<cv::Vec2f>(0, 1), cv::Vec2f(3, 4));
    QCOMPARE(field.at<cv::Vec2f>(0, 3), cv::Vec2f(4, 8));
    QCOMPARE(field.at<cv::Vec2f>(0, 4), cv::Vec2f(4, 8));
    cv::Mat nothing(3, 4, CV_32FC2, cv::Scalar(kNone, kNone));
    fillUnknown(nothing);
    QCOMPARE(cv::norm(nothing), 0.0);
  }

  void theMedianTakesAnOutlier() {
    cv::Mat field(5, 5, CV_32FC2, cv::Scalar(1, -2));
    field.at<cv::Vec2f>(2, 2) = {90, 70};
    medianFilter(field);
    QCOMPARE(field.at<cv::Vec2f>(2, 2), cv::Vec2f(1, -2));
  }

  void blocksBecomeCellsOfMotionAFrame_data() {
    QTest::addColumn<int>("rotation");
    QTest::addColumn<bool>("mirror");
    QTest::addColumn<QPointF>("motion");
    QTest::newRow("upright") << 0 << false << QPointF(3, 1);
    QTest::newRow("a quarter turn") << 90 << false << QPointF(-1, 3);
    QTest::newRow("half a turn") << 180 << false << QPointF(-3, -1);
    QTest::newRow("three quarters") << 270 << false << QPointF(1, -3);
    QTest::newRow("mirrored") << 0 << true << QPointF(-3, 1);
  }
  void blocksBecomeCellsOfMotionAFrame() {
    QFETCH(int, rotation);
    QFETCH(bool, mirror);
    QFETCH(QPointF, motion);
    std::vector<CodecVector> vectors;
    for (int16_t y = 8; y < 48; y += 16)
      for (int16_t x = 8; x < 64; x += 16) vectors.push_back({x, y, 16, 16, 24, 8});  // (6, 2) pixels over two frames
    const bool turned = rotation % 180 != 0;
    const CodecMotion codec(vectors, {{64, 48}, turned ? cv::Size(48, 64) : cv::Size(64, 48), rotation, mirror, 2});
    const cv::Mat& field = codec.field();
    QCOMPARE(field.size(), turned ? cv::Size(6, 8) : cv::Size(8, 6));
    for (int y = 0; y < field.rows; ++y)
      for (int x = 0; x < field.cols; ++x)
        QCOMPARE(field.at<cv::Vec2f>(y, x), cv::Vec2f(float(motion.x()), float(motion.y())));
  }

  void aCodecSaysWhereContentCameFrom() {
    const QTemporaryDir dir;
    const fs::path path = dir.filePath("a.mp4").toStdString();
    writeMovingClip(path, size_, "bf=0:refs=1");
    const auto frames = framesOf(path);
    QCOMPARE(frames.size(), size_t(kFrames));
    QCOMPARE(frames[0]->motion->steps.size(), size_t(0));
    for (size_t t = 1; t < frames.size(); ++t) {
      QCOMPARE(frames[t]->motion->steps.size(), t);
      QVERIFY(distance(middle(frames[t]->motion->steps[0]->field()), {-4, -2}) < 0.5);
      QVERIFY(t == 1 || frames[t]->motion->steps[1] == frames[t - 1]->motion->steps[0]);
    }
  }

  void aSeekGivesTheChainThatPlayingGives() {
    const QTemporaryDir dir;
    const fs::path path = dir.filePath("a.mp4").toStdString();
    writeMovingClip(path, size_, "bf=0:refs=1:g=4");
    const auto frames = framesOf(path);
    QCOMPARE(frames[5]->motion->steps.size(), size_t(1));  // frame 4 was coded by itself
    for (const int64_t index : {6, 3, 5, 7}) {
      const auto source = openSource(path);
      source->seek(index);
      const auto sought = source->next();
      QCOMPARE(sought->motion->steps.size(), frames[size_t(index)]->motion->steps.size());
      for (size_t j = 0; j < sought->motion->steps.size(); ++j)
        QCOMPARE(cv::norm(sought->motion->steps[j]->field(), frames[size_t(index)]->motion->steps[j]->field()), 0.0);
    }
  }

  void motionIsFollowedOverSeveralFramesBothWays_data() {
    QTest::addColumn<QString>("encoder");
    QTest::addColumn<double>("within");
    QTest::newRow("one reference") << "bf=0:refs=1" << 1.5;
    QTest::newRow("B-frames") << "bf=2:refs=1:b-pyramid=none" << 4.0;
  }
  void motionIsFollowedOverSeveralFramesBothWays() {
    QFETCH(QString, encoder);
    QFETCH(double, within);
    const QTemporaryDir dir;
    const fs::path path = dir.filePath("a.mp4").toStdString();
    writeMovingClip(path, size_, encoder.toStdString());
    const auto frames = framesOf(path);
    const auto source = makeFlowSource("codec", model_);
    QVERIFY(distance(flowBetween(*source, frames[5], frames[1]), {-16, -8}) < within);
    QVERIFY(distance(flowBetween(*source, frames[1], frames[5]), {16, 8}) < within);
    QCOMPARE(flowBetween(*source, frames[3], frames[3]), cv::Vec2f(0, 0));
  }

  void aCodecWithoutVectorsIsRefused() {
    const auto source = makeFlowSource("codec", model_);
    try {
      source->encode(netInput(noiseFrame(3, size_), {120, 90}, smallSpec()));
      QFAIL("accepted");
    } catch (const Error& e) {
      QVERIFY(QString(e.what()).contains("frame 3 came without motion vectors"));
    }
  }

  void filesAreChainedFromFrameToFrame() {
    const QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    for (int t = 1; t < 6; ++t) {
      const cv::Mat flow(size_, CV_32FC2, cv::Scalar(-4, t == 2 ? 10 : -2));
      char name[16];
      std::snprintf(name, sizeof name, "%06d.%s", t, t % 2 ? "flo" : "png");
      t % 2 ? writeFlo(folder / name, flow) : writeKittiFlow(folder / name, flow);
    }
    const auto source = makeFlowSource("files:" + folder.string(), model_);
    const auto at = [&](int64_t i) { return noiseFrame(i, size_); };
    QVERIFY(distance(flowBetween(*source, at(5), at(0)), {-20, 2}) < 1e-2);
    QVERIFY(distance(flowBetween(*source, at(0), at(5)), {20, -2}) < 1e-2);
    QVERIFY_EXCEPTION_THROWN(flowBetween(*source, at(6), at(5)), Error);
    writeFlo(folder / "000006.flo", cv::Mat(10, 10, CV_32FC2, cv::Scalar(0, 0)));
    QVERIFY_EXCEPTION_THROWN(flowBetween(*source, at(6), at(5)), Error);
  }

  void argumentsOfSourcesAreChecked() {
    QVERIFY_EXCEPTION_THROWN(makeFlowSource("files", model_), UsageError);
    QVERIFY_EXCEPTION_THROWN(makeFlowSource("dis:x", model_), UsageError);
    QVERIFY_EXCEPTION_THROWN(makeFlowSource("files:/nowhere/at/all", model_), Error);
    QVERIFY(flowNeedsArgument("files:x") && !flowNeedsArgument("codec"));
    QVERIFY(!QString::fromStdString(knownFlowSources()).contains("files"));
  }

  void everySourceKnowsTranslationRotationAndZoom() {
    const QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    const Package package = randomPackage(folder / "model");
    const auto checks = flowSelfTest(package, folder, {});
    QCOMPARE(checks.size(), size_t(3 * 8));
    for (const auto& check : checks) {
      const bool untrained = check.what.rfind("flownet", 0) == 0;
      QVERIFY2(check.passed() != untrained, qPrintable(QString("%1: %2").arg(check.what.c_str()).arg(check.value)));
    }
  }
};

QTEST_APPLESS_MAIN(MotionChainTest)
#include "motion_chain_test.moc"
