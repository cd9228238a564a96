#include "ui/window/project.h"

#include <iterator>

#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/export/layout.h"
#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "core/schedule/key_policy.h"

namespace dff::ui {
namespace fs = std::filesystem;
namespace {

constexpr const char* kKinds[] = {"propagated", "per-frame", "truth"};
constexpr const char* kModes[] = {"wipe", "split", "difference"};

/// As seen from `folder` where it lies in or below it, otherwise as it is.
std::string relativeTo(const fs::path& folder, const std::string& path) {
  if (path.empty()) return path;
  const fs::path whole = fs::absolute(path).lexically_normal(), seen = whole.lexically_relative(folder);
  return seen.empty() || *seen.begin() == ".." ? whole.string() : seen.string();
}

std::string absoluteFrom(const fs::path& folder, const std::string& path) {
  return path.empty() ? path : (folder / path).lexically_normal().string();
}

fs::path folderOf(const fs::path& file) { return fs::absolute(file).lexically_normal().parent_path(); }

/// The place of `word` among `words`.
template <size_t N>
int placeOf(const char* const (&words)[N], const std::string& word, const std::string& where) {
  for (size_t i = 0; i < N; ++i)
    if (word == words[i]) return int(i);
  fail(where, ": \"", word, "\" is none of the words known there");
}

nlohmann::json toJson(const Configuration& c) {
  return {{"kind", kKinds[int(c.kind)]}, {"interval", c.interval}, {"flow", c.flow}, {"propagate", c.propagate}};
}

Configuration configurationFrom(const nlohmann::json& j, const std::string& where) {
  Configuration c;
  c.kind = Configuration::Kind(placeOf(kKinds, j.value("kind", kKinds[0]), where));
  c.interval = j.value("interval", c.interval);
  c.flow = j.value("flow", c.flow);
  c.propagate = j.value("propagate", c.propagate);
  return tidied(c);
}

ComparedSides comparedFrom(const nlohmann::json& j, const fs::path& folder, const std::string& where) {
  ComparedSides c;
  c.sides[0] = configurationFrom(j.at("left"), where);
  c.sides[1] = configurationFrom(j.at("right"), where);
  c.mode = CompareMode(placeOf(kModes, j.value("mode", kModes[0]), where));
  c.divider = j.value("divider", c.divider);
  c.truth = absoluteFrom(folder, j.value("truth", ""));
  return c;
}

/// Takes out what fields() does not know, so that it can complain of the rest.
nlohmann::json take(nlohmann::json& from, const char* name) {
  nlohmann::json part = from.contains(name) ? from[name] : nlohmann::json();
  from.erase(name);
  return part;
}

/// What a sweep is about came together, with flow sources and ways beside intervals and label images.
void fromFirst(nlohmann::json& j) {
  nlohmann::json sweep = nlohmann::json::object();
  for (const auto& [before, now] : {std::pair("sweep_intervals", "intervals"), std::pair("sweep_labels", "labels")})
    if (nlohmann::json part = take(j, before); !part.is_null()) sweep[now] = part;
  if (!sweep.empty()) j["sweep"] = sweep;
}

/// A policy came in, without which keys are on the grid.
void fromSecond(nlohmann::json&) {}

/// The one at place i makes schema i + 2 of schema i + 1.
constexpr void (*kMigrations[])(nlohmann::json&) = {fromFirst, fromSecond};
static_assert(std::size(kMigrations) + 1 == kProjectSchema);

void migrate(nlohmann::json& j, const std::string& where) {
  const nlohmann::json schema = take(j, "schema_version");
  if (!schema.is_number_integer() || schema.get<int>() < 1) fail(where, " is no project: schema_version is missing");
  const int version = schema.get<int>();
  if (version > kProjectSchema)
    fail(where, " was written by a newer version (schema ", version, "); this one reads up to ", kProjectSchema);
  for (int v = version; v < kProjectSchema; ++v) kMigrations[v - 1](j);
}

/// Throws UsageError for a name that no table of the core has.
void requireKnown(const Project& p) {
  layersNeed(p.layers, LayerData::Frame);
  findLayout(p.exports.layout);
  for (const std::string& kind : p.exports.beside) extensionOf(kind);
  if (!p.exports.video.empty()) extensionOf(p.exports.video);
  findPolicy(p.policy);
  flowKnowsMotion(p.flow);
  findPropagator(p.propagate);
  for (const Configuration& side : p.compare.sides) {
    flowKnowsMotion(side.flow);
    findPropagator(side.propagate);
  }
}

Project parse(nlohmann::json j, const fs::path& file) {
  const std::string where = file.string();
  if (!j.is_object()) fail(where, " is no project: expected a JSON object");
  migrate(j, where);
  const nlohmann::json layers = take(j, "layers"), compare = take(j, "compare"), sweep = take(j, "sweep"),
                       exports = take(j, "export");
  Project p;
  fromJson(j, p, where);
  if (!layers.is_null()) fromJson(layers, p.layers, where);
  if (!sweep.is_null()) fromJson(sweep, p.sweep, where);
  if (!exports.is_null()) fromJson(exports, p.exports, where);
  const fs::path folder = folderOf(file);
  if (!compare.is_null()) p.compare = comparedFrom(compare, folder, where);
  if (p.file.empty()) fail(where, " names no video");
  if (p.probe.size() != 0 && p.probe.size() != 2) fail(where, ": \"probe\" is no place: expected x, y");
  p.file = absoluteFrom(folder, p.file);
  p.sweep.labels = absoluteFrom(folder, p.sweep.labels);
  return p;
}

}  // namespace

nlohmann::json toJson(const Project& project, const fs::path& file) {
  const fs::path folder = folderOf(file);
  Project p = project;
  p.file = relativeTo(folder, p.file);
  p.sweep.labels = relativeTo(folder, p.sweep.labels);
  nlohmann::json j = dff::toJson(p);
  j["schema_version"] = kProjectSchema;
  j["layers"] = dff::toJson(p.layers);
  j["sweep"] = dff::toJson(p.sweep);
  j["export"] = dff::toJson(p.exports);
  j["compare"] = {{"left", toJson(p.compare.sides[0])},
                  {"right", toJson(p.compare.sides[1])},
                  {"mode", kModes[int(p.compare.mode)]},
                  {"divider", p.compare.divider},
                  {"truth", relativeTo(folder, p.compare.truth)}};
  return j;
}

Project readProject(const fs::path& file) {
  try {
    const Project project = parse(readJson(file), file);
    requireKnown(project);
    return project;
  } catch (const UsageError& e) {
    fail(file.string(), ": ", e.what());
  } catch (const nlohmann::json::exception& e) {
    fail(file.string(), " is no project: ", e.what());
  }
}

void writeProject(const fs::path& file, const Project& project) { writeJson(file, toJson(project, file)); }

}  // namespace dff::ui
