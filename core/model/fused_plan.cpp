#include "core/model/fused_plan.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/base/error.h"
#include "kernels/layout.h"
#include "kernels/winograd.h"

namespace dff {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
using Kind = FusedStep::Kind;
constexpr auto kFloat = memory::data_type::f32;

/// All maps lie channels last; weights as the primitive likes them.
memory::desc mapOf(const Dims& dims) { return {dims, kFloat, Tag::nhwc}; }
memory::desc anyLayout(const Dims& dims) { return {dims, kFloat, Tag::any}; }

/// What must be added on the far side for the last window to fit.
int64_t farPadding(int64_t in, int64_t out, const FusedStep& s, int64_t kernel) {
  return std::max<int64_t>(0, (out - 1) * s.stride + s.dilation * (kernel - 1) + 1 - in - s.padding);
}

dnnl::primitive_attr attributesOf(const FusedStep& s) {
  dnnl::post_ops after;
  if (s.accumulate) after.append_sum();
  if (s.slope != 1) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, s.slope, 0);
  if (s.gain != 1) after.append_eltwise(1, dnnl::algorithm::eltwise_linear, s.gain, 0);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return attributes;
}

/// Below so many cells of the result reading a weight that is four times as large takes longer than what it saves.
/// Measured.
bool paysByPoints(const FusedStep& s, const Dims& in) {
  constexpr int64_t kFewestCells = 150;
  const auto whole = [](int64_t channels) { return channels % kernels::kWinogradLanes == 0; };
  return whole(s.weight.size(0)) && whole(s.weight.size(1)) &&
         s.outputSize(in[2]) * s.outputSize(in[3]) >= kFewestCells;
}

bool fitsWinograd(const FusedStep& s, const Dims& in) {
  return s.weight.size(2) == 3 && s.stride == 1 && s.padding == s.dilation && paysByPoints(s, in);
}

/// 5x5 taps of stride 2 are 3x3 of stride 1 on squares of four cells.
bool fitsFoldedWinograd(const FusedStep& s, const Dims& in) {
  return s.weight.size(2) == 5 && s.stride == 2 && s.padding == 2 && s.dilation == 1 && paysByPoints(s, in);
}

/// A call of oneDNN with all that it needs.
class Call {
 public:
  Call(dnnl::primitive primitive, std::vector<std::pair<int, memory>> arguments)
      : primitive_(std::move(primitive)), arguments_(std::move(arguments)) {
    for (const auto& [index, value] : arguments_) plain_.push_back({index, value.get()});
  }
  void operator()(const dnnl::stream& stream) const {
    const auto status = dnnl_primitive_execute(primitive_.get(), stream.get(), int(plain_.size()), plain_.data());
    if (status != dnnl_success) throw dnnl::error(status, "a step could not be computed");
  }

 private:
  dnnl::primitive primitive_;
  std::vector<std::pair<int, memory>> arguments_;
  std::vector<dnnl_exec_arg_t> plain_;  // so that no list is made anew for each picture
};

}  // namespace

FusedPlan::FusedPlan(const FusedGraph& graph, std::span<const at::Tensor> inputs)
    : outputs_(graph.outputs), maps_(size_t(graph.maps)), bits_(size_t(graph.maps)) {
  for (size_t i = 0; i < inputs.size(); ++i) addInput(inputs[i], int(i));
  for (const auto& step : graph.steps) {
    add(step);
    ends_.push_back(steps_.size());
  }
  for (const int output : outputs_) outputDims_.push_back(dimsOf(output));
}

bool FusedPlan::fits(std::span<const at::Tensor> inputs) const {
  const auto same = [](const Input& known, const at::Tensor& input) {
    return input.sizes() == known.sizes && kernels::layoutOf(input) == known.layout;
  };
  return std::equal(inputs_.begin(), inputs_.end(), inputs.begin(), inputs.end(), same);
}

