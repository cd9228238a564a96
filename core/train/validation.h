#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/data/dataset.h"
#include "core/model/package.h"

namespace dff {

/// How good a model in training is. Below 0: not measured, because the data or the model do not know of it.
struct Validation {
  double miou = -1, ap50 = -1;                      ///< per frame
  double miouPropagated = -1, ap50Propagated = -1;  ///< from a key frame `gap` frames before

  /// What the best package is chosen by: the mean of mIoU and AP50, or the one of them that is known; of propagated
  /// frames where those were measured.
  double score() const;
};

/// What was measured, by name, and "score".
nlohmann::json toJson(const Validation& validation);

/// A quick look on every third frame, with the networks at `precision`. The measure that counts is `dff eval`.
Validation validateModel(const Package& package, const std::string& precision, const Dataset& data, int gap,
                         bool propagated);

}  // namespace dff
