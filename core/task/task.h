#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/model/model_ptr.h"
#include "core/model/net_input.h"
#include "core/task/prediction.h"

namespace dff {

/// One thing that a model says of a frame, read from the (propagated) feature by a one-layer head.
class Task {
 public:
  virtual ~Task() = default;
  /// feature [1,C,h,w]; fills its part of `result`, whose frame is set, and times its stages.
  virtual void run(const at::Tensor& feature, const NetInput& input, Result& result) = 0;
  /// Whether it also fills the margins, where it has any.
  virtual void wantMargin(bool) {}
};

/// A class for every pixel; null where the model has no classes.
std::unique_ptr<Task> makeSegmentation(const ModelPtr& model);

/// Boxes round objects; null where the model has no detection part.
std::unique_ptr<Task> makeDetection(const ModelPtr& model);

/// The tasks of these names; none named: every task of the model. Throws UsageError for an unknown name and Error for a
/// task that the model does not have.
std::vector<std::unique_ptr<Task>> makeTasks(const ModelPtr& model, const std::vector<std::string>& names = {});

/// Whether a task is computed when these are asked for.
bool taskChosen(const std::vector<std::string>& names, const std::string& name);

}  // namespace dff
