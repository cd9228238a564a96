#pragma once
#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

#include <vector>

namespace dff {

/// A handful of tensors; up to four are held without a heap allocation.
using FewTensors = c10::SmallVector<at::Tensor, 4>;

/// What a flow source says of a pair of frames, on the feature grid.
struct FlowEstimate {
  at::Tensor keyFromCur;  ///< [N,2,h,w] in feature cells, (dx, dy), a position of the current frame to the key frame
  at::Tensor scale;       ///< [N,C,h,w], or undefined, which means one
  std::vector<at::Tensor> coarse;  ///< flows of a network's coarser levels, in their own cells; filled while training
  at::Tensor finer =
      {};  ///< [N,2,2h,2w] keyFromCur on a grid twice as fine, in its cells; undefined where none was found

  const at::Tensor& finest() const { return finer.defined() ? finer : keyFromCur; }
};

}  // namespace dff
