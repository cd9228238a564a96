#include "core/model/flow_net_chain.h"

#include <array>
#include <cmath>

#include "core/model/fused_layers.h"

namespace dff {
namespace {

constexpr double kFlowFactor = 2.5;  // reference section 3: raw prediction to cells of stride 16

/// MXNet's "pad 0, then crop from (1,1) to the size of the reference" is padding 1 cropped at the top left.
torch::Tensor cropLike(const torch::Tensor& x, const torch::Tensor& like) {
  return x.slice(2, 0, like.size(2)).slice(3, 0, like.size(3));
}

torch::nn::ConvTranspose2d deconvolution(int in, int out) {
  return torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(in, out, 4).stride(2).padding(1));
}

/// One step of the refinement chain: coarse map and its flow -> (encoder map, deconvolved map, upsampled flow).
struct RefineImpl : torch::nn::Module {
  RefineImpl(int in, int out)
      : flow(register_module("flow", convolution(in, 2, 3, 1, 1, true))),
        deconv(register_module("deconv", deconvolution(in, out))),
        upflow(register_module("upflow", deconvolution(2, 2))) {}
  torch::Tensor forward(const torch::Tensor& coarse, const torch::Tensor& encoder) {
    return torch::cat({encoder, leaky(cropLike(deconv(coarse), encoder)), cropLike(upflow(flow(coarse)), encoder)}, 1);
  }
  /// The same on maps of a fused network; the encoder's has so many channels of its own.
  int append(FusedGraph& graph, int coarse, MapPart encoder) {
    const int deeper = dff::append(graph, enlarging(deconv, kFlowSlope, encoder.number), coarse);
    const int motion = dff::append(graph, inWholeVectors(stepOf(flow, 1)), coarse);
    const int moved = dff::append(graph, enlarging(upflow, 1, encoder.number), motion);
    return layBeside(graph, {encoder, {deeper, deconv->options.out_channels()}, {moved, 2}});
  }
  static FusedStep enlarging(const torch::nn::ConvTranspose2d& layer, double slope, int like) {
    FusedStep step;
    step.kind = FusedStep::Kind::Deconvolution;
    step.weight = layer->weight.detach();
    step.bias = layer->bias.detach();
    step.slope = float(slope);
    step.like = like;
    return inWholeVectors(std::move(step));
  }
  Convolution flow;
  torch::nn::ConvTranspose2d deconv, upflow;
};
TORCH_MODULE(Refine);

/// Ceil rounding; a window that lies half outside is the mean of what lies inside (reference section 3).
torch::Tensor halved(const torch::Tensor& x) { return torch::avg_pool2d(x, 2, 2, 0, /*ceil_mode=*/true); }

}  // namespace

FlowLayer layerOf(const Convolution& conv, bool ofPictures) {
  return {[conv](const torch::Tensor& x) { return leaky(Convolution(conv)->forward(x)); },
          [conv, ofPictures](FusedGraph& graph, int from) {
            FusedStep step = inWholeVectors(stepOf(conv, kFlowSlope));
            if (ofPictures)
              step.weight = step.weight.slice(1, 0, 6);  // padded, the largest map would take twice as long
            return append(graph, std::move(step), from);
          }};
}

int ChainFlowNet::scaled(int channels) const { return std::max(2, int(std::lround(channels * spec_.width))); }

void ChainFlowNet::build(FlowEncoder encoder) {
  if (shape_.stride != 8 && shape_.stride != 16)
    fail("FlowNet ends on a grid of stride 8 or 16, the feature map has stride ", shape_.stride);
  encoder_ = std::move(encoder);
  int in = encoder_.channels[4];
  for (int level = 3; level >= 0; --level) {
    const int out = encoder_.refined[size_t(level)];
    refine_.emplace_back(register_module("refine" + std::to_string(level + 2), Refine(in, out)));
    in = encoder_.channels[size_t(level)] + out + 2;
  }
  flow_ = register_module("flow", convolution(in, 2, 3, 1, 1, true));
  if (spec_.scaleMap) makeScale(in);
}

void ChainFlowNet::makeScale(int in) {
  scale_ = register_module("scale", convolution(in, shape_.channels, 1, 1, 1, true));
  torch::NoGradGuard guard;
  scale_->weight.zero_();
  scale_->bias.fill_(1);
}

double ChainFlowNet::flowFactor() const { return kFlowFactor * 16 / shape_.stride; }

FlowNet::Code ChainFlowNet::encode(const torch::Tensor& picture) {
  if (compare_) return {halvedPicture(picture)};
  const auto small = halved(spec_.inputDivisor == 1 ? picture : picture / spec_.inputDivisor);
  return {small.to(flow_->weight.scalar_type())};
}

FlowEstimate ChainFlowNet::estimate(const Code& cur, const Code& key) {
  if (compare_) return estimateFused(cur, key);
  std::vector<torch::Tensor> maps;
  auto x = torch::cat({cur[0], key[0]}, 1);  // current frame first
  for (auto& layer : encoder_.layers) maps.push_back(x = layer.forward(x));
  for (size_t i = 0; i < refine_.size(); ++i) x = refine_[i].forward(x, maps[encoder_.ends[3 - i]]);
  if (shape_.stride == 16) x = halved(x);
  FlowEstimate out;
  out.keyFromCur = flow_(x).to(torch::kFloat) * flowFactor();
  if (scale_) out.scale = scale_(x).to(torch::kFloat);
  return out;
}

/// Given are the two pictures at half resolution; what divides them, and what makes cells of the flow, is in the
/// weights.
FusedGraph ChainFlowNet::compareGraph() {
  FusedGraph graph;
  graph.inputs = graph.maps = 2;
  int x = layBeside(graph, {{0, 3}, {1, 3}}, /*whole=*/false);
  const size_t first = graph.steps.size();
  std::vector<int> maps;
  for (auto& layer : encoder_.layers) maps.push_back(x = layer.append(graph, x));
  graph.steps[first].weight = graph.steps[first].weight / spec_.inputDivisor;
  for (size_t i = 0; i < refine_.size(); ++i)
    x = refine_[i].get<Refine>()->append(graph, x, {maps[encoder_.ends[3 - i]], encoder_.channels[3 - i]});
  // On the finer grid a copy: what leaves must have no gaps, and the parts do not fill whole vectors.
  x = graph.add(shape_.stride == 16 ? FusedStep::Kind::AveragePool : FusedStep::Kind::Copy, x);
  FusedStep flow = inWholeVectors(stepOf(flow_, 1));
  flow.weight = flow.weight * flowFactor();
  flow.bias = flow.bias * flowFactor();
  graph.outputs = {layBeside(graph, {{append(graph, std::move(flow), x), 2}}, /*whole=*/false), x};
  return graph;
}

void ChainFlowNet::fuse() {
  compare_ = std::make_unique<FusedNet>(compareGraph());
  if (scale_) scaleFused_ = std::make_unique<FusedNet>(scaleGraph(scale_));
}

FlowEstimate ChainFlowNet::estimateFused(const Code& cur, const Code& key) {
  const std::array<torch::Tensor, 2> pictures = {cur[0], key[0]};
  std::array<torch::Tensor, 2> made;  // flow, and what the scale map is predicted from
  compare_->forward(pictures, made);
  FlowEstimate out;
  out.keyFromCur = made[0];
  if (scaleFused_ && wantsScale) out.scale = scaleFused_->forward(made[1]);
  return out;
}

}  // namespace dff
