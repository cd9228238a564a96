#pragma once
#include <memory>
#include <vector>

#include "core/model/model_ptr.h"
#include "core/model/net_input.h"
#include "core/task/prediction.h"

namespace dff {

/// One thing that a model says of a frame, read from the (propagated) feature by a one-layer head.
class Task {
 public:
  virtual ~Task() = default;
  /// feature [1,C,h,w]; fills its part of `result`, whose frame is set, and times stages Head and Post.
  virtual void run(const at::Tensor& feature, const NetInput& input, Result& result) = 0;
};

std::unique_ptr<Task> makeSegmentation(const ModelPtr& model);

/// Every task of the model.
std::vector<std::unique_ptr<Task>> makeTasks(const ModelPtr& model);

}  // namespace dff
