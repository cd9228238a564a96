#pragma once
#include <optional>
#include <utility>

#include "core/data/synthetic/street.h"

namespace dff {

/// A drive through one street, or through several that are cut together.
struct DriveOptions {
  StreetOptions street;  ///< the first; the others have the numbers after its seed
  int scenes = 1;
};

template <class V>
void fields(DriveOptions& o, V&& v) {
  fields(o.street, v);
  v("scenes", o.scenes, "how many streets, cut together, of uneven lengths", Bounds{1, 1000});
}

/// Streets cut together, with exact truth; frames are pure functions of the options and their number.
class SyntheticDrive {
 public:
  /// Throws Error when an option is out of bounds, or there are fewer frames than scenes.
  explicit SyntheticDrive(const DriveOptions& options);

  /// Objects of one scene have other numbers than those of all others.
  StreetFrame render(int frame) const;
  /// None from one scene to another.
  std::optional<StreetMotion> motion(int from, int to) const;
  /// First frames of the scenes.
  const std::vector<int>& starts() const { return starts_; }

 private:
  /// The scene of a frame, and the frame's number in it.
  std::pair<size_t, int> placeOf(int frame) const;

  std::vector<SyntheticStreet> streets_;
  std::vector<int> starts_;
};

}  // namespace dff
