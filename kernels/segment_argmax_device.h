#pragma once
#include <cstdint>

namespace dff::kernels {

constexpr int64_t kMaxClasses = 256;

/// Logits in any layout (strides in elements), and cells a pixel.
struct SegmentArgmaxInput {
  const float* logits = nullptr;
  int64_t strideK = 0, strideY = 0, strideX = 0;
  int64_t classes = 0, h = 0, w = 0;
  int64_t height = 0, width = 0;
  float stepY = 0, stepX = 0;
};

/// For every pixel; margins may be null.
struct SegmentArgmaxOutput {
  uint8_t* labels = nullptr;
  float* margins = nullptr;
};

void segmentArgmaxCpu(const SegmentArgmaxInput& in, const SegmentArgmaxOutput& out);
void segmentArgmaxCuda(const SegmentArgmaxInput& in, const SegmentArgmaxOutput& out, void* stream);

}  // namespace dff::kernels
