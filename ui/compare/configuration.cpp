#include "ui/compare/configuration.h"

#include <algorithm>

#include "core/flow/propagator.h"
#include "ui/look/kind_words.h"

namespace dff::ui {
namespace {

constexpr int kMaxInterval = 30;

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

KeysAround keysOfFrame(KeySchedule keys, int64_t index, int64_t first, int64_t last, bool readsAhead) {
  if (keys.interval == 1) return {.previous = index};
  keys.inPoint = first;
  keys.outPoint = last;
  keys.readsAhead = keys.blends = readsAhead;
  return keys.keysAround(index);
}

}  // namespace dff::ui
