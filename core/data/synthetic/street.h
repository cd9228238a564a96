#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/base/fields.h"

namespace dff {

/// A drawn street: its seed decides the street, the hour, the traffic and the drive through it.
struct StreetOptions {
  uint64_t seed = 1;
  int frames = 90;
  int width = 480, height = 360;
  double fps = 15;
};

template <class V>
void fields(StreetOptions& o, V&& v) {
  v("seed", o.seed, "which street: every number gives another one, the same one always the same");
  v("frames", o.frames, "how many frames the drive lasts", Bounds{1, 100000});
  v("width", o.width, "width of the picture in pixels", Bounds{16, 4096});
  v("height", o.height, "height of the picture in pixels", Bounds{16, 4096});
  v("fps", o.fps, "frames per second", Bounds{1, 240});
}

/// What is seen of one vehicle (0), pedestrian (1) or cyclist (2).
struct StreetBox {
  cv::Rect2d box;  ///< pixels; encloses exactly the visible pixels, which lie within the picture
  int classIndex = 0;
  int trackId = 0;        ///< from 1, the same in every frame
  double visibility = 1;  ///< share of its pixels within the picture that nothing hides
};

struct StreetFrame {
  cv::Mat rgb;     ///< [H,W] CV_8UC3
  cv::Mat labels;  ///< [H,W] CV_8U CamVid class 0 .. 10 of what lies at the pixel's centre
  std::vector<StreetBox> boxes;
};

/// Where the surface points seen in one frame lie in another.
struct StreetMotion {
  cv::Mat flow;     ///< [H,W] CV_32FC2 pixels, (dx, dy): position in `to` less position in `from`
  cv::Mat visible;  ///< [H,W] CV_8U 255 where `to` shows the point too, else 0
};

namespace street {
struct Stage;
}

/// A procedural street seen by a driver, with exact truth. Frames are pure functions of the options and their number,
/// which may also lie outside 0 .. frames-1 by a few; safe to use from several threads.
class SyntheticStreet {
 public:
  using Motion = StreetMotion;
  /// Throws Error when an option is out of bounds.
  explicit SyntheticStreet(StreetOptions options);
  ~SyntheticStreet();
  SyntheticStreet(SyntheticStreet&&) noexcept;
  SyntheticStreet& operator=(SyntheticStreet&&) noexcept;

  StreetFrame render(int frame) const;
  /// Everything moves rigidly in parts (limbs, wheels), the sky as if infinitely far: exact to the pinhole model.
  Motion motion(int from, int to) const;
  const StreetOptions& options() const { return options_; }

 private:
  StreetOptions options_;
  std::unique_ptr<const street::Stage> stage_;
};

}  // namespace dff
