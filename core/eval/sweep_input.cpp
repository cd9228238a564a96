#include "core/eval/sweep_input.h"

#include "core/eval/sweep_cells.h"

namespace dff {
namespace fs = std::filesystem;

bool namesDataset(const std::string& input) {
  const auto colon = input.find(':');
  if (colon == std::string::npos || fs::exists(input)) return false;
  const std::string kinds = ", " + knownDatasets() + ",";
  return colon > 0 && kinds.find(", " + input.substr(0, colon) + ",") != std::string::npos;
}

SweepInput::SweepInput(const std::string& input, const std::string& labels, int classes, const JobContext& job) {
  if (!namesDataset(input)) {
    source_ = openSource(input);
    if (!labels.empty()) folder_ = LabelFolder(labels, frames());
    identity_ = identityOf(input) + (labels.empty() ? "" : identityOf(labels));
    return;
  }
  if (!labels.empty()) throw UsageError("a data set has labels of its own: leave --labels out");
  data_ = openDataset(input);
  for (const auto& warning : data_->warnings()) job.warn(warning);
  if (data_->hasLabels() && int(data_->classes().size()) != classes)
    fail("the data set ", input, " has ", data_->classes().size(), " classes, the model ", classes);
  auto source = std::make_unique<DatasetSource>(*data_);
  ofData_ = source.get();
  source_ = std::move(source);
  const std::string path = input.substr(input.find(':') + 1);
  identity_ = identityOf(path.substr(0, path.find('#')));
}

std::vector<int64_t> SweepInput::labelled() const {
  std::vector<int64_t> numbers;
  if (!ofData_)
    for (const auto& [frame, file] : folder_.files()) numbers.push_back(frame);
  else if (data_->hasLabels())
    for (const auto& [frame, index] : ofData_->labelled()) numbers.push_back(frame);
  return numbers;
}

cv::Mat SweepInput::labels(int64_t frame, cv::Size size) const {
  if (!ofData_) return folder_.labels(frame, size);
  const auto found = ofData_->labelled().find(frame);
  return found == ofData_->labelled().end() || !data_->hasLabels() ? cv::Mat() : data_->labels(found->second);
}

}  // namespace dff
