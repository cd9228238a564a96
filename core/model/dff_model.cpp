#include "core/model/dff_model.h"

#include "core/model/fused_layers.h"
#include "kernels/place.h"
#include "kernels/reused.h"

namespace dff {

torch::Tensor bilinearKernel(int u) {
  const auto at = torch::arange(2 * u, torch::kDouble) / u;
  const auto line = 1 - (at - (2. * u - 1) / (2. * u)).abs();
  return line.outer(line).to(torch::kFloat);
}

SegmentationHeadImpl::SegmentationHeadImpl(const SegmentationSpec& spec, int channels, int classes)
    : ConvolutionImpl(torch::nn::Conv2dOptions(channels, classes * spec.upscale * spec.upscale, 1)),
      upscale(std::max(spec.upscale, spec.deconvolution)) {
  if (!spec.deconvolution) return;
  const auto kernels = bilinearKernel(upscale).expand({classes, 1, 2 * upscale, 2 * upscale}).contiguous();
  upsampling = register_parameter("upsampling", kernels, /*requires_grad=*/false);
}

bool SegmentationHeadImpl::enlargesBilinearly() const {
  return upsampling.defined() && upscale % 2 == 0 &&
         upsampling.to(torch::kFloat).allclose(bilinearKernel(upscale).expand_as(upsampling), 0, 1e-6);
}

torch::Tensor SegmentationHeadImpl::forward(const torch::Tensor& feature) {
  const auto logits = perCell(feature);
  if (upsampling.defined())  // cropped by half a cell on every side: padding
    return torch::conv_transpose2d(logits, upsampling, {}, upscale, upscale / 2, 0, logits.size(1));
  return upscale == 1 ? logits : laidOut(logits);
}

void SegmentationHeadImpl::fuse() { fused_ = std::make_shared<FusedNet>(headGraph(weight.detach(), bias.detach())); }

torch::Tensor SegmentationHeadImpl::laidOut(const torch::Tensor& logits) const {
  if (!fused_) return torch::pixel_shuffle(logits, upscale);
  const int64_t classes = logits.size(1) / (upscale * upscale), h = logits.size(2), w = logits.size(3);
  auto fine =
      kernels::reusedTensor({1, classes, h * upscale, w * upscale}, logits.options(), at::MemoryFormat::ChannelsLast);
  kernels::spreadCells({h, w, classes}, upscale, logits.data_ptr<float>(), fine.data_ptr<float>());
  return fine;
}

namespace {

void requireScripts(const ModelSpec& spec, const ScriptNets& scripts) {
  for (const auto& [named, script] :
       {std::pair(spec.scriptsFeature(), scripts.feature), std::pair(spec.scriptsFlow(), scripts.flow),
        std::pair(spec.scriptsSegmentation(), scripts.segmentation)})
    if (named && !script)
      fail("a part of this model is a TorchScript module, which runs from its package alone and cannot be made anew");
}

}  // namespace

DffModel::DffModel(ModelSpec s, ScriptNets given) : spec(std::move(s)), scripts(std::move(given)) {
  requireScripts(spec, scripts);
  if (!scripts.feature) feature = register_module("feature", FeatureNet(spec.feature));
  flow = register_module("flow", makeFlowNet(spec.flow, {spec.stride(), spec.feature.channels, scripts.flow}));
  if (!spec.classes.empty() && !scripts.segmentation)
    segmentation = register_module(
        "segmentation", SegmentationHead(spec.segmentation, spec.feature.channels, int(spec.classes.size())));
  if (spec.detection)
    detection = register_module("detection", DetectionHead(*spec.detection, spec.feature.channels, spec.stride()));
}

torch::Tensor DffModel::featureMap(const torch::Tensor& pixels) {
  if (fused) return fused->forward(pixels);
  if (scripts.feature) return scriptFeature(*scripts.feature, pixels, spec);
  const auto type = feature->parameters().front().scalar_type();
  return feature(pixels.to(type)).to(torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
}

torch::Tensor DffModel::logits(const torch::Tensor& feature) {
  return scripts.segmentation ? scriptLogits(*scripts.segmentation, feature, spec) : segmentation(feature);
}

FusedGraph featureGraph(const DffModel& folded, FeaturePart part) {
  const auto parameters = folded.feature->named_parameters();
  return fusedGraph(
      folded.spec.feature,
      [&](const std::string& name) {
        const auto* found = parameters.find(name);
        return found ? found->detach() : torch::Tensor();
      },
      part);
}

void toChannelsLast(torch::nn::Module& module) {
  for (auto& p : module.parameters())
    if (p.dim() == 4) p.set_data(p.detach().contiguous(torch::MemoryFormat::ChannelsLast));
}

ModelPtr forInference(const DffModel& model, bool bfloat16) {
  torch::NoGradGuard guard;
  auto fast = std::make_shared<DffModel>(model.spec, model.scripts.forInference());
  const auto from = namedTensors(model), to = namedTensors(*fast);
  for (size_t i = 0; i < to.size(); ++i) to[i].second.copy_(from[i].second);
  fast->eval();
  for (const auto& module : fast->modules())
    if (auto* block = module->as<ConvBnImpl>()) block->fold();
  if (bfloat16) {
    if (fast->feature) fast->feature->to(torch::kBFloat16);
    fast->flow->to(torch::kBFloat16);
  }
  toChannelsLast(*fast);
  if (!bfloat16) {
    if (fast->feature) fast->fused = std::make_shared<FusedNet>(featureGraph(*fast));
    fast->flow->fuse();
    if (fast->segmentation) fast->segmentation->fuse();
    if (fast->detection) fast->detection->fuse();
  }
  return fast;
}

std::vector<std::pair<std::string, torch::Tensor>> namedTensors(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, torch::Tensor>> all;
  for (const auto& p : module.named_parameters()) all.emplace_back(p.key(), p.value());
  for (const auto& b : module.named_buffers())
    if (b.value().is_floating_point()) all.emplace_back(b.key(), b.value());  // batch norm's counters say nothing
  return all;
}

}  // namespace dff
