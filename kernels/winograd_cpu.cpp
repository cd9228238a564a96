#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/grain.h"
#include "kernels/matrix_panel.h"
#include "kernels/scratch.h"
#include "kernels/winograd.h"

namespace dff::kernels {
namespace {

constexpr int64_t kLanes = kWinogradLanes, kSide = 6, kResults = 4;
constexpr int64_t kTile = kWinogradPoints * kLanes;  // floats of a tile's 16 channels: its points lie together

/// Six values along a line -> what they are at six points.
DFF_INLINE void toPoints(const Vector x[kSide], Vector y[kSide]) {
  y[0] = 4 * x[0] - 5 * x[2] + x[4];
  y[1] = (x[4] - 4 * x[2]) + (x[3] - 4 * x[1]);
  y[2] = (x[4] - 4 * x[2]) - (x[3] - 4 * x[1]);
  y[3] = (x[4] - x[2]) + 2 * (x[3] - x[1]);
  y[4] = (x[4] - x[2]) - 2 * (x[3] - x[1]);
  y[5] = 4 * x[1] - 5 * x[3] + x[5];
}

/// Products at six points -> four results along a line.
DFF_INLINE void fromPoints(const Vector x[kSide], Vector y[kResults]) {
  const Vector sum = x[1] + x[2], difference = x[1] - x[2], farSum = x[3] + x[4], farDifference = x[3] - x[4];
  y[0] = x[0] + sum + farSum;
  y[1] = difference + 2 * farDifference;
  y[2] = sum + 4 * farSum;
  y[3] = difference + 8 * farDifference + x[5];
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

/// A column of the six by six pixels that a tile reads, of 16 channels; 0 outside.
DFF_INLINE void readColumn(const WinogradGrid& g, const float* map, int64_t channels, Corner corner, int64_t j,
                           Vector pixels[kSide]) {
  const int64_t x = corner.x + (j - 1) * g.dilation;
#pragma GCC unroll 6
  for (int64_t i = 0; i < kSide; ++i) {
    const int64_t y = corner.y + (i - 1) * g.dilation;
    if (y < 0 || y >= g.h || x < 0 || x >= g.w) {
      pixels[i] = Vector{};
    } else {
      load(map + (y * g.w + x) * channels, pixels[i]);
    }
  }
}

/// What is written: [h,w,channels].
struct Map {
  float* data;
  int64_t channels;
};

/// Tiles that follow each other.
struct Span {
  int64_t first, count;
};

/// Tiles of a map -> points [channels / 16][36][16] of each tile, 16 channels `plane` floats from the next 16.
DFF_INLINE void inputTiles(const WinogradGrid& g, int64_t channels, const float* map, const Span& span, float* points,
                           int64_t plane) {
  Vector half[kSide][kSide];
  for (int64_t tile = 0; tile < span.count; ++tile) {
    const Corner corner = cornerOf(g, span.first + tile);
    for (int64_t c = 0; c < channels; c += kLanes) {
      for (int64_t j = 0; j < kSide; ++j) {
        Vector pixels[kSide], seen[kSide];
        readColumn(g, map + c, channels, corner, j, pixels);
        toPoints(pixels, seen);
#pragma GCC unroll 6
        for (int64_t i = 0; i < kSide; ++i) half[i][j] = seen[i];
      }
      float* to = points + c / kLanes * plane + tile * kTile;
      for (int64_t i = 0; i < kSide; ++i) {
        Vector seen[kSide];
        toPoints(half[i], seen);
#pragma GCC unroll 6
        for (int64_t j = 0; j < kSide; ++j) store(seen[j], to + (i * kSide + j) * kLanes);
      }
    }
  }
}

/// Bias, sum and activation of 16 channels of one pixel. What is not a number stays none.
DFF_INLINE void finish(const WinogradEnd& end, const Vector& bias, const Vector& product, float* to) {
  Vector value = product + bias;
  if (end.accumulate) {
    Vector before;
    load(to, before);
    value += before;
  }
  store(value < 0 ? end.slope * value : value, to);  // a choice of vectors: a loop of 16 became 16 branches
}

/// Some vectors of 16 outputs.
struct Outputs {
  int64_t first, count;
};

/// Products [outputs.count][span.count][36][16] -> their part of the map, for those tiles and those outputs.
DFF_INLINE void outputTiles(const WinogradGrid& g, const Outputs& outputs, const Span& span, const float* products,
                            const WinogradEnd& end, Map map) {
  Vector half[kResults][kSide];
  for (int64_t tile = 0; tile < span.count; ++tile) {
    const Corner corner = cornerOf(g, span.first + tile);
    for (int64_t v = 0; v < outputs.count; ++v) {
      const float* from = products + (v * span.count + tile) * kTile;
      for (int64_t j = 0; j < kSide; ++j) {
        Vector column[kSide], results[kResults];
#pragma GCC unroll 6
        for (int64_t i = 0; i < kSide; ++i) load(from + (i * kSide + j) * kLanes, column[i]);
        fromPoints(column, results);
#pragma GCC unroll 4
        for (int64_t i = 0; i < kResults; ++i) half[i][j] = results[i];
      }
      const int64_t c = (outputs.first + v) * kLanes;
      Vector bias;
      load(end.bias + c, bias);
      for (int64_t i = 0; i < kResults && corner.y + i * g.dilation < g.h; ++i) {
        Vector results[kResults];
        fromPoints(half[i], results);
        float* row = map.data + (corner.y + i * g.dilation) * g.w * map.channels + c;
#pragma GCC unroll 4
        for (int64_t j = 0; j < kResults; ++j)
          if (const int64_t x = corner.x + j * g.dilation; x < g.w)
            finish(end, bias, results[j], row + x * map.channels);
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

/// Where the points of 16 outputs lie among those of one point, and how far apart for each input.
struct PanelPlace {
  int64_t offset, step;
};

PanelPlace panelPlace(int64_t in, int64_t vectors, int64_t vector) {
  int64_t first = 0, width = panelWidth(vectors);
  for (; vector >= first + width; width = panelWidth(vectors - first)) first += width;
  return {first * in * kLanes + (vector - first) * kLanes, width * kLanes};
}

/// The three steps for a block of tiles, one after another.
DFF_SIMD void blockOfTiles(const WinogradGrid& g, const WinogradWeight& w, const float* map, const WinogradEnd& end,
                           float* result, Span span, float* room) {
  const int64_t strips = w.in / kLanes, vectors = w.out / kLanes, plane = span.count * kTile;
  float* products = room + strips * plane;
  inputTiles(g, w.in, map, span, room, plane);
  for (int64_t p = 0; p < kWinogradPoints; ++p)
    multiply({room + p * kLanes, kTile, plane}, w.points + p * w.in * w.out, strips, span.count,
             {products + p * kLanes, kTile, plane}, vectors);
  outputTiles(g, {0, vectors}, span, products, end, {result, w.out});
}

DFF_SIMD void pointsOfTiles(const WinogradGrid& g, int64_t channels, const float* map, Span span, float* points,
                            int64_t plane) {
  inputTiles(g, channels, map, span, points, plane);
}

/// All tiles times the weights of some outputs (a panel), and what they become.
DFF_SIMD void panelOfOutputs(const WinogradGrid& g, const WinogradWeight& w, const float* seen, const WinogradEnd& end,
                             float* result, Outputs outputs, float* products) {
  const int64_t strips = w.in / kLanes, tiles = g.tiles(), plane = tiles * kTile;
  for (int64_t p = 0; p < kWinogradPoints; ++p)
    multiply({seen + p * kLanes, kTile, plane}, w.points + (p * w.out + outputs.first * kLanes) * w.in, strips, tiles,
             {products + p * kLanes, kTile, plane}, outputs.count);
  outputTiles(g, outputs, {0, tiles}, products, end, {result, w.out});
}

constexpr int64_t kCache = (1 << 20) / sizeof(float);  // half of a second-level cache

/// Tiles a block. What a block works on should stay in the second-level cache; but where the weight is large, reading
/// it again for each block costs more than what that saves.
int64_t tilesPerBlock(const WinogradWeight& w, int64_t tiles, int64_t threads) {
  const int64_t share = (tiles + threads - 1) / threads, fitting = kCache / (kWinogradPoints * (w.in + w.out));
  if (fitting >= share || fitting * (w.in + w.out) < w.in * w.out / 2) return share;
  const int64_t blocks = (share + fitting - 1) / fitting;
  return (share + blocks - 1) / blocks;
}

/// Few tiles and a weight larger than the cache: reading the weight is what takes the time.
bool weightRules(const WinogradWeight& w, int64_t tiles, int64_t threads) {
  constexpr int64_t kFew = 8;  // measured: tiles that a thread multiplies in the time of reading a weight from memory
  return tiles < kFew * threads && kWinogradPoints * w.in * w.out > kCache && w.out >= threads * kWidestPanel * kLanes;
}

/// Each thread has tiles of its own.
void byTiles(const WinogradGrid& grid, const WinogradWeight& weight, const float* map, const WinogradEnd& end,
             float* result) {
  const int64_t tiles = grid.tiles(), size = tilesPerBlock(weight, tiles, at::get_num_threads());
  at::parallel_for(0, (tiles + size - 1) / size, 1, [&](int64_t begin, int64_t last) {
    float* room = scratch<float>(size_t(size * kWinogradPoints * (weight.in + weight.out)));
    for (int64_t b = begin; b < last; ++b)
      blockOfTiles(grid, weight, map, end, result, {b * size, std::min(size, tiles - b * size)}, room);
  });
}

/// Each thread has outputs of its own, so that a weight is read by one thread only.
void byOutputs(const WinogradGrid& grid, const WinogradWeight& weight, const float* map, const WinogradEnd& end,
               float* result) {
  const int64_t tiles = grid.tiles(), plane = tiles * kTile, vectors = weight.out / kLanes;
  struct Seen {};  // beside what the threads keep for themselves
  float* seen = scratch<float, Seen>(size_t(weight.in / kLanes * plane));
  at::parallel_for(0, tiles, 1, [&](int64_t begin, int64_t last) {
    pointsOfTiles(grid, weight.in, map, {begin, last - begin}, seen + begin * kTile, plane);
  });
  at::parallel_for(0, (vectors + kWidestPanel - 1) / kWidestPanel, 1, [&](int64_t begin, int64_t last) {
    float* products = scratch<float>(size_t(kWidestPanel * plane));
    int64_t panel = 0;
    for (int64_t first = 0, count; first < vectors; first += count, ++panel) {
      count = panelWidth(vectors - first);
      if (panel >= begin && panel < last) panelOfOutputs(grid, weight, seen, end, result, {first, count}, products);
    }
  });
}

}  // namespace

void winogradWeight(const float* weight, int64_t out, int64_t in, float* points) {
  at::parallel_for(0, in, grainFor(kWinogradPoints * out), [&](int64_t begin, int64_t end) {
    for (int64_t o = 0; o < out; ++o) {
      const PanelPlace panel = panelPlace(in, out / kLanes, o / kLanes);
      for (int64_t i = begin; i < end; ++i)
        weightToPoints(weight + (o * in + i) * 9, points + panel.offset + i * panel.step + o % kLanes, in * out);
    }
  });
}

void winograd(const WinogradGrid& grid, const WinogradWeight& weight, const float* map, const WinogradEnd& end,
              float* result) {
  const auto compute = weightRules(weight, grid.tiles(), at::get_num_threads()) ? byOutputs : byTiles;
  compute(grid, weight, map, end, result);
}

}  // namespace dff::kernels
