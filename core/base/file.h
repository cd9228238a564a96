#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace dff {

/// The whole file; throws Error when it cannot be read.
std::string readFile(const std::filesystem::path& path);

/// Writes `name.tmp`, flushes it to disk and renames it over `path`, so that `path` is never half written.
/// Throws Error (disk full, missing folder, ...) and then leaves no temporary file.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// A file that is written piece by piece as `name.tmp` and appears, flushed, when it is whole. Without commit() nothing
/// is left. Throws Error (disk full, missing folder, ...).
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  void write(std::string_view content);
  void commit();
  AtomicFile(const AtomicFile&) = delete;

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

/// Writes the whole file in place, without the flush: for files in a folder that appears whole later.
/// Throws Error (disk full, missing folder, ...).
void writeFileQuickly(const std::filesystem::path& path, std::string_view content);

/// Parses a JSON file; throws Error with the file's name and the place of the mistake.
nlohmann::json readJson(const std::filesystem::path& path);

/// Writes JSON, indented, atomically.
void writeJson(const std::filesystem::path& path, const nlohmann::json& value);

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::string_view bytes);
  std::string hex();  ///< of everything added; ends it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes, in hexadecimal.
std::string sha256(std::string_view bytes);

/// Throws Error unless the folder that will hold `path` exists and can be written.
void requireWritableParent(const std::filesystem::path& path);

/// The path under which a file is written before it is renamed to `path`: same folder, same extension.
std::filesystem::path temporaryNameFor(const std::filesystem::path& path);

}  // namespace dff
