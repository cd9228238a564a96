#include "ui/window/project.h"

#include "core/base/file.h"

namespace dff::ui {
namespace fs = std::filesystem;
namespace {

constexpr int kSchema = 1;
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

Project parse(nlohmann::json j, const fs::path& file) {
  const std::string where = file.string();
  if (!j.is_object()) fail(where, " is no project: expected a JSON object");
  const nlohmann::json schema = take(j, "schema_version");
  if (!schema.is_number_integer()) fail(where, " is no project: schema_version is missing");
  if (schema.get<int>() > kSchema)
    fail(where, " was written by a newer version (schema ", schema.get<int>(), "); this one reads up to ", kSchema);
  const nlohmann::json layers = take(j, "layers"), compare = take(j, "compare");
  Project p;
  fromJson(j, p, where);
  if (!layers.is_null()) fromJson(layers, p.layers, where);
  const fs::path folder = folderOf(file);
  if (!compare.is_null()) p.compare = comparedFrom(compare, folder, where);
  if (p.file.empty()) fail(where, " names no video");
  p.file = absoluteFrom(folder, p.file);
  p.sweepLabels = absoluteFrom(folder, p.sweepLabels);
  return p;
}

}  // namespace

nlohmann::json toJson(const Project& project, const fs::path& file) {
  const fs::path folder = folderOf(file);
  Project p = project;
  p.file = relativeTo(folder, p.file);
  p.sweepLabels = relativeTo(folder, p.sweepLabels);
  nlohmann::json j = dff::toJson(p);
  j["schema_version"] = kSchema;
  j["layers"] = dff::toJson(p.layers);
  j["compare"] = {{"left", toJson(p.compare.sides[0])},
                  {"right", toJson(p.compare.sides[1])},
                  {"mode", kModes[int(p.compare.mode)]},
                  {"divider", p.compare.divider},
                  {"truth", relativeTo(folder, p.compare.truth)}};
  return j;
}

Project readProject(const fs::path& file) {
  try {
    return parse(readJson(file), file);
  } catch (const nlohmann::json::exception& e) {
    fail(file.string(), " is no project: ", e.what());
  }
}

void writeProject(const fs::path& file, const Project& project) { writeJson(file, toJson(project, file)); }

}  // namespace dff::ui
