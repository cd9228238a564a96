#include "core/flow/trust.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace dff {
namespace {

constexpr float kResidualScale = 10;  // grey levels
constexpr float kFloor = 0.001f;      // keeps a blend of distrusted sides defined
constexpr float kLeastInside = 1e-3f;

/// A contiguous [rows,columns,3] picture.
struct Cells {
  explicit Cells(const at::Tensor& t) : at(t.data_ptr<float>()), rows(int(t.size(0))), columns(int(t.size(1))) {}
  const float* operator()(int y, int x) const { return at + (size_t(y) * columns + x) * 3; }
  const float* at;
  int rows, columns;
};

struct Sample {
  float color[3] = {};
  float inside = 0;
};

/// Bilinear, only what lies within counts; written so that a position that is not finite lies outside.
Sample sampleAt(const Cells& cells, float px, float py) {
  Sample sample;
  if (!(px > -1 && px < float(cells.columns) && py > -1 && py < float(cells.rows))) return sample;
  const int left = int(std::floor(px)), top = int(std::floor(py));
  const float fx = px - float(left), fy = py - float(top);
  for (int k = 0; k < 4; ++k) {
    const int x = left + k % 2, y = top + k / 2;
    if (x < 0 || x >= cells.columns || y < 0 || y >= cells.rows) continue;
    const float weight = (k % 2 ? fx : 1 - fx) * (k / 2 ? fy : 1 - fy);
    const float* color = cells(y, x);
    for (int c = 0; c < 3; ++c) sample.color[c] += weight * color[c];
    sample.inside += weight;
  }
  return sample;
}

float residual(const float* now, const Sample& warped) {
  const float whole = 1 / std::max(warped.inside, kLeastInside);
  float sum = 0;
  for (int c = 0; c < 3; ++c) sum += std::abs(now[c] - warped.color[c] * whole);
  return sum / 3;
}

/// Mean of the neighbours within the map.
float meanAround(const std::vector<float>& map, int rows, int columns, int y, int x) {
  float sum = 0;
  int count = 0;
  for (int v = std::max(0, y - 1); v <= std::min(rows - 1, y + 1); ++v)
    for (int u = std::max(0, x - 1); u <= std::min(columns - 1, x + 1); ++u, ++count)
      sum += map[size_t(v) * columns + u];
  return sum / float(count);
}

/// Adds the columns of one row of cells, in groups of `stride`, into channel c of `out`.
void addColumns(const std::vector<float>& sums, int stride, int c, float factor, float* out) {
  for (size_t x = 0; x < sums.size(); ++x) out[x / size_t(stride) * 3 + c] += sums[x] * factor;
}

}  // namespace

at::Tensor cellPicture(const NetInput& input, const InputSpec& spec) {
  const int stride = int(std::lround(float(input.picture.width) / input.grid.width));
  const int rows = (input.picture.height + stride - 1) / stride, columns = (input.picture.width + stride - 1) / stride;
  const auto pixels = input.pixels.contiguous();
  auto cells = torch::zeros({rows, columns, 3});
  std::vector<float> sums(size_t(input.picture.width));
  for (int y = 0; y < rows; ++y)
    for (int c = 0; c < 3; ++c) {
      const int first = y * stride, end = std::min(first + stride, input.picture.height);
      std::fill(sums.begin(), sums.end(), 0.f);
      for (int line = first; line < end; ++line) {
        const float* from = pixels.data_ptr<float>() + (c * pixels.size(2) + line) * pixels.size(3);
        for (size_t x = 0; x < sums.size(); ++x) sums[x] += from[x];
      }
      const float std = spec.std[size_t(spec.channelOrder == "bgr" ? 2 - c : c)];
      addColumns(sums, stride, c, std / float(stride * (end - first)),
                 cells.data_ptr<float>() + size_t(y) * columns * 3);
    }
  if (const int partial = input.picture.width % stride)  // the last column covers fewer pixels
    cells.select(1, columns - 1).mul_(double(stride) / partial);
  return cells;
}

at::Tensor trustMap(const at::Tensor& keyCells, const at::Tensor& curCells, const at::Tensor& keyFromCur) {
  const auto flow = keyFromCur.to(torch::kFloat).contiguous();
  const int64_t h = flow.size(2), w = flow.size(3);
  const float *dx = flow.data_ptr<float>(), *dy = dx + h * w;
  const Cells key(keyCells), cur(curCells);
  std::vector<float> inside(size_t(cur.rows) * cur.columns), difference(inside.size());
  for (int y = 0; y < cur.rows; ++y)
    for (int x = 0; x < cur.columns; ++x) {
      const Sample warped = sampleAt(key, float(x) + dx[y * w + x], float(y) + dy[y * w + x]);
      inside[size_t(y) * cur.columns + x] = warped.inside;
      difference[size_t(y) * cur.columns + x] = residual(cur(y, x), warped);
    }
  auto trust = torch::full({1, 1, h, w}, kFloor);
  float* out = trust.data_ptr<float>();
  for (int y = 0; y < cur.rows; ++y)
    for (int x = 0; x < cur.columns; ++x) {
      const float r = meanAround(difference, cur.rows, cur.columns, y, x) / kResidualScale;
      out[y * w + x] += inside[size_t(y) * cur.columns + x] * std::exp(-r * r);
    }
  return trust;
}

}  // namespace dff
