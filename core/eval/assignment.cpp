#include "core/eval/assignment.h"

#include <algorithm>
#include <limits>

namespace dff {
namespace {

/// Shortest augmenting paths with potentials, on a square of costs; index 0 stands for "none".
class Matching {
 public:
  explicit Matching(std::vector<std::vector<double>> costs)
      : costs_(std::move(costs)), n_(costs_.size()), rowOf_(n_ + 1), u_(n_ + 1), v_(n_ + 1) {
    for (size_t row = 1; row <= n_; ++row) add(row);
  }
  size_t rowOf(size_t column) const { return rowOf_[column]; }

 private:
  void add(size_t row) {
    constexpr double kFar = std::numeric_limits<double>::infinity();
    std::vector<double> distance(n_ + 1, kFar);
    std::vector<size_t> before(n_ + 1);
    std::vector<bool> done(n_ + 1);
    size_t column = 0;
    rowOf_[0] = row;
    do {
      done[column] = true;
      const size_t from = rowOf_[column];
      size_t nearest = 0;
      double step = kFar;
      for (size_t j = 1; j <= n_; ++j) {
        if (done[j]) continue;
        const double d = costs_[from - 1][j - 1] - u_[from] - v_[j];
        if (d < distance[j]) distance[j] = d, before[j] = column;
        if (distance[j] < step) step = distance[j], nearest = j;
      }
      for (size_t j = 0; j <= n_; ++j) {
        if (done[j])
          u_[rowOf_[j]] += step, v_[j] -= step;
        else
          distance[j] -= step;
      }
      column = nearest;
    } while (rowOf_[column] != 0);
    for (; column; column = before[column]) rowOf_[column] = rowOf_[before[column]];
  }

  std::vector<std::vector<double>> costs_;
  size_t n_;
  std::vector<size_t> rowOf_;
  std::vector<double> u_, v_;
};

}  // namespace

std::vector<int> bestAssignment(const std::vector<std::vector<double>>& values, int columns) {
  const size_t n = std::max(values.size(), size_t(columns));
  std::vector<std::vector<double>> costs(n, std::vector<double>(n, 0));
  for (size_t r = 0; r < values.size(); ++r)
    for (int c = 0; c < columns; ++c) costs[r][size_t(c)] = -values[r][size_t(c)];
  const Matching matching(costs);
  std::vector<int> columnOf(values.size(), -1);
  for (size_t c = 1; c <= size_t(columns); ++c) {
    const size_t r = matching.rowOf(c) - 1;
    if (r < values.size() && values[r][c - 1] > 0) columnOf[r] = int(c) - 1;
  }
  return columnOf;
}

}  // namespace dff
