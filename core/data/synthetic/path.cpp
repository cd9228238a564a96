#include "core/data/synthetic/path.h"

#include <algorithm>

namespace dff::street {
namespace {
constexpr double kStep = 0.25;

Vec3 tangent(double heading) { return {std::sin(heading), 0, std::cos(heading)}; }
}  // namespace

Path::Path(Rng rng, double begin, double end, double bend)
    : begin_(begin), end_(end), bend_(bend), longWave_(rng.uniform(170, 320)), shortWave_(rng.uniform(70, 130)) {
  for (double& phase : phase_) phase = rng.uniform(0, 2 * CV_PI);
  Vec3 point;
  for (double s = begin; s < end + kStep; s += kStep) {
    points_.push_back(point);
    point += tangent(heading(s + kStep / 2)) * kStep;
  }
}

double Path::heading(double s) const {
  s = std::clamp(s, begin_, end_);  // straight beyond both ends
  return bend_ * (0.8 * std::sin(2 * CV_PI * s / longWave_ + phase_[0]) +
                  0.2 * std::sin(2 * CV_PI * s / shortWave_ + phase_[1]));
}

Vec3 Path::at(double s, double right, double up) const {
  const double inside = std::clamp(s, begin_, end_), a = heading(s), place = (inside - begin_) / kStep;
  const auto i = std::min(static_cast<size_t>(place), points_.size() - 2);
  const double part = place - static_cast<double>(i);
  return points_[i] * (1 - part) + points_[i + 1] * part + tangent(a) * (s - inside) +
         Vec3(std::cos(a), 0, -std::sin(a)) * right + Vec3(0, up, 0);
}

}  // namespace dff::street
