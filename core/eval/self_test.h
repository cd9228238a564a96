#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"

namespace dff {

/// One thing that the self-test looked at.
struct SelfTestCheck {
  std::string what;
  double value = 0;
  double limit = 0;
  bool atLeast = true;  ///< value must reach the limit; otherwise stay below it
  bool passed() const { return atLeast ? value >= limit : value <= limit; }
};

/// Runs the whole chain in a few seconds: renders a synthetic street into `folder`, decodes its video, runs Deep
/// Feature Flow with the model, and compares classes and flow with the exact truth.
std::vector<SelfTestCheck> selfTest(const std::string& model, const std::filesystem::path& folder,
                                    const JobContext& job);

}  // namespace dff
