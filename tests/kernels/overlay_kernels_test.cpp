#include <QTest>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "kernels/blend.h"
#include "kernels/flow_color.h"
#include "kernels/overlay_device.h"

using namespace dff;

namespace {

using Bytes = std::vector<uint8_t>;

Bytes randomBytes(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (uint8_t& b : bytes) b = uint8_t(random());
  return bytes;
}

uint8_t blended(int under, int over, int alpha) {
  return uint8_t(std::lround(double(under * (255 - alpha) + over * alpha) / 255));
}

kernels::LabelPaint randomPaint() {
  const Bytes random = randomBytes(256 * 4, 3);
  kernels::LabelPaint paint;
  for (size_t i = 0; i < 256; ++i) {
    paint.color[i] = uint32_t(random[4 * i] | random[4 * i + 1] << 8 | random[4 * i + 2] << 16);
    paint.alpha[i] = random[4 * i + 3] * 0x010101u;
  }
  return paint;
}

kernels::ColorWheel wheelOf(int hues) {
  kernels::ColorWheel wheel;
  wheel.hues = hues;
  const Bytes random = randomBytes(size_t(3 * hues), 9);
  for (int i = 0; i <= hues; ++i)
    for (int k = 0; k < 3; ++k) wheel.rgb[k][i] = float(random[size_t(i % hues * 3 + k)]) / 255;
  return wheel;
}

/// The wheel read with the library's arc tangent, in double.
double plainly(const kernels::FlowColorInput& in, int64_t i, int channel) {
  const double x = in.flow[2 * i], y = in.flow[2 * i + 1];
  if (!(std::abs(x) <= 1e9 && std::abs(y) <= 1e9)) return 0;
  const double length = std::hypot(x, y) / in.fullLength;
  const double place = (std::atan2(-y, -x) / std::numbers::pi + 1) / 2 * (in.wheel.hues - 1);
  const int first = std::min(int(place), in.wheel.hues - 1);
  const double pure = std::lerp(double(in.wheel.rgb[channel][first]),
                                double(in.wheel.rgb[channel][(first + 1) % in.wheel.hues]), place - first);
  return 255 * (length <= 1 ? 1 - length * (1 - pure) : 0.75 * pure);
}

}  // namespace

class OverlayKernelsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyBlendOfThreeBytesIsRoundedRight() {
    Bytes color(65536), alpha(65536), picture(65536);
    for (int under = 0; under < 256; ++under) {
      for (size_t i = 0; i < 65536; ++i) color[i] = uint8_t(i >> 8), alpha[i] = uint8_t(i), picture[i] = uint8_t(under);
      kernels::blendBytes(picture.data(), color.data(), alpha.data(), 65536);
      for (size_t i = 0; i < 65536; ++i)
        if (picture[i] != blended(under, color[i], alpha[i])) QFAIL("a byte differs");
    }
  }
  void labelsArePaintedPixelByPixel_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("nothing") << 0 << 5;
    QTest::newRow("one pixel") << 1 << 1;
    QTest::newRow("one row") << 77 << 1;
    QTest::newRow("one column") << 1 << 9;
    QTest::newRow("a block") << 256 << 2;
    QTest::newRow("longer than a block") << 515 << 3;
  }
  void labelsArePaintedPixelByPixel() {
    QFETCH(int, width);
    QFETCH(int, height);
    const int64_t stride = 3 * width + 7, labelStride = width + 5;
    const Bytes before = randomBytes(size_t(stride * height + 8), 1),
                labels = randomBytes(size_t(labelStride * height), 2);
    const auto paint = randomPaint();
    Bytes picture = before, expected = before;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int k = 0; k < 3; ++k) {
          const uint8_t label = labels[size_t(y * labelStride + x)];
          uint8_t& byte = expected[size_t(y * stride + 3 * x + k)];
          byte = blended(byte, int(paint.color[label] >> (8 * k) & 255), int(paint.alpha[label] & 255));
        }
    kernels::blendLabels({picture.data(), stride, labels.data(), labelStride, width, height}, paint);
    QCOMPARE(picture, expected);  // what lies between the rows and behind them as well
  }
  void flowIsColouredAsWithTheLibrarysArcTangent_data() {
    QTest::addColumn<double>("reach");
    for (const double reach : {0.0, 1e-30, 0.3, 3.0, 50.0, 1e9}) QTest::addRow("%g", reach) << reach;
  }
  void flowIsColouredAsWithTheLibrarysArcTangent() {
    QFETCH(double, reach);
    std::mt19937 random(7);
    std::uniform_real_distribution<float> value(-1, 1);
    std::vector<float> flow(2 * 1000);
    for (float& f : flow) f = float(reach) * value(random);
    const kernels::FlowColorInput in{flow.data(), 1000, 2.5f, wheelOf(55)};
    Bytes rgb(3000);
    kernels::flowColor(in, rgb.data());
    for (int64_t i = 0; i < 1000; ++i)
      for (int k = 0; k < 3; ++k) QVERIFY(std::abs(rgb[size_t(3 * i + k)] - plainly(in, i, k)) < 1.1);
  }
  void theAxesAndTheDiagonalsAreExact() {
    std::vector<float> flow;
    for (float x : {-2.f, -0.f, 0.f, 2.f})
      for (float y : {-2.f, -0.f, 0.f, 2.f}) flow.insert(flow.end(), {x, y});
    const kernels::FlowColorInput in{flow.data(), int64_t(flow.size() / 2), 4, wheelOf(8)};
    Bytes rgb(flow.size() / 2 * 3);
    kernels::flowColor(in, rgb.data());
    for (int64_t i = 0; i < in.count; ++i)
      for (int k = 0; k < 3; ++k) QVERIFY(std::abs(rgb[size_t(3 * i + k)] - plainly(in, i, k)) < 1.1);
  }
  void flowThatIsUnknownIsBlackAndHarmsNoOther() {
    const float nan = std::nanf(""), inf = INFINITY;
    const std::vector<float> flow = {nan, 0, 1, nan, inf, 0, 0, -inf, 2e9f, 0, 0, -2e9f, 3e38f, -3e38f, 1, 0};
    Bytes rgb(3 * 8, 99);
    const kernels::FlowColorInput in{flow.data(), 8, 1, wheelOf(55)};
    kernels::flowColor(in, rgb.data());
    for (size_t i = 0; i < 21; ++i) QCOMPARE(rgb[i], uint8_t(0));
    for (int k = 0; k < 3; ++k) QVERIFY(std::abs(rgb[size_t(21 + k)] - plainly(in, 7, k)) < 1.1);
  }
};

QTEST_APPLESS_MAIN(OverlayKernelsTest)
#include "overlay_kernels_test.moc"
