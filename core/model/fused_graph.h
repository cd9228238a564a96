#pragma once
#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "core/model/spec.h"

namespace dff {

/// How a map lies in 8 bits: a value is `unit` times what is stored, 0..255 or, signed, -128..127. Unit 0: in float32.
struct EightBits {
  float unit = 0;
  bool isSigned = false;
};

/// One step of a network on numbered maps; the first ones are what goes in, for a feature network map 0, the picture.
struct FusedStep {
  enum class Kind {
    Convolution,    ///< to (+)= convolution(from), then the activation
    Deconvolution,  ///< to = transposed convolution(from), 4x4, stride 2, padding 1, cut to the size of `like`
    MaxPool,        ///< 3x3: padding 1 and rounding down, or no padding and rounding up
    AveragePool,    ///< 2x2, stride 2, rounding up; of a window that lies half outside the mean of what lies inside
    Mean,           ///< over the whole map
    AddEverywhere,  ///< to += from [1,C,1,1]
    Resize,         ///< to = from, enlarged bilinearly to the size of `like`, times `gain`
    Copy,
    Convert,   ///< to = from as `bits` says
    Place,     ///< channels `offset` and on of to = `count` of from, those after `skipped`; to has `channels`, 0 where
               ///< nothing is placed
    Warp,      ///< to = from moved along the flow, the first two channels of `with`: kernels/warp.h
    Correlate  ///< the first channels of to = activation(`gain` times the cost volume of from and `with`), rest as
               ///< Place
  };
  Kind kind = Kind::Convolution;
  int from = 0, to = 0, like = -1, with = -1;
  at::Tensor weight, bias;  ///< [O,I,k,k] and [O]; of a deconvolution [I,O,4,4]
  int64_t stride = 1, dilation = 1, padding = 0;
  bool accumulate = false;
  float slope = 1;  ///< what values below 0 are multiplied by at last: 0 is ReLU
  float gain = 1;
  int64_t radius = 0;
  int64_t offset = 0, count = 0, channels = 0, skipped = 0;
  EightBits bits;    ///< of the result of a convolution, which then reads 8 bits as well, and of Convert
  std::string name;  ///< that the range of its result is known by; empty: it is never computed in 8 bits

  /// Cells along a side of what a convolution or a pooling makes.
  int64_t outputSize(int64_t in) const;
};

struct FusedGraph {
  std::vector<FusedStep> steps;
  int maps = 1;
  int inputs = 1;            ///< the first so many maps are given
  std::vector<int> outputs;  ///< maps that are wanted; not ones with gaps between what was placed

  /// Appends a step whose result is a new map, and gives its number.
  int add(FusedStep step);
  /// The same of a kind with nothing to set but what it reads.
  int add(FusedStep::Kind kind, int from);
};

/// A parameter of FeatureNet by its name; undefined where there is none.
using WeightOf = std::function<at::Tensor(const std::string&)>;

/// Which steps of a feature network: all; all, and the map that the merge reads of the last stage is an output, too; or
/// those up to the skip, and that map is the second input.
enum class FeaturePart { Whole, KeepingDeep, GivenDeep };

/// The steps of a feature network whose batch normalisation has been folded: what follows a convolution (bias, sum,
/// ReLU) is one step with it, and pixel_unshuffle before one is a larger stride. Parts need a skip.
FusedGraph fusedGraph(const FeatureSpec& spec, const WeightOf& weightOf, FeaturePart part = FeaturePart::Whole);

/// Channels rounded up to what whole vectors hold.
inline int64_t wholeVectors(int64_t channels) { return (channels + 15) / 16 * 16; }

/// The step with zeros added to its weight and bias, so that it reads whole vectors of channels and, a convolution,
/// makes them; what it makes beyond its own channels is 0.
FusedStep inWholeVectors(FusedStep step);

}  // namespace dff
