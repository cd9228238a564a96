#pragma once
#include <string>
#include <vector>

namespace dff {

/// From values to places along one side of a chart.
struct Axis {
  double low = 0, high = 1;  ///< the values at its ends
  bool logarithmic = false;

  /// Holds all the values with a little room; round ends are not sought, round ticks are.
  static Axis around(double least, double most, bool logarithmic);
  /// 0 at `low`, 1 at `high`.
  double place(double value) const;
  /// Round values within it, about `wanted` of them and no closer than `leastStep`.
  std::vector<double> ticks(int wanted, double leastStep = 0) const;
};

/// As short as tells it from its neighbours, `step` apart.
std::string tickText(double value, double step);

}  // namespace dff
