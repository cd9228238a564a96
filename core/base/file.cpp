#include "core/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace dff {
namespace fs = std::filesystem;

std::string readFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path))
    fail("cannot read ", path.string(), ": ", std::strerror(fs::exists(path) ? EISDIR : ENOENT));
  std::error_code unknown;  // pipes have no size
  const auto size = fs::is_regular_file(path) ? fs::file_size(path, unknown) : 0;
  std::string content(unknown ? 0 : size_t(size), '\0');
  in.read(content.data(), std::streamsize(content.size()));
  content.resize(size_t(in.gcount()));
  if (in && in.peek() != EOF) content.append(std::istreambuf_iterator<char>(in), {});
  return content;
}

fs::path temporaryNameFor(const fs::path& path) {
  return path.parent_path() / (path.stem().string() + ".tmp" + path.extension().string());
}

void requireWritableParent(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder))
    fail("the folder ", folder.string(), " for ", path.filename().string(), " does not exist; create it first");
  if (::access(folder.c_str(), W_OK) != 0)
    fail("cannot write into the folder ", folder.string(), ": ", std::strerror(errno));
}

namespace {
void writeAll(int file, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t n = ::write(file, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write ", path.string(), ": ", std::strerror(errno));
    content.remove_prefix(static_cast<size_t>(n));
  }
}
}  // namespace

AtomicFile::AtomicFile(const fs::path& path) : path_(path) {
  requireWritableParent(path);
  file_ = ::open(temporaryNameFor(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file_ < 0) fail("cannot create ", path.string(), ": ", std::strerror(errno));
}

AtomicFile::~AtomicFile() {
  if (file_ < 0) return;
  ::close(file_);
  std::error_code ignored;
  fs::remove(temporaryNameFor(path_), ignored);
}

void AtomicFile::write(std::string_view content) { writeAll(file_, content, path_); }

void AtomicFile::commit() {
  if (::fsync(file_) != 0 && errno != EINVAL) fail("cannot flush ", path_.string(), ": ", std::strerror(errno));
  if (::close(file_) != 0) fail("cannot close ", path_.string(), ": ", std::strerror(errno));
  fs::rename(temporaryNameFor(path_), path_);
  file_ = -1;
}

void writeFileAtomically(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

void writeFileQuickly(const fs::path& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), std::streamsize(content.size()));
  out.close();
  if (!out) fail("cannot write ", path.string(), ": ", std::strerror(errno));
}

nlohmann::json readJson(const fs::path& path) {
  try {
    return nlohmann::json::parse(readFile(path));
  } catch (const nlohmann::json::exception& e) {
    fail(path.string(), " is not valid JSON: ", e.what());
  }
}

void writeJson(const fs::path& path, const nlohmann::json& value) { writeFileAtomically(path, value.dump(1) + "\n"); }

}  // namespace dff
