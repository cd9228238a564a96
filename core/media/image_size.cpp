#include "core/media/image_size.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <vector>

namespace dff {

namespace {
constexpr size_t kHeaderBytes = 64 * 1024;

int big16(const uint8_t* p) { return p[0] << 8 | p[1]; }
int big32(const uint8_t* p) { return big16(p) << 16 | big16(p + 2); }

std::vector<uint8_t> head(const std::filesystem::path& file) {
  std::vector<uint8_t> bytes(kHeaderBytes);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  return bytes;
}

bool contains(const std::vector<uint8_t>& bytes, const char* word) {
  return std::search(bytes.begin(), bytes.end(), word, word + std::strlen(word)) != bytes.end();
}

std::optional<cv::Size> pngSize(const std::vector<uint8_t>& bytes) {
  if (bytes.size() < 24 || std::memcmp(bytes.data(), "\x89PNG\r\n\x1a\n", 8) != 0) return {};
  return cv::Size(big32(&bytes[16]), big32(&bytes[20]));
}

/// Walks the segments up to the frame header (SOF0 .. SOF15 without DHT, JPG, DAC).
std::optional<cv::Size> jpegSize(const std::vector<uint8_t>& bytes) {
  if (bytes.size() < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) return {};
  for (size_t at = 2; at + 9 < bytes.size() && bytes[at] == 0xFF; at += 2 + big16(&bytes[at + 2])) {
    const int marker = bytes[at + 1];
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) return cv::Size(big16(&bytes[at + 7]), big16(&bytes[at + 5]));
  }
  return {};
}
}  // namespace

cv::Size imageSize(const std::filesystem::path& file) {
  const std::vector<uint8_t> bytes = head(file);
  const bool mayBeTurned = contains(bytes, "Exif") || contains(bytes, "eXIf");
  if (!mayBeTurned) {
    if (const auto size = pngSize(bytes)) return *size;
    if (const auto size = jpegSize(bytes)) return *size;
  }
  return cv::imread(file.string(), cv::IMREAD_COLOR).size();
}

}  // namespace dff
