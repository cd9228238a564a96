#include "kernels/warp.h"

#include <torch/torch.h>

#include <QTest>

#include "kernels/warp_device.h"
#include "tests/support/gradients.h"

using namespace dff;
using namespace dff::test;
namespace F = torch::nn::functional;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const auto kDoubles = at::TensorOptions().dtype(at::kDouble);

struct Case {
  at::Tensor feature, flow, scale;
};

/// Flow of a few cells; with fractions from 0.1 to 0.9 where a derivative is to be taken by differences.
Case makeCase(at::IntArrayRef shape, double reach, bool awayFromKinks = false) {
  at::manual_seed(shape[1] * 1000 + shape[2] * 10 + shape[3]);
  Case c{at::randn(shape, kDoubles), {}, at::randn(shape, kDoubles)};
  c.flow = at::randn({shape[0], 2, shape[2], shape[3]}, kDoubles) * reach;
  if (awayFromKinks) c.flow = c.flow.floor() + 0.1 + 0.8 * at::rand_like(c.flow);
  return c;
}

Case channelsLast(const Case& c) {
  const auto layout = at::MemoryFormat::ChannelsLast;
  return {c.feature.contiguous(layout), c.flow.contiguous(layout),
          c.scale.defined() ? c.scale.contiguous(layout) : c.scale};
}

at::Tensor warped(const Case& c) { return kernels::warp(c.feature, c.flow, c.scale); }

/// The independent reference; maps one cell wide or high, which it cannot normalise, get a border of zeros first.
at::Tensor gridSampled(const Case& c) {
  const at::Tensor padded = at::constant_pad_nd(c.feature, {1, 1, 1, 1});
  const int64_t h = c.feature.size(2), w = c.feature.size(3);
  const at::Tensor xs = at::arange(w, kDoubles).view({1, 1, w}) + 1, ys = at::arange(h, kDoubles).view({1, h, 1}) + 1;
  const at::Tensor gx = (c.flow.select(1, 0) + xs) * 2 / (w + 1) - 1, gy = (c.flow.select(1, 1) + ys) * 2 / (h + 1) - 1;
  const auto options = F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kZeros);
  const at::Tensor out =
      F::grid_sample(padded, at::stack({gx, gy}, 3), F::GridSampleFuncOptions(options).align_corners(true));
  return c.scale.defined() ? out * c.scale : out;
}

std::array<at::Tensor, 3> gradientsOf(Case c) {
  for (at::Tensor* t : {&c.feature, &c.flow, &c.scale}) *t = t->detach().clone().requires_grad_(true);
  warped(c).cos().sum().backward();
  return {c.feature.grad(), c.flow.grad(), c.scale.grad()};
}

}  // namespace

