#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace dff::ui {

/// Frames along a line of pixels: frame f begins at x(f), every frame is `pixelsPerFrame` wide.
struct TimeScale {
  int64_t frames = 1;
  double left = 0, width = 1;  ///< of the line, pixels
  double first = 0;            ///< frame at the left end, may be fractional
  double pixelsPerFrame = 1;

  double x(double frame) const { return left + (frame - first) * pixelsPerFrame; }
  /// The frame under a pixel, kept within the clip.
  int64_t frameAt(double x) const {
    return std::clamp<int64_t>(int64_t(std::floor((x - left) / pixelsPerFrame + first)), 0, frames - 1);
  }
  double last() const { return first + width / pixelsPerFrame; }

  /// The whole clip, edge to edge.
  TimeScale fitted() const {
    TimeScale s = *this;
    s.first = 0;
    s.pixelsPerFrame = width / double(std::max<int64_t>(1, frames));
    return s;
  }
  /// The frame under pixel `at` stays there while the scale is multiplied.
  TimeScale zoomed(double factor, double at) const {
    TimeScale s = *this;
    const double frame = (at - left) / pixelsPerFrame + first;
    s.pixelsPerFrame =
        std::clamp(pixelsPerFrame * factor, fitted().pixelsPerFrame, std::max(40.0, fitted().pixelsPerFrame));
    s.first = frame - (at - left) / s.pixelsPerFrame;
    return s.tidy();
  }
  TimeScale scrolled(double pixels) const {
    TimeScale s = *this;
    s.first += pixels / pixelsPerFrame;
    return s.tidy();
  }
  /// Scrolled by as much as it takes to see `frame`; turns the page rather than creeping.
  TimeScale showing(int64_t frame) const {
    if (double(frame) >= first && double(frame) + 1 <= last()) return *this;
    TimeScale s = *this;
    s.first = double(frame) - (double(frame) < first ? 0.8 : 0.1) * width / pixelsPerFrame;
    return s.tidy();
  }
  /// Frames from one labelled tick to the next: 1, 2 or 5 times a power of ten, at least `minPixels` apart.
  int64_t tickStep(double minPixels) const {
    for (int64_t decade = 1;; decade *= 10)
      for (int64_t step : {decade, 2 * decade, 5 * decade})
        if (double(step) * pixelsPerFrame >= minPixels) return step;
  }

 private:
  TimeScale tidy() const {
    TimeScale s = *this;
    s.first = std::clamp(s.first, 0.0, std::max(0.0, double(frames) - width / s.pixelsPerFrame));
    return s;
  }
};

}  // namespace dff::ui
