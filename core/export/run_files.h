#pragma once
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/export/overlay.h"
#include "core/run/engine.h"
#include "core/run/run_report.h"
#include "core/schedule/key_policy.h"
#include "core/task/tracker.h"

namespace dff {

/// The largest interval of propagation that reads ahead, which holds the decoded frames of two intervals.
inline constexpr int kLargestHeldInterval = 60;

/// A file can be read ahead, so by default it is settled() how its features travel.
inline EngineOptions engineForFiles() {
  EngineOptions options;
  options.propagate = "auto";
  return options;
}

/// What `dff run` is told.
struct RunOptions {
  std::vector<std::string> inputs;   ///< video files or image folders
  std::string output;                ///< short for the video kind
  std::vector<std::string> exports;  ///< "KIND:PATH"
  std::string model;                 ///< package folder or name; empty: the street model
  int interval = 10;
  std::vector<int64_t> pins;    ///< frames that are key frames whatever the interval says
  PolicyOptions policy;         ///< another than "fixed" places keys instead of the interval
  int64_t start = 0, end = -1;  ///< frame numbers, end included; -1: to the last
  EngineOptions engine = engineForFiles();
  OverlayOptions overlay;
  std::string layout = "drawn";  ///< of annotated videos and pictures
  bool sound = true;
  TrackerOptions tracker;
  int threads = 0;
  bool pipeline = true;
  bool sceneCuts = true;
  double imageFps = 15;
};
template <class V>
void fields(RunOptions& o, V&& v) {
  v("input", o.inputs, "video files, or folders of images in name order");
  v("output", o.output, "annotated video, short for --export video:FILE; a folder when there are several inputs");
  v("export", o.exports, "write more, as KIND:PATH, any number of times");
  v("model", o.model, "model package: a folder, or the name of a shipped one; by default street");
  v("interval", o.interval, "key-frame interval, frames");
  v("pins", o.pins, "frames that are key frames whatever the interval says, n1,n2,...");
  fields(o.policy, v);
  v("start", o.start, "first frame, by its number in the file");
  v("end", o.end, "last frame, included; by default the last of the file");
  fields(o.engine, v);
  fields(o.overlay, v);
  v("layout", o.layout, "of annotated videos: drawn, side-by-side (with the picture as it came) or wipe");
  v("sound", o.sound, "take the sound along in annotated videos that can hold it");
  fields(o.tracker, v);
  v("threads", o.threads, "threads of the networks; 0: one a core", Bounds{0, 1024});
  v("pipeline", o.pipeline, "decode, infer and encode at the same time");
  v("scene_cuts", o.sceneCuts, "a key frame also wherever the scene is cut");
  v("fps", o.imageFps, "frames per second of an image folder", Bounds{0.001, 1000});
}

/// The most frames from key to key.
int longestInterval(const RunOptions& options);

/// The propagation that "auto" stands for: two-sided, but causal where the flow source knows no motion and where more
/// than kLargestHeldInterval frames would be held back.
std::string automaticPropagation(const std::string& flow, int interval);

/// The options with propagation "auto" replaced; by causal where keys are spread.
RunOptions settled(RunOptions options);

/// The options that decide what comes out, as they stand beside every output.
nlohmann::json outcomeOptions(const RunOptions& options, const Package& package);

/// What became of one input.
struct FileReport {
  std::string input;
  std::string status;  ///< done, skipped or failed
  std::string error;
  RunReport report;
};

/// Annotates every input, with the options settled(). A single input's failure is thrown; of several, failed ones are
/// reported and the rest goes on. With several inputs each output path is a folder, and what exists there, made with
/// equal options, is skipped.
std::vector<FileReport> runFiles(const RunOptions& options, const JobContext& job);

}  // namespace dff
