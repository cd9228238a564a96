#pragma once
#include <cstdint>

#include "kernels/segment_argmax.h"

namespace dff::kernels {

/// Logits [K,h,w], dense, class by class.
struct SegmentArgmaxInput {
  const float* logits = nullptr;
  int64_t k = 0, h = 0, w = 0;
};

void segmentArgmaxCpu(const SegmentArgmaxInput& in, const SegmentArgmaxOptions& options, uint8_t* labels);
void segmentArgmaxCuda(const SegmentArgmaxInput& in, const SegmentArgmaxOptions& options, uint8_t* labels, void* stream);

}  // namespace dff::kernels
