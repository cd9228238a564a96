#include "core/data/augment.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/data/dataset.h"

namespace dff {
namespace {

double uniform(std::mt19937_64& random, double low, double high) {
  return low + (high - low) * double(random() >> 11) * 0x1.0p-53;  // the same on every platform, unlike the std one
}

/// The position in the source of an output position: source = linear * output + shift.
struct Geometry {
  cv::Matx22d linear;
  cv::Vec2d shift;
  cv::Matx23d matrix() const { return {linear(0, 0), linear(0, 1), shift[0], linear(1, 0), linear(1, 1), shift[1]}; }
};

Geometry randomGeometry(cv::Size source, const AugmentOptions& o, std::mt19937_64& random) {
  const double scale = std::exp(uniform(random, std::log(o.scaleMin), std::log(o.scaleMax)));
  const double angle = uniform(random, -o.rotation, o.rotation) * CV_PI / 180;
  const double mirror = o.flip && uniform(random, 0, 1) < 0.5 ? -1 : 1;
  const double c = std::cos(angle) / scale, s = std::sin(angle) / scale;
  const cv::Matx22d linear(mirror * c, -s, mirror * s, c);
  // The crop's centre moves over the source so far that the crop stays inside; a crop that is larger moves the other
  // way.
  const double slackX = (source.width - o.width / scale) / 2, slackY = (source.height - o.height / scale) / 2;
  const cv::Vec2d centre(source.width / 2.0 + uniform(random, -1, 1) * slackX,
                         source.height / 2.0 + uniform(random, -1, 1) * slackY);
  const cv::Vec2d half(o.width / 2.0, o.height / 2.0);
  return {linear, centre - linear * half};
}

cv::Mat sample(const cv::Mat& in, const Geometry& g, cv::Size size, int interpolation, const cv::Scalar& outside) {
  cv::Mat out;
  if (!in.empty())
    cv::warpAffine(in, out, g.matrix(), size, interpolation | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, outside);
  return out;
}

/// A flow vector turns and grows with the picture: key_out - p_out = linear^-1 * (key_in - p_in).
void turnFlow(cv::Mat& flow, const Geometry& g) {
  if (flow.empty()) return;
  const cv::Matx22f inverse = cv::Matx22f(g.linear.inv());
  cv::transform(flow, flow, inverse);
}

struct ColorChange {
  cv::Matx34f matrix;
};

ColorChange randomColor(double strength, std::mt19937_64& random) {
  const auto factor = [&] { return float(uniform(random, 1 - strength, 1 + strength)); };
  const float contrast = factor(), saturation = factor(), brightness = float(uniform(random, -strength, strength)) * 80;
  const float gray[3] = {0.299f, 0.587f, 0.114f};
  ColorChange change;
  for (int row = 0; row < 3; ++row) {
    const float tint = 1 + (factor() - 1) * 0.3f;
    for (int column = 0; column < 3; ++column)
      change.matrix(row, column) =
          contrast * tint * ((1 - saturation) * gray[column] + (row == column ? saturation : 0));
    change.matrix(row, 3) = 128 * (1 - contrast) + brightness;
  }
  return change;
}

void applyColor(cv::Mat& picture, const ColorChange& change) {
  if (!picture.empty()) cv::transform(picture, picture, change.matrix);
}

}  // namespace

Example augment(const Example& in, const AugmentOptions& o, std::mt19937_64& random) {
  const Geometry g = randomGeometry(in.cur.size(), o, random);
  const cv::Size size(o.width, o.height);
  Example out;
  out.cur = sample(in.cur, g, size, cv::INTER_LINEAR, {});
  out.key = sample(in.key, g, size, cv::INTER_LINEAR, {});
  out.labels = sample(in.labels, g, size, cv::INTER_NEAREST, cv::Scalar(kIgnore));
  out.keyFromCur = sample(in.keyFromCur, g, size, cv::INTER_NEAREST, {});
  out.valid = sample(in.valid, g, size, cv::INTER_NEAREST, {});
  turnFlow(out.keyFromCur, g);
  out.boxes = movedBoxes(in.boxes, g.linear, g.shift, size);
  const ColorChange color = randomColor(o.color, random);
  applyColor(out.cur, color);
  applyColor(out.key, color);
  return out;
}

}  // namespace dff
