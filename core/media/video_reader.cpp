#include "core/media/video_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dff {
namespace fs = std::filesystem;

namespace {
constexpr size_t kFramesChecked = 8;
constexpr size_t kMostWarnings = 100;
}  // namespace

struct VideoReader::Decoded {
  std::vector<int64_t> order;  ///< the packet of each frame, as decoded
  bool ended = false;
  Geometry geometry;
};

VideoReader::VideoReader(const fs::path& path) : path_(path) {
  VideoDemuxer demuxer(path);
  const PacketScan scan = scanPackets(demuxer);
  buildTable(scan);
  warnOfDamage(scan);
  decoder_ = std::make_unique<FrameDecoder>(path_, static_cast<int64_t>(scan.firstKey));
  decoder_->leaveOut([this](int64_t packet) { return isUnwanted(packet); });
  converter_ = std::make_unique<FrameConverter>(geometry_);
  motion_ = std::make_unique<MotionCollector>(decoder_->demuxer().stream().codecpar->codec_id, geometry_);
  describe();
}

void VideoReader::warnOfDamage(const PacketScan& scan) {
  const std::string name = path_.filename().string();
  if (scan.missingSeconds > 0)
    warn(text(name, " is cut off: ", scan.missingSeconds, " s of it are missing, ", info_.times.size(),
              " frames are left"));
  else if (scan.endedByError)
    warn(text(name, " is damaged and cannot be read beyond frame ", info_.times.size() - 1));
  if (scan.damaged > 0) warn(text(name, " is damaged: ", scan.damaged, " of its pictures are incomplete"));
}

/// Decodes until the first key frame and `enough` frames are out.
VideoReader::Decoded VideoReader::decodeFromStart(const PacketScan& scan, size_t enough) {
  FrameDecoder decoder(path_, static_cast<int64_t>(scan.firstKey));
  Decoded decoded;
  bool keySeen = false;
  while (!keySeen || decoded.order.size() < enough) {
    const AVFrame* picture = decoder.next();
    decoded.ended = !picture;
    if (!picture) break;
    if (decoded.order.empty())
      decoded.geometry = displayGeometry(decoder.demuxer().file(), decoder.demuxer().stream(), *picture);
    if (!decoded.order.empty() && decoded.order.back() == picture->pts) continue;
    keySeen = keySeen || scan.packets.at(picture->pts).pts >= scan.packets[scan.firstKey].pts;
    decoded.order.push_back(picture->pts);
  }
  return decoded;
}

/// Whether decoding gives the frames of `order`, in that order; takes from it what the start of the file cannot give:
/// frames shown before the first key frame that refer to what was cut off.
bool VideoReader::agrees(const Decoded& decoded, std::vector<int64_t>& order, const PacketScan& scan) const {
  const auto isLeading = [&](int64_t packet) { return scan.packets[packet].pts < scan.packets[scan.firstKey].pts; };
  std::erase_if(order, [&](int64_t packet) {
    return isLeading(packet) && std::find(decoded.order.begin(), decoded.order.end(), packet) == decoded.order.end();
  });
  auto at = order.begin();
  for (int64_t packet : decoded.order) {
    at = std::find(at, order.end(), packet);
    if (at == order.end()) return false;
    ++at;
  }
  return true;
}

void VideoReader::buildTable(const PacketScan& scan) {
  Decoded decoded;
  std::vector<int64_t> order;
  bool known = scan.onePacketOneFrame;
  if (known) {
    decoded = decodeFromStart(scan, kFramesChecked);
    order = orderByTime(scan);
    known = agrees(decoded, order, scan);
  }
  if (!known) {
    decoded = decodeFromStart(scan, std::numeric_limits<size_t>::max());
    order = decoded.order;
  }
  if (decoded.order.empty()) fail("no frame of ", path_.string(), " can be decoded");
  geometry_ = decoded.geometry;
  FrameTable table = makeFrameTable(scan, order);
  info_.times = std::move(table.times);
  frameOfPacket_ = std::move(table.frameOfPacket);
  keys_ = std::move(table.keys);
}

