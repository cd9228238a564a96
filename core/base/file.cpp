#include "core/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/sha.h>
}

#include "core/base/error.h"

namespace dff {
namespace fs = std::filesystem;

std::string readFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path))
    fail("cannot read ", path.string(), ": ", std::strerror(fs::exists(path) ? EISDIR : ENOENT));
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
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
  if (::fsync(file) != 0 && errno != EINVAL) fail("cannot flush ", path.string(), ": ", std::strerror(errno));
}
}  // namespace

void writeFileAtomically(const fs::path& path, std::string_view content) {
  requireWritableParent(path);
  const fs::path temporary = temporaryNameFor(path);
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) fail("cannot create ", path.string(), ": ", std::strerror(errno));
  try {
    writeAll(file, content, path);
    if (::close(file) != 0) fail("cannot close ", path.string(), ": ", std::strerror(errno));
    fs::rename(temporary, path);
  } catch (...) {
    ::close(file);
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
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

std::string sha256(std::string_view bytes) {
  std::unique_ptr<AVSHA, decltype([](AVSHA* s) { av_free(s); })> sha(av_sha_alloc());
  av_sha_init(sha.get(), 256);
  av_sha_update(sha.get(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  std::array<uint8_t, 32> digest;
  av_sha_final(sha.get(), digest.data());
  std::string hex;
  for (uint8_t byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace dff
