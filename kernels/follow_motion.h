#pragma once
#include <ATen/core/Tensor.h>

#include <span>

namespace dff::kernels {

/// Where every cell's centre was so many frames before, less where it is: [1,2,h,w] float (dx, dy) in cells. `steps`,
/// newest first: the motion [2,h,w], in cells of the same grid, from a frame to the one before it, read bilinearly and
/// beyond the border as at the border. Throws std::invalid_argument on shapes that do not fit.
at::Tensor followedBack(std::span<const at::Tensor> steps);

/// The other direction: `back` [1,2,h,w] leads positions of a later frame to this one, the result this one's to the
/// later. Found by iteration, which is exact where `back` is smooth.
at::Tensor turnedRound(const at::Tensor& back);

/// A motion [1,2,h,w] on a grid half as fine, [1,2,ceil(h/2),ceil(w/2)] in its cells: the mean of each 2x2, or of those
/// that are there.
at::Tensor halvedMotion(const at::Tensor& motion);

}  // namespace dff::kernels