void VideoReader::describe() {
  info_.width = geometry_.width;
  info_.height = geometry_.height;
  info_.rotation = geometry_.rotation;
  info_.codec = avcodec_get_name(decoder_->demuxer().stream().codecpar->codec_id);
  info_.hasAudio = decoder_->demuxer().hasAudio();
  const FrameTime& last = info_.times.back();
  const double seconds = last.ptsSeconds + last.durationSeconds - info_.times.front().ptsSeconds;
  info_.fps = seconds > 0 ? static_cast<double>(info_.times.size()) / seconds : 0;
}

void VideoReader::warn(const std::string& sentence) {
  if (warnings_.size() < kMostWarnings && said_.insert(sentence).second) warnings_.push_back(sentence);
}

void VideoReader::noteLoss(int64_t first, int64_t last) {
  if (first > last) return;
  const std::string which = first == last ? text("frame ", first) : text("frames ", first, " to ", last);
  warn(text(path_.filename().string(), ": ", which, " could not be decoded and ", first == last ? "is" : "are",
            " left out"));
}

bool VideoReader::isUnwanted(int64_t packet) {
  if (packet >= static_cast<int64_t>(frameOfPacket_.size())) return false;
  const int64_t index = frameOfPacket_[packet];
  if (index < 0 || index >= wanted_) return false;
  leftOut_ = std::max(leftOut_, index + 1);
  return true;
}

bool VideoReader::approach() {
  if (arrived_ || ended_) return true;
  const AVFrame* picture = decoder_->next();
  ended_ = !picture;
  if (!picture) return true;
  if (picture->pts < 0 || picture->pts >= static_cast<int64_t>(frameOfPacket_.size())) return false;
  const int64_t index = frameOfPacket_[picture->pts];
  decoded_ = std::max(decoded_, index + 1);
  if (index >= 0) motion_->add(*picture, index);
  if (index >= wanted_) arrived_ = picture;
  return arrived_;
}

FramePtr VideoReader::toFrame(const AVFrame& picture, int64_t index) {
  auto frame = std::make_shared<Frame>();
  frame->rgb = converter_->convert(picture);
  frame->index = index;
  frame->ptsSeconds = info_.times[index].ptsSeconds;
  frame->durationSeconds = info_.times[index].durationSeconds;
  frame->codecKey = info_.times[index].codecKey;
  frame->motion = motion_->chain();
  return frame;
}

FramePtr VideoReader::next() {
  while (!approach()) continue;
  const AVFrame* picture = std::exchange(arrived_, nullptr);
  const int64_t count = static_cast<int64_t>(info_.times.size());
  const int64_t index = picture ? frameOfPacket_[picture->pts] : count;
  noteLoss(wanted_, index - 1);
  wanted_ = std::min(index + 1, count);
  if (!picture) {
    decoded_ = count;
    return nullptr;
  }
  if (picture->decode_error_flags || picture->flags & AV_FRAME_FLAG_CORRUPT)
    warn(text(path_.filename().string(), ": frame ", index, " is damaged and shown as far as it could be decoded"));
  return toFrame(*picture, index);
}

void VideoReader::seek(int64_t index) {
  const auto count = static_cast<int64_t>(info_.times.size());
  if (index < 0 || index >= count)
    fail("there is no frame ", index, " in ", path_.string(), "; it has frames 0 to ", count - 1);
  const bool there = arrived_ && frameOfPacket_[arrived_->pts] == index;
  wanted_ = index;
  if (there) return;
  arrived_ = nullptr;
  const size_t k = entryFor(keys_, index);
  const bool near = index >= std::max(decoded_, leftOut_) && keys_[k].packet <= decoder_->packetNumber();
  if (near) return;
  decoder_->seek(keys_, k);
  decoded_ = leftOut_ = 0;
  ended_ = false;
}

}  // namespace dff
