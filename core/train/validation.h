#pragma once
#include "core/data/dataset.h"
#include "core/model/model_ptr.h"

namespace dff {

struct Validation {
  double miou = 0;         ///< per frame
  double propagated = -1;  ///< from a key frame `gap` frames before; below 0: not measured
};

/// A quick look at a model while it learns, on every third labelled frame. The measure that counts is `dff eval`.
Validation validateModel(const ModelPtr& model, const Dataset& data, int gap, bool propagated);

}  // namespace dff
