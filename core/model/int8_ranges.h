#pragma once
#include "core/model/int8_graph.h"
#include "core/model/package.h"

namespace dff {

/// What a package's model.json says under "int8", and where it came from:
/// {"version": 1, "weights": SHA-256 of the weights that were measured, "method", "data", "frames",
///  "ranges": {step: largest magnitude}}.
struct Int8Calibration {
  std::string method, data;
  int64_t frames = 0;
  ActivationRanges ranges;
};

/// Throws Error, in one sentence that says what to do, where a package has no ranges, ones of another version or of
/// other weights, or malformed ones.
Int8Calibration int8Calibration(const Package& package);

/// Writes them into the model.json of a package that was loaded from a folder, in place of what it had. Atomic.
void saveInt8Calibration(const Package& package, const Int8Calibration& calibration);

/// The feature network of a package in 8 bits: forInference() in float32, and its convolutions by the package's ranges.
/// Throws as int8Calibration() and inEightBits() do.
ModelPtr int8ForInference(const Package& package);

}  // namespace dff
