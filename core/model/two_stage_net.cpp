#include "core/model/two_stage_net.h"

#include "core/base/error.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

void requireSkip(const ModelSpec& spec) {
  if (spec.scriptsFeature())
    fail(
        "--propagate clockwork keeps the deep stages of the project's own feature networks, and this one is a "
        "TorchScript module; choose causal or copy");
  if (spec.feature.skipStage < 0)
    fail(
        "--propagate clockwork needs a feature network with a skip (feature.skip_stage), and this model's has none; "
        "choose causal or copy");
}

at::Tensor asFeature(const at::Tensor& map) { return map.to(torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast); }

}  // namespace

TwoStageNet::TwoStageNet(ModelPtr model) : model_(std::move(model)) {
  requireSkip(model_->spec);
  if (!model_->fused) return;
  whole_ = std::make_unique<FusedNet>(featureGraph(*model_, FeaturePart::KeepingDeep));
  refresh_ = std::make_unique<FusedNet>(featureGraph(*model_, FeaturePart::GivenDeep));
}

TwoStageNet::~TwoStageNet() = default;

TwoStageNet::Maps TwoStageNet::whole(const at::Tensor& pixels) {
  if (whole_) {
    std::array<at::Tensor, 2> maps;
    whole_->forward({&pixels, 1}, maps);
    return {maps[0], maps[1]};
  }
  const auto out = model_->feature->forwardAll(pixels.to(model_->feature->parameters().front().scalar_type()));
  return {asFeature(out.feature), out.deep};
}

at::Tensor TwoStageNet::refreshed(const at::Tensor& pixels, const at::Tensor& deep) {
  if (!refresh_) return asFeature(model_->feature->refreshed(pixels.to(deep.scalar_type()), deep));
  const std::array<at::Tensor, 2> inputs = {pixels, deep};
  at::Tensor feature;
  refresh_->forward(inputs, {&feature, 1});
  return feature;
}

}  // namespace dff
