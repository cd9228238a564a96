#pragma once
#include <torch/torch.h>

#include <filesystem>
#include <opencv2/core.hpp>

#include "core/media/frame_source.h"
#include "core/model/dff_model.h"
#include "core/model/package.h"

// A small model with random weights, frames to feed it, and what it should say by plain tensor operations.
namespace dff::test {

inline ModelSpec smallSpec() {
  ModelSpec spec;
  spec.feature.widths = {8, 12, 16, 16};
  spec.feature.depths = {1, 1, 1, 1};
  spec.feature.channels = 12;
  spec.flow.width = 0.5;
  spec.detection.emplace();
  spec.detection->group = 3;
  spec.detection->minScore = 0;  // an untrained network is sure of nothing
  spec.input.shortSide = 90;
  spec.input.longSideMax = 640;
  for (int i = 0; i < 4; ++i) spec.classes.push_back({"class" + std::to_string(i), {0, uint8_t(60 * i), 0}, {0, 0, 0}});
  return spec;
}

/// A package with random weights; the scale map is made to differ from one.
inline Package randomPackage(const std::filesystem::path& folder, const ModelSpec& spec = smallSpec()) {
  torch::manual_seed(5);
  DffModel model(spec);
  torch::NoGradGuard guard;
  NamedTensors weights;
  for (auto& [name, tensor] : namedTensors(model)) {
    if (name.find("scale.weight") != std::string::npos) tensor.normal_(0, 0.05);
    weights.emplace_back(name, tensor);
  }
  savePackage(folder, {{"name", "random"}}, spec, weights);
  return loadPackage(folder);
}

inline FramePtr noiseFrame(int64_t index, cv::Size size) {
  auto frame = std::make_shared<Frame>();
  cv::RNG random(uint64_t(index) + 17);
  frame->rgb = cv::Mat(size, CV_8UC3);
  random.fill(frame->rgb, cv::RNG::UNIFORM, 0, 256);
  frame->index = index;
  return frame;
}

/// The picture as the networks see it, by tensor operations alone (no resizing: the size is the network's own).
inline torch::Tensor referenceInput(const FramePtr& frame, const InputSpec& input) {
  const cv::Mat& m = frame->rgb;
  auto x = torch::from_blob(m.data, {1, m.rows, m.cols, 3}, torch::kByte).to(torch::kFloat).permute({0, 3, 1, 2});
  for (int c = 0; c < 3; ++c) x.select(1, c).sub_(input.mean[c]).div_(input.std[c]);
  return torch::constant_pad_nd(x, {0, (16 - m.cols % 16) % 16, 0, (16 - m.rows % 16) % 16});
}

/// Warp x scale through grid_sampler, slow and independent of our kernel.
inline torch::Tensor referenceWarp(const torch::Tensor& feature, const FlowEstimate& e) {
  const int64_t h = feature.size(2), w = feature.size(3);
  const auto x = torch::arange(w).view({1, 1, w}) + e.keyFromCur.select(1, 0);
  const auto y = torch::arange(h).view({1, h, 1}) + e.keyFromCur.select(1, 1);
  const auto grid = torch::stack({x / (w - 1.0) * 2 - 1, y / (h - 1.0) * 2 - 1}, -1);
  return at::grid_sampler(feature, grid, 0, 0, true) * e.scale;
}

inline cv::Mat meanActivation(const torch::Tensor& feature) {
  const auto mean = feature.abs().mean(1)[0].contiguous();
  return cv::Mat(int(mean.size(0)), int(mean.size(1)), CV_32F, mean.data_ptr()).clone();
}

inline torch::Tensor referenceLabels(const torch::Tensor& logits, cv::Size size, int stride = 8) {
  const auto large = at::upsample_bilinear2d(logits, {logits.size(2) * stride, logits.size(3) * stride}, false);
  return large.argmax(1)[0].slice(0, 0, size.height).slice(1, 0, size.width);
}

inline double shareEqual(const cv::Mat& labels, const torch::Tensor& reference) {
  const auto ours = torch::from_blob(labels.data, {labels.rows, labels.cols}, torch::kByte).to(torch::kLong);
  return (ours == reference).to(torch::kDouble).mean().item<double>();
}

/// Frames in memory.
class MemorySource : public FrameSource {
 public:
  explicit MemorySource(std::vector<FramePtr> frames) : frames_(std::move(frames)) {
    info_.times.resize(frames_.size());
  }
  const SourceInfo& info() const override { return info_; }
  FramePtr next() override { return at_ < frames_.size() ? frames_[at_++] : nullptr; }
  void seek(int64_t index) override { at_ = size_t(index); }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  std::vector<FramePtr> frames_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
  size_t at_ = 0;
};

}  // namespace dff::test
