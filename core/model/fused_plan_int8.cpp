// The steps of a fused network in 8 bits: what is summed is exact, what is stored is rounded to the nearest step.
#include <torch/torch.h>

#include "core/base/error.h"
#include "core/model/fused_plan.h"
#include "core/model/int8_weight.h"

namespace dff {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
using Type = memory::data_type;

Type typeOf(const EightBits& bits) { return bits.unit == 0 ? Type::f32 : bits.isSigned ? Type::s8 : Type::u8; }

/// What a stored number is worth.
float worthOf(const EightBits& bits) { return bits.unit == 0 ? 1 : bits.unit; }

constexpr int kPerOutput = 2;  // oneDNN's mask of one factor an output channel
constexpr int kOneForAll = 0;

/// What follows the sum of products, in steps of the result: the factor of each output channel, what lies there
/// already, ReLU.
dnnl::primitive_attr attributesOf(const FusedStep& s, std::vector<float> factors, const EightBits& before) {
  dnnl::post_ops after;
  if (s.accumulate) after.append_sum(worthOf(before) / worthOf(s.bits), typeOf(before));
  if (s.slope != 1) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, s.slope, 0);
  dnnl::primitive_attr attributes;
  attributes.set_output_scales(kPerOutput, factors);
  attributes.set_post_ops(after);
  return attributes;
}

}  // namespace

void FusedPlan::convert(const FusedStep& s) {
  at(s.to) = memory({dimsOf(s.from), typeOf(s.bits), Tag::nhwc}, engine_);
  dnnl::primitive_attr attributes;
  attributes.set_output_scales(kOneForAll, {worthOf(bits_[size_t(s.from)]) / worthOf(s.bits)});
  bits_[size_t(s.to)] = s.bits;
  const dnnl::reorder::primitive_desc chosen(at(s.from), at(s.to), attributes);
  call(dnnl::reorder(chosen), {{DNNL_ARG_FROM, at(s.from)}, {DNNL_ARG_TO, at(s.to)}});
}

/// As target(). A sum may have another sign than what it is added to; the bytes stay those of the step that made them.
void FusedPlan::bytesTarget(const FusedStep& s, const Dims& dims) {
  if (s.accumulate && isFloat(s.to) != (s.bits.unit == 0)) fail("a map in float32 and one in 8 bits cannot be added");
  const memory::desc wanted(dims, typeOf(s.bits), Tag::nhwc);
  if (!s.accumulate) at(s.to) = memory(wanted, engine_);
  if (dimsOf(s.to) != dims) fail("a map of ", dims[3], "x", dims[2], " cells cannot be added to one of another size");
  if (at(s.to).get_desc() != wanted) at(s.to) = memory(wanted, engine_, at(s.to).get_data_handle());
}

void FusedPlan::convolveBytes(const FusedStep& s) {
  const Dims in = dimsOf(s.from);
  const EightBits before = bits_[size_t(s.to)];
  bytesTarget(s, {in[0], s.weight.size(0), s.outputSize(in[2]), s.outputSize(in[3])});
  bits_[size_t(s.to)] = s.bits;
  const Int8Weight weight = int8Weight(s.weight);
  const at::Tensor units = weight.units * bits_[size_t(s.from)].unit, factors = units / worthOf(s.bits);
  const std::vector<float> perOutput(factors.data_ptr<float>(), factors.data_ptr<float>() + factors.numel());
  const dnnl::convolution_forward::primitive_desc chosen(convolution(s, Type::s8), attributesOf(s, perOutput, before),
                                                         engine_);
  call(dnnl::convolution_forward(chosen),
       {{DNNL_ARG_SRC, at(s.from)},
        {DNNL_ARG_WEIGHTS, packed(weight.values, chosen.weights_desc(), Tag::oihw)},
        {DNNL_ARG_BIAS, packed(s.bias / units, chosen.bias_desc(), Tag::x)},
        {DNNL_ARG_DST, at(s.to)}},
       s.weight.numel() * dimsOf(s.to)[2] * dimsOf(s.to)[3]);
}

}  // namespace dff
