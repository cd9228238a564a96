#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/paint.h"

namespace dff::street {
namespace {
constexpr int kAcross = 512;
const Colour kWhite(206, 205, 198), kYellow(206, 172, 62);

/// Blends paint into the road where a worn mask lets it.
class RoadPainter {
 public:
  RoadPainter(Rng& rng, const Plan& plan, double length, int rows)
      : plan_(plan),
        left_(plan.kerb(-1)),
        across_(plan.kerb(1) - left_),
        length_(length),
        rgb_(rows, kAcross, CV_8UC3, jitter(rng, {112, 112, 114}, 0.1)) {
    modulate(rgb_, fractalNoise(rng, rgb_.size(), {8, rows / 64}, 3), 0.06);
    modulate(rgb_, fractalNoise(rng, rgb_.size(), {256, rows / 2}, 2), 0.13);
    wear_ = fractalNoise(rng, rgb_.size(), {32, rows / 16}, 4);
  }

  Texture texture() const { return makeTexture(rgb_); }

  cv::Point at(double right, double along) const {
    return {cvRound((right - left_) / across_ * rgb_.cols * 16), cvRound(along / length_ * rgb_.rows * 16)};
  }

  void polygon(const std::vector<cv::Point2d>& points, Colour colour, double strength) {
    cv::Mat mask(rgb_.size(), CV_8U, cv::Scalar(0));
    std::vector<cv::Point> corners;
    for (const auto& p : points) corners.push_back(at(p.x, p.y));
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255), cv::LINE_AA, 4);
    blend(mask, cv::boundingRect(corners), colour, strength);
  }

  void strip(double right, double width, double from, double to, Colour colour, double strength = 0.9) {
    polygon({{right - width / 2, from}, {right + width / 2, from}, {right + width / 2, to}, {right - width / 2, to}},
            colour, strength);
  }

  void tracks(double laneCentre) {
    for (double side : {-0.8, 0.8})
      for (double w : {0.7, 0.5, 0.3}) strip(laneCentre + side, w, 0, length_, {84, 84, 88}, 0.1);
  }

  void crack(Rng& rng) {
    cv::Point2d p(rng.uniform(left_, left_ + across_), rng.uniform(0, length_));
    double direction = rng.uniform(0, 2 * CV_PI);
    for (int i = 0; i < 14; ++i) {
      direction += rng.uniform(-0.6, 0.6);
      const cv::Point2d q = p + cv::Point2d(std::cos(direction), std::sin(direction)) * 0.16;
      cv::line(rgb_, at(p.x, p.y), at(q.x, q.y), {74, 74, 76}, 1, cv::LINE_AA, 4);
      p = q;
    }
  }

  void manhole(Rng& rng) {
    const cv::Point centre = at(rng.uniform(left_ + 1, left_ + across_ - 1), rng.uniform(1, length_ - 1));
    for (const auto& [radius, grey] : {std::pair{0.34, 70}, {0.28, 94}, {0.15, 79}}) {
      const cv::Size axes(cvRound(radius / across_ * rgb_.cols * 16), cvRound(radius / length_ * rgb_.rows * 16));
      cv::ellipse(rgb_, centre, axes, 0, 0, 360, cv::Scalar::all(grey), cv::FILLED, cv::LINE_AA, 4);
    }
  }

  void patch(Rng& rng) {
    const double x = rng.uniform(left_, left_ + across_ - 1.2), y = rng.uniform(0, length_ - 4),
                 grey = rng.uniform(80, 128);
    strip(x + 0.6, rng.uniform(0.6, 1.6), y, y + rng.uniform(1, 4), {grey, grey, grey}, 0.7);
  }

  void arrow(double right, double at, double heading) {
    const auto p = [&](double x, double y) { return cv::Point2d(right + x * heading, at + y * heading); };
    polygon({p(-0.1, 0), p(0.1, 0), p(0.1, 2.2), p(0.42, 2.2), p(0, 4), p(-0.42, 2.2), p(-0.1, 2.2)}, kWhite, 0.85);
  }

 private:
  void blend(const cv::Mat& mask, cv::Rect box, Colour colour, double strength) {
    box = cv::Rect(box.x / 16 - 1, box.y / 16 - 1, box.width / 16 + 3, box.height / 16 + 3) & cv::Rect({}, rgb_.size());
    for (int y = box.y; y < box.y + box.height; ++y)
      for (int x = box.x; x < box.x + box.width; ++x) {
        const double worn = std::clamp(1.0 - 0.45 * wear_.at<float>(y, x), 0.35, 1.0);
        const double share = mask.at<uchar>(y, x) / 255.0 * strength * worn;
        auto& pixel = rgb_.at<cv::Vec3b>(y, x);
        for (int c = 0; c < 3; ++c) pixel[c] = cv::saturate_cast<uchar>(pixel[c] * (1 - share) + colour[c] * share);
      }
  }

  const Plan& plan_;
  double left_, across_, length_;
  cv::Mat rgb_, wear_;
};

