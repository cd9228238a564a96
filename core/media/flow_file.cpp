#include "core/media/flow_file.h"

#include <cstring>
#include <opencv2/core.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff {
namespace {

constexpr float kMagic = 202021.25f;  // the bytes "PIEH"
constexpr int32_t kLargestSide = 1 << 16;

struct Header {
  float magic = kMagic;
  int32_t width = 0, height = 0;
};

}  // namespace

void writeFlo(const std::filesystem::path& path, const cv::Mat& flow) {
  if (flow.type() != CV_32FC2) fail("a flow field must have two float channels to be written to ", path.string());
  const cv::Mat dense = flow.isContinuous() ? flow : flow.clone();
  const Header header{kMagic, dense.cols, dense.rows};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(dense.data), dense.total() * dense.elemSize());
  writeFileQuickly(path, bytes);
}

cv::Mat readFlo(const std::filesystem::path& path) {
  const std::string bytes = readFile(path);
  Header header;
  if (bytes.size() < sizeof header) fail(path.string(), " is too short to be a .flo file");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kMagic) fail(path.string(), " is no .flo file: it does not begin with 202021.25");
  if (header.width < 1 || header.height < 1 || header.width > kLargestSide || header.height > kLargestSide)
    fail(path.string(), " has the impossible size ", header.width, " x ", header.height);
  const size_t wanted = size_t(header.width) * size_t(header.height) * 8;
  if (bytes.size() - sizeof header != wanted)
    fail(path.string(), " holds ", bytes.size() - sizeof header, " bytes of flow, its size needs ", wanted);
  cv::Mat flow(header.height, header.width, CV_32FC2);
  std::memcpy(flow.data, bytes.data() + sizeof header, wanted);
  return flow;
}

}  // namespace dff
