#include "core/train/losses.h"

#include "core/base/registry.h"
#include "core/task/task.h"
#include "core/train/detection_loss.h"
#include "kernels/warp.h"

namespace dff {
namespace {

namespace F = torch::nn::functional;

/// Logits at the labels' size.
torch::Tensor enlarged(const torch::Tensor& logits, const Batch& batch) {
  return at::upsample_bilinear2d(logits.to(torch::kFloat), {batch.labels.size(1), batch.labels.size(2)}, false);
}

/// Class-weighted; pixels without a label do not count.
torch::Tensor crossEntropy(const torch::Tensor& large, const Batch& batch, const torch::Tensor& weights) {
  if (!(batch.labels != kIgnore).any().item<bool>()) return large.sum() * 0;  // boxes only: a mean over nothing
  return F::cross_entropy(large, batch.labels, F::CrossEntropyFuncOptions().weight(weights).ignore_index(kIgnore));
}

/// Of the segmentation head.
torch::Tensor segmentationLoss(const torch::Tensor& logits, const Batch& batch, const TrainedNets& nets,
                               const StageOptions& stage) {
  const auto large = enlarged(logits, batch);
  const auto entropy = crossEntropy(large, batch, nets.classWeights);
  return stage.jaccardWeight > 0 ? entropy + stage.jaccardWeight * softJaccard(large, batch.labels) : entropy;
}

/// Mean distance of two flows in cells, over cells whose truth is known.
torch::Tensor endPointError(const torch::Tensor& flow, const torch::Tensor& truth, const torch::Tensor& valid) {
  const auto distance = ((flow.to(torch::kFloat) - truth).square().sum(1, true) + 1e-4).sqrt();
  return (distance * valid).sum() / valid.sum().clamp_min(1);
}

/// The finest level counts one; a coarser one, measured in cells of the finest, half of the next finer.
torch::Tensor flowLoss(const FlowEstimate& estimate, const Batch& batch) {
  auto total = endPointError(estimate.keyFromCur, batch.keyFromCur, batch.valid);
  double weight = 1;
  for (auto level = estimate.coarse.rbegin(); level != estimate.coarse.rend(); ++level) {
    weight /= 2;
    const double cells = double(batch.keyFromCur.size(3)) / double(level->size(3));
    total = total + weight * endPointError(resizeLike(*level * cells, batch.keyFromCur), batch.keyFromCur, batch.valid);
  }
  return total;
}

/// Adds the losses of detection where the model has it.
void addDetection(Loss& loss, TrainedNets& nets, const torch::Tensor& feature, const Batch& batch,
                  const StageOptions& stage) {
  if (!nets.model->detection || stage.detection.weight == 0) return;
  const Loss detection = detectionLoss(nets, feature, batch, stage);
  loss.total = loss.total + stage.detection.weight * detection.total;
  loss.parts.insert(loss.parts.end(), detection.parts.begin(), detection.parts.end());
}

Loss frameLoss(TrainedNets& nets, const Batch& batch, const StageOptions& stage) {
  const auto out = nets.model->feature->forwardAll(batch.cur);
  const auto main = segmentationLoss(nets.model->segmentation(out.feature), batch, nets, stage);
  const auto aux = crossEntropy(enlarged(nets.auxiliary(out.middle), batch), batch, nets.classWeights);
  Loss loss{main + stage.auxWeight * aux, {{"segmentation", main.item<double>()}}};
  addDetection(loss, nets, out.feature, batch, stage);
  return loss;
}

/// Of pictures [N,3,H,W]. What is frozen runs as it infers, which is several times as fast.
torch::Tensor featureOf(TrainedNets& nets, const torch::Tensor& pictures) {
  if (!nets.frozen) return nets.model->feature->forward(pictures).to(torch::kFloat);
  torch::NoGradGuard guard;
  std::vector<torch::Tensor> maps;
  for (const auto& picture : pictures.split(1)) maps.push_back(nets.frozen->featureMap(picture));
  return torch::cat(maps);
}

FlowEstimate estimateFlow(TrainedNets& nets, const Batch& batch) {
  auto& flow = *nets.model->flow;
  return flow.estimate(flow.encode(batch.cur), flow.encode(batch.key));
}

Loss flowOnlyLoss(TrainedNets& nets, const Batch& batch, const StageOptions&) {
  const auto estimate = estimateFlow(nets, batch);
  torch::NoGradGuard guard;
  const double epe = endPointError(estimate.keyFromCur, batch.keyFromCur, batch.valid).item<double>();
  const double zero = endPointError(torch::zeros_like(batch.keyFromCur), batch.keyFromCur, batch.valid).item<double>();
  torch::AutoGradMode enable(true);
  return {flowLoss(estimate, batch), {{"epe_cells", epe}, {"epe_of_zero", zero}}};
}

/// Mean distance of a propagated feature from the current frame's own, as a share of that one's mean size. The frame's
/// own is what the other shall come to, so it is taken as given.
torch::Tensor inconsistency(const torch::Tensor& propagated, TrainedNets& nets, const Batch& batch) {
  torch::NoGradGuard guard;
  const auto own = featureOf(nets, batch.cur);
  torch::AutoGradMode enable(true);
  return (propagated - own).abs().mean() / own.abs().mean().clamp_min(1e-6);
}

/// A flow in the cells of a finer map [N,K,h,w], led to its border where it leads outside; the engine's carrying().
torch::Tensor flowOn(const torch::Tensor& map, const torch::Tensor& flow) {
  const auto h = map.size(2), w = map.size(3);
  const auto x = torch::arange(w).view({1, w}), y = torch::arange(h).view({h, 1});
  const auto fine = resizeLike(flow, map);
  const auto along = fine.select(1, 0) * (double(w) / double(flow.size(3))),
             down = fine.select(1, 1) * (double(h) / double(flow.size(2)));
  return torch::stack({(along + x).clamp(0, w - 1) - x, (down + y).clamp(0, h - 1) - y}, 1);
}

/// The current frame's, from what an engine with this split carries of the key.
torch::Tensor propagatedLogits(TrainedNets& nets, const torch::Tensor& key, const torch::Tensor& propagated,
                               const torch::Tensor& keyFromCur, const StageOptions& stage) {
  if (!carriesLogits(stage.split, nets.model->spec)) return nets.model->segmentation(propagated);
  const auto logits = nets.model->segmentation(key).to(torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  return kernels::warp(logits, flowOn(logits, keyFromCur), {});
}

/// The paper's: the key's feature is propagated, and the loss stands on the current frame only.
Loss jointLoss(TrainedNets& nets, const Batch& batch, const StageOptions& stage) {
  const auto key = featureOf(nets, batch.key);
  const auto estimate = estimateFlow(nets, batch);
  const auto keyFromCur = estimate.keyFromCur.to(torch::kFloat);
  const auto feature =
      kernels::warp(key, keyFromCur, estimate.scale.defined() ? estimate.scale.to(torch::kFloat) : torch::Tensor());
  const auto main = segmentationLoss(propagatedLogits(nets, key, feature, keyFromCur, stage), batch, nets, stage);
  const auto flow = flowLoss(estimate, batch);
  Loss loss{main + stage.flowWeight * flow, {{"segmentation", main.item<double>()}, {"flow", flow.item<double>()}}};
  addDetection(loss, nets, feature, batch, stage);
  if (stage.consistencyWeight == 0) return loss;
  const auto distance = inconsistency(feature, nets, batch);
  loss.total = loss.total + stage.consistencyWeight * distance;
  loss.parts.emplace_back("inconsistency", distance.item<double>());
  return loss;
}

constexpr LossKind kLosses[] = {
    {"frame", "segmentation and detection of single frames", false, true, false, frameLoss},
    {"flow", "end-point error of the flow network on simulated motion", true, false, true, flowOnlyLoss},
    {"joint", "segmentation and detection of the current frame from the key's propagated feature, end to end", true,
     true, true, jointLoss},
};

}  // namespace

torch::Tensor softJaccard(const torch::Tensor& logits, const torch::Tensor& labels) {
  const int64_t classes = logits.size(1);
  const auto known = labels < classes;
  const auto share = logits.softmax(1) * known.unsqueeze(1);
  const auto truth = F::one_hot(labels.clamp_max(classes), classes + 1).slice(3, 0, classes).permute({0, 3, 1, 2});
  const std::vector<int64_t> pixels = {0, 2, 3};
  const auto both = (share * truth).sum(pixels), either = share.sum(pixels) + truth.sum(pixels) - both;
  const auto there = truth.sum(pixels) > 0;
  if (!there.any().item<bool>()) return logits.sum() * 0;  // boxes only
  return 1 - (both / either.clamp_min(1)).masked_select(there).mean();
}

TrainedNets::TrainedNets(const ModelSpec& spec, const std::vector<float>& weights)
    : model(register_module("model", std::make_shared<DffModel>(spec))),
      auxiliary(register_module(
          "auxiliary", convolution(model->feature->middleChannels(), int(spec.classes.size()), 1, 1, 1, true))),
      classWeights(torch::tensor(weights)) {}

const LossKind& findLoss(const std::string& name) { return findKind(kLosses, name, "loss"); }

}  // namespace dff
