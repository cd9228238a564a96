#include "core/media/flow_file.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff {
namespace {

constexpr float kMagic = 202021.25f;  // the bytes "PIEH"
constexpr float kKittiScale = 64, kKittiZero = 32768;
constexpr int32_t kLargestSide = 1 << 16;

struct Header {
  float magic = kMagic;
  int32_t width = 0, height = 0;
};

bool fitsKitti(float value) { return std::abs(value) < 511; }  // false for what is no number

uint16_t kittiOf(float value) { return uint16_t(std::lround(value * kKittiScale + kKittiZero)); }

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

void writeKittiFlow(const std::filesystem::path& path, const cv::Mat& flow) {
  cv::Mat bgr(flow.size(), CV_16UC3);
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x) {
      const auto& f = flow.at<cv::Vec2f>(y, x);
      const bool known = fitsKitti(f[0]) && fitsKitti(f[1]);
      bgr.at<cv::Vec3w>(y, x) = known ? cv::Vec3w(1, kittiOf(f[1]), kittiOf(f[0])) : cv::Vec3w();
    }
  std::vector<uint8_t> bytes;
  cv::imencode(".png", bgr, bytes, {cv::IMWRITE_PNG_COMPRESSION, 1});
  writeFileQuickly(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

cv::Mat readKittiFlow(const std::filesystem::path& path) {
  const cv::Mat bgr = cv::imread(path.string(), cv::IMREAD_UNCHANGED);
  if (bgr.type() != CV_16UC3) fail(path.string(), " is not a 16-bit colour PNG as KITTI keeps flow");
  cv::Mat flow(bgr.size(), CV_32FC2, cv::Scalar::all(std::numeric_limits<double>::quiet_NaN()));
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x)
      if (const auto& p = bgr.at<cv::Vec3w>(y, x); p[0])
        flow.at<cv::Vec2f>(y, x) = {(p[2] - kKittiZero) / kKittiScale, (p[1] - kKittiZero) / kKittiScale};
  return flow;
}

cv::Mat pixelFlow(const cv::Mat& cells, cv::Size2f grid, cv::Size size) {
  const float perX = grid.width / float(size.width), perY = grid.height / float(size.height);
  const cv::Matx23f cellOfPixel(perX, 0, perX / 2 - 0.5f, 0, perY, perY / 2 - 0.5f);
  cv::Mat flow;
  cv::warpAffine(cells, flow, cellOfPixel, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  cv::transform(flow, flow, cv::Matx22f(1 / perX, 0, 0, 1 / perY));
  return flow;
}

}  // namespace dff
