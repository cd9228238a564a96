#include "ui/infer/inference.h"

#include <thread>

#include "ui/infer/inference_state.h"

namespace dff::ui {

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

void Inference::setTuning(const Tuning& tuning) {
  InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  if (tuning == s.tuning) return;
  const Tuning before = std::exchange(s.tuning, tuning);
  const bool otherModel = before.model != tuning.model || before.precision != tuning.precision;
  if (otherModel) {
    ++s.modelGeneration;
    s.features.clear();
  }
  if (otherModel || before.flow != tuning.flow || before.propagate != tuning.propagate) {
    s.agreement.clear();
    otherModel ? s.costs.clear() : s.costs.clearOthers();
  }
  s.error.clear();
  s.dropResults();
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
  return s.inspectionGeneration == s.generation ? s.inspection : nullptr;
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
  news.precision = s.bfloat16 ? "bf16" : "fp32";
  news.classes = s.package->spec.classes;
  news.measuring = s.canRun() && !s.focus.playing && s.focus.overlays && (s.nextSample(true) || s.nextSample(false));
  return news;
}

std::vector<FrameNote> Inference::notes() const {
  const InferenceState& s = impl_->state;
  std::lock_guard lock(s.mutex);
  return s.notes;
}

}  // namespace dff::ui
