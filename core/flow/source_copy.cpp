#include "core/flow/flow_source.h"

namespace dff {
namespace {

struct CopySource : FlowSource {
  FlowCode encode(const NetInput&) override { return {}; }
  FlowEstimate estimate(const FlowCode&, const FlowCode&) override { return {}; }
};

}  // namespace

std::unique_ptr<FlowSource> makeCopySource(const ModelPtr&, const std::string&) {
  return std::make_unique<CopySource>();
}

}  // namespace dff
