#include "core/model/find_model.h"

#include <algorithm>
#include <vector>

#include "core/base/error.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

/// Where shipped files may lie, seen from the program: beside it, installed (bin/../share), in the source tree
/// (build/<preset>/bin).
std::vector<fs::path> roots() {
  const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
  return {folder, folder / "../share/dff-studio", folder / "../../..", folder / "../../../.."};
}

std::string shippedModels() {
  std::vector<std::string> names;
  for (const auto& root : roots())
    if (fs::is_directory(root / "models"))
      for (const auto& entry : fs::directory_iterator(root / "models"))
        if (fs::exists(entry.path() / "model.json")) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "none" : list;
}

}  // namespace

fs::path findShipped(const fs::path& relative) {
  for (const auto& root : roots())
    if (fs::exists(root / relative)) return fs::weakly_canonical(root / relative);
  fail("cannot find ", relative.string(), " beside the program or where it was installed");
}

fs::path findModel(const std::string& nameOrFolder) {
  if (!nameOrFolder.empty() && fs::is_directory(nameOrFolder)) return nameOrFolder;
  const std::string name = nameOrFolder.empty() ? "street" : nameOrFolder;
  for (const auto& root : roots())
    if (fs::exists(root / "models" / name / "model.json")) return fs::weakly_canonical(root / "models" / name);
  throw UsageError("unknown model \"" + name + "\"; known: " + shippedModels() + ", or a folder with model.json");
}

}  // namespace dff
