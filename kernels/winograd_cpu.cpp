#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

#include "kernels/grain.h"
#include "kernels/simd.h"
#include "kernels/winograd.h"

namespace dff::kernels {
namespace {

constexpr int64_t kLanes = kWinogradLanes, kSide = 6, kResults = 4;
using Lane = float[kLanes];

/// Six values along a line -> what they are at six points; xs and ys are the distances of neighbours.
DFF_INLINE void toPoints(const float* __restrict x, int64_t xs, float* __restrict y, int64_t ys) {
  for (int64_t l = 0; l < kLanes; ++l) {
    const float x0 = x[l], x1 = x[xs + l], x2 = x[2 * xs + l], x3 = x[3 * xs + l], x4 = x[4 * xs + l],
                x5 = x[5 * xs + l];
    y[l] = 4 * x0 - 5 * x2 + x4;
    y[ys + l] = (x4 - 4 * x2) + (x3 - 4 * x1);
    y[2 * ys + l] = (x4 - 4 * x2) - (x3 - 4 * x1);
    y[3 * ys + l] = (x4 - x2) + 2 * (x3 - x1);
    y[4 * ys + l] = (x4 - x2) - 2 * (x3 - x1);
    y[5 * ys + l] = 4 * x1 - 5 * x3 + x5;
  }
}

/// Products at six points -> four results along a line.
DFF_INLINE void fromPoints(const float* __restrict x, int64_t xs, float* __restrict y, int64_t ys) {
  for (int64_t l = 0; l < kLanes; ++l) {
    const float x0 = x[l], x1 = x[xs + l], x2 = x[2 * xs + l], x3 = x[3 * xs + l], x4 = x[4 * xs + l],
                x5 = x[5 * xs + l];
    const float sum = x1 + x2, difference = x1 - x2, farSum = x3 + x4, farDifference = x3 - x4;
    y[l] = x0 + sum + farSum;
    y[ys + l] = difference + 2 * farDifference;
    y[2 * ys + l] = sum + 4 * farSum;
    y[3 * ys + l] = difference + 8 * farDifference + x5;
  }
}

/// Where a tile's first result lies.
struct Corner {
  int64_t y, x;
};

DFF_INLINE Corner cornerOf(const WinogradGrid& g, int64_t tile) {
  const int64_t across = g.tilesAlong(g.w), down = g.tilesAlong(g.h);
  const int64_t tx = tile % across, ty = tile / across % down, phase = tile / (across * down);
  return {4 * ty * g.dilation + phase / g.dilation, 4 * tx * g.dilation + phase % g.dilation};
}

/// The six by six pixels that a tile reads, of 16 channels; 0 outside.
DFF_INLINE void readTile(const WinogradGrid& g, const float* map, int64_t channels, Corner corner, Lane* pixels) {
  for (int64_t i = 0; i < kSide; ++i) {
    const int64_t y = corner.y + (i - 1) * g.dilation;
    for (int64_t j = 0; j < kSide; ++j) {
      const int64_t x = corner.x + (j - 1) * g.dilation;
      if (y < 0 || y >= g.h || x < 0 || x >= g.w) {
        std::memset(pixels[i * kSide + j], 0, sizeof(Lane));
      } else {
        std::memcpy(pixels[i * kSide + j], map + (y * g.w + x) * channels, sizeof(Lane));
      }
    }
  }
}

DFF_SIMD void inputTiles(const WinogradGrid& g, int64_t channels, const float* map, float* points, int64_t begin,
                         int64_t end) {
  alignas(64) Lane pixels[kSide * kSide], half[kSide * kSide];
  const int64_t plane = g.rows() * channels;
  for (int64_t tile = begin; tile < end; ++tile) {
    const Corner corner = cornerOf(g, tile);
    for (int64_t c = 0; c < channels; c += kLanes) {
      readTile(g, map + c, channels, corner, pixels);
      for (int64_t j = 0; j < kSide; ++j) toPoints(pixels[j], kSide * kLanes, half[j], kSide * kLanes);
      float* to = points + tile * channels + c;
      for (int64_t i = 0; i < kSide; ++i) toPoints(half[i * kSide], kLanes, to + i * kSide * plane, plane);
    }
  }
}

/// 16 channels as one value: a choice between two stays one instruction, where a loop of 16 became 16 branches.
typedef float Vector __attribute__((vector_size(sizeof(Lane))));

/// Bias, sum and activation of 16 channels of one pixel. What is not a number stays none.
DFF_INLINE void finish(const WinogradEnd& end, const float* bias, const float* value, float* to) {
  Vector sum, offset, before = {};
  std::memcpy(&sum, value, sizeof sum);
  std::memcpy(&offset, bias, sizeof offset);
  if (end.accumulate) std::memcpy(&before, to, sizeof before);
  sum += offset + before;
  const Vector result = sum < 0 ? end.slope * sum : sum;
  std::memcpy(to, &result, sizeof result);
}

DFF_SIMD void outputTiles(const WinogradGrid& g, int64_t channels, const float* points, const WinogradEnd& end,
                          float* map, int64_t first, int64_t last) {
  alignas(64) Lane half[kResults * kSide], results[kResults * kResults];
  const int64_t plane = g.rows() * channels;
  for (int64_t tile = first; tile < last; ++tile) {
    const Corner corner = cornerOf(g, tile);
    for (int64_t c = 0; c < channels; c += kLanes) {
      const float* from = points + tile * channels + c;
      for (int64_t j = 0; j < kSide; ++j) fromPoints(from + j * plane, kSide * plane, half[j], kSide * kLanes);
      for (int64_t i = 0; i < kResults; ++i) fromPoints(half[i * kSide], kLanes, results[i * kResults], kLanes);
      for (int64_t i = 0; i < kResults; ++i) {
        const int64_t y = corner.y + i * g.dilation;
        for (int64_t j = 0; j < kResults && y < g.h; ++j) {
          const int64_t x = corner.x + j * g.dilation;
          if (x < g.w) finish(end, end.bias + c, results[i * kResults + j], map + (y * g.w + x) * channels + c);
        }
      }
    }
  }
}

/// Three taps of a kernel's line -> six points.
void tapsToPoints(const double x[3], double y[6]) {
  y[0] = x[0] / 4;
  y[1] = -(x[0] + x[1] + x[2]) / 6;
  y[2] = -(x[0] - x[1] + x[2]) / 6;
  y[3] = x[0] / 24 + x[1] / 12 + x[2] / 6;
  y[4] = x[0] / 24 - x[1] / 12 + x[2] / 6;
  y[5] = x[2];
}

/// One kernel of 3x3 taps; `plane` is the distance of its points.
void weightToPoints(const float* taps, float* points, int64_t plane) {
  double half[3][6];
  for (int row = 0; row < 3; ++row) {
    const double line[3] = {taps[3 * row], taps[3 * row + 1], taps[3 * row + 2]};
    tapsToPoints(line, half[row]);
  }
  for (int64_t x = 0; x < kSide; ++x) {
    const double line[3] = {half[0][x], half[1][x], half[2][x]};
    double column[6];
    tapsToPoints(line, column);
    for (int64_t y = 0; y < kSide; ++y) points[(y * kSide + x) * plane] = float(column[y]);
  }
}

}  // namespace

void winogradWeight(const float* weight, int64_t out, int64_t in, float* points) {
  at::parallel_for(0, in, grainFor(kWinogradPoints * out), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      for (int64_t o = 0; o < out; ++o) weightToPoints(weight + (o * in + i) * 9, points + i * out + o, in * out);
  });
}

void winogradInput(const WinogradGrid& grid, int64_t channels, const float* map, float* points) {
  at::parallel_for(0, grid.tiles(), grainFor(kWinogradPoints * channels),
                   [&](int64_t begin, int64_t end) { inputTiles(grid, channels, map, points, begin, end); });
}

void winogradOutput(const WinogradGrid& grid, int64_t channels, const float* points, const WinogradEnd& end,
                    float* map) {
  at::parallel_for(0, grid.tiles(), grainFor(kWinogradPoints * channels),
                   [&](int64_t first, int64_t last) { outputTiles(grid, channels, points, end, map, first, last); });
}

}  // namespace dff::kernels
