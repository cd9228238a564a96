#include "core/task/task.h"

#include <algorithm>

#include "core/base/registry.h"

namespace dff {
namespace {
constexpr Kind<std::unique_ptr<Task> (*)(const ModelPtr&, const TaskOptions&)> kTasks[] = {
    {"seg", "semantic segmentation", makeSegmentation},
    {"boxes", "boxes round objects", makeDetection},
};
}  // namespace

bool taskChosen(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::unique_ptr<Task>> makeTasks(const ModelPtr& model, const TaskOptions& options) {
  for (const auto& name : options.names) findKind(kTasks, name, "task");
  std::vector<std::unique_ptr<Task>> tasks;
  for (const auto& kind : kTasks) {
    if (!taskChosen(options.names, kind.name)) continue;
    auto task = kind.make(model, options);
    if (!task && !options.names.empty()) fail("this model has no task \"", kind.name, "\" (", kind.help, ")");
    if (task) tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace dff
