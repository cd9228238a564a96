#include "kernels/preprocess.h"

#include <torch/torch.h>

#include <QTest>
#include <opencv2/imgproc.hpp>

#include "kernels/preprocess_device.h"

using namespace dff;
using kernels::PreprocessOptions;

namespace {

const std::array<float, 3> kMean = {123.7f, 116.3f, 103.5f}, kStd = {58.4f, 57.1f, 57.4f};

cv::Mat randomPicture(int width, int height) {
  cv::Mat picture(height, width, CV_8UC3);
  cv::RNG rng(width * 1000 + height);
  rng.fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

/// OpenCV, an axis at a time, in floats.
cv::Mat resized(const cv::Mat& picture, int width, int height) {
  cv::Mat out;
  picture.convertTo(out, CV_32FC3);
  const auto method = [](int from, int to) { return to < from ? cv::INTER_AREA : cv::INTER_LINEAR; };
  cv::resize(out, out, {width, out.rows}, 0, 0, method(out.cols, width));
  cv::resize(out, out, {width, height}, 0, 0, method(out.rows, height));
  return out;
}

PreprocessOptions optionsFor(int width, int height, int paddedWidth, int paddedHeight) {
  return {width, height, paddedWidth, paddedHeight, kMean, kStd, false};
}

at::Tensor prepared(const cv::Mat& picture, const PreprocessOptions& options) {
  return kernels::preprocess(picture.data, picture.cols, picture.rows, int64_t(picture.step), options);
}

double normalised(const cv::Mat& picture, int y, int x, int channel) {
  return (double(picture.at<cv::Vec3f>(y, x)[channel]) - double(kMean[channel])) / double(kStd[channel]);
}

/// The largest difference to the reference inside the picture, and to 0 outside.
double worstDifference(const at::Tensor& ours, const cv::Mat& reference) {
  const auto value = ours.accessor<float, 4>();
  double worst = 0;
  for (int k = 0; k < 3; ++k)
    for (int y = 0; y < ours.size(2); ++y)
      for (int x = 0; x < ours.size(3); ++x) {
        const bool inside = y < reference.rows && x < reference.cols;
        const double expected = inside ? normalised(reference, y, x, k) : 0;
        worst = std::max(worst, std::abs(double(value[0][k][y][x]) - expected));
      }
  return worst;
}

}  // namespace

class PreprocessTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void equalsOpenCv_data() {
    QTest::addColumn<QSize>("from");
    QTest::addColumn<QSize>("to");
    QTest::newRow("same size") << QSize(33, 21) << QSize(33, 21);
    QTest::newRow("half") << QSize(64, 48) << QSize(32, 24);
    QTest::newRow("full HD to 640x360") << QSize(1920, 1080) << QSize(640, 360);
    QTest::newRow("shrunk by a fraction") << QSize(97, 61) << QSize(64, 48);
    QTest::newRow("shrunk by little") << QSize(65, 49) << QSize(64, 48);
    QTest::newRow("shrunk to one pixel") << QSize(31, 17) << QSize(1, 1);
    QTest::newRow("grown") << QSize(31, 17) << QSize(64, 48);
    QTest::newRow("grown from one pixel") << QSize(1, 1) << QSize(9, 7);
    QTest::newRow("wider and lower") << QSize(31, 60) << QSize(64, 48);
    QTest::newRow("narrower and higher") << QSize(90, 20) << QSize(64, 48);
    QTest::newRow("only lower") << QSize(64, 60) << QSize(64, 48);
    QTest::newRow("only wider") << QSize(31, 48) << QSize(64, 48);
  }
  void equalsOpenCv() {
    QFETCH(QSize, from);
    QFETCH(QSize, to);
    const cv::Mat picture = randomPicture(from.width(), from.height());
    const at::Tensor ours = prepared(picture, optionsFor(to.width(), to.height(), to.width() + 5, to.height() + 3));
    QVERIFY(worstDifference(ours, resized(picture, to.width(), to.height())) < 2e-4);
  }
  void theSameSizeIsExact() {
    const cv::Mat picture = randomPicture(50, 40);
    PreprocessOptions options = optionsFor(50, 40, 50, 40);
    options.mean = {0, 0, 0};
    options.std = {1, 1, 1};
    const at::Tensor bytes = at::from_blob(picture.data, {40, 50, 3}, at::kByte);
    QVERIFY(at::equal(prepared(picture, options)[0], bytes.permute({2, 0, 1}).to(at::kFloat)));
  }
  void aPictureOfOneColourKeepsItAtEverySize() {
    const cv::Mat picture(37, 53, CV_8UC3, cv::Scalar(200, 100, 7));
    for (const QSize& size : {QSize(53, 37), QSize(20, 11), QSize(120, 99), QSize(52, 36), QSize(7, 120)}) {
      const at::Tensor out = prepared(picture, optionsFor(size.width(), size.height(), size.width(), size.height()))[0];
      const at::Tensor back = out * at::tensor(at::ArrayRef<float>(kStd)).view({3, 1, 1}) +
                              at::tensor(at::ArrayRef<float>(kMean)).view({3, 1, 1});
      QVERIFY((back - at::tensor({200.0f, 100.0f, 7.0f}).view({3, 1, 1})).abs().max().item<float>() < 1e-3f);
    }
  }
  void blueFirstIsTheSamePictureWithChannelsReversed() {
    const cv::Mat picture = randomPicture(40, 30);
    PreprocessOptions options = optionsFor(24, 16, 32, 16);
    options.mean = {100, 100, 100};
    options.std = {50, 50, 50};
    const at::Tensor rgb = prepared(picture, options);
    options.bgr = true;
    QVERIFY(at::equal(prepared(picture, options), rgb.flip({1})));
  }
  void rowsMayLieApart() {
    const cv::Mat wide = randomPicture(80, 30), part = wide.colRange(0, 40);
    QVERIFY(at::equal(prepared(part, optionsFor(24, 16, 24, 16)), prepared(part.clone(), optionsFor(24, 16, 24, 16))));
  }
  void theNumberOfThreadsChangesNoBit() {
    const cv::Mat picture = randomPicture(640, 360);
    const at::Tensor two = prepared(picture, optionsFor(480, 272, 480, 288));
    for (const int threads : {1, 4}) {
      at::set_num_threads(threads);
      QVERIFY(at::equal(two, prepared(picture, optionsFor(480, 272, 480, 288))));
    }
  }
  void whatDoesNotFitIsRefused() {
    const cv::Mat picture = randomPicture(8, 6);
    const auto refused = [&](const uint8_t* rgb, int width, int height, int64_t stride, const PreprocessOptions& o) {
      try {
        kernels::preprocess(rgb, width, height, stride, o);
      } catch (const std::invalid_argument& e) {
        return std::string(e.what()).starts_with("preprocess: ");
      }
      return false;
    };
    const PreprocessOptions fine = optionsFor(8, 6, 8, 6);
    PreprocessOptions flat = fine;
    flat.std[1] = 0;
    QVERIFY(!refused(picture.data, 8, 6, 24, fine));
    QVERIFY(refused(nullptr, 8, 6, 24, fine));
    QVERIFY(refused(picture.data, 0, 6, 24, fine));
    QVERIFY(refused(picture.data, 8, -1, 24, fine));
    QVERIFY(refused(picture.data, 8, 6, 23, fine));
    QVERIFY(refused(picture.data, 8, 6, 24, optionsFor(0, 6, 8, 6)));
    QVERIFY(refused(picture.data, 8, 6, 24, optionsFor(8, 6, 7, 6)));
    QVERIFY(refused(picture.data, 8, 6, 24, optionsFor(8, 6, 8, 5)));
    QVERIFY(refused(picture.data, 8, 6, 24, flat));
  }
  void withoutCudaItsEntrySaysSo() {
    QVERIFY_EXCEPTION_THROWN(kernels::preprocessCuda({}, {}, nullptr, nullptr), std::runtime_error);
  }
};

QTEST_APPLESS_MAIN(PreprocessTest)
#include "preprocess_test.moc"
