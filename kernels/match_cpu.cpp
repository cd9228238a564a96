#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/grain.h"
#include "kernels/match.h"
#include "kernels/matrix_panel.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

constexpr int64_t kMargin = kPanelLanes;  // zeros beside a row, for what is shifted beyond it
constexpr int kMostShifts = 9;

/// Rows of a map by channels: [c][row], with room for whole vectors and a margin on both sides.
struct Lanes {
  explicit Lanes(const MatchShape& s)
      : width((s.w + kPanelLanes - 1) / kPanelLanes * kPanelLanes), row(width + 2 * kMargin), map(s.c * row) {}
  int64_t width, row, map;
};

/// What a thread works on: the current row, key rows y - radius .. y + radius in turn, the costs of a row.
struct Room {
  float *cur, *key, *costs;
};

/// What is turned: [rows,columns] -> [columns,rows], each side's rows so many floats apart.
struct Turning {
  int64_t rows, columns, step, turnedStep;
};

/// A square of 16 of both, of which so many rows exist.
DFF_INLINE void turnSquare(const Turning& t, const float* from, int64_t rows, int64_t columns, float* to) {
  Vector square[kPanelLanes];
#pragma GCC unroll 16
  for (int64_t i = 0; i < kPanelLanes; ++i) {
    square[i] = Vector{};
    if (i < rows) load(from + i * t.step, square[i]);
  }
  transpose(square);
  for (int64_t i = 0; i < columns; ++i) store(square[i], to + i * t.turnedStep);
}

/// Written are whole vectors, with 0 beyond the rows: both sides have room for that.
DFF_INLINE void turn(const Turning& t, const float* from, float* to) {
  for (int64_t r = 0; r < t.rows; r += kPanelLanes)
    for (int64_t c = 0; c < t.columns; c += kPanelLanes)
      turnSquare(t, from + r * t.step + c, std::min(kPanelLanes, t.rows - r), std::min(kPanelLanes, t.columns - c),
                 to + c * t.turnedStep + r);
}

/// The same for any sizes.
DFF_INLINE void turnPlainly(const Turning& t, const float* from, float* to) {
  for (int64_t c = 0; c < t.columns; ++c)
    for (int64_t r = 0; r < t.rows; ++r) to[c * t.turnedStep + r] = from[r * t.step + c];
}

DFF_INLINE void turnRow(const MatchShape& s, const Lanes& lanes, const float* map, int64_t row, float* to) {
  const Turning turning{s.w, s.c, s.c, lanes.row};
  const float* from = map + row * s.w * s.c;
  s.c % kPanelLanes == 0 ? turn(turning, from, to + kMargin) : turnPlainly(turning, from, to + kMargin);
}

/// N neighbouring shifts at 16 positions of a row.
template <int N>
DFF_INLINE void shifts(const MatchShape& s, const Lanes& lanes, const float* cur, const float* key, float* costs) {
  Vector sum[N] = {};
  for (int64_t c = 0; c < s.c; ++c, cur += lanes.row, key += lanes.row) {
    Vector here;
    load(cur, here);
#pragma GCC unroll 9
    for (int n = 0; n < N; ++n) {
      Vector there;
      load(key + n, there);
      sum[n] += here * there;
    }
  }
  const float gain = s.gain / float(s.c);
#pragma GCC unroll 9
  for (int n = 0; n < N; ++n) {
    const Vector cost = sum[n] * gain;
    store(cost < 0 ? s.slope * cost : cost, costs + n * lanes.width);
  }
}

/// All shifts along a row, the key's row being one of its own.
DFF_INLINE void matchRows(const MatchShape& s, const Lanes& lanes, const float* cur, const float* key, float* costs) {
  for (int64_t x = 0; x < lanes.width; x += kPanelLanes)
    for (int64_t d = 0; d < s.side();) {
      const float *here = cur + kMargin + x, *there = key + kMargin + x + d - s.radius;
      float* to = costs + d * lanes.width + x;
      const int64_t left = s.side() - d;
      if (left >= kMostShifts) {
        shifts<kMostShifts>(s, lanes, here, there, to), d += kMostShifts;
      } else if (left >= 7) {
        shifts<7>(s, lanes, here, there, to), d += 7;
      } else if (left >= 5) {
        shifts<5>(s, lanes, here, there, to), d += 5;
      } else if (left >= 3) {
        shifts<3>(s, lanes, here, there, to), d += 3;
      } else {
        shifts<1>(s, lanes, here, there, to), d += 1;
      }
    }
}

DFF_SIMD void rows(const MatchShape& s, const Lanes& lanes, const float* cur, const float* key, float* out,
                   const Room& room, int64_t begin, int64_t end) {
  const int64_t side = s.side(), depth = side * side;
  const auto ring = [&](int64_t row) { return room.key + row % side * lanes.map; };
  for (int64_t row = std::max<int64_t>(0, begin - s.radius); row < std::min(s.h, begin + s.radius); ++row)
    turnRow(s, lanes, key, row, ring(row));
  for (int64_t y = begin; y < end; ++y) {
    turnRow(s, lanes, cur, y, room.cur);
    if (y + s.radius < s.h) turnRow(s, lanes, key, y + s.radius, ring(y + s.radius));
    for (int64_t dy = -s.radius; dy <= s.radius; ++dy) {
      float* costs = room.costs + (dy + s.radius) * side * lanes.width;
      if (y + dy < 0 || y + dy >= s.h) {
        std::fill(costs, costs + side * lanes.width, 0.f);
      } else {
        matchRows(s, lanes, room.cur, ring(y + dy), costs);
      }
    }
    const bool roomy = s.outChannels >= (depth + kPanelLanes - 1) / kPanelLanes * kPanelLanes;
    const Turning turning{depth, s.w, lanes.width, s.outChannels};
    float* row = out + y * s.w * s.outChannels;
    roomy ? turn(turning, room.costs, row) : turnPlainly(turning, room.costs, row);
  }
}

}  // namespace

void match(const MatchShape& s, const float* cur, const float* key, float* out) {
  const Lanes lanes(s);
  const int64_t side = s.side(), keys = side * lanes.map, costs = side * side * lanes.width;
  at::parallel_for(0, s.h, grainFor(s.w * side * side * 4), [&](int64_t begin, int64_t end) {
    float* memory = scratch<float>(size_t(lanes.map + keys + costs));
    std::fill(memory, memory + lanes.map + keys, 0.f);  // the margins
    rows(s, lanes, cur, key, out, {memory, memory + lanes.map, memory + lanes.map + keys}, begin, end);
  });
}

}  // namespace dff::kernels