class WarpTest : public QObject {
  Q_OBJECT
 private:
  static void shapes() {
    QTest::addColumn<QList<int>>("shape");
    QTest::addColumn<double>("reach");
    QTest::newRow("one cell") << QList<int>{1, 1, 1, 1} << 0.5;
    QTest::newRow("one cell, many channels") << QList<int>{2, 37, 1, 1} << 0.5;
    QTest::newRow("one row") << QList<int>{1, 5, 1, 9} << 1.0;
    QTest::newRow("one column") << QList<int>{1, 5, 7, 1} << 1.0;
    QTest::newRow("odd sizes") << QList<int>{3, 17, 11, 13} << 2.0;
    QTest::newRow("rows longer than a block of cells") << QList<int>{1, 3, 3, 150} << 3.0;
    QTest::newRow("more channels than a chunk") << QList<int>{1, 1500, 3, 4} << 1.0;
    QTest::newRow("as many channels as logits have") << QList<int>{1, 11, 9, 10} << 3.0;
    QTest::newRow("mostly outside") << QList<int>{2, 16, 6, 8} << 30.0;
    QTest::newRow("no motion") << QList<int>{1, 4, 5, 6} << 0.0;
  }
  static Case fetched(bool awayFromKinks = false) {
    QFETCH(QList<int>, shape);
    QFETCH(double, reach);
    return makeCase({shape[0], shape[1], shape[2], shape[3]}, reach, awayFromKinks);
  }

 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsGridSamplerTimesScale_data() { shapes(); }
  void equalsGridSamplerTimesScale() {
    const Case c = fetched();
    const at::Tensor expected = gridSampled(c);
    QVERIFY(maxDifference(warped(c), expected) < 1e-9);
    QVERIFY(maxDifference(warped(channelsLast(c)), expected) < 1e-9);
  }
  void withoutScaleEqualsGridSampler_data() { shapes(); }
  void withoutScaleEqualsGridSampler() {
    Case c = fetched();
    c.scale = at::Tensor();
    QVERIFY(maxDifference(warped(c), gridSampled(c)) < 1e-9);
    QVERIFY(maxDifference(warped(channelsLast(c)), gridSampled(c)) < 1e-9);
  }
  void singlePrecisionAndBfloat16StayNear_data() { shapes(); }
  void singlePrecisionAndBfloat16StayNear() {
    const Case c = fetched(true);
    const at::Tensor expected = gridSampled(c);
    const Case single{c.feature.to(at::kFloat), c.flow.to(at::kFloat), c.scale.to(at::kFloat)};
    for (const Case& s : {single, channelsLast(single)}) QVERIFY(maxDifference(warped(s), expected) < 1e-4);
    const Case brain{c.feature.to(at::kBFloat16), c.flow.to(at::kFloat), c.scale.to(at::kBFloat16)};
    QCOMPARE(warped(brain).scalar_type(), at::kBFloat16);
    QVERIFY(maxDifference(warped(brain), expected) < 0.02 * (1 + expected.abs().max().item<double>()));
  }
  void gradientsEqualDifferences_data() { shapes(); }
  void gradientsEqualDifferences() {
    Case c = fetched(true);
    if (c.feature.numel() > 300) c = makeCase({1, 21, 3, 4}, 1, true);
    const auto f = [](const Tensors& t) { return kernels::warp(t[0], t[1], t[2]); };
    const Case last = channelsLast(c);
    QVERIFY(gradientError(f, {c.feature, c.flow, c.scale}) < 1e-7);
    QVERIFY(gradientError(f, {last.feature, last.flow, last.scale}) < 1e-7);
  }
  void gradientsWithoutScaleEqualDifferences() {
    const auto f = [](const Tensors& t) { return kernels::warp(t[0], t[1]); };
    const Case c = makeCase({2, 5, 4, 5}, 1.5, true), last = channelsLast(c);
    QVERIFY(gradientError(f, {c.feature, c.flow}) < 1e-7);
    QVERIFY(gradientError(f, {last.feature, last.flow}) < 1e-7);
  }
  void gradientsEqualThoseOfGridSampler_data() { shapes(); }
  void gradientsEqualThoseOfGridSampler() {
    const Case c = fetched(true);
    Case r = c;
    for (at::Tensor* t : {&r.feature, &r.flow, &r.scale}) *t = t->detach().clone().requires_grad_(true);
    gridSampled(r).cos().sum().backward();
    for (const Case& ours : {c, channelsLast(c)}) {
      const auto [feature, flow, scale] = gradientsOf(ours);
      QVERIFY(maxDifference(feature, r.feature.grad()) < 1e-9);
      QVERIFY(maxDifference(flow, r.flow.grad()) < 1e-8);
      QVERIFY(maxDifference(scale, r.scale.grad()) < 1e-9);
    }
  }
  void onlyTheGradientAskedForIsMade() {
    Case c = makeCase({1, 4, 5, 6}, 1);
    c.flow.requires_grad_(true);
    warped(c).sum().backward();
    QVERIFY(c.flow.grad().defined());
    QVERIFY(!c.feature.grad().defined() && !c.scale.grad().defined());
  }
  void theNumberOfThreadsChangesNoBit() {
    for (const Case& c : {makeCase({2, 64, 23, 30}, 3), channelsLast(makeCase({2, 64, 23, 30}, 3))}) {
      at::set_num_threads(1);
      const at::Tensor alone = warped(c);
      const auto aloneGradients = gradientsOf(c);
      for (const int threads : {2, 4}) {
        at::set_num_threads(threads);
        QVERIFY(at::equal(alone, warped(c)));
        for (size_t i = 0; i < 3; ++i) QVERIFY(at::equal(aloneGradients[i], gradientsOf(c)[i]));
      }
    }
  }
  void aFlowThatIsHugeOrNotFiniteGivesZero_data() {
    QTest::addColumn<double>("value");
    for (const double v : {std::nan(""), kInf, -kInf, 1e30, -1e30, 1e300, 3e9, -3e9}) QTest::addRow("%g", v) << v;
  }
  void aFlowThatIsHugeOrNotFiniteGivesZero() {
    QFETCH(double, value);
    for (Case c : {makeCase({1, 5, 4, 6}, 0.5), channelsLast(makeCase({1, 5, 4, 6}, 0.5))}) {
      const at::Tensor before = warped(c);
      c.flow.index_put_({0, 0, 1, 2}, value);
      c.flow.index_put_({0, 1, 3, 5}, value);
      const at::Tensor after = warped(c);
      QCOMPARE(after.select(2, 1).select(2, 2).abs().max().item<double>(), 0.0);
      QCOMPARE(after.select(2, 3).select(2, 5).abs().max().item<double>(), 0.0);
      QVERIFY(at::equal(after.select(2, 0), before.select(2, 0)));
      const auto gradients = gradientsOf(c);
      for (const at::Tensor& g : gradients) QVERIFY(g.isfinite().all().item<bool>());
      QCOMPARE(gradients[1].select(2, 1).select(2, 2).abs().max().item<double>(), 0.0);
    }
  }
  void whatLiesOutsideIsZeroEvenBesideAnInfiniteCell() {
    for (Case c : {makeCase({1, 3, 4, 5}, 0), channelsLast(makeCase({1, 3, 4, 5}, 0))}) {
      c.feature.index_put_({0, 0, 0, 0}, kInf);
      c.flow.fill_(-9);
      QCOMPARE(warped(c).abs().max().item<double>(), 0.0);
    }
  }
  void theResultHasTheLayoutOfTheFeature() {
    const Case c = makeCase({2, 3, 4, 5}, 1);
    QVERIFY(warped(c).is_contiguous());
    QVERIFY(warped(channelsLast(c)).is_contiguous(at::MemoryFormat::ChannelsLast));
    const Case slices{at::randn({2, 6, 4, 5}, kDoubles).slice(1, 0, 3),
                      c.flow.transpose(2, 3).contiguous().transpose(2, 3),
                      c.scale.contiguous(at::MemoryFormat::ChannelsLast)};
    QVERIFY(maxDifference(warped(slices), gridSampled(slices)) < 1e-9);
  }
  void anEmptyBatchGivesAnEmptyResult() {
    const at::Tensor out = kernels::warp(at::zeros({0, 3, 4, 5}), at::zeros({0, 2, 4, 5}));
    QCOMPARE(out.numel(), int64_t(0));
  }
  void shapesThatDoNotFitAreRefused() {
    const at::Tensor feature = at::zeros({1, 3, 4, 5}), flow = at::zeros({1, 2, 4, 5});
    const auto refused = [](const at::Tensor& f, const at::Tensor& m, const at::Tensor& s = {}) {
      try {
        kernels::warp(f, m, s);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("warp: ");
      }
      return false;
    };
    QVERIFY(refused({}, flow));
    QVERIFY(refused(feature, {}));
    QVERIFY(refused(feature[0], flow));
    QVERIFY(refused(feature, at::zeros({1, 3, 4, 5})));
    QVERIFY(refused(feature, at::zeros({1, 2, 5, 4})));
    QVERIFY(refused(feature, at::zeros({2, 2, 4, 5})));
    QVERIFY(refused(feature, flow, at::zeros({1, 1, 4, 5})));
    QVERIFY(refused(feature, flow.to(at::kDouble)));
    QVERIFY(refused(feature, flow, feature.to(at::kDouble)));
    QVERIFY(refused(feature.to(at::kInt), flow.to(at::kInt)));
    QVERIFY(refused(feature.to(at::kMeta), flow.to(at::kMeta)));
  }
  void withoutCudaItsEntrySaysSo() {
    kernels::WarpInput<float> in;
    QVERIFY_EXCEPTION_THROWN(kernels::warpCuda<float>(in, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(WarpTest)
#include "warp_test.moc"
