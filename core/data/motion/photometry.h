#pragma once
#include <opencv2/core.hpp>

namespace dff::motion {

/// Exposure, colour balance, gamma, blur, noise and compression as two frames of one camera differ; in place.
void varyPhotometry(cv::Mat& rgb, cv::RNG& rng);

}  // namespace dff::motion
