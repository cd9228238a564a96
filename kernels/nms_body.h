#pragma once
#include "kernels/nms_device.h"

namespace dff::kernels {

constexpr int64_t kNmsWord = 64;  // boxes that one word of the mask tells of

DFF_BODY int64_t nmsWords(int64_t boxes) { return (boxes + kNmsWord - 1) / kNmsWord; }

/// Index i: which of 64 later boxes one box suppresses, should it be taken. Boxes are counted best first;
/// mask [count, nmsWords(count)].
template <class T>
struct NmsMaskBody {
  NmsInput<T> in;
  uint64_t* mask;

  DFF_BODY int64_t count() const { return in.count * nmsWords(in.count); }
  DFF_BODY const T* box(int64_t place) const { return in.boxes + in.order[place] * 4; }
  DFF_BODY static T area(const T* box) { return (box[2] - box[0] + 1) * (box[3] - box[1] + 1); }
  DFF_BODY void operator()(int64_t i) const {
    const Split at = split(i, nmsWords(in.count));
    const T* taken = box(at.quotient);
    const T takenArea = area(taken);
    const int64_t first = at.rest * kNmsWord;
    uint64_t word = 0;
    for (int64_t bit = 0; bit < kNmsWord && first + bit < in.count; ++bit) {
      if (first + bit <= at.quotient) continue;
      const T* other = box(first + bit);
      if (nmsOverlaps<T>(other, area(other), taken, takenArea, in.iouAbove)) word |= uint64_t(1) << bit;
    }
    mask[i] = word;
  }
};

/// The decisions in their order, by the threads of one block together: `removed` [nmsWords(count)] holds zeros, and
/// `sync` waits until all of the block's threads have come there. Returns how many boxes are taken.
template <class T>
struct NmsSweepBody {
  NmsInput<T> in;
  const uint64_t* mask;
  uint64_t* removed;
  int64_t* indices;

  template <class Sync>
  DFF_BODY int64_t operator()(int thread, int threads, const Sync& sync) const {
    const int64_t words = nmsWords(in.count);
    int64_t taken = 0;
    for (int64_t i = 0; i < in.count && taken < in.atMost; ++i) {
      if (removed[i / kNmsWord] >> (i % kNmsWord) & 1) continue;
      if (thread == 0) indices[taken] = in.order[i];
      ++taken;
      for (int64_t w = i / kNmsWord + thread; w < words; w += threads) removed[w] |= mask[i * words + w];
      sync();
    }
    return taken;
  }
};

}  // namespace dff::kernels
