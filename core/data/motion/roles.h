#pragma once
#include <cstdint>
#include <vector>

namespace dff {

/// What a class is in a street: it decides how deep it lies and whether it can move.
enum class Role : uint8_t {
  unknown,  ///< void: lies on what is beside it
  sky,      ///< infinitely far
  ground,   ///< the plane under the camera
  side,     ///< walls along the street: depth from where they meet the ground
  upright,  ///< thin standing things: one depth each, from their foot
  mover,    ///< stands like `upright` and may have a velocity of its own
};

/// Role of one class index, and for movers how large and how fast they are.
struct ClassRole {
  Role role = Role::unknown;
  double height = 0;    ///< metres, movers only
  double maxSpeed = 0;  ///< metres a frame at 15 Hz, movers only
  bool onLane = false;  ///< moves along the street, often at the camera's speed (a car), not in any direction
};

/// Roles by class index; an index beyond the end is unknown.
using ClassRoles = std::vector<ClassRole>;

/// The eleven classes of CamVid: sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist.
inline ClassRoles camVidRoles() {
  return {{Role::sky},
          {Role::side},
          {Role::upright},
          {Role::ground},
          {Role::ground},
          {Role::side},
          {Role::upright},
          {Role::side},
          {Role::mover, 1.6, 1.0, true},
          {Role::mover, 1.7, 0.14, false},
          {Role::mover, 1.75, 0.5, true}};
}

}  // namespace dff
