#include "ui/infer/keyed_engine.h"

#include <algorithm>

namespace dff::ui {

void KeyedEngine::prepare(const std::shared_ptr<const Package>& package, const EngineOptions& options, uint64_t clip) {
  const bool same = engine_ && package_ == package && clip_ == clip && options_.flow == options.flow &&
                    options_.propagate == options.propagate && options_.precision == options.precision;
  if (same) return forgetWhatIsGone();
  engine_.reset();
  views_.clear();
  blended_.clear();
  engine_ = std::make_unique<Engine>(*package, options);
  engine_->setFrames([this](int64_t index) { return frames_.get(index); });
  package_ = package;
  options_ = options;
  clip_ = clip;
}

void KeyedEngine::forgetWhatIsGone() {
  std::erase_if(views_, [](const auto& view) { return view.second.of.expired(); });
  std::erase_if(blended_, [&](const auto& blended) {
    return std::any_of(blended.first.begin(), blended.first.end(),
                       [&](int64_t i) { return i >= 0 && !views_.count(i); });
  });
}

KeyPtr KeyedEngine::viewOf(const TimedFeaturePtr& feature) {
  const int64_t index = feature->key->input.frame->index;
  View& view = views_[index];
  if (view.of.lock() == feature) return view.key;
  view = {feature, std::make_shared<KeyFeature>(*feature->key)};
  view.key->code = {};
  std::erase_if(blended_, [&](const auto& b) { return std::count(b.first.begin(), b.first.end(), index) > 0; });
  return view.key;
}

KeyedEngine::Blended KeyedEngine::blended(const TimedFeaturePtr& before, const TimedFeaturePtr& key,
                                          const TimedFeaturePtr& after) {
  const KeyPtr raw = viewOf(key), left = before ? viewOf(before) : nullptr, right = after ? viewOf(after) : nullptr;
  if (!left && !right) return {raw, key->times};
  const auto number = [](const KeyPtr& k) { return k ? k->input.frame->index : -1; };
  const Three three{number(left), number(raw), number(right)};
  if (const auto found = blended_.find(three); found != blended_.end()) return found->second;
  Blended made{nullptr, key->times};
  made.key = engine_->aggregate(raw, left, right, made.times);
  return blended_[three] = made;
}

Result KeyedEngine::result(const FramePtr& frame, const FeaturesAround& from, bool blends, const EngineOptions& wants) {
  engine_->want(wants);
  const auto neighbour = [&](const TimedFeaturePtr& f) { return blends ? f : nullptr; };
  const Blended previous = blended(neighbour(from.before), from.previous, neighbour(from.next));
  if (from.previous->key->input.frame->index == frame->index)
    return engine_->resultOfKey(*previous.key, previous.times);
  Blended next;
  if (from.next) next = blended(neighbour(from.previous), from.next, neighbour(from.after));
  return engine_->propagate(frame, previous.key, next.key);
}

Result KeyedEngine::ofItself(const TimedFeaturePtr& own, const EngineOptions& wants) {
  engine_->want(wants);
  return engine_->resultOfKey(*viewOf(own), own->times);
}

}  // namespace dff::ui
