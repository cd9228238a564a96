#include "core/run/single_frames.h"

namespace dff {
namespace {

constexpr size_t kMostFeatures = 12;  // two frames' keys of two ways, and some to go back to
constexpr size_t kMostBlends = 4;

/// Keeps a map small: what lies farthest from `centre` goes.
template <class Map, class Place>
void shrink(Map& map, size_t most, int64_t centre, Place placeOf) {
  while (map.size() >= most) {
    const auto last = std::prev(map.end());
    const bool front = std::abs(placeOf(map.begin()->first) - centre) > std::abs(placeOf(last->first) - centre);
    map.erase(front ? map.begin() : last);
  }
}

EngineOptions featuresOnly(const std::string& precision) {
  EngineOptions options;
  options.precision = precision;
  options.flow = "copy";  // this engine never propagates
  options.propagate = "causal";
  return options;
}

constexpr auto kItself = [](int64_t index) { return index; };

}  // namespace

FeatureStore::FeatureStore(const Package& package, const std::string& precision, FrameOf frameOf)
    : engine_(package, featuresOnly(precision)), frameOf_(std::move(frameOf)) {}

const FeatureStore::Entry& FeatureStore::feature(int64_t index) {
  if (const auto found = kept_.find(index); found != kept_.end()) return found->second;
  Entry entry;
  entry.key = engine_.makeKey(frameOf_(index), entry.times);
  shrink(kept_, kMostFeatures, index, kItself);
  return kept_[index] = std::move(entry);
}

SingleFrames::SingleFrames(const Package& package, EngineOptions options, FeatureStore& features)
    : engine_(package, std::move(options)), features_(features) {
  engine_.setFrames([this](int64_t index) { return features_.frame(index); });
}

FeatureStore::Entry SingleFrames::plain(int64_t index) {
  if (const auto found = plain_.find(index); found != plain_.end()) return found->second;
  FeatureStore::Entry entry = features_.feature(index);
  entry.key = std::make_shared<KeyFeature>(*entry.key);
  shrink(plain_, kMostFeatures, index, kItself);
  return plain_[index] = entry;
}

FeatureStore::Entry SingleFrames::blended(const Blend& blend) {
  const bool alone = blend.before < 0 && blend.after < 0;
  if (!engine_.aggregatesKeys() || alone) return plain(blend.key);
  if (const auto found = blended_.find(blend); found != blended_.end()) return found->second;
  const auto neighbour = [this](int64_t index) { return index < 0 ? KeyPtr() : plain(index).key; };
  FeatureStore::Entry entry = plain(blend.key);
  entry.key = engine_.aggregate(entry.key, neighbour(blend.before), neighbour(blend.after), entry.times);
  shrink(blended_, kMostBlends, blend.key, [](const Blend& b) { return b.key; });
  return blended_[blend] = entry;
}

Result SingleFrames::result(int64_t index, const KeysAround& keys) {
  const auto previous = blended({keys.before, keys.previous, keys.next});
  if (keys.previous == index) return engine_.resultOfKey(*previous.key, previous.times);
  const bool ahead = engine_.readsAhead() && keys.next >= 0;
  const KeyPtr next = ahead ? blended({keys.previous, keys.next, keys.after}).key : KeyPtr();
  return engine_.propagate(features_.frame(index), previous.key, next);
}

}  // namespace dff
