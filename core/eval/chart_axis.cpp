#include "core/eval/chart_axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dff {
namespace {

constexpr double kRoom = 0.06;  // of the whole, beyond the values at either end

double roundStep(double range, int wanted) {
  const double rough = range / wanted, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1., 2., 5.})
    if (factor * power >= 0.7 * rough) return factor * power;
  return 10 * power;
}

std::vector<double> evenTicks(double low, double high, double step) {
  std::vector<double> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) ticks.push_back(k * step);
  return ticks;
}

}  // namespace

Axis Axis::around(double least, double most, bool logarithmic) {
  if (logarithmic) {
    const double factor = std::max(1.1, std::pow(most / least, kRoom));
    return {least / factor, most * factor, true};
  }
  const double room = most > least ? (most - least) * kRoom : std::max(1e-6, std::abs(most) * 0.1);
  return {least - room, most + room, false};
}

double Axis::place(double value) const {
  return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

std::vector<double> Axis::ticks(int wanted, double leastStep) const {
  if (!logarithmic || high / low < 4) return evenTicks(low, high, std::max(leastStep, roundStep(high - low, wanted)));
  std::vector<double> ticks;
  const bool dense = std::log10(high / low) < 2.5;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10)
    for (const double factor : {1., 2., 5.})
      if ((factor == 1 || dense) && factor * power >= low && factor * power <= high) ticks.push_back(factor * power);
  return ticks;
}

std::string tickText(double value, double step) {
  char text[32];
  if (std::abs(value) >= 1e5 || (value != 0 && std::abs(value) < 1e-4))
    std::snprintf(text, sizeof text, "%.0e", value);
  else
    std::snprintf(text, sizeof text, "%.*f", std::max(0, int(std::ceil(-std::log10(step) - 1e-9))),
                  value == 0 ? 0. : value);
  return text;
}

}  // namespace dff
