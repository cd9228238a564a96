// FlowNet-S (Dosovitskiy et al. 2015) as Deep Feature Flow uses it (reference section 3). FlowNet Half is width 0.5.
#include "core/model/flow_net_chain.h"

namespace dff {
namespace {

struct LayerShape {
  const char* name;
  int channels, kernel, stride;
};
constexpr LayerShape kLayers[] = {{"conv1", 64, 7, 2},    {"conv2", 128, 5, 2},   {"conv3", 256, 5, 2},
                                  {"conv3_1", 256, 3, 1}, {"conv4", 512, 3, 2},   {"conv4_1", 512, 3, 1},
                                  {"conv5", 512, 3, 2},   {"conv5_1", 512, 3, 1}, {"conv6", 1024, 3, 2},
                                  {"conv6_1", 1024, 3, 1}};

class FlowNetS : public ChainFlowNet {
 public:
  FlowNetS(const FlowSpec& spec, const FlowNetShape& shape) : ChainFlowNet(spec, shape) {
    FlowEncoder encoder{{}, {1, 3, 5, 7, 9}, {}, {scaled(64), scaled(128), scaled(256), scaled(512)}};
    int in = 6;
    for (const LayerShape& l : kLayers) {
      auto conv = register_module(l.name, convolution(in, scaled(l.channels), l.kernel, l.stride, 1, true));
      encoder.layers.push_back(layerOf(conv, encoder.layers.empty()));
      in = scaled(l.channels);
    }
    for (size_t i = 0; i < 5; ++i) encoder.channels[i] = scaled(kLayers[encoder.ends[i]].channels);
    build(std::move(encoder));
  }
};

}  // namespace

std::shared_ptr<FlowNet> makeFlowNetS(const FlowSpec& spec, const FlowNetShape& shape) {
  return std::make_shared<FlowNetS>(spec, shape);
}

}  // namespace dff
