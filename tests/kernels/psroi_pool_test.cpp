#include "kernels/psroi_pool.h"

#include <torch/torch.h>

#include <QTest>

#include "kernels/psroi_pool_device.h"
#include "tests/support/gradients.h"

using namespace dff;
using namespace dff::test;

namespace {

struct Case {
  at::Tensor maps, rois;
  kernels::PsroiPoolOptions options;
};

/// Regions of all sizes, some of them partly or wholly outside.
Case makeCase(int64_t images, int64_t outputs, int64_t group, int64_t h, int64_t w, int64_t regions) {
  at::manual_seed(images * 100 + group);
  const auto doubles = at::TensorOptions().dtype(at::kDouble);
  Case c;
  c.options = {group, 1. / 8};
  c.maps = at::randn({images, outputs * group * group, h, w}, doubles);
  const auto corner = at::rand({regions, 2}, doubles) * at::tensor({double(w), double(h)}, doubles) * 9 - 8;
  const auto size = at::rand({regions, 2}, doubles) * 60;
  const auto image = at::randint(images, {regions, 1}, doubles);
  c.rois = at::cat({image, corner, corner + size}, 1);
  return c;
}

at::Tensor pooled(const Case& c) { return kernels::psroiPool(c.maps, c.rois, c.options); }

/// Word by word as the specification says it, one bin after another, in the type of the maps.
template <class T>
at::Tensor plainly(const Case& c) {
  const int64_t k = c.options.group, outputs = c.maps.size(1) / (k * k), h = c.maps.size(2), w = c.maps.size(3);
  at::Tensor out = at::zeros({c.rois.size(0), outputs, k, k}, c.maps.options());
  const T scale = T(c.options.spatialScale);
  for (int64_t r = 0; r < c.rois.size(0); ++r) {
    const auto roi = [&](int i) { return c.rois[r][i].item<T>(); };
    const T left = std::round(roi(1)) * scale, top = std::round(roi(2)) * scale;
    const T width = std::max<T>((std::round(roi(3)) + 1) * scale - left, T(0.1)) / T(k);
    const T height = std::max<T>((std::round(roi(4)) + 1) * scale - top, T(0.1)) / T(k);
    for (int64_t gy = 0; gy < k; ++gy)
      for (int64_t gx = 0; gx < k; ++gx) {
        const int64_t x0 = std::clamp<int64_t>(int64_t(std::floor(T(gx) * width + left)), 0, w);
        const int64_t x1 = std::clamp<int64_t>(int64_t(std::ceil(T(gx + 1) * width + left)), 0, w);
        const int64_t y0 = std::clamp<int64_t>(int64_t(std::floor(T(gy) * height + top)), 0, h);
        const int64_t y1 = std::clamp<int64_t>(int64_t(std::ceil(T(gy + 1) * height + top)), 0, h);
        if (x1 <= x0 || y1 <= y0) continue;
        const auto cells = c.maps[roi(0)].slice(1, y0, y1).slice(2, x0, x1).mean({1, 2});
        for (int64_t o = 0; o < outputs; ++o) out[r][o][gy][gx] = cells[(o * k + gy) * k + gx];
      }
  }
  return out;
}

}  // namespace

