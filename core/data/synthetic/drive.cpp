#include "core/data/synthetic/drive.h"

#include <algorithm>

#include "core/base/error.h"

namespace dff {
namespace {

constexpr int kMostTracks = 1000;  // of a scene

/// How long a scene is beside the others: 2 to 6 parts.
int partsOf(const DriveOptions& o, int scene) { return 2 + int((o.street.seed + 3 * uint64_t(scene)) % 5); }

std::vector<int> startsOf(const DriveOptions& o) {
  if (o.scenes < 1 || o.street.frames < o.scenes)
    fail("synthetic street: ", o.street.frames, " frames cannot show ", o.scenes, " scenes");
  int all = 0;
  for (int s = 0; s < o.scenes; ++s) all += partsOf(o, s);
  std::vector<int> starts;
  const int64_t spare = o.street.frames - o.scenes;  // each has one frame at least
  for (int s = 0, parts = 0; s < o.scenes; parts += partsOf(o, s++)) starts.push_back(s + int(spare * parts / all));
  return starts;
}

}  // namespace

SyntheticDrive::SyntheticDrive(const DriveOptions& options) : starts_(startsOf(options)) {
  for (size_t s = 0; s < starts_.size(); ++s) {
    StreetOptions street = options.street;
    street.seed += s;
    if (options.scenes > 1) street.frames = (s + 1 < starts_.size() ? starts_[s + 1] : street.frames) - starts_[s];
    streets_.emplace_back(street);
  }
}

std::pair<size_t, int> SyntheticDrive::placeOf(int frame) const {
  const auto after = std::upper_bound(starts_.begin() + 1, starts_.end(), frame);
  const auto scene = size_t(after - starts_.begin() - 1);
  return {scene, frame - starts_[scene]};
}

StreetFrame SyntheticDrive::render(int frame) const {
  const auto [scene, number] = placeOf(frame);
  StreetFrame picture = streets_[scene].render(number);
  for (StreetBox& box : picture.boxes) box.trackId += int(scene) * kMostTracks;
  return picture;
}

std::optional<StreetMotion> SyntheticDrive::motion(int from, int to) const {
  const auto [scene, number] = placeOf(from);
  const auto [sceneThen, numberThen] = placeOf(to);
  if (scene != sceneThen) return std::nullopt;
  return streets_[scene].motion(number, numberThen);
}

}  // namespace dff
