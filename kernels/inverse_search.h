#pragma once
#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

#include <cstdint>

namespace dff::kernels {

/// A grey picture [height,width] float, with a margin around it that repeats its border.
struct GrayLevel {
  static constexpr int64_t kMargin = 16;
  int64_t height = 0, width = 0;
  at::Tensor padded;  ///< [height + 2 kMargin, width + 2 kMargin]

  int64_t row() const { return width + 2 * kMargin; }
  float* origin() const { return padded.data_ptr<float>() + kMargin * row() + kMargin; }
};

/// A picture and its halves, the finest first, as inverseSearch() compares them. Made once a picture.
using GrayPyramid = c10::SmallVector<GrayLevel, 6>;

/// Of the sum of planes [1,c,h,w] float, in grey levels; none of the sides may be 0. Memory that the pyramid has is
/// used again where it fits. Throws std::invalid_argument on other tensors.
void fillPyramid(const at::Tensor& planes, GrayPyramid& pyramid);

/// Motion from `cur` to `key`, pyramids of pictures of one size [h,w], for frames that follow each other: fills `flow`
/// [2, ceil(h/2), ceil(w/2)] float (dx, dy) in cells of that grid, a cell being two pixels wide, and uses its memory
/// where it fits. Patches of 8x8 pixels, every 4, look for themselves in the key from coarse to fine by Gauss-Newton
/// steps with the gradients of `cur` (inverse search: Baker and Matthews 2001; dense by weighing the patches over a
/// pixel by how well each explains it: Kroeger et al. 2016), and once more from the neighbour's motion that explains
/// them best. Brightness may differ by a constant. Equal for any number of threads.
void inverseSearch(const GrayPyramid& cur, const GrayPyramid& key, at::Tensor& flow);

}  // namespace dff::kernels
