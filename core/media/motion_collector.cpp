#include "core/media/motion_collector.h"

#include <algorithm>
#include <cmath>
#include <span>

extern "C" {
#include <libavutil/motion_vector.h>
}

namespace dff {
namespace {

constexpr AVCodecID kExporting[] = {AV_CODEC_ID_H264, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4,
                                    AV_CODEC_ID_H263, AV_CODEC_ID_MSMPEG4V2,  AV_CODEC_ID_MSMPEG4V3,  AV_CODEC_ID_FLV1};

std::span<const AVMotionVector> vectorsOf(const AVFrame& picture) {
  const AVFrameSideData* data = av_frame_get_side_data(&picture, AV_FRAME_DATA_MOTION_VECTORS);
  if (!data) return {};
  return {reinterpret_cast<const AVMotionVector*>(data->data), data->size / sizeof(AVMotionVector)};
}

int16_t quarters(int32_t motion, uint16_t scale) {
  return int16_t(std::clamp<long>(std::lround(4.0 * motion / std::max<int>(1, scale)), INT16_MIN, INT16_MAX));
}

std::vector<CodecVector> toThePast(const AVFrame& picture) {
  std::vector<CodecVector> vectors;
  for (const AVMotionVector& v : vectorsOf(picture))
    if (v.source < 0)
      vectors.push_back(
          {v.dst_x, v.dst_y, v.w, v.h, quarters(v.motion_x, v.motion_scale), quarters(v.motion_y, v.motion_scale)});
  return vectors;
}

/// A block that is predicted both ways comes twice; no more than the whole can be covered.
double shareWithoutMotion(const AVFrame& picture) {
  double covered = 0;
  for (const AVMotionVector& v : vectorsOf(picture)) covered += double(v.w) * v.h;
  return std::max(0.0, 1 - covered / (double(picture.width) * picture.height));
}

}  // namespace

bool MotionCollector::exportsMotion(AVCodecID codec) {
  return std::find(std::begin(kExporting), std::end(kExporting), codec) != std::end(kExporting);
}

void MotionCollector::add(const AVFrame& picture, int64_t index) {
  if (!exported_) return;
  auto vectors = toThePast(picture);
  auto chain = std::make_shared<MotionChain>();
  chain->intraShare = shareWithoutMotion(picture);
  const bool follows = chain_ && index == last_ + 1;
  if (!vectors.empty()) {
    const int distance = follows && anchor_ >= 0 ? int(index - anchor_) : 1;
    const CodedPicture coded{{picture.width, picture.height},
                             {geometry_.width, geometry_.height},
                             geometry_.rotation,
                             geometry_.mirror,
                             distance};
    chain->steps.push_back(std::make_shared<CodecMotion>(std::move(vectors), coded));
    if (follows) {
      const auto& before = chain_->steps;
      const size_t kept = std::min(before.size(), kLongestMotionChain - 1);
      chain->steps.insert(chain->steps.end(), before.begin(), before.begin() + std::ptrdiff_t(kept));
    }
  }
  chain_ = std::move(chain);
  last_ = index;
  if (picture.pict_type != AV_PICTURE_TYPE_B) anchor_ = index;
}

}  // namespace dff
