#pragma once
#include <filesystem>
#include <string>

namespace dff {

/// The folder of a model: `nameOrFolder` itself where it is a folder, else the shipped model of that name ("" is
/// "street"), looked for beside the program, where it was installed and in the source tree.
/// Throws UsageError naming the known models.
std::filesystem::path findModel(const std::string& nameOrFolder);

/// The first of these that exists, looked for as models are: "resources/sample.mp4"; throws Error.
std::filesystem::path findShipped(const std::filesystem::path& relative);

}  // namespace dff
