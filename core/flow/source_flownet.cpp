#include "core/flow/flow_source.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

class FlowNetSource : public FlowSource {
 public:
  explicit FlowNetSource(ModelPtr model) : net_(model->flow) {}

  void setKey(const NetInput& key) override {
    key_ = key;
    code_.clear();  // computed when the first frame asks, so that per-frame inference never pays for it
  }

  FlowEstimate estimate(const NetInput& cur) override {
    if (code_.empty()) code_ = net_->encode(key_.pixels);
    return net_->estimate(net_->encode(cur.pixels), code_);
  }

 private:
  std::shared_ptr<FlowNet> net_;
  NetInput key_;
  FlowNet::Code code_;
};

}  // namespace

std::unique_ptr<FlowSource> makeFlowNetSource(const ModelPtr& model) { return std::make_unique<FlowNetSource>(model); }

}  // namespace dff
