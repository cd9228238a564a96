#include "kernels/winograd.h"

#include <torch/torch.h>

#include <QTest>

#include "tests/support/gradients.h"

using namespace dff;
using namespace dff::kernels;
using namespace dff::test;

namespace {

struct Case {
  at::Tensor map, weight, bias, before;  // maps [h,w,C]
  WinogradGrid grid;
};

Case makeCase(int64_t h, int64_t w, int64_t dilation) {
  at::manual_seed(h * 100 + w);
  return {
      at::randn({h, w, 32}), at::randn({48, 32, 3, 3}) / 17, at::randn({48}), at::randn({h, w, 48}), {h, w, dilation}};
}

at::Tensor byDefinition(const Case& c, const WinogradEnd& end) {
  const at::Tensor x = c.map.to(at::kDouble).permute({2, 0, 1}).unsqueeze(0);
  const auto d = c.grid.dilation;
  at::Tensor y = at::conv2d(x, c.weight.to(at::kDouble), c.bias.to(at::kDouble), 1, d, d)[0].permute({1, 2, 0});
  if (end.accumulate) y = y + c.before.to(at::kDouble);
  return at::leaky_relu(y, end.slope);
}

at::Tensor byPoints(const Case& c, WinogradEnd end) {
  const int64_t in = c.map.size(2), out = c.weight.size(0);
  end.bias = c.bias.data_ptr<float>();
  const at::Tensor weight = at::empty({36, in, out}), points = at::zeros({36, c.grid.rows(), in});
  winogradWeight(c.weight.data_ptr<float>(), out, in, weight.data_ptr<float>());
  winogradInput(c.grid, in, c.map.data_ptr<float>(), points.data_ptr<float>());
  const at::Tensor products = at::bmm(points.slice(1, 0, c.grid.tiles()), weight);
  const at::Tensor spaced = at::zeros({36, c.grid.rows(), out}), result = c.before.clone();
  spaced.slice(1, 0, c.grid.tiles()).copy_(products);
  winogradOutput(c.grid, out, spaced.data_ptr<float>(), end, result.data_ptr<float>());
  return result;
}

}  // namespace

class WinogradTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheConvolution_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::addColumn<int>("dilation");
    QTest::newRow("one pixel") << 1 << 1 << 1;
    QTest::newRow("one row") << 1 << 9 << 1;
    QTest::newRow("one column") << 7 << 1 << 1;
    QTest::newRow("one tile") << 4 << 4 << 1;
    QTest::newRow("odd") << 23 << 30 << 1;
    QTest::newRow("dilated") << 23 << 30 << 2;
    QTest::newRow("dilated by three") << 10 << 11 << 3;
    QTest::newRow("as many tiles as share cache lines") << 46 << 60 << 2;
    QTest::newRow("dilated beyond the map") << 3 << 5 << 6;
  }
  void equalsTheConvolution() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, dilation);
    const Case c = makeCase(h, w, dilation);
    for (const bool accumulate : {false, true})
      for (const float slope : {0.f, 0.1f, 1.f}) {
        const WinogradEnd end{nullptr, accumulate, slope};
        QVERIFY(maxDifference(byPoints(c, end), byDefinition(c, end)) < 1e-4);  // values of a few units
      }
  }
  void theNumberOfThreadsChangesNoBit() {
    const Case c = makeCase(46, 60, 2);
    const at::Tensor two = byPoints(c, {});
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(two, byPoints(c, {})));
    }
  }
  void whatIsNotANumberStaysInItsTileAndIsNotHidden() {
    Case c = makeCase(8, 8, 1);
    c.map[0][0][0] = std::nanf("");
    const at::Tensor result = byPoints(c, {nullptr, false, 0});
    QVERIFY(result[0][0].isnan().all().item<bool>());
    QVERIFY(result.slice(0, 4).isfinite().all().item<bool>());
  }
};

QTEST_APPLESS_MAIN(WinogradTest)
#include "winograd_test.moc"
