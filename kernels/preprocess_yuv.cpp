#include "kernels/preprocess_yuv.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/reused.h"

namespace dff::kernels {

at::Tensor preprocessYuv(const YuvPicture& p, const PreprocessOptions& o) {
  require(p.y && p.u && p.v && p.width > 0 && p.height > 0,
          "preprocessYuv: the picture must have three planes and at least one pixel, not ", p.width, "x", p.height);
  require(p.chromaStep == 1 || p.chromaStep == 2, "preprocessYuv: chroma lies 1 or 2 bytes apart, not ", p.chromaStep);
  const int64_t chromaBytes = int64_t(p.width + 1) / 2 * p.chromaStep;
  require(p.yStride >= p.width && p.chromaStride >= chromaBytes, "preprocessYuv: rows of ", p.width,
          " pixels need as many bytes, and ", chromaBytes, " of chroma, not ", p.yStride, " and ", p.chromaStride);
  require(o.outWidth > 0 && o.outHeight > 0 && o.paddedWidth >= o.outWidth && o.paddedHeight >= o.outHeight,
          "preprocessYuv: the padded size ", o.paddedWidth, "x", o.paddedHeight, " must hold the resized picture of ",
          o.outWidth, "x", o.outHeight, ", which must have at least one pixel");
  require(o.std[0] > 0 && o.std[1] > 0 && o.std[2] > 0, "preprocessYuv: the standard deviations must be positive, not ",
          o.std[0], ", ", o.std[1], ", ", o.std[2]);
  at::Tensor out = reusedTensor({1, 3, o.paddedHeight, o.paddedWidth}, at::kFloat);
  preprocessYuvCpu(p, o, out.data_ptr<float>());
  return out;
}

}  // namespace dff::kernels
