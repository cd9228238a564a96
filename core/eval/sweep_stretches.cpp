#include "core/eval/sweep_stretches.h"

#include <algorithm>

namespace dff {
namespace {

constexpr int64_t kMostBytes = 512 << 20, kBytesPerPixel = 4;  // R, G, B and a label
constexpr int64_t kShortest = 48, kIntervals = 4;

int64_t lengthOf(const StretchBounds& b, int64_t wanted) {
  const int64_t fits = kMostBytes / std::max<int64_t>(1, b.pixels * kBytesPerPixel);
  return std::max(b.largestInterval + 1, std::min({wanted, fits, b.mostFrames}));
}

}  // namespace

std::vector<std::pair<int64_t, int64_t>> stretchesOf(const StretchBounds& b, const std::vector<int64_t>& labelled) {
  std::vector<std::pair<int64_t, int64_t>> stretches;
  const int64_t frames = b.last - b.first + 1;
  const int64_t length = std::min(frames, lengthOf(b, std::max(kShortest, kIntervals * b.largestInterval)));
  if (frames <= std::max(b.mostFrames, length)) {
    const int64_t longest = lengthOf(b, frames), count = (frames + longest - 1) / longest;
    for (int64_t i = 0; i < count; ++i)
      stretches.emplace_back(b.first + i * frames / count, b.first + (i + 1) * frames / count - 1);
    return stretches;
  }
  const int64_t count = std::max<int64_t>(1, b.mostFrames / length);
  for (int64_t i = 0; i < count; ++i) {
    const double part = count == 1 ? 0.5 : double(i) / double(count - 1);
    int64_t start = b.first + int64_t(part * double(frames - length));
    if (!labelled.empty()) start = labelled[size_t(part * double(labelled.size() - 1))] - length / 2;
    start = std::clamp(start, stretches.empty() ? b.first : stretches.back().second + 1, b.last);
    stretches.emplace_back(start, std::min(b.last, start + length - 1));
    if (stretches.back().second == b.last) break;
  }
  return stretches;
}

}  // namespace dff
