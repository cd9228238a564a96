#include "kernels/preprocess.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/preprocess_device.h"
#include "kernels/reused.h"

namespace dff::kernels {

at::Tensor preprocess(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& options) {
  const auto& o = options;
  require(rgb && width > 0 && height > 0, "preprocess: the picture must have at least one pixel, not ", width, "x",
          height);
  require(rowStride >= 3 * int64_t(width), "preprocess: rows of ", width, " pixels need ", 3 * int64_t(width),
          " bytes, not ", rowStride);
  require(o.outWidth > 0 && o.outHeight > 0, "preprocess: the resized picture must have at least one pixel, not ",
          o.outWidth, "x", o.outHeight);
  require(o.paddedWidth >= o.outWidth && o.paddedHeight >= o.outHeight, "preprocess: the padded size ", o.paddedWidth,
          "x", o.paddedHeight, " must hold the resized picture of ", o.outWidth, "x", o.outHeight);
  require(o.std[0] > 0 && o.std[1] > 0 && o.std[2] > 0, "preprocess: the standard deviations must be positive, not ",
          o.std[0], ", ", o.std[1], ", ", o.std[2]);
  at::Tensor out = reusedTensor({1, 3, o.paddedHeight, o.paddedWidth}, at::kFloat);
  preprocessCpu({rgb, width, height, rowStride}, o, out.data_ptr<float>());
  return out;
}

}  // namespace dff::kernels
