// A part of a data set: the frames of one drive, or all the others, so that a street can be held out of training.
#include "core/base/error.h"
#include "core/data/dataset.h"

namespace dff {
namespace {

class ChosenFrames : public Dataset {
 public:
  ChosenFrames(std::unique_ptr<Dataset> all, std::vector<int64_t> chosen)
      : all_(std::move(all)), chosen_(std::move(chosen)) {}

  int64_t size() const override { return int64_t(chosen_.size()); }
  std::string name(int64_t i) const override { return all_->name(at(i)); }
  cv::Mat image(int64_t i) const override { return all_->image(at(i)); }
  cv::Mat labels(int64_t i) const override { return all_->labels(at(i)); }
  FramePlace place(int64_t i) const override { return all_->place(at(i)); }
  cv::Mat picture(int64_t place) const override { return all_->picture(place); }
  FramePtr frame(int64_t place) const override { return all_->frame(place); }
  std::optional<DenseMotion> motion(int64_t from, int64_t to) const override { return all_->motion(at(from), at(to)); }
  bool hasLabels() const override { return all_->hasLabels(); }
  bool masksOfObjects() const override { return all_->masksOfObjects(); }
  const std::vector<ClassInfo>& classes() const override { return all_->classes(); }
  const std::vector<std::string>& boxClasses() const override { return all_->boxClasses(); }
  std::vector<LabelledBox> boxes(int64_t i) const override { return all_->boxes(at(i)); }
  std::vector<std::string> warnings() const override { return all_->warnings(); }
  /// Of a video whose middle was left out the halves are no neighbours.
  bool consecutive() const override {
    return all_->consecutive() && chosen_.back() - chosen_.front() + 1 == int64_t(chosen_.size());
  }

 private:
  int64_t at(int64_t i) const { return chosen_.at(size_t(i)); }
  std::unique_ptr<Dataset> all_;
  std::vector<int64_t> chosen_;
};

}  // namespace

std::unique_ptr<Dataset> chosenFrames(std::unique_ptr<Dataset> all, const std::string& choice) {
  const bool others = choice.starts_with('!');
  const std::string beginning = choice.substr(others ? 1 : 0);
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < all->size(); ++i)
    if (all->name(i).starts_with(beginning) != others) chosen.push_back(i);
  if (chosen.empty())
    fail("the choice #", choice, " leaves no frame of the data set; its first frame is called ", all->name(0));
  return std::make_unique<ChosenFrames>(std::move(all), std::move(chosen));
}

}  // namespace dff
