#include <torch/torch.h>

#include <QTest>
#include <cmath>
#include <set>

#include "kernels/correlation.h"
#include "kernels/deconvolution.h"
#include "kernels/enlarge_flow.h"
#include "kernels/match.h"
#include "kernels/place.h"
#include "kernels/reused.h"
#include "tests/support/gradients.h"

using namespace dff;
using namespace dff::kernels;
using namespace dff::test;

namespace {

/// [h,w,c] as LibTorch wants it.
at::Tensor image(const at::Tensor& map) { return map.permute({2, 0, 1}).unsqueeze(0); }

}  // namespace

/// What fused networks do between convolutions, each against LibTorch or a kernel that has gradients.
class NetworkPartsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() {
    at::set_num_threads(2);
    at::manual_seed(3);
  }

  void matchIsTheActivatedCostVolume_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::addColumn<int>("c");
    QTest::addColumn<int>("radius");
    QTest::newRow("finest level") << 46 << 60 << 32 << 2;
    QTest::newRow("coarsest level") << 12 << 15 << 64 << 4;
    QTest::newRow("few channels") << 9 << 17 << 5 << 1;
    QTest::newRow("no shift") << 3 << 4 << 8 << 0;
    QTest::newRow("wider than the map") << 3 << 4 << 7 << 6;
    QTest::newRow("the widest") << 20 << 35 << 3 << 16;
    QTest::newRow("one pixel") << 1 << 1 << 16 << 3;
  }
  void matchIsTheActivatedCostVolume() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, c);
    QFETCH(int, radius);
    const at::Tensor cur = at::randn({h, w, c}), key = at::randn({h, w, c});
    const int64_t depth = (2 * radius + 1) * (2 * radius + 1);
    const int64_t whole = (depth + 15) / 16 * 16;
    const at::Tensor tight = at::full({h, w, depth + (depth + 1 < whole)}, 7.f), out = at::full({h, w, whole + 3}, 7.f);
    for (const at::Tensor& t : {tight, out})
      match({h, w, c, radius, t.size(2), 2.5f, 0.1f}, cur.data_ptr<float>(), key.data_ptr<float>(),
            t.data_ptr<float>());
    const at::Tensor costs = correlation(image(cur).to(at::kDouble), image(key).to(at::kDouble), radius);
    const at::Tensor expected = at::leaky_relu(costs * 2.5, 0.1)[0].permute({1, 2, 0});
    QVERIFY(maxDifference(out.slice(2, 0, depth), expected) < 1e-5);
    QVERIFY(maxDifference(tight.slice(2, 0, depth), expected) < 1e-5);
    QVERIFY(tight.slice(2, depth).eq(7).all().item<bool>());  // where there is no room nothing else is touched
    QVERIFY(out.slice(2, depth, whole).eq(0).all().item<bool>() && out.slice(2, whole).eq(7).all().item<bool>());
  }
  void theNumberOfThreadsChangesNoCost() {
    const at::Tensor cur = at::randn({23, 30, 48}), key = at::randn({23, 30, 48});
    at::Tensor made[2];
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      at::Tensor& out = made[threads == 4] = at::empty({23, 30, 49});
      match({23, 30, 48, 3, 49, 1, 1}, cur.data_ptr<float>(), key.data_ptr<float>(), out.data_ptr<float>());
    }
    QVERIFY(at::equal(made[0], made[1]));
  }

  void aDeconvolutionIsGatheredFromItsProducts_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::addColumn<int>("outH");
    QTest::addColumn<int>("outW");
    QTest::newRow("even") << 4 << 5 << 8 << 10;
    QTest::newRow("cut") << 4 << 5 << 7 << 9;
    QTest::newRow("one cell") << 1 << 1 << 2 << 2;
    QTest::newRow("one cell of one") << 1 << 1 << 1 << 1;
  }
  void aDeconvolutionIsGatheredFromItsProducts() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, outH);
    QFETCH(int, outW);
    const at::Tensor map = at::randn({h, w, 6}), weight = at::randn({6, 21, 4, 4}), bias = at::randn({21});
    const at::Tensor products = map.matmul(weight.permute({0, 2, 3, 1}).reshape({6, 16 * 21})).contiguous();
    const at::Tensor out = at::empty({outH, outW, 21});
    gatherDeconvolution({h, w, outH, outW, 21}, products.data_ptr<float>(), bias.data_ptr<float>(), 0.1f,
                        out.data_ptr<float>());
    const at::Tensor whole = at::leaky_relu(at::conv_transpose2d(image(map), weight, bias, 2, 1), 0.1);
    const at::Tensor expected = whole[0].slice(1, 0, outH).slice(2, 0, outW).permute({1, 2, 0});
    QVERIFY(maxDifference(out, expected) < 1e-4);
  }

  void anEnlargedFlowIsInCellsOfTheFinerGridAndStaysInside_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::addColumn<int>("times");
    QTest::newRow("twice") << 46 << 60 << 2;
    QTest::newRow("three times") << 5 << 7 << 3;
    QTest::newRow("as it is") << 5 << 7 << 1;
    QTest::newRow("one cell") << 1 << 1 << 4;
  }
  void anEnlargedFlowIsInCellsOfTheFinerGridAndStaysInside() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, times);
    const int64_t H = h * times, W = w * times;
    for (const bool channelsLast : {false, true}) {
      const at::Tensor flow =
          (at::randn({1, 2, h, w}) * 9)
              .contiguous(channelsLast ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
      const at::Tensor large = at::upsample_bilinear2d(flow, {H, W}, false) * times;
      const at::Tensor x = at::arange(W, at::kFloat).view({1, W}), y = at::arange(H, at::kFloat).view({H, 1});
      const at::Tensor expected =
          at::stack({(large[0][0] + x).clamp(0, double(W - 1)) - x, (large[0][1] + y).clamp(0, double(H - 1)) - y})
              .unsqueeze(0);
      QVERIFY(maxDifference(enlargeFlow(flow, H, W), expected) < 1e-4);
    }
  }
  void aFlowThatIsNoNumberStaysNone() {
    at::Tensor flow = at::zeros({1, 2, 4, 4});
    flow[0][0][0][0] = std::nanf("");
    const at::Tensor fine = enlargeFlow(flow, 8, 8);
    QVERIFY(fine[0][0][0][0].isnan().item<bool>());
    QVERIFY(fine[0][1].isfinite().all().item<bool>() && fine[0][0].slice(0, 4).isfinite().all().item<bool>());
    QVERIFY_EXCEPTION_THROWN(enlargeFlow(flow.to(at::kDouble), 8, 8), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(enlargeFlow(flow, 0, 8), std::invalid_argument);
  }

  void foldedAndHalvedMapsEqualLibTorchs_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::newRow("even") << 6 << 20;
    QTest::newRow("odd") << 7 << 35;
    QTest::newRow("one pixel") << 1 << 1;
  }
  void foldedAndHalvedMapsEqualLibTorchs() {
    QFETCH(int, h);
    QFETCH(int, w);
    const int64_t h2 = (h + 1) / 2, w2 = (w + 1) / 2;
    const at::Tensor picture = at::randn({1, 3, h, w}), small = at::empty({h2, w2, 3}),
                     folded = at::empty({h2, w2, 12});
    halve({h, w, 3}, picture.data_ptr<float>(), small.data_ptr<float>());
    QVERIFY(maxDifference(image(small), at::avg_pool2d(picture, 2, 2, 0, true)) < 1e-6);
    const at::Tensor map = picture[0].permute({1, 2, 0}).contiguous();
    fold({h, w, 3}, map.data_ptr<float>(), folded.data_ptr<float>());
    const at::Tensor whole = at::constant_pad_nd(picture, {0, 2 * w2 - w, 0, 2 * h2 - h});
    const at::Tensor squares = whole.view({3, h2, 2, w2, 2}).permute({1, 3, 2, 4, 0}).reshape({h2, w2, 12});
    QVERIFY(at::equal(folded, squares));
  }

  void placedChannelsLieSideBySide() {
    const at::Tensor a = at::randn({5, 7, 19}), b = at::randn({5, 7, 40}), out = at::zeros({5, 7, 64});
    place({35, 19, 19, 64, 0}, a.data_ptr<float>(), out.data_ptr<float>());
    place({35, 40, 33, 64, 19}, b.data_ptr<float>(), out.data_ptr<float>());
    const at::Tensor expected = at::cat({a, b.slice(2, 0, 33), at::zeros({5, 7, 12})}, 2);
    QVERIFY(at::equal(out, expected));
    const at::Tensor pictures = at::zeros({5, 7, 6}), cur = at::randn({5, 7, 3}), key = at::randn({5, 7, 3});
    place({35, 3, 3, 6, 0}, cur.data_ptr<float>(), pictures.data_ptr<float>());
    place({35, 3, 3, 6, 3}, key.data_ptr<float>(), pictures.data_ptr<float>());
    QVERIFY(at::equal(pictures, at::cat({cur, key}, 2)));
    place({35, 40, 20, 64, 3, 17}, b.data_ptr<float>(), out.data_ptr<float>());
    QVERIFY(at::equal(out.slice(2, 3, 23), b.slice(2, 17, 37)));
    QVERIFY(at::equal(out.slice(2, 23), expected.slice(2, 23)));
  }
  void spreadCellsAreLibTorchsShuffle_data() {
    QTest::addColumn<int>("u");
    for (const int u : {1, 2, 3}) QTest::addRow("by %d", u) << u;
  }
  void spreadCellsAreLibTorchsShuffle() {
    QFETCH(int, u);
    const at::Tensor map = at::randn({5, 7, 11 * u * u}), out = at::empty({5 * u, 7 * u, 11});
    spreadCells({5, 7, 11}, u, map.data_ptr<float>(), out.data_ptr<float>());
    QVERIFY(at::equal(image(out), at::pixel_shuffle(image(map), u)));
  }

  void tensorsAreUsedAgainOnceNobodyHoldsThem() {
    const c10::InferenceMode guard;
    const auto make = [](at::IntArrayRef sizes) { return reusedTensor(sizes, at::kFloat).fill_(1); };
    at::Tensor first = make({1, 2, 3, 41});
    const void* memory = first.data_ptr();
    QVERIFY(make({1, 2, 3, 41}).data_ptr() != memory);  // it is held
    at::Tensor view = first.select(1, 0);
    first.reset();
    QVERIFY(make({1, 2, 3, 41}).data_ptr() != memory);  // a view of it is
    QVERIFY(view.eq(1).all().item<bool>());
    view.reset();
    QVERIFY(reusedTensor({1, 2, 3, 41}, at::kDouble).data_ptr() != memory);
    QVERIFY(reusedTensor({1, 2, 3, 41}, at::kFloat, at::MemoryFormat::ChannelsLast).data_ptr() != memory);
    std::set<void*> again;
    for (const auto& t : {make({1, 2, 3, 41}), make({1, 2, 3, 41}), make({1, 2, 3, 41})}) again.insert(t.data_ptr());
    QVERIFY(again.count(const_cast<void*>(memory)));
    QCOMPARE(again.size(), size_t(3));
  }
  void manyTensorsThatAreHeldAreAllDifferent() {
    const c10::InferenceMode guard;
    std::vector<at::Tensor> held;
    std::set<void*> places;
    for (int i = 0; i < 100; ++i) places.insert(held.emplace_back(reusedTensor({64}, at::kFloat)).data_ptr());
    QCOMPARE(places.size(), size_t(100));
  }
  void whereGradientsAreKeptNoTensorIsUsedAgain() {
    QCOMPARE(reusedTensor({1, 777}, at::kFloat).use_count(), size_t(1));  // nobody else keeps it
    const c10::InferenceMode guard;
    QCOMPARE(reusedTensor({1, 777}, at::kFloat).use_count(), size_t(2));
  }
};

QTEST_APPLESS_MAIN(NetworkPartsTest)
#include "network_parts_test.moc"
