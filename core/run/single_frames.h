#pragma once
#include <functional>
#include <map>

#include "core/run/engine.h"
#include "core/schedule/key_schedule.h"

namespace dff {

/// Feature maps of frames, the last ones kept, for any number of ways to propagate them. Plain and synchronous.
class FeatureStore {
 public:
  using FrameOf = std::function<FramePtr(int64_t)>;
  struct Entry {
    KeyPtr key;
    StageTimes times;  ///< what making it took
  };

  /// `frameOf` gives a frame by number and throws when it cannot.
  FeatureStore(const Package& package, const std::string& precision, FrameOf frameOf);

  const Entry& feature(int64_t index);
  FramePtr frame(int64_t index) const { return frameOf_(index); }
  Precision precision() const { return engine_.precision(); }

 private:
  Engine engine_;
  FrameOf frameOf_;
  std::map<int64_t, Entry> kept_;
};

/// Single frames, in any order, as a run gives them whose keys are the same.
class SingleFrames {
 public:
  /// Throws as Engine does. `features` must outlive it and be of the same package and precision.
  SingleFrames(const Package& package, EngineOptions options, FeatureStore& features);

  /// The times are those of this frame in such a run: a key's include its feature, whether or not it was kept.
  Result result(int64_t index, const KeysAround& keys);
  bool readsAhead() const { return engine_.readsAhead(); }

 private:
  struct Blend {
    int64_t before, key, after;
    auto operator<=>(const Blend&) const = default;
  };
  FeatureStore::Entry plain(int64_t index);
  FeatureStore::Entry blended(const Blend& blend);

  Engine engine_;
  FeatureStore& features_;
  // What a flow source notes with a key belongs to it alone, so these are copies that share the feature.
  std::map<int64_t, FeatureStore::Entry> plain_;
  std::map<Blend, FeatureStore::Entry> blended_;
};

}  // namespace dff
