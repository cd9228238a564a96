#include "core/media/reused_mat.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dff {
namespace {

constexpr size_t kKept = 16;  // a few results wait in queues at once

struct Kept {
  cv::Mat mat;
  uint64_t lastGiven = 0;

  bool isFree() const { return mat.u && CV_XADD(&mat.u->refcount, 0) == 1; }
};

}  // namespace

cv::Mat reusedMat(cv::Size size, int type) {
  thread_local std::array<Kept, kKept> kept;
  thread_local uint64_t given = 0;
  auto place = std::find_if(kept.begin(), kept.end(),
                            [&](const Kept& k) { return k.mat.size() == size && k.mat.type() == type && k.isFree(); });
  if (place == kept.end()) {  // what was given out longest ago gives way
    const auto earlier = [](const Kept& a, const Kept& b) { return a.lastGiven < b.lastGiven; };
    place = std::min_element(kept.begin(), kept.end(), earlier);
    place->mat = cv::Mat(size, type);
  }
  place->lastGiven = ++given;
  return place->mat;
}

}  // namespace dff
