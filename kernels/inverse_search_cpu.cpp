#include <ATen/Parallel.h>

#include "kernels/grain.h"
#include "kernels/inverse_search_patch.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

constexpr int64_t kOperationsAPatch = 4000;

/// The patches of a level, one for each 4x4 pixels, in rows.
struct Patches {
  explicit Patches(const GrayPicture& level)
      : rows((level.height + kPatchStep - 1) / kPatchStep), columns((level.width + kPatchStep - 1) / kPatchStep) {}
  int64_t rows, columns;
};

/// `coarser`: flow on the grid of the patches, (dx) plane and (dy) plane, in cells of four pixels; null: none.
DFF_SIMD void searchRow(const GrayPicture& cur, const GrayPicture& key, const float* coarser, const Patches& patches,
                        int64_t j, Found* found) {
  const int64_t plane = patches.rows * patches.columns;
  for (int64_t i = 0; i < patches.columns; ++i) {
    const int64_t at = j * patches.columns + i;
    Found& f = found[at];
    f.dx = coarser ? coarser[at] * kPatchStep : 0, f.dy = coarser ? coarser[plane + at] * kPatchStep : 0;
    const Patch patch = patchAt(cur, j * kPatchStep - kPatchLead, i * kPatchStep - kPatchLead);
    search(patch, key, f);
  }
}

/// The neighbour whose motion explains the patch best, if better than its own does; null: none.
DFF_INLINE const Found* betterNeighbour(const Patch& patch, const GrayPicture& key, const Found* found,
                                        const Patches& patches, int64_t j, int64_t i) {
  const bool there[] = {i > 0, i + 1 < patches.columns, j > 0, j + 1 < patches.rows};
  const int64_t offset[] = {-1, 1, -patches.columns, patches.columns};
  const Found *own = found + j * patches.columns + i, *best = nullptr;
  float least = own->square;
  for (int n = 0; n < 4; ++n) {
    if (!there[n]) continue;
    const Found* other = own + offset[n];
    if (std::abs(other->dx - own->dx) + std::abs(other->dy - own->dy) < kAlike) continue;
    const float square = remainderOf(patch, key, other->dx, other->dy).square;
    if (square < least) least = square, best = other;
  }
  return best;
}

/// A patch whose neighbour's motion explains it better goes on from there; all look at what was found before.
DFF_SIMD void improveRow(const GrayPicture& cur, const GrayPicture& key, const Found* found, const Patches& patches,
                         int64_t j, Found* better) {
  for (int64_t i = 0; i < patches.columns; ++i) {
    Found& f = better[j * patches.columns + i];
    f = found[j * patches.columns + i];
    const Patch patch = patchAt(cur, j * kPatchStep - kPatchLead, i * kPatchStep - kPatchLead);
    if (const Found* other = betterNeighbour(patch, key, found, patches, j, i)) {
      f.dx = other->dx, f.dy = other->dy;
      search(patch, key, f);
    }
    weigh(patch, key, f);
  }
}

/// Blocks of 2x2 pixels lie under two patches along each side.
DFF_SIMD void denseRow(const Found* found, const Patches& patches, const BlockGrid& blocks, int64_t y) {
  const int64_t lastRow = std::min((y + 1) / 2, patches.rows - 1);
  for (int64_t x = 0; x < blocks.columns; ++x) {
    const int64_t lastColumn = std::min((x + 1) / 2, patches.columns - 1);
    float weight = 0, dx = 0, dy = 0;
    for (int64_t j = std::max<int64_t>(0, (y - 1) / 2); j <= lastRow; ++j)
      for (int64_t i = std::max<int64_t>(0, (x - 1) / 2); i <= lastColumn; ++i) {
        const Found& f = found[j * patches.columns + i];
        const float w = f.weight[y - 2 * j + 1][x - 2 * i + 1];
        weight += w, dx += w * f.dx, dy += w * f.dy;
      }
    blocks.dx[y * blocks.columns + x] = dx / weight / 2;
    blocks.dy[y * blocks.columns + x] = dy / weight / 2;
  }
}

/// The border's pixels outwards.
void fillMargin(const GrayPicture& p) {
  for (int64_t y = 0; y < p.height; ++y) {
    float* row = p.at(y, 0);
    std::fill(row - p.margin, row, row[0]);
    std::fill(row + p.width, row + p.width + p.margin, row[p.width - 1]);
  }
  const auto copyRow = [&](int64_t from, int64_t to) {
    std::copy_n(p.at(from, -p.margin), p.row, p.at(to, -p.margin));
  };
  for (int64_t m = 1; m <= p.margin; ++m) copyRow(0, -m), copyRow(p.height - 1, p.height - 1 + m);
}

}  // namespace

void inverseSearchLevel(const GrayPicture& cur, const GrayPicture& key, const float* coarser, const BlockGrid& blocks) {
  const Patches patches(cur);
  const size_t count = size_t(patches.rows * patches.columns);
  Found *first = scratch<Found>(2 * count), *found = first + count;
  at::parallel_for(0, patches.rows, grainFor(patches.columns * kOperationsAPatch), [&](int64_t begin, int64_t end) {
    for (int64_t j = begin; j < end; ++j) searchRow(cur, key, coarser, patches, j, first);
  });
  at::parallel_for(0, patches.rows, grainFor(patches.columns * kOperationsAPatch), [&](int64_t begin, int64_t end) {
    for (int64_t j = begin; j < end; ++j) improveRow(cur, key, first, patches, j, found);
  });
  at::parallel_for(0, blocks.rows, grainFor(blocks.columns * 20), [&](int64_t begin, int64_t end) {
    for (int64_t y = begin; y < end; ++y) denseRow(found, patches, blocks, y);
  });
}

void fillGray(const float* planes, int64_t count, const GrayPicture& to) {
  for (int64_t y = 0; y < to.height; ++y) {
    float* row = to.at(y, 0);
    std::copy_n(planes + y * to.width, to.width, row);
    for (int64_t c = 1; c < count; ++c) {
      const float* from = planes + (c * to.height + y) * to.width;
      for (int64_t x = 0; x < to.width; ++x) row[x] += from[x];
    }
  }
  fillMargin(to);
}

/// An odd side's last pixel is averaged with itself: the margin repeats it.
void halveGray(const GrayPicture& from, const GrayPicture& to) {
  for (int64_t y = 0; y < to.height; ++y) {
    const float *upper = from.at(2 * y, 0), *lower = from.at(2 * y + 1, 0);
    float* row = to.at(y, 0);
    for (int64_t x = 0; x < to.width; ++x)
      row[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / 4;
  }
  fillMargin(to);
}

}  // namespace dff::kernels
