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

/// Which two cells a pixel lies between, and how near the second.
struct Place {
  int64_t first, second;
  double toSecond;
};

Place placeOf(int64_t pixel, int64_t pixels, int64_t cells) {
  const double at = std::clamp((double(pixel) + 0.5) * double(cells) / double(pixels) - 0.5, 0., double(cells - 1));
  const auto first = int64_t(at);
  return {first, std::min(first + 1, cells - 1), at - double(first)};
}

/// Label and margin of a pixel from what each class has there, slowly and in double.
std::pair<int, double> labelAndMargin(const std::vector<double>& values) {
  size_t best = 0;
  for (size_t k = 1; k < values.size(); ++k)
    if (values[k] > values[best]) best = k;
  double sum = 0, second = 0;
  for (size_t k = 0; k < values.size(); ++k) {
    const double share = std::exp(values[k] - values[best]);
    sum += share;
    if (k != best) second = std::max(second, share);
  }
  const double margin = (1 - second) / sum;
  return {int(best), std::isnan(margin) ? 0 : margin};
}

kernels::LabelsAndMargins plainly(const at::Tensor& logits, int64_t height, int64_t width) {
  const at::Tensor wide = logits[0].to(at::kDouble);
  const auto at = wide.accessor<double, 3>();
  kernels::LabelsAndMargins out{at::empty({height, width}, at::kByte), at::empty({height, width})};
  std::vector<double> values(size_t(logits.size(1)));
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x) {
      const Place row = placeOf(y, height, logits.size(2)), column = placeOf(x, width, logits.size(3));
      const auto mixed = [](double a, double b, double toB) { return a + toB * (b - a); };
      for (int64_t k = 0; k < logits.size(1); ++k) {
        const auto across = [&](int64_t of) {
          return mixed(at[k][of][column.first], at[k][of][column.second], column.toSecond);
        };
        values[size_t(k)] = mixed(across(row.first), across(row.second), row.toSecond);
      }
      const auto [label, margin] = labelAndMargin(values);
      out.labels[y][x] = label;
      out.margins[y][x] = margin;
    }
  return out;
}

double farthest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// The shortfall of the chosen class against the best one, at the worst pixel: 0 where the choice is the right one,
/// rounding where two classes are as good as equal.
double regret(const at::Tensor& labels, const at::Tensor& large) {
  const at::Tensor chosen = large.gather(0, labels.to(at::kLong).unsqueeze(0))[0];
  return (large.amax(0) - chosen).max().item<double>();
}

void sizes() {
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

}  // namespace

class SegmentArgmaxTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheArgmaxOfTheEnlargedLogits_data() { sizes(); }
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
  void marginsAreTheTwoBestSharesApart_data() { sizes(); }
  void marginsAreTheTwoBestSharesApart() {
    QFETCH(QList<int>, grid);
    QFETCH(QSize, image);
    const at::Tensor logits = randomLogits({1, grid[0], grid[1], grid[2]}) * 5;
    const auto expected = plainly(logits, image.height(), image.width());
    for (const at::Tensor& l : {logits, logits.contiguous(kLast), logits.to(at::kDouble)}) {
      const auto out = kernels::segmentArgmaxMargin(l, {image.width(), image.height()});
      QVERIFY(at::equal(out.labels, kernels::segmentArgmax(l, {image.width(), image.height()})));
      QCOMPARE(out.margins.scalar_type(), at::kFloat);
      QVERIFY(out.margins.sizes() == expected.margins.sizes());
      QVERIFY(farthest(out.margins, expected.margins) < 5e-5);  // float32 rounds where a pixel looks
    }
  }
  void marginsAreLibTorchsSoftmax() {
    const at::Tensor logits = randomLogits({1, 11, 45, 60}) * 3;
    const at::Tensor best = std::get<0>(enlarged(logits, 360, 480).softmax(0).topk(2, 0));
    QVERIFY(farthest(kernels::segmentArgmaxMargin(logits, {480, 360}).margins, best[0] - best[1]) < 1e-5);
  }
  void marginsOfLogitsFarApart_data() {
    QTest::addColumn<float>("of");
    for (const float of : {0.f, 1e-30f, 1e-6f, 0.3f, 20.f, 79.9f, 80.1f, 1e4f, 1e38f})
      QTest::addRow("%g", double(of)) << of;
  }
  void marginsOfLogitsFarApart() {
    QFETCH(float, of);
    const at::Tensor logits = at::zeros({1, 4, 3, 5});
    logits.select(1, 1).fill_(of);
    logits.select(1, 2).fill_(-of);
    logits.select(1, 3).fill_(of / 2);
    const auto out = kernels::segmentArgmaxMargin(logits, {40, 24}), expected = plainly(logits, 24, 40);
    QVERIFY(farthest(out.margins, expected.margins) < 1e-6);
    QVERIFY(at::equal(out.labels, expected.labels));
  }
  void whatIsNotFiniteSpoilsNothingElse_data() {
    QTest::addColumn<float>("value");
    QTest::addColumn<int>("in");
    for (const float value : {std::nanf(""), std::nanf("1"), INFINITY, -INFINITY})
      for (const int in : {0, 2, -1}) QTest::addRow("%g in %d", double(value), in) << value << in;
  }
  /// The kernel computes what is not finite as the plain loop does; exact enlargement, so that both round alike.
  void whatIsNotFiniteSpoilsNothingElse() {
    QFETCH(float, value);
    QFETCH(int, in);
    const at::Tensor logits = randomLogits({1, 4, 5, 7});
    for (int64_t k = 0; k < 4; ++k)
      if (in < 0 || k == in) logits[0][k][2][3] = value;
    for (const int times : {1, 4}) {
      const kernels::SegmentArgmaxOptions size{7 * times, 5 * times};
      const auto out = kernels::segmentArgmaxMargin(logits, size), expected = plainly(logits, size.height, size.width);
      QVERIFY(at::equal(out.labels, expected.labels));
      QVERIFY(at::equal(out.labels, kernels::segmentArgmax(logits, size)));
      QVERIFY(farthest(out.margins, expected.margins) < 1e-5);
      QVERIFY(out.margins[0].gt(0).all().item<bool>());
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
    const auto out = kernels::segmentArgmaxMargin(logits, {48, 32});
    QVERIFY((out.labels == 1).all().item<bool>());
    QVERIFY((out.margins == 0).all().item<bool>());
  }
  void theNumberOfThreadsChangesNothing() {
    const at::Tensor logits = randomLogits({1, 11, 45, 60});
    const auto two = kernels::segmentArgmaxMargin(logits, {480, 360});
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(two.labels, kernels::segmentArgmax(logits, {480, 360})));
      QVERIFY(at::equal(two.margins, kernels::segmentArgmaxMargin(logits, {480, 360}).margins));
    }
  }
  void whatDoesNotFitIsRefused() {
    const at::Tensor logits = at::zeros({1, 3, 4, 5});
    const auto refused = [](const at::Tensor& l, const kernels::SegmentArgmaxOptions& o) {
      try {
        kernels::segmentArgmaxMargin(l, o);
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
    QVERIFY_EXCEPTION_THROWN(kernels::segmentArgmaxCuda({}, {}, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(SegmentArgmaxTest)
#include "segment_argmax_test.moc"
