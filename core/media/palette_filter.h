#pragma once
#include "core/media/ffmpeg.h"

struct AVFilterGraph;
struct AVFilterContext;

namespace dff {

/// Reduces pictures to 256 colours, chosen for each of them, with ordered dither, which does not flicker.
class PaletteFilter {
 public:
  /// Throws Error when this FFmpeg lacks the filters.
  PaletteFilter(int width, int height, AVRational timeBase);
  ~PaletteFilter();
  PaletteFilter(const PaletteFilter&) = delete;

  /// RGB24 to PAL8, time stamps kept.
  av::Picture apply(AVFrame& rgb);

 private:
  AVFilterGraph* graph_;
  AVFilterContext *source_ = nullptr, *sink_ = nullptr;
};

}  // namespace dff
