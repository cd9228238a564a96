#pragma once
#include "kernels/body.h"

namespace dff::kernels {

/// The upper half of a float32, as it lies in memory.
struct Bf16 {
  uint16_t bits;
};

/// The type that a kernel computes in for elements of type T.
template <class T>
struct ComputedIn {
  using Type = T;
};
template <>
struct ComputedIn<Bf16> {
  using Type = float;
};
template <class T>
using Computed = typename ComputedIn<T>::Type;

DFF_BODY float widened(float value) { return value; }
DFF_BODY double widened(double value) { return value; }
DFF_BODY float widened(Bf16 value) {
  const uint32_t bits = uint32_t(value.bits) << 16;
  float wide;
  std::memcpy(&wide, &bits, sizeof wide);
  return wide;
}

/// The bits of a float whose upper half is the nearest bfloat16, ties to even; what is not a number stays none.
DFF_BODY uint32_t roundedToBf16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return value == value ? rounded : 0x7fc00000u;
}
DFF_BODY void narrow(float value, Bf16& to) { to.bits = uint16_t(roundedToBf16(value) >> 16); }
DFF_BODY void narrow(float value, float& to) { to = value; }
DFF_BODY void narrow(double value, double& to) { to = value; }

}  // namespace dff::kernels
