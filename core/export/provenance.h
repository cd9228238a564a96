#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace dff {

/// The file that tells which options made an output. It stands beside it, never in it: `labels.json` beside the folder
/// `labels`, `out.mp4.json` beside the file `out.mp4`.
std::filesystem::path provenanceFile(const std::filesystem::path& output);

/// Writes it; call when the output itself is complete.
void writeProvenance(const std::filesystem::path& output, const nlohmann::json& options);

/// Whether `output` exists and was made with equal options.
bool madeWith(const std::filesystem::path& output, const nlohmann::json& options);

}  // namespace dff
