#pragma once
#include <vector>

#include "core/data/synthetic/geometry.h"
#include "core/data/synthetic/noise.h"

namespace dff::street {

/// The street's centre line: a smooth curve on the ground, measured by the distance s along it, from `begin` on.
class Path {
 public:
  /// `bend`: how far the heading swings to either side, radians.
  Path(Rng rng, double begin, double end, double bend);

  /// The point `right` metres to the right of the centre line and `up` above the road; s may lie outside the line.
  Vec3 at(double s, double right = 0, double up = 0) const;
  double heading(double s) const;
  /// An upright pose at that point, z axis along the street (turned by `turn`).
  Pose pose(double s, double right, double up, double turn = 0) const {
    return {turnY(heading(s) + turn), at(s, right, up)};
  }
  double begin() const { return begin_; }
  double end() const { return end_; }

 private:
  double begin_, end_, bend_, longWave_, shortWave_, phase_[2];
  std::vector<Vec3> points_;  // one every kStep metres
};

}  // namespace dff::street
