// A flow network of the package's own, as a TorchScript module. It compares two pictures as they are: nothing is kept
// of a key but the picture.
#include "core/model/flow_net.h"
#include "core/model/script_module.h"

namespace dff {
namespace {

class ScriptFlowNet : public FlowNet {
 public:
  explicit ScriptFlowNet(const FlowNetShape& shape) : shape_(shape) {
    if (!shape.script) fail("the flow network is a TorchScript module, which only a package has");
  }

  Code encode(const torch::Tensor& picture) override { return {picture}; }

  FlowEstimate estimate(const Code& cur, const Code& key) override {
    const ScriptModule& script = *shape_.script;
    const FewTensors maps = script.run({cur[0], key[0]});
    const int64_t n = cur[0].size(0), h = cells(cur[0].size(2)), w = cells(cur[0].size(3));
    FlowEstimate estimate;
    estimate.keyFromCur = script.checked(maps[0], {n, 2, h, w}, "a flow");
    if (maps.size() > 1 && wantsScale)
      estimate.scale = script.checked(maps[1], {n, shape_.channels, h, w}, "a scale map");
    return estimate;
  }

 private:
  int64_t cells(int64_t pixels) const { return (pixels + shape_.stride - 1) / shape_.stride; }

  FlowNetShape shape_;
};

}  // namespace

std::shared_ptr<FlowNet> makeScriptFlowNet(const FlowSpec&, const FlowNetShape& shape) {
  return std::make_shared<ScriptFlowNet>(shape);
}

}  // namespace dff
