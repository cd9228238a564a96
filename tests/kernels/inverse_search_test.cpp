#include "kernels/inverse_search.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTest>
#include <array>
#include <cmath>
#include <functional>

using namespace dff;

namespace {

using Picture = std::function<double(double x, double y)>;

/// Waves of several lengths and directions: texture everywhere, and as smooth as pictures are.
double waves(double x, double y) {
  return 120 + 30 * std::sin(0.31 * x + 0.12 * y) + 25 * std::sin(0.09 * x - 0.27 * y + 1) +
         12 * std::sin(0.45 * y + 2) + 9 * std::sin(0.52 * x - 0.38 * y);
}

at::Tensor drawn(const Picture& picture, int64_t h, int64_t w) {
  auto gray = at::empty({h, w});
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x) gray[y][x] = picture(double(x), double(y));
  return gray;
}

at::Tensor found(const at::Tensor& cur, const at::Tensor& key) {
  kernels::GrayPyramid now, then;
  kernels::fillPyramid(cur.view({1, 1, cur.size(0), cur.size(1)}), now);
  kernels::fillPyramid(key.view({1, 1, key.size(0), key.size(1)}), then);
  at::Tensor flow;
  kernels::inverseSearch(now, then, flow);
  return flow;
}

/// Mean distance in cells from the motion (dx, dy) in pixels of a cell's centre, away from the border.
double error(const at::Tensor& flow, const std::function<std::array<double, 2>(double, double)>& motion) {
  constexpr int64_t kBorder = 6;
  double sum = 0, count = 0;
  for (int64_t y = kBorder; y < flow.size(1) - kBorder; ++y)
    for (int64_t x = kBorder; x < flow.size(2) - kBorder; ++x, ++count) {
      const auto m = motion(2. * double(x) + 0.5, 2. * double(y) + 0.5);
      sum += std::hypot(flow[0][y][x].item<double>() - m[0] / 2, flow[1][y][x].item<double>() - m[1] / 2);
    }
  return sum / count;
}

/// inverseSearch() at one level as its description says it, in doubles and without haste.
class Slowly {
 public:
  Slowly(const at::Tensor& cur, const at::Tensor& key)
      : cur_(cur.to(at::kDouble)), key_(key.to(at::kDouble)), h_(cur.size(0)), w_(cur.size(1)) {}

  at::Tensor flow() {
    rows_ = (h_ + 3) / 4, columns_ = (w_ + 3) / 4;
    std::vector<Motion> first(size_t(rows_ * columns_));
    for (int64_t i = 0; i < rows_ * columns_; ++i) first[size_t(i)] = searched(i, {0, 0});
    std::vector<Motion> second = first;
    for (int64_t i = 0; i < rows_ * columns_; ++i) second[size_t(i)] = improved(i, first);
    return blended(second);
  }

