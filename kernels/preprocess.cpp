#include "kernels/preprocess.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/check.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// The source positions of one output position and their weights, which add to one.
struct Span {
  int first = 0, count = 0;
  std::vector<float> weights;
};

Span areaSpan(double begin, double end, int size) {
  Span span;
  span.first = int(std::floor(begin + 1e-9));
  const int last = std::min(size - 1, int(std::ceil(end - 1e-9)) - 1);
  for (int i = span.first; i <= last; ++i)
    span.weights.push_back(float((std::min<double>(end, i + 1) - std::max<double>(begin, i)) / (end - begin)));
  span.count = int(span.weights.size());
  return span;
}

Span bilinearSpan(double centre, int size) {
  const double at = std::clamp(centre - 0.5, 0.0, double(size - 1));
  const int low = int(at), high = std::min(low + 1, size - 1);
  const float weight = float(at - low);
  if (high == low || weight == 0) return {low, 1, {1.0f}};
  return {low, 2, {1 - weight, weight}};
}

std::vector<Span> spansFor(int in, int out) {
  const double scale = double(in) / out;
  std::vector<Span> spans;
  for (int i = 0; i < out; ++i)
    spans.push_back(scale > 1 ? areaSpan(i * scale, (i + 1) * scale, in) : bilinearSpan((i + 0.5) * scale, in));
  return spans;
}

DFF_SIMD void accumulate(const uint8_t* row, float weight, int64_t n, float* sum) {
  for (int64_t i = 0; i < n; ++i) sum[i] += weight * float(row[i]);
}

/// Interleaved values to three planes, normalised.
DFF_SIMD void split(const float* values, int64_t n, const float* gain, const float* shift, float* r, float* g, float* b) {
  for (int64_t x = 0; x < n; ++x) {
    r[x] = values[3 * x] * gain[0] + shift[0];
    g[x] = values[3 * x + 1] * gain[1] + shift[1];
    b[x] = values[3 * x + 2] * gain[2] + shift[2];
  }
}

void narrowRow(const std::vector<float>& row, const std::vector<Span>& columns, std::vector<float>& out) {
  for (size_t x = 0; x < columns.size(); ++x) {
    const Span& span = columns[x];
    float sum[3] = {0, 0, 0};
    for (int i = 0; i < span.count; ++i)
      for (int c = 0; c < 3; ++c) sum[c] += span.weights[i] * row[3 * (span.first + i) + c];
    std::copy(sum, sum + 3, out.begin() + 3 * ptrdiff_t(x));
  }
}

void checkSizes(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& o) {
  require(rgb && width > 0 && height > 0 && rowStride >= int64_t(width) * 3, "preprocess: a picture of ", width, " x ", height,
          " with ", rowStride, " bytes a row is none");
  require(o.outWidth > 0 && o.outHeight > 0 && o.paddedWidth >= o.outWidth && o.paddedHeight >= o.outHeight,
          "preprocess: ", o.outWidth, " x ", o.outHeight, " does not lie within ", o.paddedWidth, " x ", o.paddedHeight);
}

}  // namespace

at::Tensor preprocess(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& o) {
  checkSizes(rgb, width, height, rowStride, o);
  const auto rows = spansFor(height, o.outHeight), columns = spansFor(width, o.outWidth);
  float gain[3], shift[3];
  for (int c = 0; c < 3; ++c) gain[c] = 1 / o.std[c], shift[c] = -o.mean[c] / o.std[c];
  const bool padded = o.paddedWidth > o.outWidth || o.paddedHeight > o.outHeight;
  at::Tensor out = at::empty({1, 3, o.paddedHeight, o.paddedWidth}, at::kFloat);
  if (padded) out.zero_();
  const int64_t plane = int64_t(o.paddedHeight) * o.paddedWidth;
  float* planes[3] = {out.data_ptr<float>(), out.data_ptr<float>() + plane, out.data_ptr<float>() + 2 * plane};
  if (o.bgr) std::swap(planes[0], planes[2]);
  constexpr int64_t kRowsAThread = 64;
  at::parallel_for(0, o.outHeight, kRowsAThread, [&](int64_t first, int64_t last) {
    std::vector<float> sum(size_t(width) * 3), narrow(size_t(o.outWidth) * 3);
    for (int64_t y = first; y < last; ++y) {
      std::fill(sum.begin(), sum.end(), 0.0f);
      for (int i = 0; i < rows[y].count; ++i)
        accumulate(rgb + (rows[y].first + i) * rowStride, rows[y].weights[i], int64_t(width) * 3, sum.data());
      if (width != o.outWidth) narrowRow(sum, columns, narrow);
      const float* values = width == o.outWidth ? sum.data() : narrow.data();
      const int64_t at = y * o.paddedWidth;
      split(values, o.outWidth, gain, shift, planes[0] + at, planes[1] + at, planes[2] + at);
    }
  });
  return out;
}

}  // namespace dff::kernels
