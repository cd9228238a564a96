#include "core/schedule/least_change.h"

#include <algorithm>
#include <limits>

namespace dff {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr int kBisections = 40;

/// What a stretch between two keys costs, by sums made once.
class Costs {
 public:
  explicit Costs(const KeyChoice& choice) : choice_(choice), piled_(1), sums_(1), squares_(1) {
    for (size_t i = 0; i < frames(); ++i) {
      if (i > 0) piled_.push_back(piled_.back() + choice.change[i]);
      sums_.push_back(sums_.back() + piled_[i]);
      squares_.push_back(squares_.back() + piled_[i] * piled_[i]);
    }
  }
  size_t frames() const { return choice_.change.size(); }

  /// Of the frames from the key `from` up to the next key `to`, which may be the end.
  double between(size_t from, size_t to) const {
    const double count = double(to - from), a = piled_[from], sum = sums_[to] - sums_[from];
    if (!choice_.bothSides || to == frames()) return sum - count * a;
    const double b = piled_[to], squares = squares_[to] - squares_[from];
    return b > a ? std::max(0.0, ((a + b) * sum - squares - count * a * b) / (b - a)) : 0;
  }

 private:
  const KeyChoice& choice_;
  std::vector<double> piled_;  // change from the first frame to each
  std::vector<double> sums_, squares_;
};

/// The cheapest keys where each costs `price` more.
std::vector<size_t> cheapest(const KeyChoice& choice, const Costs& costs, double price) {
  const size_t end = costs.frames();
  std::vector<double> best(end + 1, kNever);
  std::vector<size_t> before(end + 1, 0);
  best[0] = 0;
  for (size_t from = 0; from < end; ++from) {
    if (best[from] == kNever) continue;
    const auto force = choice.forced.upper_bound(from);
    const size_t wall = force == choice.forced.end() ? end : *force, last = std::min(wall, from + choice.longest);
    for (size_t to = std::min(wall, from + choice.shortest); to <= last; ++to) {
      const double cost = best[from] + price + costs.between(from, to);
      if (cost < best[to]) best[to] = cost, before[to] = from;
    }
  }
  std::vector<size_t> keys;
  for (size_t at = end; at > 0;) keys.push_back(at = before[at]);
  return {keys.rbegin(), keys.rend()};
}

/// Adds the key that saves most; none where the shortest interval leaves no place.
bool addBest(const KeyChoice& choice, const Costs& costs, std::vector<size_t>& keys) {
  double most = -1;
  size_t place = 0, chosen = 0;
  for (size_t k = 0; k < keys.size(); ++k) {
    const size_t from = keys[k], to = k + 1 < keys.size() ? keys[k + 1] : costs.frames();
    for (size_t at = from + choice.shortest; at + choice.shortest <= to; ++at) {
      const double saved = costs.between(from, to) - costs.between(from, at) - costs.between(at, to);
      if (saved > most) most = saved, place = k + 1, chosen = at;
    }
  }
  if (most < 0) return false;
  keys.insert(keys.begin() + std::ptrdiff_t(place), chosen);
  return true;
}

}  // namespace

std::vector<size_t> leastChange(const KeyChoice& choice) {
  const Costs costs(choice);
  if (costs.frames() == 0) return {};
  double low = 0, high = costs.between(0, costs.frames()) + 1;  // a price above which no key pays
  std::vector<size_t> keys = cheapest(choice, costs, high);
  for (int i = 0; i < kBisections && keys.size() != choice.keys; ++i) {
    const double price = (low + high) / 2;
    auto found = cheapest(choice, costs, price);
    (found.size() > choice.keys ? low : high) = price;
    if (found.size() <= choice.keys) keys = std::move(found);
  }
  while (keys.size() < choice.keys && addBest(choice, costs, keys)) continue;
  return keys;
}

}  // namespace dff
