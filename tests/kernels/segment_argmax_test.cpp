#include "kernels/segment_argmax.h"

#include <torch/torch.h>

#include <QTest>

#include "kernels/segment_argmax_device.h"

using namespace dff;
namespace F = torch::nn::functional;

namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

at::Tensor randomLogits(at::IntArrayRef shape) {
  at::manual_seed(shape[1] * 1000 + shape[2] * 10 + shape[3]);
  return at::randn(shape);
}

at::Tensor enlarged(const at::Tensor& logits, int64_t height, int64_t width) {
  const auto options = F::InterpolateFuncOptions().size(std::vector<int64_t>{height, width}).align_corners(false);
  return F::interpolate(logits.to(at::kDouble), F::InterpolateFuncOptions(options).mode(torch::kBilinear))[0];
}

/// The shortfall of the chosen class against the best one, at the worst pixel: 0 where the choice is the right one,
/// rounding where two classes are as good as equal.
double regret(const at::Tensor& labels, const at::Tensor& large) {
  const at::Tensor chosen = large.gather(0, labels.to(at::kLong).unsqueeze(0))[0];
  return (large.amax(0) - chosen).max().item<double>();
}

}  // namespace

class SegmentArgmaxTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheArgmaxOfTheEnlargedLogits_data() {
    QTest::addColumn<QList<int>>("grid");
    QTest::addColumn<QSize>("image");
    QTest::newRow("by eight") << QList<int>{11, 45, 60} << QSize(480, 360);
    QTest::newRow("odd") << QList<int>{5, 7, 9} << QSize(131, 77);
    QTest::newRow("one cell") << QList<int>{4, 1, 1} << QSize(70, 3);
    QTest::newRow("one row") << QList<int>{4, 1, 9} << QSize(70, 5);
    QTest::newRow("one column") << QList<int>{4, 9, 1} << QSize(5, 70);
    QTest::newRow("one pixel") << QList<int>{4, 5, 6} << QSize(1, 1);
    QTest::newRow("as large as the grid") << QList<int>{4, 5, 6} << QSize(6, 5);
    QTest::newRow("smaller than the grid") << QList<int>{4, 50, 60} << QSize(17, 13);
    QTest::newRow("one class") << QList<int>{1, 5, 6} << QSize(20, 20);
    QTest::newRow("all the classes of a byte") << QList<int>{256, 5, 6} << QSize(20, 20);
  }
  void equalsTheArgmaxOfTheEnlargedLogits() {
    QFETCH(QList<int>, grid);
    QFETCH(QSize, image);
    const at::Tensor logits = randomLogits({1, grid[0], grid[1], grid[2]});
    const at::Tensor large = enlarged(logits, image.height(), image.width());
    for (const at::Tensor& l : {logits, logits.contiguous(kLast), logits.to(at::kDouble)}) {
      const at::Tensor labels = kernels::segmentArgmax(l, {image.width(), image.height()});
      QCOMPARE(labels.scalar_type(), at::kByte);
      QVERIFY(labels.sizes() == large.sizes().slice(1));
      QVERIFY(regret(labels, large) < 1e-4);
      QVERIFY((labels == large.argmax(0)).to(at::kDouble).mean().item<double>() > 0.999);
    }
  }
  void thePaddedPartOfTheGridIsLeftOut() {
    // 60x45 cells of 8 pixels, of which the picture covers 57.5x44: as if enlarged whole and cropped.
    const at::Tensor logits = randomLogits({1, 6, 45, 60});
    const at::Tensor large = enlarged(logits, 360, 480).slice(1, 0, 352).slice(2, 0, 460);
    kernels::SegmentArgmaxOptions options{460, 352};
    options.gridWidth = 57.5f;
    options.gridHeight = 44;
    QVERIFY(regret(kernels::segmentArgmax(logits, options), large) < 1e-4);
  }
  void tiesGoToTheLowerClass() {
    const at::Tensor logits = at::zeros({1, 5, 4, 6});
    logits.select(1, 0).fill_(-1);
    QVERIFY((kernels::segmentArgmax(logits, {48, 32}) == 1).all().item<bool>());
  }
  void theNumberOfThreadsChangesNoLabel() {
    const at::Tensor logits = randomLogits({1, 11, 45, 60});
    const at::Tensor two = kernels::segmentArgmax(logits, {480, 360});
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(two, kernels::segmentArgmax(logits, {480, 360})));
    }
  }
  void whatDoesNotFitIsRefused() {
    const at::Tensor logits = at::zeros({1, 3, 4, 5});
    const auto refused = [](const at::Tensor& l, const kernels::SegmentArgmaxOptions& o) {
      try {
        kernels::segmentArgmax(l, o);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("segmentArgmax: ");
      }
      return false;
    };
    QVERIFY(refused({}, {8, 8}));
    QVERIFY(refused(logits[0], {8, 8}));
    QVERIFY(refused(at::zeros({2, 3, 4, 5}), {8, 8}));
    QVERIFY(refused(at::zeros({1, 0, 4, 5}), {8, 8}));
    QVERIFY(refused(at::zeros({1, 257, 4, 5}), {8, 8}));
    QVERIFY(refused(logits.to(at::kInt), {8, 8}));
    QVERIFY(refused(logits.to(at::kMeta), {8, 8}));
    QVERIFY(refused(logits, {0, 8}));
    QVERIFY(refused(logits, {8, -1}));
    QVERIFY(refused(logits, {8, 8, 5.5f, 4}));
    QVERIFY(refused(logits, {8, 8, 5, -1}));
    QVERIFY(refused(logits, {8, 8, std::nanf(""), 4}));
  }
  void withoutCudaItsEntrySaysSo() {
    QVERIFY_EXCEPTION_THROWN(kernels::segmentArgmaxCuda({}, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(SegmentArgmaxTest)
#include "segment_argmax_test.moc"
