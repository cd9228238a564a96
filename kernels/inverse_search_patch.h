#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "kernels/inverse_search_device.h"

namespace dff::kernels {

constexpr int64_t kPatch = 8;         // pixels a side
constexpr int64_t kPatchStep = 4;     // pixels from patch to patch
constexpr int64_t kPatchLead = 2;     // pixels that a patch begins before its place
constexpr int64_t kBlocksAcross = 4;  // of 2x2 pixels along a patch
constexpr int kMostSteps = 6;
constexpr float kStill = 0.01f;  // pixels; a step below ends the search
constexpr float kFlat = 16;      // added to the gradients' squares: a patch without texture stays where it was put
constexpr float kAlike = 0.05f;  // pixels; neighbours whose motions differ by less have nothing to tell each other
constexpr float kPixels = kPatch * kPatch;

typedef float PatchRow __attribute__((vector_size(sizeof(float) * kPatch)));

DFF_INLINE PatchRow rowAt(const float* p) {
  PatchRow row;
  std::memcpy(&row, p, sizeof row);
  return row;
}

DFF_INLINE float sumOf(const PatchRow& row) {
  return ((row[0] + row[4]) + (row[2] + row[6])) + ((row[1] + row[5]) + (row[3] + row[7]));
}

/// A patch of the current picture with what its gradients say, and where it lies.
struct Patch {
  PatchRow gray[kPatch], across[kPatch], down[kPatch];
  float sumAcross, sumDown;
  float inverse[3];  ///< of the symmetric 2x2 matrix of gradients, less their means: xx, xy, yy
  float x, y;        ///< of its first pixel
};

DFF_INLINE Patch patchAt(const GrayPicture& cur, int64_t y, int64_t x) {
  Patch p;
  p.x = float(x), p.y = float(y);
  PatchRow sx = {}, sy = {}, xx = {}, xy = {}, yy = {};
  for (int64_t v = 0; v < kPatch; ++v) {
    const float* at = cur.at(y + v, x);
    p.gray[v] = rowAt(at);
    const PatchRow gx = p.across[v] = (rowAt(at + 1) - rowAt(at - 1)) * 0.5f;
    const PatchRow gy = p.down[v] = (rowAt(at + cur.row) - rowAt(at - cur.row)) * 0.5f;
    sx += gx, sy += gy, xx += gx * gx, xy += gx * gy, yy += gy * gy;
  }
  p.sumAcross = sumOf(sx), p.sumDown = sumOf(sy);
  const float a = sumOf(xx) - p.sumAcross * p.sumAcross / kPixels + kFlat,
              b = sumOf(xy) - p.sumAcross * p.sumDown / kPixels,
              c = sumOf(yy) - p.sumDown * p.sumDown / kPixels + kFlat;
  const float over = 1 / (a * c - b * b);
  p.inverse[0] = c * over, p.inverse[1] = -b * over, p.inverse[2] = a * over;
  return p;
}

/// A patch of the key at a fractional place, which is kept within the margin.
struct Place {
  DFF_INLINE Place(const GrayPicture& key, float x, float y) : row(key.row) {
    const float most = float(key.margin - 1);
    x = std::clamp(x, -most, float(key.width) + most - float(kPatch + 1));
    y = std::clamp(y, -most, float(key.height) + most - float(kPatch + 1));
    const float left = std::floor(x), top = std::floor(y);
    at = key.at(int64_t(top), int64_t(left));
    fx = x - left, fy = y - top;
  }
  /// Bilinear, the pixels of row v.
  DFF_INLINE PatchRow between(int64_t v) const {
    const float* p = at + v * row;
    return rowAt(p) * (1 - fx) + rowAt(p + 1) * fx;
  }
  const float* at;
  int64_t row;
  float fx, fy;
};

/// What is left between a patch and the key, of which the mean does not count.
struct Remainder {
  float mean, square;  ///< the mean difference; the sum of squares less it
  float dx, dy;        ///< the step that would take it away
};

DFF_INLINE Remainder remainderOf(const Patch& p, const GrayPicture& key, float dx, float dy) {
  const Place place(key, p.x + dx, p.y + dy);
  PatchRow sum = {}, square = {}, across = {}, down = {};
  PatchRow above = place.between(0);
  for (int64_t v = 0; v < kPatch; ++v) {
    const PatchRow below = place.between(v + 1);
    const PatchRow r = above * (1 - place.fy) + below * place.fy - p.gray[v];
    sum += r, square += r * r, across += r * p.across[v], down += r * p.down[v];
    above = below;
  }
  const float all = sumOf(sum), mean = all / kPixels;
  const float bx = sumOf(across) - p.sumAcross * mean, by = sumOf(down) - p.sumDown * mean;
  return {mean, sumOf(square) - all * mean, p.inverse[0] * bx + p.inverse[1] * by,
          p.inverse[1] * bx + p.inverse[2] * by};
}

/// A patch's motion in pixels and how much it is worth to each block of 2x2 pixels.
struct Found {
  float dx, dy;
  float mean, square;  ///< what is left of it there
  float weight[kBlocksAcross][kBlocksAcross];
};

/// Steps as long as they help.
DFF_INLINE void search(const Patch& p, const GrayPicture& key, Found& found) {
  float dx = found.dx, dy = found.dy, least = INFINITY;
  for (int step = 0; step <= kMostSteps; ++step) {
    const Remainder left = remainderOf(p, key, dx, dy);
    if (!(left.square < least)) break;
    least = left.square;
    found.dx = dx, found.dy = dy, found.mean = left.mean, found.square = left.square;
    if (std::abs(left.dx) + std::abs(left.dy) < kStill) break;
    dx -= left.dx, dy -= left.dy;
  }
}

/// The weight of a pixel is one over the square of what the patch leaves unexplained of it, from one grey level on.
DFF_INLINE void weigh(const Patch& p, const GrayPicture& key, Found& found) {
  const Place place(key, p.x + found.dx, p.y + found.dy);
  PatchRow above = place.between(0), pair = {};
  for (int64_t v = 0; v < kPatch; ++v) {
    const PatchRow below = place.between(v + 1);
    const PatchRow r = above * (1 - place.fy) + below * place.fy - p.gray[v] - found.mean;
    const PatchRow square = r * r, share = 1 / (square < 1 ? r * 0 + 1 : square);
    pair = v % 2 ? pair + share : share;
    for (int64_t b = 0; v % 2 && b < kBlocksAcross; ++b) found.weight[v / 2][b] = pair[2 * b] + pair[2 * b + 1];
    above = below;
  }
}

}  // namespace dff::kernels
