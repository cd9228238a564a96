#pragma once
#include <string>

#include "core/base/job.h"
#include "core/data/synthetic/drive.h"

namespace dff {

/// What `dff synth` is told.
struct SynthOptions {
  StreetOptions street;
  std::string output;  ///< folder
  int scenes = 1;      ///< as in DriveOptions
  DriveOptions drive() const { return {street, scenes}; }
};
template <class V>
void fields(SynthOptions& o, V&& v) {
  fields(o.street, v);
  v("scenes", o.scenes, "how many streets, cut together, of uneven lengths", Bounds{1, 1000});
  v("output", o.output, "folder to write into");
}

/// Renders a street into a folder: video.mp4, frames/000000.png, labels/000000.png (class index), boxes.json (COCO with
/// track_id), street.json (the options), flow/000001.flo (from that frame to the one before, pixels; frames count from
/// 0; none for the first of a scene). Throws Error.
void synthesize(const SynthOptions& options, const JobContext& job);

}  // namespace dff
