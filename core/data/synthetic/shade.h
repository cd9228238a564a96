#pragma once
#include "core/data/synthetic/raster.h"
#include "core/data/synthetic/shadow.h"

namespace dff::street {

/// The colour [H,W] CV_8UC3 of every pixel of the G-buffer.
cv::Mat shade(const Scene& scene, const GBuffer& pixels, const Camera& camera, const ShadowMap& shadows);

/// Halves the picture, adds the lens's falloff and the sensor's noise (the same for the same `grain`).
cv::Mat expose(const cv::Mat& fine, float noise, uint64_t grain);

}  // namespace dff::street
