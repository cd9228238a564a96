#pragma once
#include <string>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/model/int8_ranges.h"

namespace dff {

/// What `dff calibrate` is told.
struct CalibrateOptions {
  std::string model;  ///< package folder, or the name of a shipped one
  std::string input;  ///< "KIND:PATH" of a data set, a video or an image folder
  int64_t frames = 64;
  std::string method = "mse";  ///< row of the table in calibrate.cpp
};
template <class V>
void fields(CalibrateOptions& o, V&& v) {
  v("model", o.model, "model package: a folder, or the name of a shipped one");
  v("input", o.input, "what it is to see: a data set KIND:PATH, a video or an image folder");
  v("frames", o.frames, "pictures of it, spread evenly", Bounds{1, 100000});
  v("method", o.method, "where a range ends: mse, percentile or max");
}

/// Shows pictures to a model's feature network in float32, gathers the range of what each step makes, and writes the
/// ranges into the package's model.json, where `--precision int8` reads them. Labels are not read. Gives what it wrote.
/// Throws UsageError for an unknown method, Error for what cannot be read or written.
Int8Calibration calibrate(const CalibrateOptions& options, const JobContext& job);

}  // namespace dff
