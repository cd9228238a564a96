#include "core/flow/flow_source.h"

#include <QTest>
#include <opencv2/imgproc.hpp>

#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

constexpr int kDx = 6, kDy = -3;  // of the scene's points, current to key frame, pixels

/// A smooth random picture, seen through a window whose corner stands at `at`.
FramePtr windowOf(const cv::Mat& scene, cv::Point at, cv::Size size, int64_t index) {
  auto frame = std::make_shared<Frame>();
  frame->index = index;
  frame->rgb = scene(cv::Rect(at, size)).clone();
  return frame;
}

cv::Mat smoothScene() {
  cv::Mat scene(220, 300, CV_8UC3);
  cv::RNG(7).fill(scene, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(scene, scene, {}, 4);
  cv::normalize(scene, scene, 0, 255, cv::NORM_MINMAX);
  return scene;
}

}  // namespace

class FlowSourceTest : public QObject {
  Q_OBJECT
  const cv::Size size_{192, 128};
  ModelPtr model_ = std::make_shared<DffModel>(smallSpec());

 private Q_SLOTS:
  void handCraftedFlowPointsFromTheCurrentFrameToTheKeyInCells_data() {
    QTest::addColumn<QString>("source");
    for (const char* name : {"search", "dis", "deepflow", "farneback", "sparse"}) QTest::newRow(name) << name;
  }
  void handCraftedFlowPointsFromTheCurrentFrameToTheKeyInCells() {
    QFETCH(QString, source);
    const auto flow = makeFlowSource(source.toStdString(), model_);
    const cv::Mat scene = smoothScene();
    const auto code = [&](cv::Point at, int64_t index) {
      return flow->encode(netInput(windowOf(scene, at, size_, index), size_, smallSpec()));
    };
    // A point at p of the current window lies at p + (dx, dy) of the key's, whose corner stands that much further back.
    const FlowEstimate e = flow->estimate(code({40, 40}, 1), code({40 - kDx, 40 - kDy}, 0));
    const double stride = smallSpec().stride();
    const auto inner = e.keyFromCur.slice(2, 3, -3).slice(3, 3, -3);
    QVERIFY(flowKnowsMotion(QTest::currentDataTag()));
    QVERIFY(!e.scale.defined());
    QCOMPARE(e.keyFromCur.size(2), int64_t(size_.height / stride));
    QVERIFY(std::abs(inner.select(1, 0).mean().item<double>() * stride - kDx) < 0.5);
    QVERIFY(std::abs(inner.select(1, 1).mean().item<double>() * stride - kDy) < 0.5);
  }

  /// Seven frames of a window that moves by (kDx, kDy) each; the frames between come by number, or in order.
  void searchGoesFromFrameToFrame_data() {
    QTest::addColumn<bool>("byNumber");
    QTest::addColumn<int>("lost");
    QTest::newRow("in order") << false << -1;
    QTest::newRow("by number") << true << -1;
    QTest::newRow("over a frame that is lost") << true << 3;
  }
  void searchGoesFromFrameToFrame() {
    QFETCH(bool, byNumber);
    QFETCH(int, lost);
    const cv::Mat scene = smoothScene();
    const auto frame = [&](int64_t i) { return windowOf(scene, cv::Point(20 + kDx * i, 40 + kDy * i), size_, i); };
    const auto flow = makeFlowSource("search", model_);
    std::vector<int64_t> asked;
    if (byNumber) flow->setFrames([&](int64_t i) { return asked.push_back(i), i == lost ? nullptr : frame(i); });
    const auto code = [&](int64_t i) { return flow->encode(netInput(frame(i), size_, smallSpec())); };
    const FlowCode first = code(0);
    for (int64_t i = 1; !byNumber && i < 6; ++i) flow->estimate(code(i), first);
    const auto middle = [&](const FlowEstimate& e) {
      const auto at = e.keyFromCur.select(3, e.keyFromCur.size(3) / 2).select(2, e.keyFromCur.size(2) / 2);
      return cv::Vec2d(at[0][0].item<double>(), at[0][1].item<double>()) * double(smallSpec().stride());
    };
    const FlowCode last = code(6);
    QVERIFY(cv::norm(middle(flow->estimate(last, first)) - cv::Vec2d(6 * kDx, 6 * kDy)) < 1);
    QVERIFY(cv::norm(middle(flow->estimate(first, last)) + cv::Vec2d(6 * kDx, 6 * kDy)) < 1);
    QCOMPARE(asked.empty(), !byNumber);
    const size_t before = asked.size();
    flow->estimate(last, first);  // what is known is not asked for again, but where a frame was missing
    QCOMPARE(asked.size() > before, lost >= 0);
  }

