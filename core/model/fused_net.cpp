#include "core/model/fused_net.h"

#include <torch/torch.h>

#include <dnnl.hpp>

#include "core/base/error.h"
#include "kernels/layout.h"
#include "kernels/winograd.h"

namespace dff {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
constexpr auto kFloat = memory::data_type::f32;

/// All maps lie channels last; weights as the primitive likes them.
memory::desc mapOf(const Dims& dims) { return {dims, kFloat, Tag::nhwc}; }
memory::desc anyLayout(const Dims& dims) { return {dims, kFloat, Tag::any}; }

float* valuesOf(const memory& m) { return static_cast<float*>(m.get_data_handle()); }

/// What must be added on the far side for the last window to fit.
int64_t farPadding(int64_t in, int64_t out, const FusedStep& s, int64_t kernel) {
  return std::max<int64_t>(0, (out - 1) * s.stride + s.dilation * (kernel - 1) + 1 - in - s.padding);
}

dnnl::primitive_attr attributesOf(const FusedStep& s) {
  dnnl::post_ops after;
  if (s.accumulate) after.append_sum();
  if (s.slope != 1) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, s.slope, 0);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return attributes;
}

bool fitsWinograd(const FusedStep& s) {
  constexpr int64_t kWorthIt = 48;  // measured: below, the transforms cost what the multiplications save
  const auto pays = [](int64_t channels) { return channels >= kWorthIt && channels % kernels::kWinogradLanes == 0; };
  return s.weight.size(2) == 3 && s.stride == 1 && s.padding == s.dilation && pays(s.weight.size(0)) &&
         pays(s.weight.size(1));
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

/// The network for one size of picture.
class FusedNet::Plan {
 public:
  Plan(const FusedGraph& graph, const at::Tensor& input)
      : sizes_(input.sizes().vec()), layout_(kernels::layoutOf(input)), maps_(size_t(graph.maps)) {
    const bool plain = layout_ == at::MemoryFormat::Contiguous;
    input_ = memory({sizes_, kFloat, plain ? Tag::nchw : Tag::nhwc}, engine_, nullptr);
    at(0) = plain ? memory(mapOf(sizes_), engine_) : input_;
    if (plain) reorder(input_, at(0));
    for (const auto& step : graph.steps) add(step);
    output_ = at(graph.output);
    outputDims_ = dimsOf(graph.output);
    scratch_.resize(size_t(scratchSize_));
  }

  bool fits(const at::Tensor& input) const { return input.sizes() == sizes_ && kernels::layoutOf(input) == layout_; }
  const Dims& outputDims() const { return outputDims_; }
  void run(const float* input, float* output) {
    input_.set_data_handle(const_cast<float*>(input));
    output_.set_data_handle(output);
    for (const auto& step : steps_) step();
    stream_.wait();
  }

 private:
  memory& at(int map) { return maps_[size_t(map)]; }
  Dims dimsOf(int map) { return at(map).get_desc().dims(); }

  void add(const FusedStep& s) {
    switch (s.kind) {
      case FusedStep::Kind::Convolution:
        return fitsWinograd(s) ? winograd(s) : convolve(s);
      case FusedStep::Kind::MaxPool:
        return maxPool(s);
      case FusedStep::Kind::Mean:
        return mean(s);
      case FusedStep::Kind::AddEverywhere:
        return addEverywhere(s);
      case FusedStep::Kind::Resize:
        return resize(s);
      case FusedStep::Kind::Copy:
        return reorder(at(s.from), at(s.to) = memory(at(s.from).get_desc(), engine_));
    }
  }

  void call(dnnl::primitive primitive, std::vector<std::pair<int, memory>> arguments) {
    steps_.emplace_back([this, c = Call(std::move(primitive), std::move(arguments))] { c(stream_); });
  }

  void reorder(const memory& from, const memory& to) {
    call(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  }

  /// The tensor's values in the layout that a primitive asks for; done once.
  memory packed(const at::Tensor& tensor, const memory::desc& wanted, Tag tag) {
    const at::Tensor plain = tensor.to(torch::kFloat).contiguous();
    memory from({plain.sizes().vec(), kFloat, tag}, engine_, plain.data_ptr()), to(wanted, engine_);
    dnnl::reorder(from, to).execute(stream_, from, to);
    stream_.wait();
    return to;
  }

  /// Makes the map that a convolution writes, or checks the one that it adds to.
  void target(const FusedStep& s, const Dims& dims) {
    if (!s.accumulate) at(s.to) = memory(mapOf(dims), engine_);
    if (dimsOf(s.to) != dims) fail("a map of ", dims[3], "x", dims[2], " cells cannot be added to one of another size");
  }

  void convolve(const FusedStep& s) {
    const Dims in = dimsOf(s.from), weight = s.weight.sizes().vec();
    const int64_t h = s.outputSize(in[2]), w = s.outputSize(in[3]);
    target(s, {in[0], weight[0], h, w});
    const Dims steps = {s.stride, s.stride}, gaps = {s.dilation - 1, s.dilation - 1}, near = {s.padding, s.padding};
    const dnnl::convolution_forward::desc desc(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, mapOf(in), anyLayout(weight),
        anyLayout({weight[0]}), mapOf(dimsOf(s.to)), steps, gaps, near,
        {farPadding(in[2], h, s, weight[2]), farPadding(in[3], w, s, weight[3])});
    const dnnl::convolution_forward::primitive_desc chosen(desc, attributesOf(s), engine_);
    call(dnnl::convolution_forward(chosen), {{DNNL_ARG_SRC, at(s.from)},
                                             {DNNL_ARG_WEIGHTS, packed(s.weight, chosen.weights_desc(), Tag::oihw)},
                                             {DNNL_ARG_BIAS, packed(s.bias, chosen.bias_desc(), Tag::x)},
                                             {DNNL_ARG_DST, at(s.to)}});
  }

  void winograd(const FusedStep& s) {
    const Dims in = dimsOf(s.from);
    const int64_t inputs = in[1], outputs = s.weight.size(0), points = kernels::kWinogradPoints;
    const kernels::WinogradGrid grid{in[2], in[3], s.dilation};
    target(s, {in[0], outputs, in[2], in[3]});
    const memory::desc left({points, grid.rows(), inputs}, kFloat, Tag::abc),
        result({points, grid.rows(), outputs}, kFloat, Tag::abc);
    const dnnl::matmul::primitive_desc chosen({left, anyLayout({points, inputs, outputs}), result}, engine_);
    const at::Tensor plain = s.weight.contiguous(), transformed = at::empty({points, inputs, outputs});
    kernels::winogradWeight(plain.data_ptr<float>(), outputs, inputs, transformed.data_ptr<float>());
    memory seen(left, engine_, nullptr), products(result, engine_, nullptr);
    const Call multiply(dnnl::matmul(chosen), {{DNNL_ARG_SRC, seen},
                                               {DNNL_ARG_WEIGHTS, packed(transformed, chosen.weights_desc(), Tag::abc)},
                                               {DNNL_ARG_DST, products}});
    const int64_t seenSize = points * grid.rows() * inputs;
    scratchSize_ = std::max(scratchSize_, seenSize + points * grid.rows() * outputs);
    const at::Tensor bias = s.bias.contiguous();
    steps_.emplace_back(
        [=, this, from = at(s.from), to = at(s.to), accumulate = s.accumulate, slope = s.slope]() mutable {
          seen.set_data_handle(scratch_.data());
          products.set_data_handle(scratch_.data() + seenSize);
          kernels::winogradInput(grid, inputs, valuesOf(from), valuesOf(seen));
          multiply(stream_);
          kernels::winogradOutput(grid, outputs, valuesOf(products), {bias.data_ptr<float>(), accumulate, slope},
                                  valuesOf(to));
        });
  }

  void maxPool(const FusedStep& s) {
    const Dims in = dimsOf(s.from), out = {in[0], in[1], s.outputSize(in[2]), s.outputSize(in[3])};
    const Dims near = {s.padding, s.padding},
               far = {2 * out[2] + 1 - in[2] - s.padding, 2 * out[3] + 1 - in[3] - s.padding};
    at(s.to) = memory(mapOf(out), engine_);
    const dnnl::pooling_v2_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max,
                                              mapOf(in), mapOf(out), {2, 2}, {3, 3}, {0, 0}, near, far);
    call(dnnl::pooling_v2_forward({desc, engine_}), {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
  }

  void mean(const FusedStep& s) {
    const Dims in = dimsOf(s.from), one = {in[0], in[1], 1, 1};
    at(s.to) = memory(mapOf(one), engine_);
    const dnnl::pooling_v2_forward::desc desc(dnnl::prop_kind::forward_inference,
                                              dnnl::algorithm::pooling_avg_exclude_padding, mapOf(in), mapOf(one),
                                              {1, 1}, {in[2], in[3]}, {0, 0}, {0, 0}, {0, 0});
    call(dnnl::pooling_v2_forward({desc, engine_}), {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
  }

  void addEverywhere(const FusedStep& s) {
    const dnnl::binary::desc desc(dnnl::algorithm::binary_add, mapOf(dimsOf(s.to)), mapOf(dimsOf(s.from)),
                                  mapOf(dimsOf(s.to)));
    call(dnnl::binary({desc, engine_}),
         {{DNNL_ARG_SRC_0, at(s.to)}, {DNNL_ARG_SRC_1, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
  }

  void resize(const FusedStep& s) {
    const Dims in = dimsOf(s.from), like = dimsOf(s.like), out = {in[0], in[1], like[2], like[3]};
    at(s.to) = memory(mapOf(out), engine_);
    const dnnl::resampling_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::resampling_linear,
                                              mapOf(in), mapOf(out));
    call(dnnl::resampling_forward({desc, engine_}), {{DNNL_ARG_SRC, at(s.from)}, {DNNL_ARG_DST, at(s.to)}});
  }

  std::vector<int64_t> sizes_;
  at::MemoryFormat layout_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  memory input_, output_;
  Dims outputDims_;
  std::vector<memory> maps_;
  std::vector<std::function<void()>> steps_;
  std::vector<float> scratch_;  // of the convolution that runs
  int64_t scratchSize_ = 0;
};

FusedNet::FusedNet(FusedGraph graph) : graph_(std::move(graph)) {}

FusedNet::~FusedNet() = default;

at::Tensor FusedNet::forward(const at::Tensor& input) {
  const at::Tensor dense = input.to(torch::kFloat).contiguous(kernels::layoutOf(input));
  if (dense.dim() != 4 || dense.size(0) != 1) fail("a fused network takes one map at a time, not ", dense.sizes());
  try {
    if (!plan_ || !plan_->fits(dense)) {
      plan_.reset();  // before the next one, for its memory
      plan_ = std::make_unique<Plan>(graph_, dense);
    }
    at::Tensor output = at::empty(plan_->outputDims(), dense.options(), at::MemoryFormat::ChannelsLast);
    plan_->run(dense.data_ptr<float>(), output.data_ptr<float>());
    return output;
  } catch (const dnnl::error& e) {
    fail("a network cannot be computed at ", dense.size(3), "x", dense.size(2), " (oneDNN: ", e.what(), ")");
  }
}

}  // namespace dff
