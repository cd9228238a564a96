#pragma once
#include "core/eval/self_test.h"
#include "core/model/package.h"

namespace dff {

/// Every flow source of the table on three motions that are known exactly, translation, rotation and zoom of a picture
/// over a few frames: the end-point error over the length of the motion, which a wrong sign, unit or order of axes
/// takes above one, and the time of a frame. Files go into `folder`.
std::vector<SelfTestCheck> flowSelfTest(const Package& package, const std::filesystem::path& folder,
                                        const JobContext& job);

}  // namespace dff
