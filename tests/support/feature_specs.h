#pragma once
#include "core/model/spec.h"

namespace dff::test {

/// The shipped street model's shape with other widths: detail, skip, context, dilation.
inline FeatureSpec streetLike() {
  FeatureSpec s;
  s.depths = {2, 1, 2, 2};
  s.widths = {48, 64, 48, 80};
  s.strides = {1, 2, 1, 2};
  s.dilations = {1, 1, 2, 2};
  s.detailStage = 0;
  s.skipStage = 2;
  s.channels = 64;
  return s;
}

inline FeatureSpec narrow() {
  FeatureSpec s;
  s.widths = {8, 12, 16, 20};
  s.channels = 12;
  return s;
}

}  // namespace dff::test
