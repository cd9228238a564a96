#include "kernels/reused.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>

namespace dff::kernels {
namespace {

constexpr size_t kKept = 24;  // a frame takes about ten, and some of a few frames are held at once

struct Kept {
  at::Tensor tensor;
  at::MemoryFormat layout = at::MemoryFormat::Contiguous;
  uint64_t lastGiven = 0;

  /// Neither the tensor nor a view of it is held by anyone else.
  bool isFree() const { return tensor.use_count() == 1 && tensor.storage().use_count() == 1; }
  bool fits(at::IntArrayRef sizes, at::ScalarType type, at::MemoryFormat wanted) const {
    return tensor.defined() && layout == wanted && tensor.scalar_type() == type && tensor.sizes() == sizes;
  }
};

}  // namespace

at::Tensor reusedTensor(at::IntArrayRef sizes, const at::TensorOptions& options, at::MemoryFormat layout) {
  if (!c10::InferenceMode::is_enabled() || !options.device().is_cpu()) return at::empty(sizes, options, layout);
  thread_local std::array<Kept, kKept> kept;
  thread_local uint64_t given = 0;
  const auto type = c10::typeMetaToScalarType(options.dtype());
  auto place =
      std::find_if(kept.begin(), kept.end(), [&](const Kept& k) { return k.fits(sizes, type, layout) && k.isFree(); });
  if (place == kept.end()) {  // what was given out longest ago gives way
    const auto earlier = [](const Kept& a, const Kept& b) { return a.lastGiven < b.lastGiven; };
    place = std::min_element(kept.begin(), kept.end(), earlier);
    place->tensor = at::empty(sizes, options, layout);
    place->layout = layout;
  }
  place->lastGiven = ++given;
  return place->tensor;
}

}  // namespace dff::kernels
