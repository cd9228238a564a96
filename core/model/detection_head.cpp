#include "core/model/detection_head.h"

#include <array>
#include <cmath>
#include <limits>

#include "core/model/fused_layers.h"
#include "kernels/nms.h"
#include "kernels/psroi_pool.h"

namespace dff {
namespace {

/// An anchor and how much rather it is an object than background.
struct Candidate {
  float logit;
  int32_t index;
  bool operator<(const Candidate& other) const {  // the better one first, of equals the earlier one
    return logit != other.logit ? logit > other.logit : index < other.index;
  }
};

/// The best anchors whose cells lie in the picture, in order; with `wholeCells` those of partly covered cells last.
std::vector<Candidate> bestAnchors(const torch::Tensor& scores, const AnchorGrid& grid, cv::Size picture,
                                   const DetectionSpec& spec) {
  const auto logits = scores.accessor<float, 3>();
  const auto n = int64_t(grid.shapes.size());
  const float worst = -std::numeric_limits<float>::infinity();
  std::vector<Candidate> all;
  all.reserve(size_t(grid.size()));
  for (int64_t y = 0; y < grid.rows && y * grid.stride < picture.height; ++y)
    for (int64_t x = 0; x < grid.columns && x * grid.stride < picture.width; ++x)
      for (int64_t a = 0; a < n; ++a) {
        const float logit = logits[n + a][y][x] - logits[a][y][x];
        const bool last =
            std::isnan(logit) ||
            (spec.wholeCells && ((y + 1) * grid.stride > picture.height || (x + 1) * grid.stride > picture.width));
        all.push_back({last ? worst : logit, int32_t((y * grid.columns + x) * n + a)});
      }
  const size_t count = std::min(all.size(), size_t(spec.candidates));
  std::nth_element(all.begin(), all.begin() + std::ptrdiff_t(count), all.end());
  all.resize(count);
  std::sort(all.begin(), all.end());
  return all;
}

Convolution head(int channels, int outputs) {
  auto layer = convolution(channels, outputs, 1, 1, 1, true);
  torch::nn::init::normal_(layer->weight, 0, 0.01);
  torch::nn::init::zeros_(layer->bias);
  return layer;
}

}  // namespace

DetectionHeadImpl::DetectionHeadImpl(const DetectionSpec& spec, int channels, int stride)
    : spec_(spec), stride_(stride) {
  const int bins = spec.group * spec.group;
  const int first = spec.proposalChannels ? spec.proposalChannels : channels;
  const int rest = channels - spec.proposalChannels;
  anchorScores_ = register_module("anchor_scores", head(first, 2 * spec.anchors()));
  anchorDeltas_ = register_module("anchor_deltas", head(first, 4 * spec.anchors()));
  regionScores_ = register_module("region_scores", head(rest, int(spec.classes.size() + 1) * bins));
  regionDeltas_ = register_module("region_deltas", head(rest, 4 * spec.deltaGroups * bins));
}

/// The corrections that are read are those of the last group.
FusedGraph DetectionHeadImpl::graph() const {
  FusedGraph graph;
  const auto part = [&](int64_t skipped, int64_t count) {
    const int map = layBeside(graph, {{0, count}}, /*whole=*/false);
    graph.steps.back().skipped = skipped;
    return map;
  };
  const int64_t split = spec_.proposalChannels, read = 4 * int64_t(spec_.group) * spec_.group;
  const int first = split ? part(0, split) : 0;
  const int rest = split ? part(split, regionScores_->options.in_channels()) : 0;
  FusedStep deltas = stepOf(regionDeltas_, 1);
  deltas.weight = deltas.weight.slice(0, deltas.weight.size(0) - read);
  deltas.bias = deltas.bias.slice(0, deltas.bias.size(0) - read);
  graph.outputs = {append(graph, stepOf(anchorScores_, 1), first), append(graph, stepOf(anchorDeltas_, 1), first),
                   append(graph, stepOf(regionScores_, 1), rest), append(graph, std::move(deltas), rest)};
  return graph;
}

void DetectionHeadImpl::fuse() { fused_ = std::make_shared<FusedNet>(graph()); }

DetectionMaps DetectionHeadImpl::forward(const torch::Tensor& feature) {
  if (fused_) {
    std::array<torch::Tensor, 4> maps;
    fused_->forward({&feature, 1}, maps);
    return {maps[0], maps[1], maps[2], maps[3]};
  }
  const int64_t split = spec_.proposalChannels, channels = feature.size(1), bins = int64_t(spec_.group) * spec_.group;
  const auto first = feature.slice(1, 0, split ? split : channels), rest = feature.slice(1, split, channels);
  const auto wide = [](Convolution& layer, const torch::Tensor& x) { return layer(x).to(torch::kFloat); };
  return {wide(anchorScores_, first), wide(anchorDeltas_, first), wide(regionScores_, rest),
          wide(regionDeltas_, rest).slice(1, 4 * (spec_.deltaGroups - 1) * bins)};
}

AnchorGrid DetectionHeadImpl::anchorsOf(const DetectionMaps& maps) const {
  return makeAnchors(spec_, stride_, maps.anchorScores.size(2), maps.anchorScores.size(3));
}

std::vector<Box> DetectionHeadImpl::propose(const DetectionMaps& maps, int64_t image, cv::Size picture,
                                            int atMost) const {
  torch::NoGradGuard guard;
  const AnchorGrid grid = anchorsOf(maps);
  const auto best = bestAnchors(maps.anchorScores[image], grid, picture, spec_);
  const torch::Tensor ofImage = maps.anchorDeltas[image];
  const auto deltas = ofImage.accessor<float, 3>();
  torch::Tensor boxes = torch::empty({int64_t(best.size()), 4}), scores = torch::empty({int64_t(best.size())});
  auto* box = reinterpret_cast<Box*>(boxes.data_ptr<float>());
  for (size_t i = 0; i < best.size(); ++i) {
    const int64_t n = int64_t(grid.shapes.size()), cell = best[i].index / n, a = best[i].index % n;
    const int64_t y = cell / grid.columns, x = cell % grid.columns;
    float d[4];
    for (int k = 0; k < 4; ++k) d[k] = deltas[4 * a + k][y][x];
    box[i] = clipped(decoded(d, grid.at(best[i].index), spec_.anchorStds, spec_.mostGrowth), picture);
    scores.data_ptr<float>()[i] = best[i].logit;
  }
  const torch::Tensor kept = kernels::nms(boxes, scores, spec_.proposalNms, atMost);
  std::vector<Box> proposals;
  for (int64_t i = 0; i < kept.numel(); ++i) proposals.push_back(box[kept.data_ptr<int64_t>()[i]]);
  return proposals;
}

RegionOutput DetectionHeadImpl::regions(const DetectionMaps& maps, const torch::Tensor& rois) const {
  const kernels::PsroiPoolOptions o{spec_.group, 1. / stride_};
  return {kernels::psroiPool(maps.regionScores, rois, o).mean({2, 3}),
          kernels::psroiPool(maps.regionDeltas, rois, o).mean({2, 3})};
}

torch::Tensor roisOf(const std::vector<Box>& boxes, int64_t image) {
  torch::Tensor rois = torch::empty({int64_t(boxes.size()), 5});
  float* to = rois.data_ptr<float>();
  for (const Box& b : boxes)
    for (const float value : {float(image), b.x1, b.y1, b.x2, b.y2}) *to++ = value;
  return rois;
}

}  // namespace dff
