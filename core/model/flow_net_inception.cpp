// FlowNet Inception: the paper says only that it is FlowNet redesigned with inception modules (Szegedy et al. 2015) at
// an eighth of its cost. The design here is our own, made to that cost: 1.73 G multiply-adds at 600x1000 with the scale
// map of 1024 channels, where the paper's table implies 1.72 G. The authors' weights for theirs do not fit it.
#include "core/model/flow_net_chain.h"
#include "core/model/fused_layers.h"

namespace dff {
namespace {

/// Three ways to look at a map, side by side: 3x3; 3x3 twice; max-pool and 1x1. They give a half and twice a quarter of
/// the channels; the first two begin with a 1x1 to a quarter and an eighth.
struct InceptionImpl : torch::nn::Module {
  InceptionImpl(int in, int out, int stride)
      : stride(stride),
        reduceA(register_module("reduce_a", layer(in, part(out, 4), 1))),
        spatialA(register_module("spatial_a", layer(part(out, 4), part(out, 2), 3, stride))),
        reduceB(register_module("reduce_b", layer(in, part(out, 8), 1))),
        spatialB(register_module("spatial_b", layer(part(out, 8), part(out, 4), 3))),
        secondB(register_module("second_b", layer(part(out, 4), part(out, 4), 3, stride))),
        pooled(register_module("pooled", layer(in, out - part(out, 2) - part(out, 4), 1))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    return torch::cat({leaky(spatialA(leaky(reduceA(x)))), leaky(secondB(leaky(spatialB(leaky(reduceB(x)))))),
                       leaky(pooled(torch::max_pool2d(x, 3, stride, 1)))},
                      1);
  }
  int append(FusedGraph& graph, int x) {
    const auto step = [&](const Convolution& conv, int from) {
      return dff::append(graph, inWholeVectors(stepOf(conv, kFlowSlope)), from);
    };
    const int a = step(spatialA, step(reduceA, x)), b = step(secondB, step(spatialB, step(reduceB, x)));
    FusedStep pool;
    pool.kind = FusedStep::Kind::MaxPool;
    pool.stride = stride;
    pool.padding = 1;
    const int c = step(pooled, dff::append(graph, pool, x));
    return layBeside(graph, {{a, spatialA->options.out_channels()},
                             {b, secondB->options.out_channels()},
                             {c, pooled->options.out_channels()}});
  }
  static int part(int channels, int of) { return std::max(1, channels / of); }
  static Convolution layer(int in, int out, int kernel, int stride = 1) {
    return convolution(in, out, kernel, stride, 1, true);
  }
  int stride;
  Convolution reduceA, spatialA, reduceB, spatialB, secondB, pooled;
};
TORCH_MODULE(Inception);

struct BlockShape {
  const char* name;
  int channels, stride;
};
constexpr BlockShape kBlocks[] = {{"mixed2", 64, 2},    {"mixed3", 128, 2},   {"mixed3_1", 128, 1},
                                  {"mixed4", 192, 2},   {"mixed4_1", 192, 1}, {"mixed5", 256, 2},
                                  {"mixed5_1", 256, 1}, {"mixed6", 384, 2},   {"mixed6_1", 384, 1}};

class FlowNetInception : public ChainFlowNet {
 public:
  FlowNetInception(const FlowSpec& spec, const FlowNetShape& shape) : ChainFlowNet(spec, shape) {
    FlowEncoder encoder{{}, {1, 3, 5, 7, 9}, {}, {wide(32), wide(48), wide(96), wide(128)}};
    auto first = register_module("conv1", convolution(6, wide(32), 7, 2, 1, true));
    encoder.layers.push_back(layerOf(first, true));
    int in = wide(32);
    for (const BlockShape& b : kBlocks) {
      auto block = register_module(b.name, Inception(in, wide(b.channels), b.stride));
      encoder.layers.push_back({[block](const torch::Tensor& x) { return block->forward(x); },
                                [block](FusedGraph& graph, int from) { return block->append(graph, from); }});
      in = wide(b.channels);
    }
    for (size_t i = 0; i < 5; ++i) encoder.channels[i] = wide(kBlocks[encoder.ends[i] - 1].channels);
    build(std::move(encoder));
  }

 private:
  int wide(int channels) const { return std::max(4, scaled(channels)); }  // four, so that every branch has some
};

}  // namespace

std::shared_ptr<FlowNet> makeFlowNetInception(const FlowSpec& spec, const FlowNetShape& shape) {
  return std::make_shared<FlowNetInception>(spec, shape);
}

}  // namespace dff
