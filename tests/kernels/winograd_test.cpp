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

Case makeCase(WinogradGrid grid, int64_t in = 32, int64_t out = 48) {
  at::manual_seed(grid.h * 100 + grid.w);
  return {at::randn({grid.h, grid.w, in}), at::randn({out, in, 3, 3}) / (3 * std::sqrt(double(in))), at::randn({out}),
          at::randn({grid.h, grid.w, out}), grid};
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
  const at::Tensor points = at::empty({36 * in * out}), result = c.before.clone();
  winogradWeight(c.weight.data_ptr<float>(), out, in, points.data_ptr<float>());
  winograd(c.grid, {points.data_ptr<float>(), in, out}, c.map.data_ptr<float>(), end, result.data_ptr<float>());
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
    QTest::newRow("several blocks a thread") << 70 << 90 << 1;
    QTest::newRow("dilated beyond the map") << 3 << 5 << 6;
  }
  void equalsTheConvolution() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, dilation);
    const Case c = makeCase({h, w, dilation});
    for (const bool accumulate : {false, true})
      for (const float slope : {0.f, 0.1f, 1.f}) {
        const WinogradEnd end{nullptr, accumulate, slope};
        QVERIFY(maxDifference(byPoints(c, end), byDefinition(c, end)) < 1e-4);  // values of a few units
      }
  }
  /// Panels of each width and their combinations, and weights that are shared out by outputs.
  void anyNumberOfChannelsWillDo_data() {
    QTest::addColumn<int>("in");
    QTest::addColumn<int>("out");
    for (const auto& [in, out] : {std::pair(16, 16), std::pair(16, 32), std::pair(48, 64), std::pair(16, 80),
                                  std::pair(32, 96), std::pair(32, 112), std::pair(128, 256)})
      QTest::addRow("%d to %d", in, out) << in << out;
  }
  void anyNumberOfChannelsWillDo() {
    QFETCH(int, in);
    QFETCH(int, out);
    for (const int64_t side : {5, 13}) {
      const Case c = makeCase({side, side + 2, 1}, in, out);
      QVERIFY(maxDifference(byPoints(c, {}), byDefinition(c, {})) < 1e-4);
    }
  }
  void theNumberOfThreadsChangesNoBit() {
    for (const Case& c : {makeCase({46, 60, 2}), makeCase({12, 15, 1}, 128, 256)}) {
      const at::Tensor two = byPoints(c, {});
      for (const int threads : {1, 4}) {
        at::set_num_threads(threads);
        QVERIFY(at::equal(two, byPoints(c, {})));
      }
    }
  }
  void whatIsNotANumberStaysInItsTileAndIsNotHidden() {
    Case c = makeCase({8, 8, 1});
    c.map[0][0][0] = std::nanf("");
    const at::Tensor result = byPoints(c, {nullptr, false, 0});
    QVERIFY(result[0][0].isnan().all().item<bool>());
    QVERIFY(result.slice(0, 4).isfinite().all().item<bool>());
  }
};

QTEST_APPLESS_MAIN(WinogradTest)
#include "winograd_test.moc"
