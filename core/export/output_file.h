#pragma once
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff {

/// A text file that appears whole or not at all: it is written beside its place and takes its name on commit().
class OutputFile {
 public:
  /// Throws Error where the file cannot be made.
  explicit OutputFile(const std::filesystem::path& path) : path_(path), temporary_(temporaryNameFor(path)) {
    requireWritableParent(path);
    out_.open(temporary_);
    if (!out_) fail("cannot create ", path.string(), ": ", std::strerror(errno));
  }
  ~OutputFile() {
    std::error_code ignored;
    if (!committed_) std::filesystem::remove(temporary_, ignored);
  }
  OutputFile(const OutputFile&) = delete;

  std::ofstream& stream() { return out_; }

  /// Throws Error when something could not be written (disk full).
  void commit() {
    out_.close();
    if (!out_) fail("cannot write ", path_.string(), ": ", std::strerror(errno));
    std::filesystem::rename(temporary_, path_);
    committed_ = true;
  }

 private:
  std::filesystem::path path_, temporary_;
  std::ofstream out_;
  bool committed_ = false;
};

}  // namespace dff
