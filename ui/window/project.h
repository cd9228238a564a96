#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/eval/sweep.h"
#include "core/export/overlay.h"
#include "ui/compare/compare_session.h"
#include "ui/explore/explore_session.h"
#include "ui/panels/export_choices.h"

namespace dff::ui {

/// How the Compare workspace stood.
struct ComparedSides {
  std::array<Configuration, 2> sides = {Configuration{}, Configuration{Configuration::Kind::PerFrame}};
  CompareMode mode = CompareMode::Wipe;
  double divider = 0.5;
  std::string truth = {};
};

/// What a window works on, as a `.dffproj` file keeps it: JSON with a schema_version. The video and folders of label
/// images are written relative to the project where they lie in or below its folder.
struct Project {
  std::string file;  ///< the video
  std::string model, precision = "auto", flow = "auto", propagate = "causal", policy = "fixed";
  int interval = 10;
  int64_t in = 0, out = -1;  ///< -1: the last frame
  int64_t position = 0;
  std::vector<int64_t> pins = {};
  std::string workspace = "watch";
  OverlayOptions layers = {};
  ComparedSides compare = {};
  SweptKinds sweep = {};
  bool aggregateKeys = true;
  ExportChoices exports = {};
  std::vector<double> probe = {};  ///< x, y in shares of the picture; empty: none
};

template <class V>
void fields(SweptKinds& s, V&& v) {
  v("intervals", s.intervals, "key-frame intervals");
  v("flows", s.flows, "flow sources");
  v("propagations", s.propagations, "ways of propagation");
  v("labels", s.labels, "label images that a sweep scores against");
}

template <class V>
void fields(ExportChoices& e, V&& v) {
  v("video", e.video, "kind of the annotated video; empty: none");
  v("layout", e.layout, "of the annotated picture");
  v("sound", e.sound, "copied");
  v("whole_clip", e.wholeClip, "or the range");
  v("key_mark", e.keyMark, "drawn");
  v("legend", e.legend, "drawn");
  v("layers", e.layers, "drawn or not, where that differs from the studio");
  v("beside", e.beside, "kinds of files beside the video");
}

template <class V>
void fields(Project& p, V&& v) {
  v("file", p.file, "the video");
  v("model", p.model, "folder or name of the model; empty: the shipped one");
  v("precision", p.precision, "auto, fp32, bf16 or int8");
  v("flow", p.flow, "where motion comes from");
  v("propagate", p.propagate, "how features travel from keys to the other frames");
  v("policy", p.policy, "where key frames are put");
  v("interval", p.interval, "frames from key to key", Bounds{1, 30});
  v("in", p.in, "first frame of the range", Bounds{0, 1e15});
  v("out", p.out, "last frame of the range; -1: the last one", Bounds{-1, 1e15});
  v("position", p.position, "the playhead", Bounds{0, 1e15});
  v("pins", p.pins, "pinned key frames");
  v("workspace", p.workspace, "watch, inspect, compare or explore");
  v("probe", p.probe, "x, y of the probe in shares of the picture, or nothing");
  v("aggregate_keys", p.aggregateKeys, "blend every key's feature with those of its neighbours");
}

/// `file` is where it will stand.
nlohmann::json toJson(const Project& project, const std::filesystem::path& file);

/// The schema that this version writes. What differs between two is in the migrations of project.cpp.
inline constexpr int kProjectSchema = 3;

/// Throws Error naming the file, and what in it is wrong; files of older schema versions are migrated, those of newer
/// ones refused.
Project readProject(const std::filesystem::path& file);
/// Whole or not at all; throws Error.
void writeProject(const std::filesystem::path& file, const Project& project);

}  // namespace dff::ui
