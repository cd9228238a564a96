#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

namespace dff {

/// What a flow source says of a pair of frames, on the feature grid.
struct FlowEstimate {
  at::Tensor keyFromCur;  ///< [N,2,h,w] in feature cells, (dx, dy), a position of the current frame to the key frame
  at::Tensor scale;       ///< [N,C,h,w], or undefined, which means one
  std::vector<at::Tensor> coarse;  ///< flows of a network's coarser levels, in their own cells; filled while training
};

}  // namespace dff
