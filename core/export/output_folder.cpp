#include "core/export/output_folder.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

/// A name that fileOf gives.
bool isFrameFile(const fs::path& path, const std::string& extension) {
  const std::string stem = path.stem().string();
  return path.extension() == extension && stem.size() >= 6 &&
         std::all_of(stem.begin(), stem.end(), [](unsigned char c) { return std::isdigit(c); });
}

void requireOnlyFrameFiles(const fs::path& folder, const std::string& extension) {
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder)) fail(folder.string(), " is a file; a folder is to be written there");
  for (const auto& entry : fs::directory_iterator(folder))
    if (!entry.is_regular_file() || !isFrameFile(entry.path(), extension))
      fail("the folder ", folder.string(), " holds other files (", entry.path().filename().string(),
           "); choose another folder");
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& folder, std::string extension)
    : folder_(folder.has_filename() ? folder : folder.parent_path()), extension_(std::move(extension)) {
  requireWritableParent(folder_);
  requireOnlyFrameFiles(folder_, extension_);
  gathering_ = folder_.parent_path() / ("." + folder_.filename().string() + ".partial");
  std::error_code error;
  fs::remove_all(gathering_, error);
  if (!fs::create_directory(gathering_, error))
    fail("cannot create the folder ", gathering_.string(), ": ", error.message());
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  if (!committed_) fs::remove_all(gathering_, ignored);
}

fs::path OutputFolder::fileOf(const Frame& frame) const {
  char name[32];
  std::snprintf(name, sizeof name, "%06lld", (long long)frame.index);
  return gathering_ / (name + extension_);
}

void OutputFolder::commit() {
  requireOnlyFrameFiles(folder_, extension_);  // someone may have put a file there meanwhile
  fs::remove_all(folder_);
  fs::rename(gathering_, folder_);
  committed_ = true;
}

}  // namespace dff
