#include "kernels/psroi_pool.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/layout.h"
#include "kernels/psroi_pool_device.h"

namespace dff::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void checkShapes(const at::Tensor& maps, const at::Tensor& rois, const PsroiPoolOptions& o) {
  require(o.group > 0 && o.group <= 64, "psroiPool: the group must lie in 1 .. 64, not ", o.group);
  require(o.spatialScale > 0, "psroiPool: the spatial scale must be above 0, not ", o.spatialScale);
  require(maps.defined() && maps.dim() == 4 && maps.size(1) > 0 && maps.size(1) % (o.group * o.group) == 0,
          "psroiPool: the maps must be [N,O*", o.group, "*", o.group, ",H,W]", maps.defined() ? ", not " : "",
          maps.defined() ? maps.sizes() : at::IntArrayRef());
  require(rois.defined() && rois.dim() == 2 && rois.size(1) == 5, "psroiPool: the regions must be [R,5]",
          rois.defined() ? ", not " : "", rois.defined() ? rois.sizes() : at::IntArrayRef());
}

void checkKinds(const at::Tensor& maps, const at::Tensor& rois) {
  const auto type = maps.scalar_type();
  require(type == at::kFloat || type == at::kDouble || type == at::kBFloat16,
          "psroiPool: the maps must be float32, float64 or bfloat16, not ", type);
  require(rois.scalar_type() == type || (type == at::kBFloat16 && rois.scalar_type() == at::kFloat),
          "psroiPool: the regions must be ", type, " like the maps, not ", rois.scalar_type());
  require(maps.device() == rois.device(), "psroiPool: maps and regions must be on one device");
  require(maps.is_cpu() || maps.is_cuda(), "psroiPool: no kernel for the device ", maps.device());
}

void checkImages(const at::Tensor& maps, const at::Tensor& rois) {
  if (rois.size(0) == 0) return;
  const auto index = rois.select(1, 0);
  require(index.ge(0).logical_and(index.lt(maps.size(0))).all().item<bool>(),
          "psroiPool: a region names an image outside 0 .. ", maps.size(0) - 1);
}

template <class T>
PsroiInput<T> inputOf(const at::Tensor& maps, const at::Tensor& rois, const PsroiPoolOptions& o) {
  PsroiInput<T> in;
  in.maps = maps.data_ptr<T>();
  in.strideN = maps.stride(0), in.strideC = maps.stride(1), in.strideY = maps.stride(2), in.strideX = maps.stride(3);
  in.images = maps.size(0), in.outputs = maps.size(1) / (o.group * o.group), in.group = o.group;
  in.h = maps.size(2), in.w = maps.size(3);
  in.rois = rois.data_ptr<T>();
  in.count = rois.size(0);
  in.scale = T(o.spatialScale);
  return in;
}

at::Tensor forward(const at::Tensor& maps, const at::Tensor& rois, const PsroiPoolOptions& o) {
  at::Tensor out = at::empty({rois.size(0), maps.size(1) / (o.group * o.group), o.group, o.group}, maps.options());
  AT_DISPATCH_FLOATING_TYPES(maps.scalar_type(), "psroiPool", [&] {
    const auto in = inputOf<scalar_t>(maps, rois, o);
    if (maps.is_cuda()) {
      psroiPoolCuda(in, out.data_ptr<scalar_t>(), currentCudaStream(maps.device()));
    } else {
      psroiPoolCpu(in, out.data_ptr<scalar_t>());
    }
  });
  return out;
}

at::Tensor backward(const at::Tensor& maps, const at::Tensor& rois, const at::Tensor& gradOut,
                    const PsroiPoolOptions& o) {
  const at::Tensor g = gradOut.contiguous();
  at::Tensor gradMaps = at::empty(maps.sizes(), maps.options(), layoutOf(maps)).zero_();
  AT_DISPATCH_FLOATING_TYPES(maps.scalar_type(), "psroiPoolBackward", [&] {
    const auto in = inputOf<scalar_t>(gradMaps, rois, o);  // the maps' values are not asked for, only their shape
    if (maps.is_cuda()) {
      psroiPoolBackwardCuda(in, g.data_ptr<scalar_t>(), gradMaps.data_ptr<scalar_t>(),
                            currentCudaStream(maps.device()));
    } else {
      psroiPoolBackwardCpu(in, g.data_ptr<scalar_t>(), gradMaps.data_ptr<scalar_t>());
    }
  });
  return gradMaps;
}

struct PsroiFunction : torch::autograd::Function<PsroiFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& maps, const at::Tensor& rois, int64_t group,
                            double scale) {
    context->save_for_backward({maps, rois});
    context->saved_data["group"] = group;
    context->saved_data["scale"] = scale;
    return kernels::forward(maps, rois, {group, scale});
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradOut) {
    const variable_list saved = context->get_saved_variables();
    const PsroiPoolOptions o{context->saved_data["group"].toInt(), context->saved_data["scale"].toDouble()};
    return {kernels::backward(saved[0], saved[1], gradOut[0], o), {}, {}, {}};
  }
};

}  // namespace

at::Tensor psroiPool(const at::Tensor& maps, const at::Tensor& rois, const PsroiPoolOptions& options) {
  checkShapes(maps, rois, options);
  checkKinds(maps, rois);
  checkImages(maps, rois);
  if (maps.scalar_type() == at::kBFloat16)
    return psroiPool(maps.to(at::kFloat), rois.to(at::kFloat), options).to(at::kBFloat16);
  const at::Tensor regions = rois.detach().contiguous();
  const bool learns = at::GradMode::is_enabled() && maps.requires_grad();
  return learns ? PsroiFunction::apply(maps, regions, options.group, options.spatialScale)
                : forward(maps, regions, options);
}

}  // namespace dff::kernels
