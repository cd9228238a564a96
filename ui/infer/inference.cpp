#include "ui/infer/inference.h"

#include <thread>

#include "ui/infer/inference_state.h"

namespace dff::ui {

std::string Tuning::way() const {
  return findPropagator(propagate).readsAhead() && !flowKnowsMotion(flow) ? "causal" : propagate;
}

Tuning settled(Tuning tuning) {
  const Propagator& propagator = findPropagator(tuning.way());
  tuning.keys.readsAhead = propagator.readsAhead();
  tuning.keys.blends = propagator.blends() && tuning.aggregateKeys;
  return tuning;
}

EngineOptions engineOptions(const Tuning& tuning) {
  EngineOptions options;
  options.flow = tuning.flow;
  options.propagate = tuning.way();
  options.aggregateKeys = tuning.aggregateKeys;
  options.precision = tuning.precision;
  return options;
}

class Inference::Impl {
 public:
  Impl(const FrameRing& ring, std::function<void()> wake)
      : state(ring),
        wake_(std::move(wake)),
        features_([this](std::stop_token stop) { makeFeatures(state, wake_, stop); }),
        propagation_([this](std::stop_token stop) { propagateFrames(state, wake_, stop); }) {}

  ~Impl() {
    features_.request_stop();
    propagation_.request_stop();
    state.changed.notify_all();
  }

  InferenceState state;

 private:
  std::function<void()> wake_;
  std::jthread features_, propagation_;
};

Inference::Inference(const FrameRing& ring, std::function<void()> wake)
    : impl_(std::make_unique<Impl>(ring, std::move(wake))) {}
Inference::~Inference() = default;

void Inference::setClip(const ClipPtr& clip) {
  InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  s.clip = clip;
  s.focus = {};
  ++s.modelGeneration;
  s.features.clear();
  s.inspection.reset();
  s.costs.clear();
  s.agreement.clear();
  s.error.clear();
  s.dropResults();
  s.remakePainter();
  s.changed.notify_all();
}

void Inference::setTuning(const Tuning& wanted) {
  InferenceState& s = impl_->state;
  const Tuning tuning = settled(wanted);
  std::lock_guard lock(s.mutex);
  if (tuning == s.tuning) return;
  const Tuning before = std::exchange(s.tuning, tuning);
  const bool otherModel = before.model != tuning.model || before.precision != tuning.precision;
  const bool otherWay = before.flow != tuning.flow || before.way() != tuning.way();
  const bool otherHeat = before.heat != tuning.heat || before.heatChannel != tuning.heatChannel;
  if (otherModel) {
    ++s.modelGeneration;
    s.features.clear();
  }
  if (otherModel || otherWay || before.keys.blends != tuning.keys.blends) {
    s.agreement.clear();
    otherModel ? s.costs.clear() : s.costs.clearOthers();
  }
  if (before.keys.planned != tuning.keys.planned) s.agreement.clearPlan();
  s.error.clear();
  otherModel || otherWay || otherHeat ? s.dropResults() : s.dropStale(before.keys);
  s.changed.notify_all();
}

void Inference::setFocus(const Focus& focus) {
  InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  s.focus = focus;
  s.changed.notify_all();
}

void Inference::setLayers(const OverlayOptions& layers) {
  InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  s.layers = layers;
  ++s.layersVersion;
  s.remakePainter();
}

OverlaidPtr Inference::result(int64_t index) const {
  const InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  const auto found = s.results.find(index);
  return found == s.results.end() ? nullptr : found->second;
}

OverlaidPtr Inference::upToDate(const OverlaidPtr& overlaid) {
  InferenceState& s = impl_->state;
  std::shared_ptr<const OverlayPainter> painter;
  auto fresh = std::make_shared<Overlaid>();
  {
    std::lock_guard lock(s.mutex);
    if (!overlaid || overlaid->layersVersion == s.layersVersion || !s.painter) return overlaid;
    painter = s.painter;
    *fresh = *overlaid;
    fresh->layersVersion = s.layersVersion;
  }
  fresh->picture = painter->paint(fresh->result);
  std::lock_guard lock(s.mutex);
  const auto kept = s.results.find(fresh->result.frame->index);
  if (kept != s.results.end() && kept->second == overlaid) kept->second = fresh;
  return fresh;
}

InspectionPtr Inference::inspection() const {
  const InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  return s.inspectionIsRight() ? s.inspection : nullptr;
}

InferenceNews Inference::news() const {
  const InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  InferenceNews news;
  news.error = s.error;
  news.costs = s.costs;
  news.agreement = s.agreement;
  if (!s.package || s.packageGeneration != s.modelGeneration) return news;
  news.loaded = true;
  news.model = s.package->name();
  news.precision = nameOf(s.precision);
  news.classes = s.package->spec.classes;
  if (s.package->spec.detection) news.boxClasses = s.package->spec.detection->classes;
  news.channels = s.package->spec.feature.channels;
  news.input = s.package->spec.input;
  news.flowSource = s.package->spec.flow.source;
  news.measuring = s.canRun() && !s.focus.playing && s.focus.overlays && (s.nextSample(true) || s.nextSample(false));
  return news;
}

std::vector<FrameNote> Inference::notes() const {
  const InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  return s.notes;
}

}  // namespace dff::ui
