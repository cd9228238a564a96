#include "kernels/correlation.h"

#include <torch/torch.h>

#include <QTest>

#include "kernels/correlation_device.h"
#include "tests/support/gradients.h"

using namespace dff;
using namespace dff::test;

namespace {

const auto kDoubles = at::TensorOptions().dtype(at::kDouble);

struct Pair {
  at::Tensor cur, key;
};

Pair makePair(at::IntArrayRef shape) {
  at::manual_seed(shape[1] * 1000 + shape[2] * 10 + shape[3]);
  return {at::randn(shape, kDoubles), at::randn(shape, kDoubles)};
}

Pair channelsLast(const Pair& p) {
  return {p.cur.contiguous(at::MemoryFormat::ChannelsLast), p.key.contiguous(at::MemoryFormat::ChannelsLast)};
}

/// One plane a displacement, from the padded key.
at::Tensor shiftedProducts(const Pair& p, int64_t r) {
  const at::Tensor padded = at::constant_pad_nd(p.key, {r, r, r, r});
  std::vector<at::Tensor> planes;
  for (int64_t dy = 0; dy <= 2 * r; ++dy)
    for (int64_t dx = 0; dx <= 2 * r; ++dx)
      planes.push_back((p.cur * padded.slice(2, dy, dy + p.cur.size(2)).slice(3, dx, dx + p.cur.size(3))).mean(1));
  return at::stack(planes, 1);
}

std::array<at::Tensor, 2> gradientsOf(const std::function<at::Tensor(const Pair&)>& volume, Pair p) {
  for (at::Tensor* t : {&p.cur, &p.key}) *t = t->detach().clone().requires_grad_(true);
  volume(p).cos().sum().backward();
  return {p.cur.grad(), p.key.grad()};
}

}  // namespace

