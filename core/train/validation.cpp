#include "core/train/validation.h"

#include <ATen/Parallel.h>

#include <nlohmann/json.hpp>

#include "core/eval/frame_scores.h"
#include "core/run/engine.h"

namespace dff {
namespace {

constexpr int kEvery = 3;

double meanOfKnown(double a, double b) { return a < 0 ? b : b < 0 ? a : (a + b) / 2; }

double miouOf(const FrameScores& scores, const Dataset& data) {
  return data.hasLabels() ? scores.confusion.meanIou() : -1;
}

double ap50Of(const FrameScores& scores, const Dataset& data, const ModelSpec& spec) {
  return knowBoxes(data, spec) ? scores.boxes.scores().ap50 : -1;
}

}  // namespace

double Validation::score() const {
  const double propagated = meanOfKnown(miouPropagated, ap50Propagated);
  return propagated >= 0 ? propagated : meanOfKnown(miou, ap50);
}

nlohmann::json toJson(const Validation& v) {
  nlohmann::json measured = {{"score", v.score()}};
  const std::pair<const char*, double> values[] = {
      {"miou", v.miou}, {"ap50", v.ap50}, {"miou_propagated", v.miouPropagated}, {"ap50_propagated", v.ap50Propagated}};
  for (const auto& [name, value] : values)
    if (value >= 0) measured[name] = value;
  return measured;
}

Validation validateModel(const Package& package, const std::string& precision, const Dataset& data, int gap,
                         bool propagated) {
  const InferenceScope scope(at::get_num_threads());
  EngineOptions options;
  options.precision = precision;
  options.flow = "flownet";  // what is trained
  Engine engine(package, options);
  FrameScores ofFrames(package.spec), ofMoved(package.spec);
  int64_t moved = 0;
  for (int64_t i = 0; i < data.size(); i += kEvery) {
    const FrameTruth truth = truthOf(data, i, package.spec);
    const FramePlace place = data.place(i);
    const FramePtr frame = data.frame(place.at);
    StageTimes times;
    ofFrames.add(truth, engine.resultOfKey(*engine.makeKey(frame, times), times));
    if (!propagated || place.at - gap < place.first) continue;
    ofMoved.add(truth, engine.propagate(frame, engine.makeKey(data.frame(place.at - gap), times)));
    ++moved;
  }
  Validation v{miouOf(ofFrames, data), ap50Of(ofFrames, data, package.spec), -1, -1};
  if (moved > 0) v.miouPropagated = miouOf(ofMoved, data), v.ap50Propagated = ap50Of(ofMoved, data, package.spec);
  return v;
}

}  // namespace dff
