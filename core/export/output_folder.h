#pragma once
#include <filesystem>
#include <string>

#include "core/media/frame.h"

namespace dff {

/// A folder of one file a frame that appears whole or not at all: files gather in a hidden folder beside it, which
/// takes its name on commit(). A folder of a former run is replaced, one that holds anything else is never touched.
class OutputFolder {
 public:
  /// `extension` of the files, ".png". Throws Error where the folder cannot be made or holds other files.
  OutputFolder(const std::filesystem::path& folder, std::string extension);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;

  /// Where the file of a frame is to be written: `000123.png`.
  std::filesystem::path fileOf(const Frame& frame) const;
  void commit();

 private:
  std::filesystem::path folder_, gathering_;
  std::string extension_;
  bool committed_ = false;
};

}  // namespace dff
