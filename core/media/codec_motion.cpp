#include "core/media/codec_motion.h"

#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace dff {
namespace {

constexpr float kQuarter = 0.25f;
const float kUnknown = std::numeric_limits<float>::quiet_NaN();

bool isKnown(const cv::Vec2f& v) { return !std::isnan(v[0]) && !std::isnan(v[1]); }

/// Adds a block's vector to every cell that it covers, weighted by the covered area.
void addBlock(const CodecVector& v, cv::Mat& sum, cv::Mat& weight) {
  constexpr int cell = CodecMotion::kCell;
  const int left = std::max(0, v.x - v.w / 2), top = std::max(0, v.y - v.h / 2);
  const int right = std::min(v.x + v.w / 2, sum.cols * cell), bottom = std::min(v.y + v.h / 2, sum.rows * cell);
  for (int y = top / cell; y * cell < bottom; ++y)
    for (int x = left / cell; x * cell < right; ++x) {
      const int w = std::min(right, (x + 1) * cell) - std::max(left, x * cell);
      const int h = std::min(bottom, (y + 1) * cell) - std::max(top, y * cell);
      const float area = float(w * h);
      sum.at<cv::Vec2f>(y, x) += cv::Vec2f(v.dx, v.dy) * (kQuarter * area);
      weight.at<float>(y, x) += area;
    }
}

/// Coded to displayed: the field is turned as the picture is, and so is each vector.
cv::Mat displayed(cv::Mat field, const CodedPicture& picture) {
  const bool upright = picture.rotation % 180 == 0;
  const cv::Size turned = upright ? picture.coded : cv::Size(picture.coded.height, picture.coded.width);
  const float across = float(picture.displayed.width) / float(turned.width),
              down = float(picture.displayed.height) / float(turned.height);
  if (picture.rotation == 90) cv::rotate(field, field, cv::ROTATE_90_CLOCKWISE);
  if (picture.rotation == 180) cv::rotate(field, field, cv::ROTATE_180);
  if (picture.rotation == 270) cv::rotate(field, field, cv::ROTATE_90_COUNTERCLOCKWISE);
  if (picture.mirror) cv::flip(field, field, 1);
  field.forEach<cv::Vec2f>([&](cv::Vec2f& v, const int*) {
    if (picture.rotation == 90) v = {-v[1], v[0]};
    if (picture.rotation == 180) v = -v;
    if (picture.rotation == 270) v = {v[1], -v[0]};
    v = {(picture.mirror ? -v[0] : v[0]) * across, v[1] * down};
  });
  return field;
}

}  // namespace

void fillUnknown(cv::Mat& field) {
  std::vector<cv::Point> edge, next;
  cv::Mat known(field.size(), CV_8U);
  for (int y = 0; y < field.rows; ++y)
    for (int x = 0; x < field.cols; ++x) {
      known.at<uint8_t>(y, x) = isKnown(field.at<cv::Vec2f>(y, x));
      if (!known.at<uint8_t>(y, x)) edge.push_back({x, y});
    }
  const cv::Rect inside({}, field.size());
  while (!edge.empty()) {
    std::vector<std::pair<cv::Point, cv::Vec2f>> found;
    next.clear();
    for (const cv::Point p : edge) {
      cv::Vec2f sum;
      int count = 0;
      for (const cv::Point q : {p + cv::Point(-1, 0), p + cv::Point(1, 0), p + cv::Point(0, -1), p + cv::Point(0, 1)})
        if (inside.contains(q) && known.at<uint8_t>(q)) sum += field.at<cv::Vec2f>(q), ++count;
      if (count > 0)
        found.emplace_back(p, sum * (1.f / float(count)));
      else
        next.push_back(p);
    }
    if (found.empty()) {
      for (const cv::Point p : edge) field.at<cv::Vec2f>(p) = {};
      return;
    }
    for (const auto& [p, v] : found) field.at<cv::Vec2f>(p) = v, known.at<uint8_t>(p) = 1;
    edge.swap(next);
  }
}

void medianFilter(cv::Mat& field) {
  cv::Mat planes[2];
  cv::split(field, planes);
  for (cv::Mat& plane : planes) cv::medianBlur(plane.clone(), plane, 3);
  cv::merge(planes, 2, field);
}

cv::Mat CodecMotion::make() const {
  const cv::Size cells((picture_.coded.width + kCell - 1) / kCell, (picture_.coded.height + kCell - 1) / kCell);
  const float perFrame = 1 / float(std::max(1, picture_.distance));
  cv::Mat sum = cv::Mat::zeros(cells, CV_32FC2), weight = cv::Mat::zeros(cells, CV_32F);
  for (const CodecVector& v : vectors_) addBlock(v, sum, weight);
  for (int y = 0; y < cells.height; ++y)
    for (int x = 0; x < cells.width; ++x) {
      const float w = weight.at<float>(y, x);
      auto& v = sum.at<cv::Vec2f>(y, x);
      v = w > 0 ? v * (perFrame / w) : cv::Vec2f(kUnknown, kUnknown);
    }
  fillUnknown(sum);
  medianFilter(sum);
  return displayed(sum, picture_);
}

const cv::Mat& CodecMotion::field() const {
  std::call_once(once_, [this] { field_ = make(); });
  return field_;
}

}  // namespace dff
