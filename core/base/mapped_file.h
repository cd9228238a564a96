#pragma once
#include <filesystem>
#include <string_view>

namespace dff {

/// A file's bytes, read-only, read from disk where they are looked at; takes no memory of its own.
class MappedFile {
 public:
  /// Throws Error when the file cannot be read.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }
  /// Gives back what a part of bytes() takes of the process's memory; it is read from disk again where it is looked at.
  void release(std::string_view part) const;

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace dff
