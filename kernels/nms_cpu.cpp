#include <algorithm>

#include "kernels/nms_device.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

constexpr int64_t kBlock = 64;  // taken boxes compared at once; after each block there may be nothing left to ask

/// The taken boxes, coordinate by coordinate, so that one box meets many in one instruction.
template <class T>
struct Taken {
  T *x1, *y1, *x2, *y2, *area;
};

template <class T>
DFF_INLINE bool overlapsBlock(const Taken<T>& taken, int64_t begin, int64_t end, const T* box, T area, T iouAbove) {
  int hits = 0;
  for (int64_t i = begin; i < end; ++i) {
    const T other[4] = {taken.x1[i], taken.y1[i], taken.x2[i], taken.y2[i]};
    hits |= int(nmsOverlaps<T>(box, area, other, taken.area[i], iouAbove));
  }
  return hits != 0;
}

template <class T>
DFF_INLINE bool overlapsAny(const Taken<T>& taken, int64_t count, const T* box, T area, T iouAbove) {
  for (int64_t begin = 0; begin < count; begin += kBlock)
    if (overlapsBlock(taken, begin, std::min(count, begin + kBlock), box, area, iouAbove)) return true;
  return false;
}

DFF_SIMD bool overlaps(const Taken<float>& taken, int64_t count, const float* box, float area, float iouAbove) {
  return overlapsAny(taken, count, box, area, iouAbove);
}
DFF_SIMD bool overlaps(const Taken<double>& taken, int64_t count, const double* box, double area, double iouAbove) {
  return overlapsAny(taken, count, box, area, iouAbove);
}

template <class T>
void take(const Taken<T>& taken, int64_t i, const T* box, T area) {
  taken.x1[i] = box[0], taken.y1[i] = box[1], taken.x2[i] = box[2], taken.y2[i] = box[3], taken.area[i] = area;
}

}  // namespace

// Each decision waits for those before it, so this stays on one thread; a few thousand boxes take well below a
// millisecond.
template <class T>
int64_t nmsCpu(const NmsInput<T>& in, int64_t* indices) {
  const size_t most = size_t(std::min(in.count, in.atMost));
  T* memory = scratch<T>(5 * most);
  Taken<T> taken{memory, memory + most, memory + 2 * most, memory + 3 * most, memory + 4 * most};
  int64_t count = 0;
  for (int64_t i = 0; i < in.count && count < in.atMost; ++i) {
    const T* box = in.boxes + in.order[i] * 4;
    const T area = (box[2] - box[0] + 1) * (box[3] - box[1] + 1);
    if (overlaps(taken, count, box, area, in.iouAbove)) continue;
    take(taken, count, box, area);
    indices[count++] = in.order[i];
  }
  return count;
}
template int64_t nmsCpu(const NmsInput<float>&, int64_t*);
template int64_t nmsCpu(const NmsInput<double>&, int64_t*);

}  // namespace dff::kernels
