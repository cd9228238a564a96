#pragma once
#include <memory>
#include <set>

#include "core/media/frame_converter.h"
#include "core/media/frame_decoder.h"
#include "core/media/frame_source.h"
#include "core/media/frame_table.h"
#include "core/media/motion_collector.h"

namespace dff {

/// Frames of a video file. Opening reads all packets but decodes only the first few frames, except where packets do
/// not tell the frames (no time stamps, packed or hidden pictures): then everything is decoded once.
class VideoReader : public FrameSource {
 public:
  /// Throws Error when no frame can be decoded.
  explicit VideoReader(const std::filesystem::path& path);

  const SourceInfo& info() const override { return info_; }
  FramePtr next() override;
  void seek(int64_t index) override;
  bool approach() override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  struct Decoded;  // what a decoding from the start gives

  void buildTable(const PacketScan& scan);
  Decoded decodeFromStart(const PacketScan& scan, size_t enough);
  bool agrees(const Decoded& decoded, std::vector<int64_t>& order, const PacketScan& scan) const;
  void warnOfDamage(const PacketScan& scan);
  void describe();
  void warn(const std::string& sentence);
  void noteLoss(int64_t first, int64_t last);
  bool isUnwanted(int64_t packet);
  FramePtr toFrame(const AVFrame& picture, int64_t index);

  std::filesystem::path path_;
  std::unique_ptr<FrameDecoder> decoder_;
  std::unique_ptr<FrameConverter> converter_;
  std::unique_ptr<MotionCollector> motion_;
  std::vector<int32_t> frameOfPacket_;
  std::vector<KeyPacket> keys_;
  SourceInfo info_;
  Geometry geometry_;
  std::vector<std::string> warnings_;
  std::set<std::string> said_;
  int64_t wanted_ = 0;                ///< the frame that next() is to give
  int64_t decoded_ = 0;               ///< the decoder is past all frames below this one
  int64_t leftOut_ = 0;               ///< frames below this one may never come out of it
  const AVFrame* arrived_ = nullptr;  ///< the picture that next() gives
  bool ended_ = false;                ///< or there is none
};

}  // namespace dff
