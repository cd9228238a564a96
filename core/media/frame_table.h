#pragma once
#include <vector>

#include "core/media/frame_source.h"
#include "core/media/video_demuxer.h"

namespace dff {

/// What the table needs to know of one video packet.
struct PacketNote {
  int64_t pts = AV_NOPTS_VALUE;
  int64_t dts = AV_NOPTS_VALUE;
  int64_t pos = -1;
  int64_t duration = 0;
  int size = 0;
  bool key = false;
  bool complete = false;  ///< see KeyPacket
  bool shown = true;      ///< false: an edit list or the codec keeps it off the screen
};

/// All video packets of a file, in file order, and what was odd about reading them.
struct PacketScan {
  std::vector<PacketNote> packets;
  size_t firstKey = 0;  ///< the first packet from which decoding can begin
  AVRational timeBase{1, 1};
  double fps = 0;                  ///< the rate that the container states, for streams without time stamps
  bool onePacketOneFrame = false;  ///< the packets tell the frames by themselves
  int64_t damaged = 0;             ///< packets that the container itself finds incomplete
  double missingSeconds = 0;       ///< how much earlier than announced the file ends
  bool endedByError = false;
};

/// Reads all packets, decoding none.
PacketScan scanPackets(VideoDemuxer& demuxer);

/// Frame number <-> presentation time <-> packet.
struct FrameTable {
  std::vector<FrameTime> times;        ///< display order
  std::vector<int32_t> frameOfPacket;  ///< -1: gives no frame
  std::vector<KeyPacket> keys;         ///< file order
};

/// The packets that are shown, in display order, as their time stamps tell it.
std::vector<int64_t> orderByTime(const PacketScan& scan);

/// `order`: for every frame, in display order, the number of its packet.
FrameTable makeFrameTable(const PacketScan& scan, const std::vector<int64_t>& order);

/// The place in `keys` from which to decode so that frame `index` comes out exact.
size_t entryFor(const std::vector<KeyPacket>& keys, int64_t index);

}  // namespace dff
