#include "kernels/inverse_search.h"

#include <torch/torch.h>

#include <algorithm>

#include "kernels/check.h"
#include "kernels/inverse_search_device.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

constexpr int64_t kCoarsest = 24;  // pixels: a level whose shorter side is below twice that has none coarser

void reshape(GrayLevel& level, int64_t height, int64_t width) {
  constexpr int64_t kBoth = 2 * GrayLevel::kMargin;
  if (!level.padded.defined() || level.height != height || level.width != width)
    level = {height, width, at::empty({height + kBoth, width + kBoth}, at::kFloat)};
}

GrayPicture pictureOf(const GrayLevel& level) {
  return {level.origin(), level.height, level.width, level.row(), GrayLevel::kMargin};
}

}  // namespace

void fillPyramid(const at::Tensor& planes, GrayPyramid& pyramid) {
  require(planes.defined() && planes.dim() == 4 && planes.size(0) == 1 && planes.numel() > 0 &&
              planes.scalar_type() == at::kFloat && planes.is_cpu() && planes.is_contiguous(),
          "fillPyramid: the planes must be float32 [1,c,h,w] on the CPU");
  int64_t h = planes.size(2), w = planes.size(3);
  size_t levels = 1;
  for (int64_t side = std::min(h, w); side >= 2 * kCoarsest; side = (side + 1) / 2) ++levels;
  pyramid.resize(levels);
  reshape(pyramid[0], h, w);
  fillGray(planes.data_ptr<float>(), planes.size(1), pictureOf(pyramid[0]));
  for (size_t i = 1; i < levels; ++i) {
    reshape(pyramid[i], h = (h + 1) / 2, w = (w + 1) / 2);
    halveGray(pictureOf(pyramid[i - 1]), pictureOf(pyramid[i]));
  }
}

void inverseSearch(const GrayPyramid& cur, const GrayPyramid& key, at::Tensor& flow) {
  require(!cur.empty() && !key.empty() && cur[0].padded.sizes() == key[0].padded.sizes(),
          "inverseSearch: both pictures must have one size");
  const int64_t rows = (cur[0].height + 1) / 2, columns = (cur[0].width + 1) / 2;
  if (!flow.defined() || flow.sizes() != at::IntArrayRef{2, rows, columns})
    flow = at::empty({2, rows, columns}, at::kFloat);
  const int64_t most = 2 * rows * columns;
  float *room = scratch<float, GrayLevel>(size_t(2 * most)), *coarser = nullptr;  // what coarser levels pass on
  for (size_t level = cur.size(); level-- > 0;) {
    const int64_t h = (cur[level].height + 1) / 2, w = (cur[level].width + 1) / 2;
    float* to = level == 0 ? flow.data_ptr<float>() : room + ptrdiff_t(level % 2) * most;
    inverseSearchLevel(pictureOf(cur[level]), pictureOf(key[level]), coarser, {h, w, to, to + h * w});
    coarser = to;
  }
}

}  // namespace dff::kernels
