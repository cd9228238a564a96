#include "core/flow/flow_source.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

class FlowNetSource : public FlowSource {
 public:
  explicit FlowNetSource(const ModelPtr& model) : net_(model->flow) {}

  FlowCode encode(const NetInput& input) override { return {net_->encode(input.pixels), {}, {}, {}}; }
  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override {
    return net_->estimate(cur.maps, key.maps);
  }
  void wantScale(bool wanted) override { net_->wantsScale = wanted; }

 private:
  std::shared_ptr<FlowNet> net_;
};

}  // namespace

std::unique_ptr<FlowSource> makeFlowNetSource(const ModelPtr& model, const std::string&) {
  return std::make_unique<FlowNetSource>(model);
}

}  // namespace dff
