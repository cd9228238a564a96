#include "core/eval/mask_scores.h"

#include <QTest>
#include <cmath>
#include <opencv2/core.hpp>

using namespace dff;

namespace {

/// A rectangle in a picture of 100x100: contours match within ceil(0.008 * 141.4) = 2 pixels.
cv::Mat maskOf(const cv::Rect& box, cv::Size size = {100, 100}) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8U);
  mask(box).setTo(255);
  return mask;
}
const cv::Mat kNothing = cv::Mat::zeros(100, 100, CV_8U);

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

/// F by DAVIS's definition, pixel by pixel.
double slowContour(const cv::Mat& said, const cv::Mat& truth, int reach) {
  const auto contour = [](const cv::Mat& m) {
    std::vector<cv::Point> points;
    const auto at = [&](int y, int x) { return m.at<uchar>(std::min(y, m.rows - 1), std::min(x, m.cols - 1)) != 0; };
    for (int y = 0; y < m.rows; ++y)
      for (int x = 0; x < m.cols; ++x)
        if (at(y, x) != at(y, x + 1) || at(y, x) != at(y + 1, x) || at(y, x) != at(y + 1, x + 1))
          points.push_back({x, y});
    return points;
  };
  const auto a = contour(said), b = contour(truth);
  const auto share = [&](const auto& of, const auto& among) {
    int found = 0;
    for (const auto& p : of)
      found += std::any_of(among.begin(), among.end(),
                           [&](const cv::Point& q) { return (p - q).dot(p - q) <= reach * reach; });
    return found / double(of.size());
  };
  const double precision = share(a, b), recall = share(b, a);
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

}  // namespace

class MaskScoresTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void regionIsIntersectionOverUnion() {
    QVERIFY(near(regionSimilarity(maskOf({10, 10, 20, 20}), maskOf({20, 10, 20, 20})), 200 / 600.));
    QVERIFY(near(regionSimilarity(kNothing, kNothing), 1));
    QVERIFY(near(regionSimilarity(kNothing, maskOf({10, 10, 20, 20})), 0));
  }
  void contoursWithinReachAreOne() {
    const cv::Mat truth = maskOf({30, 30, 40, 40});
    QVERIFY(near(contourAccuracy(truth, truth), 1));
    QVERIFY(near(contourAccuracy(maskOf({31, 31, 40, 40}), truth), 1));
    QVERIFY(contourAccuracy(maskOf({36, 30, 40, 40}), truth) < 0.8);
    QVERIFY(near(contourAccuracy(maskOf({2, 2, 5, 5}), truth), 0));
  }
  void noContourAtAllIsRightWhereThereIsNone() {
    QVERIFY(near(contourAccuracy(kNothing, kNothing), 1));
    QVERIFY(near(contourAccuracy(kNothing, maskOf({30, 30, 40, 40})), 0));
    QVERIFY(near(contourAccuracy(maskOf({30, 30, 40, 40}), kNothing), 0));
  }
  void contoursAgreeWithASlowCount() {
    cv::RNG rng(3);
    for (int i = 0; i < 20; ++i) {
      const auto box = [&] {
        const int x = rng.uniform(0, 60), y = rng.uniform(0, 60);
        return cv::Rect(x, y, rng.uniform(5, 100 - x), rng.uniform(5, 100 - y));
      };
      const cv::Mat said = maskOf(box()), truth = maskOf(box()) | maskOf(box());
      QVERIFY(near(contourAccuracy(said, truth), slowContour(said, truth, 2)));
    }
  }
  void videosCountAlikeHoweverLong() {
    const cv::Mat truth = maskOf({30, 30, 40, 40});
    MaskScorer scorer;
    for (int i = 0; i < 8; ++i) scorer.add(0, i < 6 ? truth : kNothing, truth);
    scorer.add(1, kNothing, truth);
    const MaskScores s = scorer.scores();
    QVERIFY(near(s.region, (0.75 + 0) / 2) && near(s.contour, 0.375) && near(s.recall, 0.375));
    QVERIFY(near(s.decay, (1 - 0) / 2.));  // the first two of eight were right, the last two wrong
    QVERIFY(MaskScorer().scores().region < 0);
  }
};

QTEST_APPLESS_MAIN(MaskScoresTest)
#include "mask_scores_test.moc"
