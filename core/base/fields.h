#pragma once
// Options are declared once, by a function `template <class V> void fields(Options& o, V&& v)` beside the struct:
//     v("interval", o.interval, "frames from one key frame to the next", Bounds{1, 100000});
// and read by visitors: to and from JSON here, command-line flags in app/, forms in ui/.
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/base/error.h"

namespace dff {

/// The values that a number may take, ends included.
struct Bounds {
  double min = -1e300;
  double max = 1e300;
};

/// Reads one field per call from a JSON object; a missing one keeps its value.
class FromJson {
 public:
  FromJson(const nlohmann::json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) fail(where_, ": expected a JSON object");
  }

  template <class T>
  void operator()(const char* name, T& member, const char* /*help*/, Bounds bounds = {}) {
    known_.insert(name);
    const auto found = object_.find(name);
    if (found == object_.end()) return;
    try {
      member = found->get<T>();
    } catch (const nlohmann::json::exception& e) {
      fail(where_, ": \"", name, "\" has the wrong type: ", e.what());
    }
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
      if (member < bounds.min || member > bounds.max)
        fail(where_, ": \"", name, "\" is ", member, ", must lie in ", bounds.min, " .. ", bounds.max);
  }

  /// Throws when the object holds a key that no field asked for: a typing mistake must not pass silently.
  void requireNoOthers() const {
    for (const auto& [key, value] : object_.items())
      if (!known_.count(key)) fail(where_, ": unknown key \"", key, "\"");
  }

 private:
  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> known_;
};

/// Fills `options` from a JSON object; throws Error naming `where`, the key and what is wrong with it.
template <class Options>
void fromJson(const nlohmann::json& object, Options& options, const std::string& where) {
  FromJson visitor(object, where);
  fields(options, visitor);
  visitor.requireNoOthers();
}

/// Every field by name.
template <class Options>
nlohmann::json toJson(const Options& options) {
  nlohmann::json object = nlohmann::json::object();
  Options copy = options;
  fields(copy, [&](const char* name, auto& member, const char*, Bounds = {}) { object[name] = member; });
  return object;
}

}  // namespace dff
