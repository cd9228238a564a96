#include <algorithm>
#include <set>

extern "C" {
#include <libavutil/parseutils.h>
}

#include "core/media/frame_table.h"

namespace dff {

namespace {
// Smaller ones may be place holders ("not coded") that give no picture of their own.
constexpr int kSmallestMpeg4Picture = 16;
constexpr double kMissingSeconds = 0.5;

constexpr int kH264Idr = 5;

/// Size of the length field before each unit of an H.264 packet; 0 where start codes part them.
int lengthFieldSize(const AVCodecParameters& codec) {
  return codec.extradata_size >= 7 && codec.extradata[0] == 1 ? 1 + (codec.extradata[4] & 3) : 0;
}

/// Calls `visit` with the first byte of every unit of an H.264 packet until it returns true.
template <class Visit>
bool anyUnit(const AVPacket& packet, int lengthSize, Visit visit) {
  const uint8_t* p = packet.data;
  const uint8_t* const end = p + packet.size;
  while (end - p > 3) {
    if (lengthSize == 0) {
      const uint8_t startCode[] = {0, 0, 1};
      p = std::search(p, end, startCode, startCode + 3);
      if (end - p <= 3) return false;
      p += 3;
      if (visit(*p)) return true;
    } else {
      int64_t length = 0;
      for (int i = 0; i < lengthSize; ++i) length = length << 8 | p[i];
      p += lengthSize;
      if (p < end && visit(*p)) return true;
      if (length > end - p) return false;
      p += length;
    }
  }
  return false;
}

/// An H.264 key packet may be a mere recovery point, after which the picture heals over several frames.
bool refreshesAtOnce(const AVCodecParameters& codec, const AVPacket& packet) {
  if (codec.codec_id != AV_CODEC_ID_H264) return true;
  return anyUnit(packet, lengthFieldSize(codec), [](uint8_t first) { return (first & 31) == kH264Idr; });
}

/// VP8 stores reference pictures that are never shown as packets of their own (RFC 6386, 9.1).
bool isShown(const AVCodecParameters& codec, const AVPacket& packet) {
  if (packet.flags & AV_PKT_FLAG_DISCARD) return false;
  return codec.codec_id != AV_CODEC_ID_VP8 || packet.size == 0 || packet.data[0] & 16;
}

PacketNote note(const AVCodecParameters& codec, const AVPacket& packet) {
  PacketNote n{packet.pts, packet.dts, packet.pos, packet.duration, packet.size};
  n.key = packet.flags & AV_PKT_FLAG_KEY;
  n.complete = n.key && refreshesAtOnce(codec, packet);
  n.shown = isShown(codec, packet);
  return n;
}

bool codesOneFrameAPacket(AVCodecID codec) {
  static const std::set<AVCodecID> known = {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP8,
                                            AV_CODEC_ID_VP9,  AV_CODEC_ID_AV1,  AV_CODEC_ID_MPEG4};
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
  return known.count(codec) || (descriptor && descriptor->props & AV_CODEC_PROP_INTRA_ONLY);
}

bool packetsTellTheFrames(const PacketScan& scan, AVCodecID codec) {
  const int smallest = codec == AV_CODEC_ID_MPEG4 ? kSmallestMpeg4Picture : 1;
  std::vector<int64_t> times;
  for (const PacketNote& n : scan.packets) {
    if (!n.shown) continue;
    if (n.pts == AV_NOPTS_VALUE || n.size < smallest) return false;
    times.push_back(n.pts);
  }
  std::sort(times.begin(), times.end());
  return codesOneFrameAPacket(codec) && std::adjacent_find(times.begin(), times.end()) == times.end();
}

double statedRate(AVFormatContext& file, AVStream& stream) {
  const AVRational rate = av_guess_frame_rate(&file, &stream, nullptr);
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 25.0;
}

/// How long the container says that the stream is, seconds; 0 where it says nothing of its own.
double announcedSeconds(const AVFormatContext& file, const AVStream& stream) {
  if (file.duration_estimation_method != AVFMT_DURATION_FROM_STREAM) return 0;
  if (stream.duration != AV_NOPTS_VALUE) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  int64_t duration = 0;
  const AVDictionaryEntry* tag = av_dict_get(stream.metadata, "DURATION", nullptr, 0);
  if (tag && av_parse_time(&duration, tag->value, 1) >= 0) return static_cast<double>(duration) / AV_TIME_BASE;
  return file.nb_streams == 1 && file.duration > 0 ? static_cast<double>(file.duration) / AV_TIME_BASE : 0;
}

double missingSeconds(const PacketScan& scan, const AVFormatContext& file, const AVStream& stream) {
  int64_t begin = INT64_MAX, end = INT64_MIN;
  for (const PacketNote& n : scan.packets) {
    if (!n.shown || n.pts == AV_NOPTS_VALUE) continue;
    begin = std::min(begin, n.pts);
    end = std::max(end, n.pts + n.duration);
  }
  const double present = begin < end ? static_cast<double>(end - begin) * av_q2d(scan.timeBase) : 0;
  const double missing = announcedSeconds(file, stream) - present;
  return present > 0 && missing > kMissingSeconds ? missing : 0;
}
}  // namespace

PacketScan scanPackets(VideoDemuxer& demuxer) {
  PacketScan scan;
  AVStream& stream = demuxer.stream();
  while (const AVPacket* packet = demuxer.next()) {
    scan.packets.push_back(note(*stream.codecpar, *packet));
    if (packet->flags & AV_PKT_FLAG_CORRUPT) ++scan.damaged;
  }
  while (scan.firstKey < scan.packets.size() && !scan.packets[scan.firstKey].key) ++scan.firstKey;
  if (scan.firstKey == scan.packets.size()) scan.firstKey = 0;
  scan.timeBase = stream.time_base;
  scan.fps = statedRate(demuxer.file(), stream);
  scan.onePacketOneFrame = packetsTellTheFrames(scan, stream.codecpar->codec_id);
  scan.endedByError = demuxer.endedByError();
  scan.missingSeconds = missingSeconds(scan, demuxer.file(), stream);
  return scan;
}

}  // namespace dff
