#pragma once
#include <QString>
#include <functional>
#include <map>

#include "core/base/error.h"
#include "core/model/fused_net.h"
#include "core/model/int8_graph.h"
#include "core/model/value_histogram.h"

namespace dff::test {

/// The largest magnitudes of what a network in float32 makes of one picture.
inline ActivationRanges rangesOf(FusedNet& net, const at::Tensor& picture) {
  std::map<std::string, ValueHistogram> all;
  net.observe(picture, [&](const std::string& step, std::span<const float> values) { all[step].add(values); });
  ActivationRanges ranges;
  for (const auto& [step, histogram] : all) ranges[step] = histogram.largest();
  return ranges;
}

/// What an Error says; empty where there was none.
inline QString sentenceOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace dff::test