  /// The pictures at hand lie near the frame that a long step leads to, and far from the one that it starts at.
  void aLongStepOverLostFramesIsOneOfItsTwoEnds() {
    const cv::Mat scene = smoothScene();
    const auto frame = [&](int64_t i) { return windowOf(scene, cv::Point(20 + 2 * int(i), 40 - int(i)), size_, i); };
    const auto flow = makeFlowSource("search", model_);
    flow->setFrames([&](int64_t i) { return i > 4 && i < 9 ? nullptr : frame(i); });
    const auto code = [&](int64_t i) { return flow->encode(netInput(frame(i), size_, smallSpec())); };
    const FlowCode first = code(0);
    flow->estimate(code(3), first);
    const auto motion = flow->estimate(code(9), first).keyFromCur.slice(2, 3, -3).slice(3, 3, -3).mean({0, 2, 3});
    QVERIFY(std::abs(motion[0].item<double>() * smallSpec().stride() - 18) < 1);
    QVERIFY(std::abs(motion[1].item<double>() * smallSpec().stride() + 9) < 1);
  }

  void searchFitsMapsOfAnyStride_data() {
    QTest::addColumn<int>("skip");
    QTest::newRow("4") << 0;
    QTest::newRow("8") << 1;
    QTest::newRow("16") << 2;
  }
  void searchFitsMapsOfAnyStride() {
    QFETCH(int, skip);
    ModelSpec spec = smallSpec();
    spec.feature.skipStage = skip;
    const cv::Size size(200, 150);  // whole cells of none
    const auto flow = makeFlowSource("search", std::make_shared<DffModel>(spec));
    const cv::Mat scene = smoothScene();
    const auto code = [&](cv::Point at, int64_t index) {
      return flow->encode(netInput(windowOf(scene, at, size, index), size, spec));
    };
    const FlowEstimate e = flow->estimate(code({40, 40}, 1), code({40 - kDx, 40 - kDy}, 0));
    QCOMPARE(e.finer.size(3), 2 * e.keyFromCur.size(3));
    QCOMPARE(e.keyFromCur.size(3), int64_t(208 / spec.stride()));
    QCOMPARE(e.keyFromCur.size(2), int64_t(160 / spec.stride()));
    const auto inner = e.keyFromCur.slice(2, 2, -3).slice(3, 2, -3).mean({0, 2, 3}) * spec.stride();
    QVERIFY(std::abs(inner[0].item<double>() - kDx) < 0.3);
    QVERIFY(std::abs(inner[1].item<double>() - kDy) < 0.3);
  }

  void aFrameHasNoMotionToItself() {
    const auto flow = makeFlowSource("search", model_);
    const auto code = flow->encode(netInput(windowOf(smoothScene(), {9, 9}, size_, 4), size_, smallSpec()));
    QCOMPARE(flow->estimate(code, code).keyFromCur.abs().max().item<double>(), 0.);
  }

  void autoIsWhatTheModelNames() {
    ModelSpec spec = smallSpec();
    QCOMPARE(chosenFlow("auto", spec), std::string("flownet"));
    spec.flow.source = "search";
    QCOMPARE(chosenFlow("auto", spec), std::string("search"));
    QCOMPARE(chosenFlow("dis", spec), std::string("dis"));
    QVERIFY(flowKnowsMotion("auto"));
  }

  void everySourceOfTheTableCanBeMade() {
    const QStringList names = QString::fromStdString(knownFlowSources()).split(", ");
    QCOMPARE(names.size(), 8);
    for (const auto& name : names) QVERIFY(makeFlowSource(name.toStdString(), model_) != nullptr);
    QVERIFY_EXCEPTION_THROWN(makeFlowSource("magic", model_), UsageError);
  }
};

QTEST_APPLESS_MAIN(FlowSourceTest)
#include "flow_source_test.moc"
