#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/base/job.h"

namespace dff {

/// The finished parts of a sweep by name, in a file that is written anew with each, so that a sweep that was ended goes
/// on where it was.
class SweepCells {
 public:
  /// Nothing is kept.
  SweepCells() = default;
  /// Reads what is there, where `madeFrom` (what the parts depend on) is the same; else it begins anew, and says so.
  SweepCells(std::filesystem::path file, nlohmann::json madeFrom, const JobContext& job);

  std::optional<nlohmann::json> find(const std::string& name) const;
  /// Throws Error when the file cannot be written.
  void keep(const std::string& name, nlohmann::json part);

 private:
  std::filesystem::path file_;
  nlohmann::json madeFrom_, cells_ = nlohmann::json::object();
};

/// What tells whether files are still the same: names, sizes and times of writing of `path` or all that lies in it, and
/// of the folder of a video's labels beside it.
std::string identityOf(const std::filesystem::path& path);

}  // namespace dff
