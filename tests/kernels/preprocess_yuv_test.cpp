#include "kernels/preprocess_yuv.h"

#include <torch/torch.h>

#include <QTest>
#include <opencv2/imgproc.hpp>
#include <random>

using namespace dff;
using namespace dff::kernels;

namespace {

constexpr std::array<float, 3> kMean = {123.7f, 116.3f, 103.5f}, kStd = {58.4f, 57.1f, 57.4f};

/// The planes one after another, each without gaps.
struct Planes {
  int width, height;
  std::vector<uint8_t> y, u, v, uv;

  Planes(int w, int h, unsigned seed = 3) : width(w), height(h), y(size_t(w) * size_t(h)) {
    u.resize(size_t((w + 1) / 2) * size_t((h + 1) / 2));
    v.resize(u.size());
    std::mt19937 random(seed);
    for (auto* plane : {&y, &u, &v})
      for (auto& value : *plane) value = uint8_t(random());
    for (size_t i = 0; i < u.size(); ++i) uv.push_back(u[i]), uv.push_back(v[i]);
  }
  YuvPicture planar() const {
    return {y.data(), u.data(), v.data(), width, height, width, (width + 1) / 2, 1, YuvMatrix::Bt601, false};
  }
  YuvPicture interleaved() const {
    YuvPicture p = planar();
    p.u = uv.data(), p.v = uv.data() + 1;
    p.chromaStep = 2, p.chromaStride *= 2;
    return p;
  }
};

/// How much of each of `size` values an output pixel of an axis is made of, `step` values a pixel: by definition.
std::vector<double> weightsOf(int pixel, double step, int size) {
  std::vector<double> weights(static_cast<size_t>(size));
  double sum = 0;
  for (int i = 0; i < size; ++i) {
    const double begin = pixel * step, end = begin + step, middle = std::clamp((begin + end) / 2 - 0.5, 0., size - 1.);
    weights[size_t(i)] = step > 1 ? std::max(0., std::min(end, i + 1.) - std::max(begin, double(i)))
                                  : std::max(0., 1 - std::abs(middle - i));
    sum += weights[size_t(i)];
  }
  for (double& w : weights) w /= sum;
  return weights;
}

double mean(const std::vector<uint8_t>& plane, const std::vector<double>& rows, const std::vector<double>& columns) {
  double sum = 0;
  for (size_t y = 0; y < rows.size(); ++y)
    for (size_t x = 0; x < columns.size(); ++x)
      if (rows[y] > 0 && columns[x] > 0) sum += rows[y] * columns[x] * plane[y * columns.size() + x];
  return sum;
}

/// The published matrices, to the digits that they are quoted with.
std::array<double, 3> rgbOf(double y, double u, double v, bool hd, bool full) {
  const double luma = full ? y : (y - 16) * 255 / 219, b = (u - 128) * (full ? 1 : 255. / 224),
               r = (v - 128) * (full ? 1 : 255. / 224);
  const double red = hd ? luma + 1.5748 * r : luma + 1.402 * r;
  const double green = hd ? luma - 0.187324 * b - 0.468124 * r : luma - 0.344136 * b - 0.714136 * r;
  const double blue = hd ? luma + 1.8556 * b : luma + 1.772 * b;
  return {std::clamp(red, 0., 255.), std::clamp(green, 0., 255.), std::clamp(blue, 0., 255.)};
}

PreprocessOptions optionsFor(int width, int height) {
  return {width, height, width + 5, height + 3, kMean, kStd, false};
}

double worstDifference(const at::Tensor& ours, const Planes& p, const YuvPicture& picture, const PreprocessOptions& o) {
  const auto value = ours.accessor<float, 4>();
  const double across = double(p.width) / o.outWidth, down = double(p.height) / o.outHeight;
  double worst = 0;
  for (int y = 0; y < o.outHeight; ++y)
    for (int x = 0; x < o.outWidth; ++x) {
      const auto rows = weightsOf(y, down, p.height), columns = weightsOf(x, across, p.width);
      const auto chromaRows = weightsOf(y, down / 2, (p.height + 1) / 2),
                 chromaColumns = weightsOf(x, across / 2, (p.width + 1) / 2);
      const auto rgb =
          rgbOf(mean(p.y, rows, columns), mean(p.u, chromaRows, chromaColumns), mean(p.v, chromaRows, chromaColumns),
                picture.matrix == YuvMatrix::Bt709, picture.fullRange);
      for (size_t k = 0; k < 3; ++k)
        worst = std::max(worst, std::abs(value[0][int64_t(k)][y][x] - (rgb[k] - double(kMean[k])) / double(kStd[k])));
    }
  return worst;
}

}  // namespace

class PreprocessYuvTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsTheDefinition_data() {
    QTest::addColumn<QSize>("from");
    QTest::addColumn<QSize>("to");
    QTest::addColumn<bool>("hd");
    QTest::addColumn<bool>("full");
    QTest::newRow("same size") << QSize(34, 22) << QSize(34, 22) << false << false;
    QTest::newRow("same size, odd") << QSize(33, 21) << QSize(33, 21) << true << false;
    QTest::newRow("half: chroma stays") << QSize(64, 48) << QSize(32, 24) << false << true;
    QTest::newRow("shrunk by a fraction") << QSize(97, 61) << QSize(64, 48) << true << true;
    QTest::newRow("shrunk a lot, odd") << QSize(61, 43) << QSize(11, 7) << false << false;
    QTest::newRow("to one pixel") << QSize(31, 17) << QSize(1, 1) << true << false;
    QTest::newRow("grown") << QSize(31, 17) << QSize(64, 48) << false << false;
    QTest::newRow("from one pixel") << QSize(1, 1) << QSize(9, 7) << true << true;
    QTest::newRow("two pixels") << QSize(2, 2) << QSize(2, 2) << false << false;
    QTest::newRow("wider and lower") << QSize(31, 60) << QSize(64, 48) << true << false;
    QTest::newRow("only lower") << QSize(64, 60) << QSize(64, 48) << false << true;
  }
  void equalsTheDefinition() {
    QFETCH(QSize, from);
    QFETCH(QSize, to);
    QFETCH(bool, hd);
    QFETCH(bool, full);
    const Planes planes(from.width(), from.height());
    const PreprocessOptions o = optionsFor(to.width(), to.height());
    for (YuvPicture p : {planes.planar(), planes.interleaved()}) {
      p.matrix = hd ? YuvMatrix::Bt709 : YuvMatrix::Bt601;
      p.fullRange = full;
      const at::Tensor made = preprocessYuv(p, o);
      QVERIFY(worstDifference(made, planes, p, o) < 2e-4);
      QVERIFY(made.slice(3, o.outWidth).eq(0).all().item<bool>() &&
              made.slice(2, o.outHeight).eq(0).all().item<bool>());
    }
  }
  void agreesWithOpenCvWhereChromaIsEven() {
    const int w = 48, h = 32;
    Planes planes(w, h);
    for (auto& value : planes.y) value = uint8_t(60 + value / 2);
    std::fill(planes.u.begin(), planes.u.end(), 110);
    std::fill(planes.v.begin(), planes.v.end(), 150);
    cv::Mat i420(h * 3 / 2, w, CV_8U), rgb;
    uint8_t* to = i420.data;
    for (const auto* plane : {&planes.y, &planes.u, &planes.v}) to = std::copy(plane->begin(), plane->end(), to);
    cv::cvtColor(i420, rgb, cv::COLOR_YUV2RGB_I420);  // BT.601, limited range
    const at::Tensor ours = preprocessYuv(planes.planar(), {w, h, w, h});
    const at::Tensor theirs = at::from_blob(rgb.data, {1, h, w, 3}, at::kByte).permute({0, 3, 1, 2}).to(at::kFloat);
    QVERIFY((ours - theirs).abs().max().item<float>() < 1.1f);
  }
  void blueFirstIsTheSamePictureWithChannelsReversed() {
    const Planes planes(40, 30);
    PreprocessOptions o{24, 16, 32, 16, {100, 100, 100}, {50, 50, 50}, false};
    const at::Tensor rgb = preprocessYuv(planes.planar(), o);
    o.bgr = true;
    QVERIFY(at::equal(preprocessYuv(planes.planar(), o), rgb.flip({1})));
  }
  void rowsMayLieApart() {
    const Planes planes(40, 30);
    const auto apart = [](const std::vector<uint8_t>& plane, int width) {
      std::vector<uint8_t> wide;
      for (size_t at = 0; at < plane.size(); at += size_t(width)) {
        wide.insert(wide.end(), plane.begin() + ptrdiff_t(at), plane.begin() + ptrdiff_t(at) + width);
        wide.insert(wide.end(), 24, 99);
      }
      return wide;
    };
    const auto y = apart(planes.y, 40), u = apart(planes.u, 20), v = apart(planes.v, 20);
    YuvPicture p = planes.planar();
    p.y = y.data(), p.u = u.data(), p.v = v.data(), p.yStride = 64, p.chromaStride = 44;
    QVERIFY(at::equal(preprocessYuv(p, optionsFor(24, 16)), preprocessYuv(planes.planar(), optionsFor(24, 16))));
  }
  void theNumberOfThreadsChangesNoBit() {
    const Planes planes(640, 360);
    const at::Tensor two = preprocessYuv(planes.planar(), optionsFor(480, 272));
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(two, preprocessYuv(planes.planar(), optionsFor(480, 272))));
    }
  }
  void whatDoesNotFitIsRefused() {
    const Planes planes(8, 6);
    const auto refused = [](const YuvPicture& p, const PreprocessOptions& o) {
      try {
        preprocessYuv(p, o);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("preprocessYuv: ");
      }
      return false;
    };
    const PreprocessOptions fine = optionsFor(8, 6);
    const auto with = [&](const auto& change) {
      YuvPicture p = planes.planar();
      change(p);
      return p;
    };
    QVERIFY(!refused(planes.planar(), fine));
    QVERIFY(refused(with([](YuvPicture& p) { p.u = nullptr; }), fine));
    QVERIFY(refused(with([](YuvPicture& p) { p.width = 0; }), fine));
    QVERIFY(refused(with([](YuvPicture& p) { p.yStride = 7; }), fine));
    QVERIFY(refused(with([](YuvPicture& p) { p.chromaStride = 3; }), fine));
    QVERIFY(refused(with([](YuvPicture& p) { p.chromaStep = 2; }), fine));  // rows of 4 bytes hold but two of each
    QVERIFY(refused(with([](YuvPicture& p) { p.chromaStep = 3; }), fine));
    PreprocessOptions bad = fine;
    bad.paddedWidth = 7;
    QVERIFY(refused(planes.planar(), bad));
    bad = fine;
    bad.std[2] = 0;
    QVERIFY(refused(planes.planar(), bad));
    QVERIFY(refused(planes.planar(), optionsFor(0, 6)));
  }
};

QTEST_APPLESS_MAIN(PreprocessYuvTest)
#include "preprocess_yuv_test.moc"
