#pragma once
#include "core/model/fused_graph.h"
#include "core/model/layers.h"
#include "kernels/place.h"
#include "kernels/reused.h"

namespace dff {

/// A convolution as a step of a fused network.
inline FusedStep stepOf(const Convolution& conv, double slope) {
  FusedStep step;
  step.weight = conv->weight.detach();
  step.bias = conv->bias.detach();
  step.stride = conv->options.stride()->at(0);
  step.padding = conv->options.kernel_size()->at(0) / 2;
  step.slope = float(slope);
  return step;
}

/// Appends a step that reads the map `from`; its result is a new map, or is added to the map `into`.
inline int append(FusedGraph& graph, FusedStep step, int from, int into = -1) {
  step.from = from;
  if (into < 0) return graph.add(std::move(step));
  step.to = into;
  step.accumulate = true;
  graph.steps.push_back(std::move(step));
  return into;
}

/// The first `channels` channels of the map `number`.
struct MapPart {
  int number;
  int64_t channels;
};

/// Appends what lays the parts side by side in the map `to` of so many channels, from channel `offset` on.
inline void layBeside(FusedGraph& graph, std::initializer_list<MapPart> parts, MapPart to, int64_t offset = 0) {
  for (const auto& part : parts) {
    FusedStep step;
    step.kind = FusedStep::Kind::Place;
    step.from = part.number, step.to = to.number;
    step.offset = offset, step.count = part.channels, step.channels = to.channels;
    graph.steps.push_back(step);
    offset += part.channels;
  }
}

/// The same in a new map, of whole vectors where that is wanted.
inline int layBeside(FusedGraph& graph, std::initializer_list<MapPart> parts, bool whole = true) {
  int64_t channels = 0;
  for (const auto& part : parts) channels += part.channels;
  const int to = graph.maps++;
  layBeside(graph, parts, {to, whole ? wholeVectors(channels) : channels});
  return to;
}

/// A picture [1,3,h,w] at half the resolution, the mean of each 2x2, as a fused network reads it. (The mean as part of
/// the first convolution, four times its taps, took five times as long.)
inline at::Tensor halvedPicture(const at::Tensor& picture) {
  const at::Tensor planes = picture.to(at::kFloat).contiguous();
  const int64_t channels = planes.size(1), h = planes.size(2), w = planes.size(3);
  at::Tensor small =
      kernels::reusedTensor({1, channels, (h + 1) / 2, (w + 1) / 2}, planes.options(), at::MemoryFormat::ChannelsLast);
  kernels::halve({h, w, channels}, planes.data_ptr<float>(), small.data_ptr<float>());
  return small;
}

/// The graph of a head: one 1x1 convolution.
inline FusedGraph headGraph(const at::Tensor& weight, const at::Tensor& bias) {
  FusedGraph graph;
  FusedStep step;
  step.weight = weight, step.bias = bias;
  graph.outputs = {append(graph, std::move(step), 0)};
  return graph;
}

/// The graph of a scale map: one 1x1 convolution of a map that lies in whole vectors.
inline FusedGraph scaleGraph(const Convolution& scale) {
  FusedGraph graph;
  FusedStep step = stepOf(scale, 1);
  const int64_t channels = step.weight.size(1);
  step.weight = at::constant_pad_nd(step.weight, {0, 0, 0, 0, 0, wholeVectors(channels) - channels});
  graph.outputs = {append(graph, std::move(step), 0)};
  return graph;
}

}  // namespace dff