class PsroiPoolTest : public QObject {
  Q_OBJECT
 private:
  static void cases() {
    QTest::addColumn<QList<int>>("shape");
    QTest::newRow("one bin") << QList<int>{1, 2, 1, 5, 6, 4};
    QTest::newRow("three bins, two images") << QList<int>{2, 3, 3, 9, 7, 9};
    QTest::newRow("seven bins") << QList<int>{1, 4, 7, 12, 10, 12};
    QTest::newRow("a map of one cell") << QList<int>{1, 1, 3, 1, 1, 5};
    QTest::newRow("no region") << QList<int>{1, 2, 3, 4, 4, 0};
  }
  static Case fetched() {
    QFETCH(QList<int>, shape);
    return makeCase(shape[0], shape[1], shape[2], shape[3], shape[4], shape[5]);
  }

 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsThePlainReference_data() { cases(); }
  void equalsThePlainReference() {
    const Case c = fetched();
    if (c.rois.size(0) == 0) {
      QCOMPARE(pooled(c).size(0), int64_t(0));
      return;
    }
    QVERIFY(maxDifference(pooled(c), plainly<double>(c)) < 1e-12);
    const Case single{c.maps.to(at::kFloat), c.rois.to(at::kFloat), c.options};
    QVERIFY(maxDifference(pooled(single), plainly<float>(single)) < 1e-5);
  }
  void gradientsEqualDifferences_data() { cases(); }
  void gradientsEqualDifferences() {
    Case c = fetched();
    if (c.maps.numel() > 1000) c = makeCase(1, 2, 3, 6, 7, 6);
    if (c.rois.size(0) == 0) c.rois = at::zeros({1, 5}, c.maps.options());
    const auto f = [&](const Tensors& t) { return kernels::psroiPool(t[0], c.rois, c.options); };
    QVERIFY(gradientError(f, {c.maps}) < 1e-8);
    QVERIFY(gradientError(f, {c.maps.contiguous(at::MemoryFormat::ChannelsLast)}) < 1e-8);
  }
  void theLayoutOfTheMapsChangesNothing() {
    const Case c = makeCase(2, 3, 3, 9, 7, 9);
    const Case last{c.maps.contiguous(at::MemoryFormat::ChannelsLast), c.rois, c.options};
    const Case turned{c.maps.transpose(2, 3).contiguous().transpose(2, 3), c.rois, c.options};
    QVERIFY(at::equal(pooled(c), pooled(last)));
    QVERIFY(at::equal(pooled(c), pooled(turned)));
  }
  void bfloat16StaysNear() {
    const Case c = makeCase(1, 3, 3, 9, 7, 9);
    const Case brain{c.maps.to(at::kBFloat16), c.rois.to(at::kFloat), c.options};
    QCOMPARE(pooled(brain).scalar_type(), at::kBFloat16);
    QVERIFY(maxDifference(pooled(brain).to(at::kDouble), pooled(c)) < 0.03);
  }
  void aMapThatIsConstantGivesThatConstantInside() {
    Case c = makeCase(1, 2, 7, 10, 12, 1);
    c.maps.fill_(3);
    c.rois = at::tensor({0., 8., 16., 47., 63.}, at::kDouble).view({1, 5});
    QVERIFY(pooled(c).equal(at::full({1, 2, 7, 7}, 3., at::kDouble)));
  }
  void theNumberOfThreadsChangesNoBit() {
    Case c = makeCase(2, 4, 7, 40, 40, 200);
    const auto gradient = [&] {
      at::Tensor maps = c.maps.detach().clone().requires_grad_(true);
      kernels::psroiPool(maps, c.rois, c.options).cos().sum().backward();
      return maps.grad();
    };
    at::set_num_threads(1);
    const at::Tensor alone = pooled(c), aloneGradient = gradient();
    for (const int threads : {2, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(alone, pooled(c)));
      QVERIFY(at::equal(aloneGradient, gradient()));
    }
  }
  void regionsThatAreHugeOrNotFiniteAreCutOff_data() {
    QTest::addColumn<double>("value");
    for (const double v : {std::nan(""), double(INFINITY), -double(INFINITY), 1e30, -1e30}) QTest::addRow("%g", v) << v;
  }
  void regionsThatAreHugeOrNotFiniteAreCutOff() {
    QFETCH(double, value);
    Case c = makeCase(1, 2, 3, 5, 6, 2);
    for (int column = 1; column < 5; ++column) c.rois[0][column] = value;
    QVERIFY(pooled(c).isfinite().all().item<bool>());
  }
  void shapesThatDoNotFitAreRefused() {
    const Case c = makeCase(1, 2, 3, 5, 6, 2);
    const auto refused = [&](const at::Tensor& maps, const at::Tensor& rois, const kernels::PsroiPoolOptions& o) {
      try {
        kernels::psroiPool(maps, rois, o);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("psroiPool: ");
      }
      return false;
    };
    QVERIFY(refused({}, c.rois, c.options));
    QVERIFY(refused(c.maps, {}, c.options));
    QVERIFY(refused(c.maps[0], c.rois, c.options));
    QVERIFY(refused(c.maps, c.rois.slice(1, 0, 4), c.options));
    QVERIFY(refused(c.maps, c.rois, {4, 0.125}));
    QVERIFY(refused(c.maps, c.rois, {0, 0.125}));
    QVERIFY(refused(c.maps, c.rois, {3, 0}));
    QVERIFY(refused(c.maps, c.rois.to(at::kFloat), c.options));
    QVERIFY(refused(c.maps.to(at::kInt), c.rois.to(at::kInt), c.options));
    QVERIFY(refused(c.maps.to(at::kMeta), c.rois.to(at::kMeta), c.options));
    QVERIFY(refused(c.maps, at::full({1, 5}, 1., at::kDouble), c.options));
    QVERIFY(refused(c.maps, at::full({1, 5}, -1., at::kDouble), c.options));
  }
  void withoutCudaItsEntrySaysSo() {
    QVERIFY_EXCEPTION_THROWN(kernels::psroiPoolCuda<float>({}, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(PsroiPoolTest)
#include "psroi_pool_test.moc"
