#include <torch/torch.h>

#include <QTest>

#include "kernels/bf16.h"
#include "kernels/blend_body.h"
#include "kernels/correlation.h"
#include "kernels/correlation_body.h"
#include "kernels/flow_color_body.h"
#include "kernels/layout.h"
#include "kernels/nms.h"
#include "kernels/nms_body.h"
#include "kernels/preprocess.h"
#include "kernels/preprocess_body.h"
#include "kernels/psroi_pool.h"
#include "kernels/psroi_pool_body.h"
#include "kernels/segment_argmax.h"
#include "kernels/segment_argmax_body.h"
#include "kernels/warp.h"
#include "kernels/warp_body.h"
#include "tests/support/gradients.h"

// What a GPU would compute, index by index, on the CPU: against the CPU's own kernels, which have references of theirs.
using namespace dff;
using namespace dff::kernels;
using namespace dff::test;

namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;
constexpr auto kFirst = at::MemoryFormat::Contiguous;
const auto kDoubles = at::TensorOptions().dtype(at::kDouble);

template <class Body>
void runEach(const Body& body) {
  for (int64_t i = 0; i < body.count(); ++i) body(i);
}

void layouts() {
  QTest::addColumn<QList<int>>("shape");
  QTest::addColumn<bool>("channelsLast");
  for (const bool last : {false, true}) {
    const char* layout = last ? "nhwc" : "nchw";
    QTest::addRow("one cell, %s", layout) << QList<int>{1, 4, 1, 1} << last;
    QTest::addRow("one row, %s", layout) << QList<int>{1, 5, 1, 9} << last;
    QTest::addRow("one column, %s", layout) << QList<int>{2, 5, 7, 1} << last;
    QTest::addRow("odd sizes, %s", layout) << QList<int>{2, 36, 11, 13} << last;
  }
}

at::MemoryFormat fetchedLayout() {
  QFETCH(bool, channelsLast);
  return channelsLast ? kLast : kFirst;
}

std::vector<int64_t> fetchedShape() {
  QFETCH(QList<int>, shape);
  return {shape.begin(), shape.end()};
}

bool isLast(const at::Tensor& t) { return layoutOf(t) == kLast; }

template <class T>
T* data(const at::Tensor& t) {
  return static_cast<T*>(t.data_ptr());
}

struct WarpCase {
  at::Tensor feature, flow, scale, gradOut;
};

WarpCase warpCase(at::IntArrayRef shape, at::MemoryFormat layout, at::ScalarType type) {
  at::manual_seed(shape[1] * 100 + shape[3]);
  WarpCase c{at::randn(shape).to(type).contiguous(layout), at::randn({shape[0], 2, shape[2], shape[3]}) * 3,
             at::randn(shape).to(type).contiguous(layout), at::randn(shape).to(type).contiguous(layout)};
  c.flow.view(-1)[0] = std::nanf("");
  c.flow.view(-1)[-1] = INFINITY;
  if (type == at::kDouble) c.flow = c.flow.to(type);
  return c;
}

template <class T>
WarpInput<T> warpInput(const WarpCase& c) {
  const at::Tensor &f = c.feature, &m = c.flow;
  return {data<T>(f), data<T>(c.scale), {data<Computed<T>>(m), m.stride(0), m.stride(1), m.stride(2), m.stride(3)},
          f.size(0),  f.size(1),        f.size(2),
          f.size(3),  isLast(f)};
}

}  // namespace

class BodiesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void everyBfloat16SurvivesAndHalvesRoundToEven() {
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      const float wide = widened(Bf16{uint16_t(bits)});
      Bf16 back{};
      narrow(wide, back);
      QVERIFY(std::isnan(wide) ? std::isnan(widened(back)) : back.bits == bits);
    }
    at::manual_seed(1);
    const at::Tensor values = at::cat({at::randn({10000}), at::tensor({1 + 1.f / 256, 1 + 3.f / 256, 3.4e38f})});
    const at::Tensor theirs = values.to(at::kBFloat16).to(at::kFloat);
    for (int64_t i = 0; i < values.numel(); ++i) {
      Bf16 ours{};
      narrow(values[i].item<float>(), ours);
      QCOMPARE(widened(ours), theirs[i].item<float>());
    }
  }

  void warpForward_data() { layouts(); }
  void warpForward() {
    const WarpCase c = warpCase(fetchedShape(), fetchedLayout(), at::kFloat);
    const at::Tensor expected = warp(c.feature, c.flow, c.scale), out = at::full_like(expected, 77);
    runEach(WarpForwardBody<float, 1>{warpInput<float>(c), data<float>(out)});
    QVERIFY(maxDifference(out, expected) < 1e-5);
    if (!warpInput<float>(c).channelsLast || c.feature.size(1) % 4) return;
    out.fill_(77);
    runEach(WarpForwardBody<float, 4>{warpInput<float>(c), data<float>(out)});
    QVERIFY(maxDifference(out, expected) < 1e-5);
  }
  void warpForwardInBfloat16_data() { layouts(); }
  void warpForwardInBfloat16() {
    const WarpCase c = warpCase(fetchedShape(), fetchedLayout(), at::kBFloat16);
    const at::Tensor expected = warp(c.feature, c.flow, c.scale), out = at::full_like(expected, 77);
    runEach(WarpForwardBody<Bf16, 1>{warpInput<Bf16>(c), data<Bf16>(out)});
    const double most = expected.abs().max().item<double>();
    QVERIFY(maxDifference(out.to(at::kFloat), expected.to(at::kFloat)) <= most / 128);  // one step of rounding
  }
  void warpBackward_data() { layouts(); }
  void warpBackward() {
    WarpCase c = warpCase(fetchedShape(), fetchedLayout(), at::kDouble);
    const auto in = warpInput<double>(c);
    const at::Tensor feature = at::zeros_like(c.feature), flow = at::full_like(c.flow, 77),
                     scale = at::full_like(c.scale, 77);
    const WarpBackwardBody<double> body{
        in,
        {data<double>(c.gradOut),
         data<double>(feature),
         data<double>(scale),
         {data<double>(flow), flow.stride(0), flow.stride(1), flow.stride(2), flow.stride(3)}}};
    constexpr int kThreads = 5;
    for (int64_t cell = 0; cell < body.cells(); ++cell) {
      double shares[2 * kThreads];
      for (int t = 0; t < kThreads; ++t) body.channels(cell, t, kThreads, shares);
      body.sum(cell, kThreads, shares);
    }
    for (at::Tensor* t : {&c.feature, &c.flow, &c.scale}) t->requires_grad_(true);
    warp(c.feature, c.flow, c.scale).backward(c.gradOut);
    QVERIFY(maxDifference(feature, c.feature.grad()) < 1e-11);
    QVERIFY(maxDifference(flow, c.flow.grad()) < 1e-11);
    QVERIFY(maxDifference(scale, c.scale.grad()) < 1e-11);
  }

  void psroiForwardAndBackward_data() { layouts(); }
  void psroiForwardAndBackward() {
    const auto shape = fetchedShape();
    at::manual_seed(3);
    at::Tensor maps = at::randn({shape[0], 2 * 9, shape[2], shape[3]}, kDoubles).contiguous(fetchedLayout());
    const at::Tensor corner = at::rand({20, 2}, kDoubles) * 80 - 10, side = at::rand({20, 2}, kDoubles) * 60 - 5;
    const at::Tensor rois = at::cat({at::randint(shape[0], {20, 1}, kDoubles), corner, corner + side}, 1);
    PsroiInput<double> in{data<double>(maps),
                          maps.stride(0),
                          maps.stride(1),
                          maps.stride(2),
                          maps.stride(3),
                          maps.size(0),
                          2,
                          3,
                          maps.size(2),
                          maps.size(3),
                          data<double>(rois),
                          20,
                          1. / 8};
    maps.requires_grad_(true);
    const at::Tensor expected = psroiPool(maps, rois, {3, 1. / 8}), gradOut = at::randn_like(expected);
    const at::Tensor out = at::full_like(expected, 77).detach(), gradMaps = at::zeros_like(maps).detach();
    runEach(PsroiForwardBody<double>{in, data<double>(out)});
    runEach(PsroiBackwardBody<double>{in, data<double>(gradOut), data<double>(gradMaps)});
    expected.backward(gradOut);
    QVERIFY(maxDifference(out, expected.detach()) < 1e-12);
    QVERIFY(maxDifference(gradMaps, maps.grad()) < 1e-12);
  }

  void nonMaximumSuppression_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("atMost");
    for (const int count : {1, 63, 64, 65, 300}) QTest::addRow("%d", count) << count << count;
    QTest::newRow("at most seven") << 300 << 7;
    QTest::newRow("none") << 300 << 0;
  }
  void nonMaximumSuppression() {
    QFETCH(int, count);
    QFETCH(int, atMost);
    at::manual_seed(count);
    const at::Tensor corner = at::rand({count, 2}) * 100,
                     boxes = at::cat({corner, corner + at::rand({count, 2}) * 40}, 1);
    const at::Tensor scores = at::rand({count}), order = scores.argsort(0, true);
    NmsInput<float> in{data<float>(boxes), data<int64_t>(order), count, atMost, 0.4f};
    const size_t words = size_t(nmsWords(count));
    std::vector<uint64_t> mask(size_t(count) * words, ~0ull), removed(words, 0);
    std::vector<int64_t> taken(size_t(count), -1);
    runEach(NmsMaskBody<float>{in, mask.data()});
    const int64_t many = NmsSweepBody<float>{in, mask.data(), removed.data(), taken.data()}(0, 1, [] {});
    const at::Tensor expected = nms(boxes, scores, 0.4, atMost);
    QCOMPARE(many, expected.numel());
    for (int64_t i = 0; i < many; ++i) QCOMPARE(taken[size_t(i)], expected[i].item<int64_t>());
  }

  void labelsOfEnlargedLogits_data() {
    QTest::addColumn<QList<int>>("grid");
    QTest::addColumn<QSize>("image");
    QTest::newRow("odd sizes") << QList<int>{5, 7, 9} << QSize(131, 77);
    QTest::newRow("one cell") << QList<int>{5, 1, 1} << QSize(9, 7);
    QTest::newRow("one row") << QList<int>{5, 1, 9} << QSize(70, 1);
    QTest::newRow("one pixel") << QList<int>{5, 7, 9} << QSize(1, 1);
    QTest::newRow("one class") << QList<int>{1, 7, 9} << QSize(20, 30);
  }
  void labelsOfEnlargedLogits() {
    QFETCH(QList<int>, grid);
    QFETCH(QSize, image);
    at::manual_seed(4);
    const int64_t k = grid[0], h = grid[1], w = grid[2], width = image.width(), height = image.height();
    for (const auto layout : {kFirst, kLast}) {
      const at::Tensor logits = at::randn({1, k, h, w}).contiguous(layout);
      if (k > 1) logits[0][2][0][0] = INFINITY, logits[0][3][h - 1][w - 1] = std::nanf("");
      const float right = float(w) - 0.5f, bottom = float(h) - 0.5f;
      const auto expected = segmentArgmaxMargin(logits, {image.width(), image.height(), right, bottom});
      const at::Tensor labels = at::full_like(expected.labels, 99), margins = at::full_like(expected.margins, 99);
      SegmentArgmaxInput in{
          data<float>(logits),    logits.stride(1),    logits.stride(2), logits.stride(3), k, h, w, height, width,
          bottom / float(height), right / float(width)};
      runEach(SegmentArgmaxBody{in, {data<uint8_t>(labels), data<float>(margins)}});
      QVERIFY((labels != expected.labels).sum().item<int64_t>() <= 2);  // where two classes are as good as equal
      QVERIFY(maxDifference(margins, expected.margins) < 1e-5);
      runEach(SegmentArgmaxBody{in, {data<uint8_t>(labels.fill_(99)), nullptr}});
      QVERIFY((labels != expected.labels).sum().item<int64_t>() <= 2);
    }
  }

  void networkInput_data() {
    QTest::addColumn<QSize>("from");
    QTest::addColumn<QSize>("to");
    QTest::newRow("same") << QSize(33, 21) << QSize(33, 21);
    QTest::newRow("shrunk") << QSize(97, 61) << QSize(64, 48);
    QTest::newRow("shrunk to one pixel") << QSize(31, 17) << QSize(1, 1);
    QTest::newRow("grown") << QSize(31, 17) << QSize(64, 48);
    QTest::newRow("grown from one pixel") << QSize(1, 1) << QSize(9, 7);
    QTest::newRow("wider and lower") << QSize(31, 60) << QSize(64, 48);
  }
  void networkInput() {
    QFETCH(QSize, from);
    QFETCH(QSize, to);
    at::manual_seed(5);
    const at::Tensor rgb = at::randint(256, {from.height(), from.width() * 3 + 5}, at::kByte);
    PreprocessOptions o{to.width(), to.height(), to.width() + 3, to.height() + 2, {120, 110, 100}, {58, 57, 56}, true};
    const Picture picture{data<uint8_t>(rgb), from.width(), from.height(), rgb.stride(0)};
    const at::Tensor expected = preprocess(picture.rgb, from.width(), from.height(), picture.rowStride, o);
    const at::Tensor out = at::full_like(expected, 77);
    runEach(PreprocessBody(picture, o, data<float>(out)));
    QVERIFY(maxDifference(out, expected) < 1e-4);
  }

  void costVolumes_data() { layouts(); }
  void costVolumes() {
    const auto layout = fetchedLayout();
    at::manual_seed(6);
    at::Tensor cur = at::randn(fetchedShape(), kDoubles).contiguous(layout);
    at::Tensor key = at::randn(fetchedShape(), kDoubles).contiguous(layout);
    const CorrelationInput<double> in{data<double>(cur), data<double>(key), cur.size(0), cur.size(1),
                                      cur.size(2),       cur.size(3),       2,           isLast(cur)};
    for (at::Tensor* t : {&cur, &key}) t->requires_grad_(true);
    const at::Tensor expected = correlation(cur, key, 2), gradOut = at::randn_like(expected).contiguous(layout);
    expected.backward(gradOut);
    const at::Tensor out = at::full_like(expected, 77).detach(), gradCur = at::full_like(cur, 77).detach(),
                     gradKey = at::full_like(key, 77).detach();
    runEach(CorrelationBody<double>{in, data<double>(out)});
    runEach(CorrelationBackwardBody<double>{in, data<double>(gradOut), in.key, data<double>(gradCur), 1});
    runEach(CorrelationBackwardBody<double>{in, data<double>(gradOut), in.cur, data<double>(gradKey), -1});
    QVERIFY(maxDifference(out, expected.detach()) < 1e-12);
    QVERIFY(maxDifference(gradCur, cur.grad()) < 1e-12);
    QVERIFY(maxDifference(gradKey, key.grad()) < 1e-12);
  }

  void overlays() {
    at::manual_seed(8);
    const at::Tensor before = at::randint(256, {3, 20, 3}, at::kByte), labels = at::randint(256, {3, 20}, at::kByte);
    LabelPaint paint;
    for (uint32_t i = 0; i < 256; ++i) paint.color[i] = i * 2654435761u, paint.alpha[i] = (255 - i) * 0x010101u;
    const at::Tensor ours = before.clone(), theirs = before.clone();
    blendLabels({data<uint8_t>(theirs), 60, data<uint8_t>(labels), 20, 20, 3}, paint);
    runEach(BlendLabelsBody{{data<uint8_t>(ours), 60, data<uint8_t>(labels), 20, 20, 3}, &paint});
    QVERIFY(at::equal(ours, theirs));

    const at::Tensor flow = at::randn({60, 2}) * 3, colors = at::zeros({60, 3}, at::kByte), expected = colors.clone();
    FlowColorInput in{data<float>(flow), 60, 4, {}};
    in.wheel.hues = 8;
    for (int i = 0; i <= 8; ++i) in.wheel.rgb[i % 3][i] = 1;
    flowColor(in, data<uint8_t>(expected));
    runEach(FlowColorBody{in, data<uint8_t>(colors)});
    QVERIFY((colors.to(at::kInt) - expected.to(at::kInt)).abs().max().item<int>() <= 1);

    const at::Tensor alpha = at::randint(256, {180}, at::kByte);
    blendBytes(data<uint8_t>(theirs), data<uint8_t>(expected), data<uint8_t>(alpha), 180);
    runEach(BlendBytesBody{{data<uint8_t>(ours), data<uint8_t>(expected), data<uint8_t>(alpha), 180}});
    QVERIFY(at::equal(ours, theirs));
  }
};

QTEST_APPLESS_MAIN(BodiesTest)
#include "bodies_test.moc"