void paintEdges(RoadPainter& road, const Plan& plan, bool doubleYellow) {
  for (int sign : {-1, 1}) {
    if (plan.parking[sign > 0] > 0) {
      for (double s = 0; s < kRoadTurn; s += 6)
        road.strip(sign * (plan.lane + plan.parking[sign > 0] / 2), plan.parking[sign > 0], s, s + 0.1, kWhite, 0.7);
      for (double s = 0; s < kRoadTurn; s += 1.2) road.strip(sign * plan.lane, 0.09, s, s + 0.6, kWhite, 0.8);
    } else if (doubleYellow) {
      road.strip(plan.kerb(sign) - sign * 0.28, 0.09, 0, kRoadTurn, kYellow, 0.85);
      road.strip(plan.kerb(sign) - sign * 0.48, 0.09, 0, kRoadTurn, kYellow, 0.85);
    }
    road.strip(plan.kerb(sign) - sign * 0.08, 0.16, 0, kRoadTurn, {78, 74, 68}, 0.6);  // the gutter's dirt
  }
}
}  // namespace

Texture paintRoad(Rng& rng, const Plan& plan) {
  RoadPainter road(rng, plan, kRoadTurn, 2048);
  for (int sign : {-1, 1}) road.tracks(sign * plan.lane / 2);
  for (int i = 0; i < 4; ++i) road.patch(rng);
  for (int i = 0; i < 7; ++i) road.crack(rng);
  for (int i = 0; i < 3; ++i) road.manhole(rng);
  paintEdges(road, plan, rng.chance(0.6));
  const double dash = rng.chance(0.5) ? 2 : 4;
  for (double s = 0.5; s < kRoadTurn; s += 6) road.strip(0, 0.12, s, s + dash, kWhite);
  if (rng.chance(0.6)) road.arrow(plan.side * plan.lane / 2, 14, 1);
  if (rng.chance(0.3)) road.arrow(-plan.side * plan.lane / 2, 30, -1);
  return road.texture();
}

Texture paintZebra(Rng& rng, const Plan& plan) {
  RoadPainter road(rng, plan, 4, 256);
  for (double x = plan.kerb(-1) + 0.4; x < plan.kerb(1) - 0.3; x += 1.1)
    road.strip(x + 0.25, 0.55, 0.3, 3.7, {222, 221, 214}, 0.95);
  return road.texture();
}

Texture paintPaving(Rng& rng) {
  const double slab = pick(rng, std::vector<double>{0.4, 0.6, 0.6, 0.9});
  Canvas canvas(7.2, 7.2, 512 / 7.2, {150, 146, 138});
  const Colour stone =
      jitter(rng, pick(rng, std::vector<Colour>{{164, 158, 148}, {150, 148, 146}, {172, 150, 132}}), 0.08);
  canvas.rect({0, 0, 7.2, 7.2}, stone * 0.7);
  int row = 0;
  for (double y = 0; y < 7.19; y += slab, ++row)
    for (double x = row % 2 ? -slab / 2 : 0; x < 7.2; x += slab) {
      const Colour one = jitter(rng, stone, 0.06);
      canvas.rect({x + 0.014, y + 0.014, slab - 0.014, slab - 0.014}, one);
      if (x < 0) canvas.rect({x + 7.2 + 0.014, y + 0.014, slab, slab - 0.014}, one);
    }
  modulate(canvas.rgb, fractalNoise(rng, canvas.rgb.size(), {4, 4}, 7), 0.13);
  return canvas.texture();
}

Texture paintGrass(Rng& rng, const Plan& plan) {
  const std::vector<Colour> greens = {{88, 112, 52}, {98, 124, 58}, {112, 108, 56}, {106, 104, 66}};
  cv::Mat rgb(256, 256, CV_8UC3, greens[static_cast<size_t>(plan.season)]);
  modulate(rgb, fractalNoise(rng, rgb.size(), {4, 4}, 7), 0.35);
  return makeTexture(rgb);
}

Texture paintNoise(Rng& rng, double amount) {
  cv::Mat rgb(128, 128, CV_8UC3, cv::Scalar::all(200));
  modulate(rgb, fractalNoise(rng, rgb.size(), {8, 8}, 5), amount);
  return makeTexture(rgb);
}

Texture paintClouds(Rng& rng, float cover) {
  const cv::Size size(512, 512);
  const cv::Mat shape = fractalNoise(rng, size, {8, 8}, 6), light = fractalNoise(rng, size, {16, 16}, 4);
  cv::Mat rgb(size, CV_8UC3), alpha(size, CV_8U);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const float dense = std::clamp((shape.at<float>(y, x) + 2.2f * cover - 1.05f) * 1.5f, 0.f, 1.f);
      const float grey = 250 - 62 * dense * cover + 14 * light.at<float>(y, x);
      rgb.at<cv::Vec3b>(y, x) = {cv::saturate_cast<uchar>(grey - 3), cv::saturate_cast<uchar>(grey),
                                 cv::saturate_cast<uchar>(grey + 3)};
      alpha.at<uchar>(y, x) = cv::saturate_cast<uchar>(235 * dense * dense * (3 - 2 * dense));
    }
  return makeTexture(rgb, alpha);
}

Texture paintRoofTiles(Rng& rng) {
  const Colour clay = pick(rng, std::vector<Colour>{{120, 72, 56}, {88, 88, 94}, {104, 80, 68}});
  Canvas canvas(4, 4, 64, clay);
  for (double y = 0; y < 4; y += 0.25)
    for (double x = 0; x < 4; x += 0.2) {
      canvas.rect({x, y, 0.2, 0.25}, jitter(rng, clay, 0.12));
      canvas.rect({x, y, 0.2, 0.05}, clay * 0.6);
    }
  modulate(canvas.rgb, fractalNoise(rng, canvas.rgb.size(), {4, 4}, 5), 0.16);
  return canvas.texture();
}

}  // namespace dff::street
