#pragma once
#include <string>
#include <vector>

#include "core/model/spec.h"

namespace dff {

/// The names of the paper's networks at full size, TASK-BACKBONE-FLOW: TASK rfcn (30 classes of ImageNet VID) or
/// deeplab (19 classes of Cityscapes), BACKBONE resnet50 or resnet101, FLOW flownet, half or inception.
std::vector<std::string> paperModels();

/// "a, b, c".
std::string knownPaperModels();

bool isPaperModel(const std::string& name);

/// The shape of one of them, to the last constant (reference sections 1 to 5). Throws UsageError naming the known ones.
///
/// Of the segmentation the community's version is built, whose weights exist: a 1x1 convolution to 1024 channels, and
/// pool sizes rounded up. Sides are padded to a multiple of 4, without which its feature and flow map differ in size.
ModelSpec paperSpec(const std::string& name);

}  // namespace dff
