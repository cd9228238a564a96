#pragma once
#include <torch/torch.h>

namespace dff {

/// A convolution's weight in 8 bits: `values` times the unit of their output channel.
struct Int8Weight {
  at::Tensor values;  ///< [O,I,k,k] float, whole numbers from -127 to 127
  at::Tensor units;   ///< [O] float, above 0
};

/// The largest weight of each output channel becomes 127.
inline Int8Weight int8Weight(const at::Tensor& weight) {
  const at::Tensor largest = weight.abs().amax({1, 2, 3}).to(at::kFloat);
  const at::Tensor units = at::where(largest > 0, largest / 127, at::ones_like(largest));
  return {(weight.to(at::kFloat) / units.view({-1, 1, 1, 1})).round(), units};
}

}  // namespace dff
