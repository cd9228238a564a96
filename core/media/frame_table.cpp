#include "core/media/frame_table.h"

#include <algorithm>

namespace dff {

namespace {
bool allTimesRise(const std::vector<int64_t>& times) {
  const bool known = std::find(times.begin(), times.end(), AV_NOPTS_VALUE) == times.end();
  return known && std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) == times.end();
}

/// Presentation times where the stream has them; else its decoding times in order; else none.
std::vector<int64_t> stamps(const PacketScan& scan, const std::vector<int64_t>& order) {
  std::vector<int64_t> times;
  for (int64_t packet : order) times.push_back(scan.packets[packet].pts);
  if (allTimesRise(times)) return times;
  times.clear();
  for (int64_t packet : order) times.push_back(scan.packets[packet].dts);
  std::sort(times.begin(), times.end());
  return allTimesRise(times) ? times : std::vector<int64_t>();
}

void setTimes(const PacketScan& scan, const std::vector<int64_t>& order, std::vector<FrameTime>& frames) {
  const std::vector<int64_t> ticks = stamps(scan, order);
  const double unit = av_q2d(scan.timeBase);
  const size_t n = frames.size();
  for (size_t i = 0; i < n; ++i) frames[i].ptsSeconds = ticks.empty() ? i / scan.fps : ticks[i] * unit;
  for (size_t i = 0; i + 1 < n; ++i) frames[i].durationSeconds = frames[i + 1].ptsSeconds - frames[i].ptsSeconds;
  const int64_t last = scan.packets[order.back()].duration;
  frames.back().durationSeconds = last > 0 && !ticks.empty() ? last * unit
                                  : n > 1                    ? frames[n - 2].durationSeconds
                                                             : 1 / scan.fps;
}

std::vector<KeyPacket> keysOf(const PacketScan& scan, const std::vector<int32_t>& frameOfPacket) {
  std::vector<KeyPacket> keys;
  int64_t firstFree = 0;  // one past the last frame that any earlier packet gives
  for (size_t p = 0; p < scan.packets.size(); ++p) {
    const PacketNote& n = scan.packets[p];
    const int64_t frame = frameOfPacket[p];
    if (p >= scan.firstKey && (n.key || p == scan.firstKey))
      keys.push_back({static_cast<int64_t>(p), std::max(firstFree, frame), n.pts, n.dts, n.pos, n.complete});
    firstFree = std::max(firstFree, frame + 1);
  }
  return keys;
}
}  // namespace

std::vector<int64_t> orderByTime(const PacketScan& scan) {
  std::vector<int64_t> order;
  for (size_t p = scan.firstKey; p < scan.packets.size(); ++p)
    if (scan.packets[p].shown) order.push_back(static_cast<int64_t>(p));
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return scan.packets[a].pts < scan.packets[b].pts; });
  return order;
}

FrameTable makeFrameTable(const PacketScan& scan, const std::vector<int64_t>& order) {
  FrameTable table;
  table.times.resize(order.size());
  table.frameOfPacket.assign(scan.packets.size(), -1);
  for (size_t i = 0; i < order.size(); ++i) {
    table.times[i].codecKey = scan.packets[order[i]].key;
    table.frameOfPacket[order[i]] = static_cast<int32_t>(i);
  }
  if (!order.empty()) setTimes(scan, order, table.times);
  table.keys = keysOf(scan, table.frameOfPacket);
  return table;
}

size_t entryFor(const std::vector<KeyPacket>& keys, int64_t index) {
  const auto after = std::upper_bound(keys.begin(), keys.end(), index,
                                      [](int64_t i, const KeyPacket& key) { return i < key.firstFrame; });
  const size_t k = after == keys.begin() ? 0 : static_cast<size_t>(after - keys.begin()) - 1;
  // A recovery point needs up to one more key packet's worth of frames before the picture is whole.
  return keys[k].complete || k == 0 ? k : k - 1;
}

}  // namespace dff