void FusedPlan::bind(std::span<const at::Tensor> inputs, std::span<const at::Tensor> outputs) {
  for (size_t i = 0; i < inputs.size(); ++i) inputs_[i].memory.set_data_handle(inputs[i].data_ptr());
  for (size_t i = 0; i < outputs.size(); ++i) at(outputs_[i]).set_data_handle(outputs[i].data_ptr());
}

std::span<const float> FusedPlan::values(int map) const {
  const Memory& m = maps_[size_t(map)];
  return {valuesOf(m), m.get_desc().get_size() / sizeof(float)};
}

void FusedPlan::run(size_t firstStep, size_t end) {
  for (size_t i = firstStep; i < end; ++i) steps_[i]();
  stream_.wait();
}

void FusedPlan::addInput(const at::Tensor& input, int map) {
  const auto layout = kernels::layoutOf(input);
  const bool plain = layout == at::MemoryFormat::Contiguous;
  const Dims dims = input.sizes().vec();
  inputs_.push_back({dims, layout, memory({dims, kFloat, plain ? Tag::nchw : Tag::nhwc}, engine_, nullptr)});
  at(map) = plain ? memory(mapOf(dims), engine_) : inputs_.back().memory;
  if (plain) reorder(inputs_.back().memory, at(map));
}

void FusedPlan::add(const FusedStep& s) {
  switch (s.kind) {
    case Kind::Convolution:
      if (!isFloat(s.from)) return convolveBytes(s);
      if (fitsFoldedWinograd(s, dimsOf(s.from))) return foldedWinograd(s);
      return fitsWinograd(s, dimsOf(s.from)) ? winograd(s) : convolve(s);
    case Kind::Deconvolution:
      return deconvolve(s);
    case Kind::MaxPool:
      return maxPool(s);
    case Kind::AveragePool:
      return averagePool(s, {2, 2}, {2, 2});
    case Kind::Mean:
      return averagePool(s, {dimsOf(s.from)[2], dimsOf(s.from)[3]}, {1, 1});
    case Kind::AddEverywhere:
      return addEverywhere(s);
    case Kind::Resize:
      return resize(s);
    case Kind::Copy:
      bits_[size_t(s.to)] = bits_[size_t(s.from)];
      return reorder(at(s.from), at(s.to) = memory(at(s.from).get_desc(), engine_));
    case Kind::Convert:
      return convert(s);
    case Kind::Place:
      return place(s);
    case Kind::Warp:
      return warp(s);
    case Kind::Correlate:
      return correlate(s);
  }
}

void FusedPlan::step(std::function<void()> work, int64_t multiplyAdds) {
  steps_.push_back(std::move(work));
  costs_.push_back(multiplyAdds);
}

void FusedPlan::call(const dnnl::primitive& primitive, std::vector<std::pair<int, memory>> arguments,
                     int64_t multiplyAdds) {
  step([this, c = Call(primitive, std::move(arguments))] { c(stream_); }, multiplyAdds);
}

