#include "kernels/nms.h"

#include <torch/torch.h>

#include <QTest>
#include <algorithm>
#include <numeric>

#include "kernels/nms_device.h"

using namespace dff;

namespace {

struct Boxes {
  at::Tensor boxes, scores;
};

Boxes randomBoxes(int64_t count, at::ScalarType type) {
  at::manual_seed(count);
  const auto corner = at::rand({count, 2}) * 100, size = at::rand({count, 2}) * 40;
  const auto coarse = (at::rand({count}) * 20).floor() / 20;  // so that scores tie
  return {at::cat({corner, corner + size}, 1).to(type), coarse.to(type)};
}

double overlap(const at::Tensor& a, const at::Tensor& b) {
  const auto side = [](const at::Tensor& box, int axis) { return (box[axis + 2] - box[axis] + 1).item<double>(); };
  double shared = 1;
  for (int axis = 0; axis < 2; ++axis) {
    const double end = std::min(a[axis + 2].item<double>(), b[axis + 2].item<double>());
    shared *= std::max(0., end - std::max(a[axis].item<double>(), b[axis].item<double>()) + 1);
  }
  return shared / (side(a, 0) * side(a, 1) + side(b, 0) * side(b, 1) - shared);
}

std::vector<int64_t> plainly(const Boxes& b, double iouAbove) {
  std::vector<int64_t> order(size_t(b.scores.size(0))), taken;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t i, int64_t j) { return b.scores[i].item<double>() > b.scores[j].item<double>(); });
  for (const int64_t i : order)
    if (std::none_of(taken.begin(), taken.end(), [&](int64_t t) { return overlap(b.boxes[i], b.boxes[t]) > iouAbove; }))
      taken.push_back(i);
  return taken;
}

std::vector<int64_t> listed(const at::Tensor& t) { return {t.data_ptr<int64_t>(), t.data_ptr<int64_t>() + t.numel()}; }

}  // namespace

class NmsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void equalsThePlainReference_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("iouAbove");
    for (const int count : {0, 1, 2, 70, 150})
      for (const double iou : {0.0, 0.3, 0.7, 1.0}) QTest::addRow("%d boxes, %g", count, iou) << count << iou;
  }
  void equalsThePlainReference() {
    QFETCH(int, count);
    QFETCH(double, iouAbove);
    const Boxes doubles = randomBoxes(count, at::kDouble), floats = randomBoxes(count, at::kFloat);
    QCOMPARE(listed(kernels::nms(doubles.boxes, doubles.scores, iouAbove)), plainly(doubles, iouAbove));
    QCOMPARE(listed(kernels::nms(floats.boxes, floats.scores, iouAbove)), plainly(floats, iouAbove));
  }
  void theBestOfManyEqualThePlainReference() {
    const Boxes b = randomBoxes(300, at::kFloat);  // enough to be sorted digit by digit
    auto best = plainly(b, 0.7);
    QCOMPARE(listed(kernels::nms(b.boxes, b.scores, 0.7)), best);
    best.resize(40);
    QCOMPARE(listed(kernels::nms(b.boxes, b.scores, 0.7, 40)), best);
  }
  void orderIsThatOfAStableSort_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("isDouble");
    for (const int count : {0, 1, 2, 127, 128, 129, 6000})
      for (const bool isDouble : {false, true})
        QTest::addRow("%d %s", count, isDouble ? "doubles" : "floats") << count << isDouble;
  }
  void orderIsThatOfAStableSort() {
    QFETCH(int, count);
    QFETCH(bool, isDouble);
    at::manual_seed(count);
    at::Tensor scores = at::randn({count}, isDouble ? at::kDouble : at::kFloat);
    scores.slice(0, 0, count, 3).mul_(4).round_();  // ties
    scores.slice(0, 0, count, 7).mul_(1e30);
    const double odd[] = {NAN, INFINITY, -INFINITY, 0., -0., 1e-42, -1e-42, 5e-324, -NAN};
    for (int i = 0; i < count; i += 5) scores[i] = odd[(i / 5) % 9];
    std::vector<int64_t> order(static_cast<size_t>(count)), expected(order);
    std::iota(expected.begin(), expected.end(), 0);
    AT_DISPATCH_FLOATING_TYPES(scores.scalar_type(), "order", [&] {
      const auto* s = scores.data_ptr<scalar_t>();
      const auto known = [&](int64_t i) { return s[i] == s[i] ? double(s[i]) : -INFINITY; };
      std::stable_sort(expected.begin(), expected.end(), [&](int64_t i, int64_t j) { return known(i) > known(j); });
      kernels::orderBestFirst(s, count, order.data());
    });
    QCOMPARE(order, expected);
  }
  void sidesCountPixels() {
    // 10x10 and 10x5 pixels share 50 of 100: an overlap of one half, which is not above one half.
    const auto boxes = at::tensor({0.f, 0.f, 9.f, 9.f, 0.f, 0.f, 9.f, 4.f}).view({2, 4}),
               scores = at::tensor({1.f, 0.5f});
    QCOMPARE(kernels::nms(boxes, scores, 0.5).numel(), int64_t(2));
    QCOMPARE(kernels::nms(boxes, scores, 0.499).numel(), int64_t(1));
  }
  void noMoreAreTakenThanAsked() {
    const Boxes b = randomBoxes(150, at::kFloat);
    auto all = plainly(b, 0.5);
    all.resize(5);
    QCOMPARE(listed(kernels::nms(b.boxes, b.scores, 0.5, 5)), all);
    QCOMPARE(kernels::nms(b.boxes, b.scores, 0.5, 0).numel(), int64_t(0));
  }
  void scoresThatAreNoNumbersComeLast() {
    const auto boxes = at::tensor({0.f, 0.f, 9.f, 9.f, 0.f, 0.f, 9.f, 9.f, 50.f, 50.f, 60.f, 60.f}).view({3, 4});
    const auto scores = at::tensor({std::nanf(""), 0.1f, std::nanf("")});
    QCOMPARE(listed(kernels::nms(boxes, scores, 0.5)), (std::vector<int64_t>{1, 2}));
  }
  void boxesThatAreNoNumbersSuppressNothing() {
    const float nan = std::nanf("");
    const auto boxes = at::tensor({nan, nan, nan, nan, 0.f, 0.f, 9.f, 9.f}).view({2, 4});
    QCOMPARE(kernels::nms(boxes, at::tensor({1.f, 0.5f}), 0.5).numel(), int64_t(2));
  }
  void shapesThatDoNotFitAreRefused() {
    const auto refused = [](const at::Tensor& boxes, const at::Tensor& scores) {
      try {
        kernels::nms(boxes, scores, 0.5);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("nms: ");
      }
      return false;
    };
    const auto boxes = at::zeros({3, 4}), scores = at::zeros({3});
    QVERIFY(refused({}, scores));
    QVERIFY(refused(boxes, {}));
    QVERIFY(refused(at::zeros({3, 5}), scores));
    QVERIFY(refused(boxes, at::zeros({2})));
    QVERIFY(refused(boxes, scores.to(at::kDouble)));
    QVERIFY(refused(boxes.to(at::kInt), scores.to(at::kInt)));
    QVERIFY(refused(boxes.to(at::kMeta), scores.to(at::kMeta)));
  }
  void withoutCudaItsEntrySaysSo() {
    QVERIFY_EXCEPTION_THROWN(kernels::nmsCuda<float>({}, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(NmsTest)
#include "nms_test.moc"
