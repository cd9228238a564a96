#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/nms_device.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

constexpr int kDigitBits = 11;
constexpr size_t kDigits = size_t(1) << kDigitBits;
constexpr int64_t kFew = 128;  // below so many the tables of digits take longer than comparing

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

template <class Key>
struct Keyed {
  Key key;
  int32_t index;
  bool operator<(const Keyed& other) const { return key != other.key ? key < other.key : index < other.index; }
};

/// An integer that is the smaller the better the score; what is not a number is as the worst.
template <class T>
Bits<T> keyOf(T score) {
  constexpr int kSign = 8 * sizeof(T) - 1;
  const T known = score == score ? score + T(0) : -std::numeric_limits<T>::infinity();  // and no negative zero
  const auto bits = std::bit_cast<Bits<T>>(known);
  return bits >> kSign ? bits : ~(bits | Bits<T>(1) << kSign);
}

/// One digit's pass: stable, so that what the passes before have settled stays.
template <class Key>
void distribute(const Keyed<Key>* from, int64_t count, int shift, uint32_t* starts, Keyed<Key>* to) {
  for (int64_t i = 0; i < count; ++i) to[starts[(from[i].key >> shift) & (kDigits - 1)]++] = from[i];
}

/// Sorts digit by digit, the last one first; returns where the result lies, in `keyed` or `other`.
template <class Key>
Keyed<Key>* sortByDigits(Keyed<Key>* keyed, Keyed<Key>* other, int64_t count) {
  constexpr int kPasses = (8 * int(sizeof(Key)) + kDigitBits - 1) / kDigitBits;
  std::array<std::array<uint32_t, kDigits>, kPasses> starts{};
  for (int64_t i = 0; i < count; ++i)
    for (int pass = 0; pass < kPasses; ++pass) ++starts[pass][(keyed[i].key >> (pass * kDigitBits)) & (kDigits - 1)];
  for (int pass = 0; pass < kPasses; ++pass) {
    uint32_t before = 0;
    for (uint32_t& start : starts[pass]) start = std::exchange(before, before + start);
    distribute(keyed, count, pass * kDigitBits, starts[pass].data(), other);
    std::swap(keyed, other);
  }
  return keyed;
}

}  // namespace

template <class T>
void orderBestFirst(const T* scores, int64_t count, int64_t* order) {
  using Item = Keyed<Bits<T>>;
  Item* keyed = scratch<Item>(size_t(2 * count));
  for (int64_t i = 0; i < count; ++i) keyed[i] = {keyOf(scores[i]), int32_t(i)};
  if (count < kFew)
    std::sort(keyed, keyed + count);
  else
    keyed = sortByDigits(keyed, keyed + count, count);
  for (int64_t i = 0; i < count; ++i) order[i] = keyed[i].index;
}
template void orderBestFirst(const float*, int64_t, int64_t*);
template void orderBestFirst(const double*, int64_t, int64_t*);

}  // namespace dff::kernels
