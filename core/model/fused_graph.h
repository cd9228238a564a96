#pragma once
#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "core/model/spec.h"

namespace dff {

/// One step of a network on numbered maps; map 0 is the picture.
struct FusedStep {
  enum class Kind {
    Convolution,    ///< to (+)= convolution(from), then the activation
    MaxPool,        ///< 3x3, stride 2: padding 1 and rounding down, or no padding and rounding up
    Mean,           ///< over the whole map
    AddEverywhere,  ///< to += from [1,C,1,1]
    Resize,         ///< to = from, enlarged bilinearly to the size of `like`
    Copy
  };
  Kind kind = Kind::Convolution;
  int from = 0, to = 0, like = -1;
  at::Tensor weight, bias;  ///< [O,I,k,k] and [O]
  int64_t stride = 1, dilation = 1, padding = 0;
  bool accumulate = false;
  float slope = 1;  ///< what values below 0 are multiplied by at last: 0 is ReLU

  /// Cells along a side of what a convolution or a pooling makes.
  int64_t outputSize(int64_t in) const;
};

struct FusedGraph {
  std::vector<FusedStep> steps;
  int maps = 1;
  int output = 0;
};

/// A parameter of FeatureNet by its name; undefined where there is none.
using WeightOf = std::function<at::Tensor(const std::string&)>;

/// The steps of a feature network whose batch normalisation has been folded: what follows a convolution (bias, sum,
/// ReLU) is one step with it, and pixel_unshuffle before one is a larger stride.
FusedGraph fusedGraph(const FeatureSpec& spec, const WeightOf& weightOf);

/// Convolutions one after the other. `from` and `to` of the steps are filled in.
FusedGraph chainGraph(std::vector<FusedStep> steps);

}  // namespace dff
