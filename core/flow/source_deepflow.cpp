#include <opencv2/optflow.hpp>

#include "core/flow/image_flow.h"
#include "core/model/dff_model.h"

namespace dff {

std::unique_ptr<FlowSource> makeDeepFlowSource(const ModelPtr& model, const std::string&) {
  const auto flow = cv::optflow::createOptFlow_DeepFlow();
  return std::make_unique<ImageFlow>(
      model->spec, [flow](const cv::Mat& cur, const cv::Mat& key, cv::Mat& pixels) { flow->calc(cur, key, pixels); });
}

}  // namespace dff
