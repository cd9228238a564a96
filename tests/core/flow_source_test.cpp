#include "core/flow/flow_source.h"

#include <QTest>
#include <opencv2/imgproc.hpp>

#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

constexpr int kDx = 6, kDy = -3;  // of the scene's points, current to key frame, pixels

/// A smooth random picture, seen through a window whose corner stands at `at`.
FramePtr windowOf(const cv::Mat& scene, cv::Point at, cv::Size size) {
  auto frame = std::make_shared<Frame>();
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
    for (const char* name : {"dis", "deepflow", "farneback", "sparse"}) QTest::newRow(name) << name;
  }
  void handCraftedFlowPointsFromTheCurrentFrameToTheKeyInCells() {
    QFETCH(QString, source);
    const auto flow = makeFlowSource(source.toStdString(), model_);
    const cv::Mat scene = smoothScene();
    const auto code = [&](cv::Point at) {
      return flow->encode(netInput(windowOf(scene, at, size_), size_, smallSpec()));
    };
    // A point at p of the current window lies at p + (dx, dy) of the key's, whose corner stands that much further back.
    const FlowEstimate e = flow->estimate(code({40, 40}), code({40 - kDx, 40 - kDy}));
    const double stride = smallSpec().stride();
    const auto inner = e.keyFromCur.slice(2, 3, -3).slice(3, 3, -3);
    QVERIFY(flowKnowsMotion(QTest::currentDataTag()));
    QVERIFY(!e.scale.defined());
    QCOMPARE(e.keyFromCur.size(2), int64_t(size_.height / stride));
    QVERIFY(std::abs(inner.select(1, 0).mean().item<double>() * stride - kDx) < 0.5);
    QVERIFY(std::abs(inner.select(1, 1).mean().item<double>() * stride - kDy) < 0.5);
  }

  void everySourceOfTheTableCanBeMade() {
    const QStringList names = QString::fromStdString(knownFlowSources()).split(", ");
    QCOMPARE(names.size(), 7);
    for (const auto& name : names) QVERIFY(makeFlowSource(name.toStdString(), model_) != nullptr);
    QVERIFY_EXCEPTION_THROWN(makeFlowSource("magic", model_), UsageError);
  }
};

QTEST_APPLESS_MAIN(FlowSourceTest)
#include "flow_source_test.moc"
