#pragma once
#include <memory>
#include <string>

#include "core/base/job.h"
#include "core/data/dataset_source.h"
#include "core/data/label_folder.h"

namespace dff {

/// Whether a text names a data set, "KIND:PATH", and no file of that name.
bool namesDataset(const std::string& input);

/// The frames that a sweep runs, and the classes of their pixels where somebody knows them: a video with a folder of
/// label images (or none), or a data set that is one video.
class SweepInput {
 public:
  /// `classes`: of the model. Throws Error, UsageError for labels beside a data set, or as openSource, openDataset,
  /// LabelFolder and DatasetSource do.
  SweepInput(const std::string& input, const std::string& labels, int classes, const JobContext& job);

  FrameSource& source() { return *source_; }
  int64_t frames() const { return std::ssize(source_->info().times); }
  /// Numbers of the frames that have labels.
  std::vector<int64_t> labelled() const;
  /// [H,W] CV_8U; empty where the frame has none.
  cv::Mat labels(int64_t frame, cv::Size size) const;
  /// What tells whether it is still the same.
  std::string identity() const { return identity_; }

 private:
  std::unique_ptr<Dataset> data_;
  std::unique_ptr<FrameSource> source_;
  const DatasetSource* ofData_ = nullptr;  // the source, where it is one of a data set
  LabelFolder folder_;
  std::string identity_;
};

}  // namespace dff