void FusedPlan::reorder(const memory& from, const memory& to) {
  call(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

/// The tensor's values in the layout that a primitive asks for; done once.
memory FusedPlan::packed(const at::Tensor& tensor, const memory::desc& wanted, Tag tag) {
  const at::Tensor plain = tensor.to(torch::kFloat).contiguous();
  memory from({plain.sizes().vec(), kFloat, tag}, engine_, plain.data_ptr()), to(wanted, engine_);
  dnnl::reorder(from, to).execute(stream_, from, to);
  stream_.wait();
  return to;
}

/// Makes the map that a convolution writes, or checks the one that it adds to.
void FusedPlan::target(const FusedStep& s, const Dims& dims) {
  if (!s.accumulate) at(s.to) = memory(mapOf(dims), engine_);
  if (dimsOf(s.to) != dims) fail("a map of ", dims[3], "x", dims[2], " cells cannot be added to one of another size");
}

/// From the map and to the map that lie there.
dnnl::convolution_forward::desc FusedPlan::convolution(const FusedStep& s, memory::data_type weights) {
  const Dims in = dimsOf(s.from), out = dimsOf(s.to), weight = s.weight.sizes().vec();
  const Dims steps = {s.stride, s.stride}, gaps = {s.dilation - 1, s.dilation - 1}, near = {s.padding, s.padding};
  return {dnnl::prop_kind::forward_inference,
          dnnl::algorithm::convolution_direct,
          at(s.from).get_desc(),
          {weight, weights, Tag::any},
          anyLayout({weight[0]}),
          at(s.to).get_desc(),
          steps,
          gaps,
          near,
          {farPadding(in[2], out[2], s, weight[2]), farPadding(in[3], out[3], s, weight[3])}};
}

void FusedPlan::convolve(const FusedStep& s) {
  const Dims in = dimsOf(s.from);
  const int64_t h = s.outputSize(in[2]), w = s.outputSize(in[3]);
  target(s, {in[0], s.weight.size(0), h, w});
  const dnnl::convolution_forward::primitive_desc chosen(convolution(s, kFloat), attributesOf(s), engine_);
  call(dnnl::convolution_forward(chosen),
       {{DNNL_ARG_SRC, at(s.from)},
        {DNNL_ARG_WEIGHTS, packed(s.weight, chosen.weights_desc(), Tag::oihw)},
        {DNNL_ARG_BIAS, packed(s.bias, chosen.bias_desc(), Tag::x)},
        {DNNL_ARG_DST, at(s.to)}},
       s.weight.numel() * h * w);
}

void FusedPlan::maxPool(const FusedStep& s) {
  const Dims in = dimsOf(s.from), out = {in[0], in[1], s.outputSize(in[2]), s.outputSize(in[3])};
  const Dims near = {s.padding, s.padding}, far = {farPadding(in[2], out[2], s, 3), farPadding(in[3], out[3], s, 3)};
  const memory::desc result(out, at(s.from).get_desc().data_type(), Tag::nhwc);
  at(s.to) = memory(result, engine_);
  bits_[size_t(s.to)] = bits_[size_t(s.from)];
  const dnnl::pooling_v2_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max,
                                            at(s.from).get_desc(), result, {s.stride, s.stride}, {3, 3}, {0, 0}, near,
                                            far);
  call(dnnl::pooling_v2_forward({desc, engine_}), {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
}

/// Windows without padding on the near side; one that does not fit is the mean of what lies inside.
void FusedPlan::averagePool(const FusedStep& s, const Dims& kernel, const Dims& stride) {
  const Dims in = dimsOf(s.from);
  const auto windows = [&](int side) {
    return (std::max<int64_t>(0, in[2 + side] - kernel[side]) + stride[side] - 1) / stride[side] + 1;
  };
  const auto far = [&](int side) { return (windows(side) - 1) * stride[side] + kernel[side] - in[2 + side]; };
  const Dims out = {in[0], in[1], windows(0), windows(1)};
  at(s.to) = memory(mapOf(out), engine_);
  const dnnl::pooling_v2_forward::desc desc(dnnl::prop_kind::forward_inference,
                                            dnnl::algorithm::pooling_avg_exclude_padding, mapOf(in), mapOf(out), stride,
                                            kernel, {0, 0}, {0, 0}, {far(0), far(1)});
  call(dnnl::pooling_v2_forward({desc, engine_}), {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
}

void FusedPlan::addEverywhere(const FusedStep& s) {
  const dnnl::binary::desc desc(dnnl::algorithm::binary_add, mapOf(dimsOf(s.to)), mapOf(dimsOf(s.from)),
                                mapOf(dimsOf(s.to)));
  call(dnnl::binary({desc, engine_}),
       {{DNNL_ARG_SRC_0, at(s.to)}, {DNNL_ARG_SRC_1, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
}

void FusedPlan::resize(const FusedStep& s) {
  const Dims in = dimsOf(s.from), like = dimsOf(s.like), out = {in[0], in[1], like[2], like[3]};
  at(s.to) = memory(mapOf(out), engine_);
  const dnnl::resampling_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::resampling_linear,
                                            mapOf(in), mapOf(out));
  call(dnnl::resampling_forward({desc, attributesOf(s), engine_}),
       {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
}

}  // namespace dff
