#pragma once
#include <cstdint>

#include "kernels/body.h"

namespace dff::kernels {

/// Dense boxes [count,4] and their indices, best first.
template <class T>
struct NmsInput {
  const T* boxes = nullptr;
  const int64_t* order = nullptr;
  int64_t count = 0, atMost = 0;
  T iouAbove = 0;
};

/// Whether two boxes (x1, y1, x2, y2, last pixel included) with these areas overlap by more than `iouAbove`.
template <class T>
DFF_BODY bool nmsOverlaps(const T a[4], T areaA, const T b[4], T areaB, T iouAbove) {
  const T left = a[0] > b[0] ? a[0] : b[0], right = a[2] < b[2] ? a[2] : b[2];
  const T top = a[1] > b[1] ? a[1] : b[1], bottom = a[3] < b[3] ? a[3] : b[3];
  const T width = right - left + 1 > 0 ? right - left + 1 : 0, height = bottom - top + 1 > 0 ? bottom - top + 1 : 0;
  return width * height > iouAbove * (areaA + areaB - width * height);
}

/// The indices of `count` scores, best first, of equals the earlier one; what is not a number comes last, with minus
/// infinity. Below 2^31 scores. Defined for float and double.
template <class T>
void orderBestFirst(const T* scores, int64_t count, int64_t* order);

/// Writes the indices of the taken boxes and returns how many they are. Defined for float and double.
template <class T>
int64_t nmsCpu(const NmsInput<T>& in, int64_t* taken);
template <class T>
int64_t nmsCuda(const NmsInput<T>& in, int64_t* taken, void* stream);

}  // namespace dff::kernels
