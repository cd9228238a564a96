#include "ui/compare/configuration.h"

#include <algorithm>

#include "core/flow/propagator.h"
#include "ui/look/kind_words.h"

namespace dff::ui {
namespace {

constexpr int kMaxInterval = 30;

/// Keys of one scene within a range, where the next key is read too.
class ScenesOfKeys {
 public:
  ScenesOfKeys(const KeySchedule& keys, int64_t first, int64_t last) : keys_(keys), first_(first), last_(last) {}

  int64_t end(int64_t index) const {
    const auto cut = keys_.cuts.upper_bound(index);
    return cut == keys_.cuts.end() ? last_ : std::min(last_, *cut - 1);
  }
  int64_t keyOf(int64_t index) const { return index == end(index) ? index : std::max(first_, keys_.keyOf(index)); }
  /// -1: the scene ends with `key`.
  int64_t after(int64_t key) const { return key == end(key) ? -1 : std::min(keys_.keyAfter(key), end(key)); }
  int64_t before(int64_t key) const {
    const bool begins = key <= first_ || keys_.cuts.count(key);
    return begins ? -1 : std::max(first_, keys_.keyOf(key - 1));
  }

 private:
  const KeySchedule& keys_;
  int64_t first_, last_;
};

}  // namespace

bool Configuration::operator==(const Configuration& other) const {
  if (kind != other.kind) return false;
  return kind != Kind::Propagated || (interval == other.interval && flow == other.flow && propagate == other.propagate);
}

Configuration configurationOf(const Tuning& tuning) {
  return tidied({Configuration::Kind::Propagated, tuning.keys.interval, tuning.flow, tuning.propagate});
}

Configuration tidied(Configuration c) {
  c.interval = std::clamp(c.interval, 1, kMaxInterval);
  if (c.flow == "copy" && findPropagator(c.propagate).readsAhead()) c.propagate = "causal";
  return c;
}

QString nameOf(const Configuration& c) {
  if (c.kind == Configuration::Kind::Truth) return QObject::tr("ground truth");
  if (c.keyInterval() == 1) return QObject::tr("per frame");
  return QObject::tr("%1, interval %2").arg(wordsOfWay(c.flow, c.propagate)).arg(c.interval);
}

FrameKeys keysOfFrame(const KeySchedule& keys, int64_t index, int64_t first, int64_t last, bool readsAhead) {
  if (keys.interval == 1) return {index};
  if (!readsAhead) return {std::max(first, keys.keyOf(index))};
  const ScenesOfKeys scenes(keys, first, last);
  FrameKeys around{scenes.keyOf(index)};
  around.before = scenes.before(around.previous);
  around.next = scenes.after(around.previous);
  if (around.next >= 0) around.after = scenes.after(around.next);
  return around;
}

}  // namespace dff::ui
