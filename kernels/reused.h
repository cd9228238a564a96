#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// A dense tensor to fill. Where only inference goes on (InferenceMode), on the CPU, it is one that this thread got
/// here before and that nobody holds any more, if there is one of the kind: a stream of frames then allocates nothing.
/// The thread keeps the last few; what it holds is undefined.
at::Tensor reusedTensor(at::IntArrayRef sizes, const at::TensorOptions& options,
                        at::MemoryFormat layout = at::MemoryFormat::Contiguous);

}  // namespace dff::kernels
