#include "core/task/task.h"

#include "core/base/registry.h"

namespace dff {
namespace {
constexpr Kind<std::unique_ptr<Task> (*)(const ModelPtr&)> kTasks[] = {
    {"seg", "semantic segmentation", makeSegmentation},
};
}  // namespace

std::vector<std::unique_ptr<Task>> makeTasks(const ModelPtr& model) {
  std::vector<std::unique_ptr<Task>> tasks;
  for (const auto& kind : kTasks) tasks.push_back(kind.make(model));
  return tasks;
}

}  // namespace dff
