#pragma once
#include "kernels/correlation_device.h"

namespace dff::kernels {

/// A position of a map, and where the element of a channel lies there.
struct MapIndex {
  int64_t n, channel, y, x;
};

/// Index i of a dense map of `channels` channels, in the layout of the input.
template <class T>
DFF_BODY MapIndex mapIndex(const CorrelationInput<T>& in, int64_t channels, int64_t i) {
  if (in.channelsLast) {
    const Split cell = split(i, channels), row = split(cell.quotient, in.w), image = split(row.quotient, in.h);
    return {image.quotient, cell.rest, image.rest, row.rest};
  }
  const Split row = split(i, in.w), plane = split(row.quotient, in.h), image = split(plane.quotient, channels);
  return {image.quotient, image.rest, plane.rest, row.rest};
}

template <class T>
DFF_BODY int64_t mapOffset(const CorrelationInput<T>& in, int64_t channels, const MapIndex& at) {
  return in.channelsLast ? ((at.n * in.h + at.y) * in.w + at.x) * channels + at.channel
                         : ((at.n * channels + at.channel) * in.h + at.y) * in.w + at.x;
}

template <class T>
DFF_BODY bool isInside(const CorrelationInput<T>& in, int64_t y, int64_t x) {
  return y >= 0 && y < in.h && x >= 0 && x < in.w;
}

/// Index i: one cost.
template <class T>
struct CorrelationBody {
  CorrelationInput<T> in;
  T* out;

  DFF_BODY int64_t count() const { return in.n * in.displacements() * in.h * in.w; }
  DFF_BODY void operator()(int64_t i) const {
    const MapIndex at = mapIndex(in, in.displacements(), i);
    const Split d = split(at.channel, in.side());
    const int64_t y = at.y + d.quotient - in.radius, x = at.x + d.rest - in.radius;
    T sum = 0;
    if (isInside(in, y, x)) {
      const int64_t step = in.channelsLast ? 1 : in.h * in.w;
      const T* cur = in.cur + mapOffset(in, in.c, {at.n, 0, at.y, at.x});
      const T* key = in.key + mapOffset(in, in.c, {at.n, 0, y, x});
      for (int64_t c = 0; c < in.c; ++c) sum += cur[c * step] * key[c * step];
    }
    out[i] = sum / T(in.c);
  }
};

/// Index i: one element of a gradient. That of cur looks at `from` = key shifted by +d (sign 1), that of key at cur
/// shifted by -d (sign -1).
template <class T>
struct CorrelationBackwardBody {
  CorrelationInput<T> in;
  const T* volume;
  const T* from;
  T* out;
  int64_t sign;

  DFF_BODY int64_t count() const { return in.n * in.c * in.h * in.w; }
  DFF_BODY void operator()(int64_t i) const {
    const MapIndex at = mapIndex(in, in.c, i);
    T sum = 0;
    for (int64_t d = 0; d < in.displacements(); ++d) {
      const Split shift = split(d, in.side());
      const int64_t y = at.y + sign * (shift.quotient - in.radius), x = at.x + sign * (shift.rest - in.radius);
      if (!isInside(in, y, x)) continue;
      const MapIndex cost = sign > 0 ? MapIndex{at.n, d, at.y, at.x} : MapIndex{at.n, d, y, x};
      sum += volume[mapOffset(in, in.displacements(), cost)] * from[mapOffset(in, in.c, {at.n, at.channel, y, x})];
    }
    out[i] = sum / T(in.c);
  }
};

}  // namespace dff::kernels
