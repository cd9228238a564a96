#pragma once
#include <opencv2/core/mat.hpp>

namespace dff {

/// A picture to fill: one that this thread got here before and that nobody holds any more, if there is one of the size
/// and type, else a new one. The thread keeps the last few; what it holds is undefined.
cv::Mat reusedMat(cv::Size size, int type);

}  // namespace dff
