#include "core/eval/sweep_cells.h"

#include <vector>

#include "core/base/file.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr int kSchema = 1;

void addFile(const fs::path& file, std::vector<std::string>& lines) {
  lines.push_back(
      text(file.string(), " ", fs::file_size(file), " ", fs::last_write_time(file).time_since_epoch().count()));
}

void addAll(const fs::path& path, std::vector<std::string>& lines) {
  if (fs::is_regular_file(path)) return addFile(path, lines);
  if (!fs::is_directory(path)) return;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) addFile(entry.path(), lines);
}

}  // namespace

std::string identityOf(const fs::path& path) {
  std::vector<std::string> lines;
  addAll(path, lines);
  if (fs::is_regular_file(path)) addAll(fs::path(path).replace_extension(), lines);
  std::sort(lines.begin(), lines.end());
  Sha256 sum;
  for (const auto& line : lines) sum.add(line + "\n");
  return sum.hex();
}

SweepCells::SweepCells(fs::path file, nlohmann::json madeFrom, const JobContext& job)
    : file_(std::move(file)), madeFrom_(std::move(madeFrom)) {
  madeFrom_["schema_version"] = kSchema;
  if (!fs::exists(file_)) return;
  const auto kept = nlohmann::json::parse(readFile(file_), nullptr, false);
  if (kept.is_object() && kept.value("made_from", nlohmann::json()) == madeFrom_ && kept.contains("cells") &&
      kept["cells"].is_object()) {
    cells_ = kept["cells"];
    job.log(text(cells_.size(), " finished parts are taken from ", file_.string()));
  } else {
    job.warn(file_.string() + " was made from other inputs or options; the sweep begins anew");
  }
}

std::optional<nlohmann::json> SweepCells::find(const std::string& name) const {
  const auto found = cells_.find(name);
  return found == cells_.end() ? std::nullopt : std::optional(*found);
}

void SweepCells::keep(const std::string& name, nlohmann::json part) {
  if (file_.empty()) return;
  cells_[name] = std::move(part);
  writeFileAtomically(file_, nlohmann::json{{"made_from", madeFrom_}, {"cells", cells_}}.dump());
}

}  // namespace dff
