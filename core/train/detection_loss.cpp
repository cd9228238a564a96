#include "core/train/detection_loss.h"

namespace dff {
namespace {

namespace F = torch::nn::functional;
using Deltas = std::vector<std::array<float, 4>>;

torch::Tensor tensorOf(const Deltas& deltas) {
  return torch::from_blob(const_cast<float*>(deltas.data()->data()), {int64_t(deltas.size()), 4}).clone();
}

/// One row for each anchor of the grid, in its order: [N,G*A,h,w] -> [N*h*w*A,G]. The scores have the anchors of a
/// group side by side, the corrections the groups of an anchor.
torch::Tensor rowsOf(const torch::Tensor& map, int64_t groups, bool groupsOutside) {
  const int64_t n = map.size(0), a = map.size(1) / groups, h = map.size(2), w = map.size(3);
  return groupsOutside ? map.view({n, groups, a, h, w}).permute({0, 3, 4, 2, 1}).reshape({-1, groups})
                       : map.view({n, a, groups, h, w}).permute({0, 3, 4, 1, 2}).reshape({-1, groups});
}

torch::Tensor smoothL1(const torch::Tensor& deltas, const torch::Tensor& truth) {
  const auto distance = (deltas - truth).abs();
  return torch::where(distance < 1, 0.5 * distance.square(), distance - 0.5);
}

/// The two terms of one stage of the detector.
struct Terms {
  torch::Tensor scores, deltas;
};

Terms anchorTerms(DetectionHead& head, const DetectionMaps& maps, const std::vector<Truth>& truths, uint64_t seed,
                  const DetectionTraining& options) {
  const AnchorGrid grid = head->anchorsOf(maps);
  std::vector<int64_t> objects, sampled, kinds;
  Deltas deltas;
  for (size_t n = 0; n < truths.size(); ++n) {
    const auto targets = anchorTargets(grid, truths[n], head->spec(), options, seed + n);
    const int64_t first = int64_t(n) * grid.size();
    for (const int64_t i : targets.objects) objects.push_back(first + i);
    for (const int64_t i : targets.background) sampled.push_back(first + i);
    deltas.insert(deltas.end(), targets.deltas.begin(), targets.deltas.end());
  }
  kinds.assign(sampled.size(), 0);
  sampled.insert(sampled.end(), objects.begin(), objects.end());
  kinds.resize(sampled.size(), 1);
  const auto scores = rowsOf(maps.anchorScores, 2, true).index_select(0, torch::tensor(sampled, torch::kLong));
  Terms terms{F::cross_entropy(scores, torch::tensor(kinds, torch::kLong)), torch::zeros({})};
  if (!objects.empty()) {
    const auto rows = rowsOf(maps.anchorDeltas, 4, false).index_select(0, torch::tensor(objects, torch::kLong));
    terms.deltas = smoothL1(rows, tensorOf(deltas)).sum() / double(options.anchorSamples * truths.size());
  }
  return terms;
}

/// The regions of a batch with what they are.
struct Regions {
  torch::Tensor rois, classes, deltas;
  std::vector<int64_t> counts;  ///< of each picture
};

Regions regionsOf(DetectionHead& head, const DetectionMaps& maps, const std::vector<Truth>& truths, cv::Size picture,
                  const DetectionTraining& options) {
  std::vector<torch::Tensor> rois, classes, deltas;
  Regions regions;
  for (size_t n = 0; n < truths.size(); ++n) {
    auto boxes = head->propose(maps, int64_t(n), picture, head->spec().trainProposals);
    boxes.insert(boxes.end(), truths[n].objects.begin(), truths[n].objects.end());
    const auto targets = regionTargets(boxes, truths[n], head->spec(), options);
    rois.push_back(roisOf(boxes, int64_t(n)));
    classes.push_back(torch::tensor(targets.classes, torch::kLong));
    deltas.push_back(tensorOf(targets.deltas));
    regions.counts.push_back(int64_t(boxes.size()));
  }
  regions.rois = torch::cat(rois), regions.classes = torch::cat(classes), regions.deltas = torch::cat(deltas);
  return regions;
}

/// Indices of the regions with the largest loss, so many of each picture; those that are neither are never among them.
torch::Tensor hardest(const torch::Tensor& losses, const Regions& regions, int64_t samples) {
  const auto known = losses.detach().masked_fill(regions.classes < 0, -1);
  std::vector<torch::Tensor> chosen;
  int64_t first = 0;
  for (const int64_t count : regions.counts) {
    const auto ofPicture = known.slice(0, first, first + count);
    const int64_t usable = ofPicture.ge(0).sum().item<int64_t>();
    chosen.push_back(std::get<1>(ofPicture.topk(std::min(samples, usable))) + first);
    first += count;
  }
  return torch::cat(chosen);
}

Terms regionTerms(DetectionHead& head, const DetectionMaps& maps, const Regions& regions,
                  const DetectionTraining& options) {
  const auto out = head->regions(maps, regions.rois);
  const auto known = regions.classes.clamp_min(0);
  const auto scores = F::cross_entropy(out.scores, known, F::CrossEntropyFuncOptions().reduction(torch::kNone));
  const auto deltas = smoothL1(out.deltas, regions.deltas).sum(1) * (regions.classes > 0);
  const auto chosen = hardest(scores + deltas, regions, options.regionSamples);
  const double most = double(options.regionSamples) * double(regions.counts.size());
  return {scores.index_select(0, chosen).sum() / most, deltas.index_select(0, chosen).sum() / most};
}

}  // namespace

Loss detectionLoss(TrainedNets& nets, const torch::Tensor& feature, const Batch& batch, const StageOptions& stage) {
  DetectionHead& head = nets.model->detection;
  const DetectionMaps maps = head(feature);
  std::vector<Truth> truths;
  for (const auto& boxes : batch.boxes) truths.push_back(truthOf(boxes));
  const cv::Size picture(int(batch.cur.size(3)), int(batch.cur.size(2)));
  const Terms anchors = anchorTerms(head, maps, truths, batch.seed, stage.detection);
  const Terms regions =
      regionTerms(head, maps, regionsOf(head, maps, truths, picture, stage.detection), stage.detection);
  return {anchors.scores + anchors.deltas + regions.scores + regions.deltas,
          {{"anchor_class", anchors.scores.item<double>()},
           {"anchor_box", anchors.deltas.item<double>()},
           {"region_class", regions.scores.item<double>()},
           {"region_box", regions.deltas.item<double>()}}};
}

}  // namespace dff
