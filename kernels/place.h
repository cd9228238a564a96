#pragma once
#include <cstdint>

namespace dff::kernels {

/// Maps [cells,fromChannels] -> [cells,toChannels]: `count` channels from `skipped` on become those from `offset` on.
struct Placing {
  int64_t cells = 0, fromChannels = 0, count = 0, toChannels = 0, offset = 0, skipped = 0;
};

void place(const Placing& placing, const float* from, float* to);

/// A map [h,w,channels] -> [ceil(h/2),ceil(w/2),2,2,channels]: the four cells of a square beside each other, 0 where
/// there is none.
struct Folding {
  int64_t h = 0, w = 0, channels = 0;
};

void fold(const Folding& folding, const float* from, float* to);

/// A map [h,w,channels*u*u] -> [h u,w u,channels]: what lies in a cell's channels laid out around it, in the order of
/// pixel_shuffle (channel (c u + y) u + x of a cell becomes channel c of its position y, x).
void spreadCells(const Folding& folding, int64_t u, const float* from, float* to);

/// A picture [channels,h,w] -> the mean of each 2x2 pixels, of those that exist at an odd side:
/// [ceil(h/2),ceil(w/2),channels].
void halve(const Folding& folding, const float* from, float* to);

}  // namespace dff::kernels