 private:
  struct Motion {
    double dx, dy, square = INFINITY;
  };
  double at(const at::Tensor& picture, int64_t y, int64_t x) const {
    return picture[std::clamp<int64_t>(y, 0, h_ - 1)][std::clamp<int64_t>(x, 0, w_ - 1)].item<double>();
  }
  double keyAt(double y, double x) const {
    const double left = std::floor(x), top = std::floor(y), fx = x - left, fy = y - top;
    const auto p = [&](int v, int u) { return at(key_, int64_t(top) + v, int64_t(left) + u); };
    return (p(0, 0) * (1 - fx) + p(0, 1) * fx) * (1 - fy) + (p(1, 0) * (1 - fx) + p(1, 1) * fx) * fy;
  }
  /// The differences of a patch's 64 pixels, less their mean.
  std::array<double, 64> differences(int64_t patch, const Motion& m) const {
    std::array<double, 64> r;
    double mean = 0;
    for (int64_t k = 0; k < 64; ++k) {
      const int64_t y = patch / columns_ * 4 - 2 + k / 8, x = patch % columns_ * 4 - 2 + k % 8;
      mean += (r[size_t(k)] = keyAt(double(y) + m.dy, double(x) + m.dx) - at(cur_, y, x)) / 64;
    }
    for (double& value : r) value -= mean;
    return r;
  }
  double squareOf(int64_t patch, const Motion& m) const {
    double sum = 0;
    for (const double r : differences(patch, m)) sum += r * r;
    return sum;
  }
  Motion searched(int64_t patch, Motion m) const {
    Motion best{m.dx, m.dy};
    for (int step = 0; step <= 6; ++step) {
      const double square = squareOf(patch, m);
      if (square >= best.square) break;
      best = {m.dx, m.dy, square};
      const auto [dx, dy] = stepOf(patch, m);
      if (std::abs(dx) + std::abs(dy) < 0.01) break;
      m.dx -= dx, m.dy -= dy;
    }
    return best;
  }
  std::array<double, 2> stepOf(int64_t patch, const Motion& m) const {
    const auto r = differences(patch, m);
    double sx = 0, sy = 0, xx = 16, xy = 0, yy = 16, bx = 0, by = 0;  // 16: what flat patches are held by
    for (int64_t k = 0; k < 64; ++k) {
      const int64_t y = patch / columns_ * 4 - 2 + k / 8, x = patch % columns_ * 4 - 2 + k % 8;
      const double gx = (at(cur_, y, x + 1) - at(cur_, y, x - 1)) / 2,
                   gy = (at(cur_, y + 1, x) - at(cur_, y - 1, x)) / 2;
      sx += gx, sy += gy, xx += gx * gx, xy += gx * gy, yy += gy * gy;
      bx += gx * r[size_t(k)], by += gy * r[size_t(k)];
    }
    xx -= sx * sx / 64, xy -= sx * sy / 64, yy -= sy * sy / 64;
    const double det = xx * yy - xy * xy;
    return {(yy * bx - xy * by) / det, (xx * by - xy * bx) / det};
  }
  Motion improved(int64_t patch, const std::vector<Motion>& all) const {
    Motion best = all[size_t(patch)];
    const int64_t j = patch / columns_, i = patch % columns_;
    double least = best.square;
    std::optional<Motion> from;
    for (const auto [v, u] : {std::array{0, -1}, std::array{0, 1}, std::array{-1, 0}, std::array{1, 0}}) {
      if (j + v < 0 || j + v >= rows_ || i + u < 0 || i + u >= columns_) continue;
      const Motion& m = all[size_t((j + v) * columns_ + i + u)];
      if (std::abs(m.dx - best.dx) + std::abs(m.dy - best.dy) < 0.05) continue;
      const double square = squareOf(patch, m);
      if (square < least) least = square, from = m;
    }
    return from ? searched(patch, {from->dx, from->dy}) : best;
  }
  at::Tensor blended(const std::vector<Motion>& all) const {
    auto sums = at::zeros({3, (h_ + 1) / 2, (w_ + 1) / 2}, at::kDouble);
    for (int64_t patch = 0; patch < rows_ * columns_; ++patch) {
      const Motion& m = all[size_t(patch)];
      const auto r = differences(patch, m);
      for (int64_t k = 0; k < 64; ++k) {
        const int64_t y = patch / columns_ * 4 - 2 + k / 8, x = patch % columns_ * 4 - 2 + k % 8;
        const int64_t by = y < 0 ? -1 : y / 2, bx = x < 0 ? -1 : x / 2;
        if (by < 0 || bx < 0 || by >= sums.size(1) || bx >= sums.size(2)) continue;
        const double weight = 1 / std::max(1., r[size_t(k)] * r[size_t(k)]);
        sums[0][by][bx] += weight * m.dx / 2, sums[1][by][bx] += weight * m.dy / 2, sums[2][by][bx] += weight;
      }
    }
    return sums.slice(0, 0, 2) / sums[2];
  }

  at::Tensor cur_, key_;
  int64_t h_, w_, rows_ = 0, columns_ = 0;
};

}  // namespace

class InverseSearchTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aTranslationIsFound_data() {
    QTest::addColumn<double>("dx");
    QTest::addColumn<double>("dy");
    QTest::newRow("none") << 0. << 0.;
    QTest::newRow("part of a pixel") << 0.3 << -0.7;
    QTest::newRow("a few pixels") << -3.4 << 2.1;
    QTest::newRow("almost a patch") << 7.5 << -6.;
  }
  void aTranslationIsFound() {
    QFETCH(double, dx);
    QFETCH(double, dy);
    const auto key = drawn(waves, 96, 130);
    const auto cur = drawn([&](double x, double y) { return waves(x + dx, y + dy); }, 96, 130);
    const double off = error(found(cur, key), [&](double, double) { return std::array{dx, dy}; });
    QVERIFY2(off < 0.04, qPrintable(QString::number(off)));
  }

  void aZoomIsFound() {
    const auto motion = [](double x, double y) { return std::array{0.03 * (x - 60), 0.03 * (y - 50)}; };
    const auto cur =
        drawn([&](double x, double y) { return waves(x + motion(x, y)[0], y + motion(x, y)[1]); }, 100, 120);
    const double off = error(found(cur, drawn(waves, 100, 120)), motion);
    QVERIFY2(off < 0.06, qPrintable(QString::number(off)));
  }

  void itIsWhatASlowOneFinds_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::newRow("one pixel") << 1 << 1;
    QTest::newRow("one row") << 1 << 17;
    QTest::newRow("one column") << 13 << 1;
    QTest::newRow("odd sizes") << 19 << 27;
    QTest::newRow("whole patches") << 24 << 32;
  }
  void itIsWhatASlowOneFinds() {
    QFETCH(int, h);
    QFETCH(int, w);
    const auto key = drawn(waves, h, w), cur = drawn([](double x, double y) { return waves(x + 0.8, y - 0.5); }, h, w);
    const auto flow = found(cur, key), expected = Slowly(cur, key).flow();
    QCOMPARE(flow.sizes(), expected.sizes());
    const double off = (flow - expected).abs().max().item<double>();
    QVERIFY2(off < 2e-3, qPrintable(QString::number(off)));
  }

  void brightnessDoesNotMatter() {
    const auto key = drawn(waves, 60, 80), cur = drawn([](double x, double y) { return waves(x + 1, y); }, 60, 80);
    QVERIFY((found(cur, key) - found(cur + 40, key)).abs().max().item<double>() < 1e-2);
  }

  void nothingMovesWhereNothingIsSeen() {
    QCOMPARE(found(at::full({50, 70}, 90.), at::full({50, 70}, 90.)).abs().max().item<double>(), 0.);
  }

  void noiseAgainstNoiseGivesNumbers() {
    at::manual_seed(4);
    const auto flow = found(at::rand({77, 90}) * 255, at::rand({77, 90}) * 255);
    QVERIFY(flow.isfinite().all().item<bool>());
  }

  void anyNumberOfThreadsGivesTheSame() {
    at::manual_seed(5);
    const auto cur = at::rand({216, 288}) * 255, key = at::rand({216, 288}) * 255;
    const int before = at::get_num_threads();
    at::set_num_threads(1);
    const auto one = found(cur, key);
    for (const int threads : {2, 4}) {
      at::set_num_threads(threads);
      QVERIFY(found(cur, key).equal(one));
    }
    at::set_num_threads(before);
  }

  void memoryIsUsedAgainAndPlanesAreSummed() {
    at::manual_seed(6);
    const auto planes = at::rand({1, 3, 60, 70}) * 80;
    kernels::GrayPyramid pyramid, ofSum;
    kernels::fillPyramid(at::zeros({1, 1, 60, 70}), pyramid);
    const void* memory = pyramid[0].padded.data_ptr();
    kernels::fillPyramid(planes, pyramid);
    kernels::fillPyramid(planes.sum(1, true), ofSum);
    QCOMPARE(pyramid[0].padded.data_ptr(), memory);
    for (size_t level = 0; level < pyramid.size(); ++level)
      QVERIFY(pyramid[level].padded.allclose(ofSum[level].padded, 1e-5, 1e-4));
    at::Tensor flow;
    kernels::inverseSearch(pyramid, ofSum, flow);
    const void* first = flow.data_ptr();
    kernels::inverseSearch(ofSum, pyramid, flow);
    QCOMPARE(flow.data_ptr(), first);
  }

  void otherShapesAreRefused() {
    kernels::GrayPyramid pyramid;
    QVERIFY_EXCEPTION_THROWN(kernels::fillPyramid(at::zeros({2, 1, 4, 4}), pyramid), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(kernels::fillPyramid(at::zeros({1, 1, 4, 4}, at::kDouble), pyramid),
                             std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(found(at::zeros({8, 8}), at::zeros({8, 9})), std::invalid_argument);
  }
};

QTEST_APPLESS_MAIN(InverseSearchTest)
#include "inverse_search_test.moc"
