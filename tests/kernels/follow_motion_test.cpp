#include "kernels/follow_motion.h"

#include <torch/torch.h>

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace dff;

namespace {

struct Point {
  double x, y;
};

double sample(const at::Tensor& plane, Point p) {
  const int64_t h = plane.size(0), w = plane.size(1);
  const double x = std::clamp(p.x, 0., double(w - 1)), y = std::clamp(p.y, 0., double(h - 1));
  const int64_t left = int64_t(x), top = int64_t(y), right = std::min(left + 1, w - 1),
                bottom = std::min(top + 1, h - 1);
  const auto at = [&](int64_t r, int64_t c) { return plane[r][c].item<double>(); };
  const double fx = x - double(left), fy = y - double(top);
  return (at(top, left) * (1 - fx) + at(top, right) * fx) * (1 - fy) +
         (at(bottom, left) * (1 - fx) + at(bottom, right) * fx) * fy;
}

/// One cell after the other, in doubles.
at::Tensor walked(const std::vector<at::Tensor>& steps) {
  at::Tensor all = at::zeros_like(steps[0]);  // [2,h,w]
  for (int64_t y = 0; y < all.size(1); ++y)
    for (int64_t x = 0; x < all.size(2); ++x) {
      Point p{double(x), double(y)};
      for (const auto& step : steps) {
        const Point from = p;
        p.x += sample(step[0], from), p.y += sample(step[1], from);
      }
      all[0][y][x] = p.x - double(x), all[1][y][x] = p.y - double(y);
    }
  return all;
}

double furthest(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

class FollowMotionTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void cellsAreFollowedThroughAllSteps_data() {
    QTest::addColumn<int>("h");
    QTest::addColumn<int>("w");
    QTest::addColumn<int>("steps");
    QTest::addColumn<double>("speed");
    QTest::newRow("one cell") << 1 << 1 << 2 << 1.;
    QTest::newRow("one row") << 1 << 9 << 3 << 1.;
    QTest::newRow("one column") << 7 << 1 << 3 << 1.;
    QTest::newRow("odd sizes") << 11 << 37 << 5 << 1.5;
    QTest::newRow("far beyond the border") << 6 << 20 << 2 << 1e6;
  }
  void cellsAreFollowedThroughAllSteps() {
    QFETCH(int, h);
    QFETCH(int, w);
    QFETCH(int, steps);
    QFETCH(double, speed);
    at::manual_seed(h * 100 + w);
    std::vector<at::Tensor> all;
    for (int i = 0; i < steps; ++i) all.push_back(at::randn({2, h, w}) * speed);
    QVERIFY(furthest(kernels::followedBack(all)[0], walked(all)) <= 1e-4 * speed);
  }

  void whatIsNotANumberStaysNone() {
    auto step = at::ones({2, 4, 6});
    step[0][1][2] = std::nanf("");
    step[1][1][4] = INFINITY;
    const auto all = kernels::followedBack(std::vector{step, at::ones({2, 4, 6})})[0];
    QVERIFY(std::isnan(all[0][1][2].item<float>()));
    QVERIFY(!std::isfinite(all[1][1][4].item<float>()));
    QCOMPARE(all[0][3][0].item<float>(), 2.f);
  }

  void turningRoundUndoesAZoom() {
    auto back = at::empty({2, 20, 30});
    for (int y = 0; y < 20; ++y)
      for (int x = 0; x < 30; ++x) back[0][y][x] = 0.1 * (x - 15), back[1][y][x] = 0.1 * (y - 10);
    const auto forth = kernels::turnedRound(back.unsqueeze(0))[0];
    for (int y = 3; y < 17; ++y)
      for (int x = 3; x < 27; ++x) {  // p = q + back(q): q - 15 = (p - 15) / 1.1
        QVERIFY(std::abs(forth[0][y][x].item<double>() - ((x - 15) / 1.1 - (x - 15))) < 1e-2);
        QVERIFY(std::abs(forth[1][y][x].item<double>() - ((y - 10) / 1.1 - (y - 10))) < 1e-2);
      }
  }

  void aHalvedMotionIsTheMeanInCellsTwiceAsWide() {
    const auto motion = at::randn({1, 2, 5, 7});
    const auto padded = at::replication_pad2d(motion, {0, 1, 0, 1});
    QVERIFY(kernels::halvedMotion(motion).allclose(at::avg_pool2d(padded, 2) / 2, 1e-5, 1e-6));
  }

  void shapesThatDoNotFitAreRefused() {
    const std::vector<at::Tensor> none, unequal{at::zeros({2, 3, 4}), at::zeros({2, 4, 3})}, flat{at::zeros({3, 4})};
    QVERIFY_EXCEPTION_THROWN(kernels::followedBack(none), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(kernels::followedBack(unequal), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(kernels::followedBack(flat), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(kernels::turnedRound(at::zeros({2, 3, 4})), std::invalid_argument);
  }
};

QTEST_APPLESS_MAIN(FollowMotionTest)
#include "follow_motion_test.moc"
