// The steps of a fused network that our own kernels compute.
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/model/fused_plan.h"
#include "kernels/deconvolution.h"
#include "kernels/match.h"
#include "kernels/place.h"
#include "kernels/warp_device.h"
#include "kernels/winograd.h"

namespace dff {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
constexpr auto kFloat = memory::data_type::f32;

memory::desc matrix(int64_t rows, int64_t columns, Tag tag) { return {{rows, columns}, kFloat, tag}; }

}  // namespace

memory FusedPlan::zeros(const Dims& dims) {
  memory map({dims, kFloat, Tag::nhwc}, engine_);
  std::fill_n(valuesOf(map), map.get_desc().get_size() / sizeof(float), 0.f);
  return map;
}

/// Makes the map of whose channels a step fills some, or checks it.
void FusedPlan::targetOfParts(const FusedStep& s, const Dims& from) {
  const Dims dims = {from[0], s.channels, from[2], from[3]};
  if (!at(s.to)) at(s.to) = zeros(dims);
  if (dimsOf(s.to) != dims)
    fail("maps of ", dims[3], "x", dims[2], " cells and of another size cannot lie side by side");
}

void FusedPlan::winograd(const FusedStep& s) {
  const Dims in = dimsOf(s.from);
  const int64_t inputs = in[1], outputs = s.weight.size(0);
  const kernels::WinogradGrid grid{in[2], in[3], s.dilation};
  target(s, {in[0], outputs, in[2], in[3]});
  const at::Tensor plain = s.weight.contiguous(), bias = s.bias.contiguous();
  const at::Tensor points = at::empty({kernels::kWinogradPoints * inputs * outputs});
  kernels::winogradWeight(plain.data_ptr<float>(), outputs, inputs, points.data_ptr<float>());
  step(
      [=, this, from = at(s.from), to = at(s.to), accumulate = s.accumulate, slope = s.slope] {
        kernels::winograd(grid, {points.data_ptr<float>(), inputs, outputs}, valuesOf(from),
                          {bias.data_ptr<float>(), accumulate, slope}, valuesOf(to));
      },
      s.weight.numel() * in[2] * in[3]);
}

/// Tap k of five lies in square k div 2, cell k mod 2 of it; the sixth is 0.
void FusedPlan::foldedWinograd(const FusedStep& s) {
  const Dims in = dimsOf(s.from);
  const int64_t outputs = s.weight.size(0), inputs = s.weight.size(1), h = s.outputSize(in[2]), w = s.outputSize(in[3]);
  const kernels::Folding folding{in[2], in[3], inputs};
  maps_.push_back(zeros({in[0], 4 * inputs, h, w}));
  step([=, this, from = at(s.from), to = maps_.back()] { kernels::fold(folding, valuesOf(from), valuesOf(to)); });
  FusedStep folded = s;
  folded.from = int(maps_.size()) - 1;
  folded.stride = folded.padding = 1;
  folded.weight = at::constant_pad_nd(s.weight, {0, 1, 0, 1})
                      .reshape({outputs, inputs, 3, 2, 3, 2})
                      .permute({0, 3, 5, 1, 2, 4})
                      .reshape({outputs, 4 * inputs, 3, 3});
  winograd(folded);
  costs_.back() = s.weight.numel() * h * w;
}

/// Every input cell times its 16 taps in one matrix product, of which every output cell gathers four.
void FusedPlan::deconvolve(const FusedStep& s) {
  const Dims in = dimsOf(s.from), like = dimsOf(s.like);
  const int64_t cells = in[2] * in[3], inputs = in[1], outputs = s.weight.size(1);
  const kernels::DeconvolutionShape shape{in[2], in[3], like[2], like[3], outputs};
  at(s.to) = memory({{in[0], outputs, like[2], like[3]}, kFloat, Tag::nhwc}, engine_);
  const auto left = matrix(cells, inputs, Tag::ab), result = matrix(cells, 16 * outputs, Tag::ab);
  const dnnl::matmul::primitive_desc chosen({left, matrix(inputs, 16 * outputs, Tag::any), result}, engine_);
  const at::Tensor taps = s.weight.permute({0, 2, 3, 1}).reshape({inputs, 16 * outputs}), bias = s.bias.contiguous();
  memory asMatrix(left, engine_, nullptr), products(result, engine_);
  step([=, this, from = at(s.from)]() mutable { asMatrix.set_data_handle(valuesOf(from)); });
  call(dnnl::matmul(chosen),
       {{DNNL_ARG_SRC, asMatrix},
        {DNNL_ARG_WEIGHTS, packed(taps, chosen.weights_desc(), Tag::ab)},
        {DNNL_ARG_DST, products}},
       s.weight.numel() * cells);
  step([=, this, to = at(s.to), slope = s.slope] {
    kernels::gatherDeconvolution(shape, valuesOf(products), bias.data_ptr<float>(), slope, valuesOf(to));
  });
}

void FusedPlan::place(const FusedStep& s) {
  const Dims from = dimsOf(s.from);
  targetOfParts(s, from);
  const int64_t count = s.count ? s.count : from[1];
  const kernels::Placing placing{from[2] * from[3], from[1], count, dimsOf(s.to)[1], s.offset, s.skipped};
  step([=, this, source = at(s.from), to = at(s.to)] { kernels::place(placing, valuesOf(source), valuesOf(to)); });
}

void FusedPlan::warp(const FusedStep& s) {
  const Dims in = dimsOf(s.from), flow = dimsOf(s.with);
  at(s.to) = memory(at(s.from).get_desc(), engine_);
  kernels::WarpInput<float> shape;
  shape.n = 1, shape.c = in[1], shape.h = in[2], shape.w = in[3];
  shape.channelsLast = true;
  shape.flow.strideC = 1, shape.flow.strideX = flow[1], shape.flow.strideY = flow[1] * flow[3];
  step([=, this, from = at(s.from), motion = at(s.with), to = at(s.to)] {
    kernels::WarpInput<float> input = shape;
    input.feature = valuesOf(from);
    input.flow.data = valuesOf(motion);
    kernels::warpCpu(input, valuesOf(to));
  });
}

void FusedPlan::correlate(const FusedStep& s) {
  const Dims in = dimsOf(s.from);
  targetOfParts(s, in);
  const kernels::MatchShape shape{in[2], in[3], in[1], s.radius, dimsOf(s.to)[1], s.gain, s.slope};
  step([=, this, cur = at(s.from), key = at(s.with),
        to = at(s.to)] { kernels::match(shape, valuesOf(cur), valuesOf(key), valuesOf(to)); },
       in[1] * in[2] * in[3] * shape.side() * shape.side());
}

}  // namespace dff
