#pragma once
#include <cstddef>
#include <set>
#include <vector>

namespace dff {

/// What leastChange() may choose among.
struct KeyChoice {
  std::vector<double> change;  ///< of each frame against the one before it, at least 0; the first is not read
  std::set<size_t> forced;     ///< frames that are keys in any case, the first among them
  size_t keys = 1;             ///< how many there shall be, with those by force
  size_t shortest = 1;         ///< fewest frames from key to key, but up to one by force
  size_t longest = 40;         ///< most
  bool bothSides = false;      ///< frames are made from the key after them too
};

/// The keys that leave least change: over all frames, the sum of what piled up since the frame's key (with both sides,
/// of what lies to the two keys as to resistors side by side: a b / (a + b)). Found by dynamic programming with a price
/// for each key, the price by bisection; where no price gives the count, the best single keys make it up. There are
/// more keys than asked for only where force or `longest` wants them. Sorted; time goes with frames times `longest`.
std::vector<size_t> leastChange(const KeyChoice& choice);

}  // namespace dff