class CorrelationTest : public QObject {
  Q_OBJECT
 private:
  static void shapes() {
    QTest::addColumn<QList<int>>("shape");
    QTest::addColumn<int>("radius");
    QTest::newRow("one cell") << QList<int>{1, 1, 1, 1} << 2;
    QTest::newRow("one row") << QList<int>{1, 5, 1, 9} << 1;
    QTest::newRow("one column") << QList<int>{2, 5, 7, 1} << 1;
    QTest::newRow("odd sizes") << QList<int>{2, 19, 11, 13} << 4;
    QTest::newRow("long rows") << QList<int>{1, 33, 3, 70} << 2;
    QTest::newRow("a radius larger than the map") << QList<int>{1, 8, 3, 2} << 5;
    QTest::newRow("radius zero") << QList<int>{2, 16, 4, 5} << 0;
  }
  static Pair fetched() {
    QFETCH(QList<int>, shape);
    return makePair({shape[0], shape[1], shape[2], shape[3]});
  }

 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheMeanOfShiftedProducts_data() { shapes(); }
  void equalsTheMeanOfShiftedProducts() {
    QFETCH(int, radius);
    const Pair p = fetched(), last = channelsLast(p);
    const at::Tensor expected = shiftedProducts(p, radius);
    QVERIFY(maxDifference(kernels::correlation(p.cur, p.key, radius), expected) < 1e-12);
    QVERIFY(maxDifference(kernels::correlation(last.cur, last.key, radius), expected) < 1e-12);
    const at::Tensor single = kernels::correlation(p.cur.to(at::kFloat), p.key.to(at::kFloat), radius);
    QCOMPARE(single.scalar_type(), at::kFloat);
    QVERIFY(maxDifference(single, expected) < 1e-5);
  }
  void gradientsEqualThoseOfShiftedProducts_data() { shapes(); }
  void gradientsEqualThoseOfShiftedProducts() {
    QFETCH(int, radius);
    const Pair p = fetched();
    const auto expected = gradientsOf([&](const Pair& q) { return shiftedProducts(q, radius); }, p);
    for (const Pair& layout : {p, channelsLast(p)}) {
      const auto ours = gradientsOf([&](const Pair& q) { return kernels::correlation(q.cur, q.key, radius); }, layout);
      QVERIFY(maxDifference(ours[0], expected[0]) < 1e-12);
      QVERIFY(maxDifference(ours[1], expected[1]) < 1e-12);
    }
  }
  void gradientsEqualDifferences() {
    const auto f = [](const Tensors& t) { return kernels::correlation(t[0], t[1], 2); };
    const Pair p = makePair({2, 3, 4, 5}), last = channelsLast(p);
    QVERIFY(gradientError(f, {p.cur, p.key}) < 1e-7);
    QVERIFY(gradientError(f, {last.cur, last.key}) < 1e-7);
  }
  void aShiftOfTheSceneIsFoundAtItsDisplacement() {
    const Pair p = makePair({1, 32, 12, 14});
    const at::Tensor moved = at::roll(p.key, {-2, 1}, {2, 3});  // cur(y, x) = key(y + 2, x - 1)
    const at::Tensor best = kernels::correlation(moved, p.key, 3).argmax(1)[0].slice(0, 3, 9).slice(1, 3, 11);
    QVERIFY((best == (2 + 3) * 7 + (-1 + 3)).all().item<bool>());
  }
  void onlyTheGradientAskedForIsMade() {
    Pair p = makePair({1, 4, 5, 6});
    p.key.requires_grad_(true);
    kernels::correlation(p.cur, p.key, 1).sum().backward();
    QVERIFY(p.key.grad().defined());
    QVERIFY(!p.cur.grad().defined());
  }
  void theNumberOfThreadsChangesNoBit() {
    const auto volume = [](const Pair& q) { return kernels::correlation(q.cur, q.key, 4); };
    for (const Pair& p : {makePair({2, 40, 23, 30}), channelsLast(makePair({2, 40, 23, 30}))}) {
      at::set_num_threads(1);
      const at::Tensor alone = volume(p);
      const auto aloneGradients = gradientsOf(volume, p);
      for (const int threads : {2, 4}) {
        at::set_num_threads(threads);
        QVERIFY(at::equal(alone, volume(p)));
        for (size_t i = 0; i < 2; ++i) QVERIFY(at::equal(aloneGradients[i], gradientsOf(volume, p)[i]));
      }
    }
  }
  void theResultHasTheLayoutOfCur() {
    const Pair p = makePair({2, 3, 4, 5}), last = channelsLast(p);
    QVERIFY(kernels::correlation(p.cur, last.key, 1).is_contiguous());
    QVERIFY(kernels::correlation(last.cur, p.key, 1).is_contiguous(at::MemoryFormat::ChannelsLast));
    QVERIFY(maxDifference(kernels::correlation(last.cur, p.key, 1), shiftedProducts(p, 1)) < 1e-12);
  }
  void whatDoesNotFitIsRefused() {
    const at::Tensor map = at::zeros({1, 3, 4, 5});
    const auto refused = [](const at::Tensor& a, const at::Tensor& b, int radius) {
      try {
        kernels::correlation(a, b, radius);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("correlation: ");
      }
      return false;
    };
    QVERIFY(refused({}, map, 1));
    QVERIFY(refused(map, {}, 1));
    QVERIFY(refused(map[0], map[0], 1));
    QVERIFY(refused(map, at::zeros({1, 3, 5, 4}), 1));
    QVERIFY(refused(map, map.to(at::kDouble), 1));
    QVERIFY(refused(map.to(at::kInt), map.to(at::kInt), 1));
    QVERIFY(refused(map.to(at::kMeta), map.to(at::kMeta), 1));
    QVERIFY(refused(map, map, -1));
    QVERIFY(refused(map, map, 65));
  }
  void withoutCudaItsEntrySaysSo() {
    kernels::CorrelationInput<float> in;
    QVERIFY_EXCEPTION_THROWN(kernels::correlationCuda<float>(in, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(CorrelationTest)
#include "correlation_test.moc"
