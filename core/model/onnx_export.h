#pragma once
#include <filesystem>
#include <opencv2/core/types.hpp>

#include "core/model/package.h"

namespace dff {

/// Writes a model's feature network and segmentation head as an ONNX file (opset 13), so that other engines can be
/// timed on it: input "picture" [1,3,H,W] float32, normalised, `size` padded as the model pads; outputs "feature" and
/// "logits". Weights are float32 and batch norm is folded. Atomic; throws Error.
void exportOnnx(const Package& package, cv::Size size, const std::filesystem::path& file);

}  // namespace dff
