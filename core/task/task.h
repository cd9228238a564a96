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
  /// What travels from a key frame to others for this task: the feature [1,C,h,w] itself, or what the head makes of it,
  /// [1,K,u h,u w] on a grid that is u times as fine.
  virtual at::Tensor carried(const at::Tensor& feature, StageTimes&) { return feature; }
  /// From what was carried; fills its part of `result`, whose frame is set, and times its stages.
  virtual void run(const at::Tensor& carried, const NetInput& input, Result& result) = 0;
  /// Whether it also fills the margins, where it has any.
  virtual void wantMargin(bool) {}
};

struct TaskOptions {
  std::vector<std::string> names;  ///< what is computed; empty: every task of the model
  /// What segmentation carries from key frames: "feature", which its head reads on every frame (the paper's split), or
  /// "logits", on the head's own finer grid; "auto": logits where the head's grid is finer than the feature's and the
  /// head is ours, that is, linear.
  std::string split = "auto";
};

/// Whether segmentation of a model carries logits, for the `split` of TaskOptions. Throws UsageError for an unknown
/// one.
bool carriesLogits(const std::string& split, const ModelSpec& spec);

/// A class for every pixel; null where the model has no classes. Throws UsageError for an unknown split.
std::unique_ptr<Task> makeSegmentation(const ModelPtr& model, const TaskOptions& options);

/// Boxes round objects; null where the model has no detection part.
std::unique_ptr<Task> makeDetection(const ModelPtr& model, const TaskOptions& options);

/// Throws UsageError for an unknown name and Error for a task that the model does not have.
std::vector<std::unique_ptr<Task>> makeTasks(const ModelPtr& model, const TaskOptions& options = {});

/// Whether a task is computed when these are asked for.
bool taskChosen(const std::vector<std::string>& names, const std::string& name);

}  // namespace dff
