#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/eval/label_agreement.h"
#include "core/task/confusion.h"
#include "core/task/prediction.h"

namespace dff {

/// What is gathered of one setting over the frames that were run with it.
struct SweepTally {
  explicit SweepTally(int classes) : agreement(classes), confusion(classes) {}

  /// `perFrame`: labels of per-frame inference; `truth` may be empty.
  void add(const Result& result, const cv::Mat& perFrame, const cv::Mat& truth);
  void add(const SweepTally& other);
  int64_t keys() const { return std::ssize(keyMs); }
  int64_t frames() const { return keys() + std::ssize(otherMs); }
  /// Medians of key and other frames, in their proportion.
  double msPerFrame() const;

  LabelAgreement agreement;
  ConfusionMatrix confusion;
  std::vector<float> keyMs, otherMs;
  int64_t labelled = 0;
};

/// Of runs that put different numbers of keys, those with the commonest number (of equally common ones that of the
/// earliest run), added up. There is one run at least.
SweepTally withCommonestKeys(const std::vector<SweepTally>& runs, int classes);

/// 0 of no values.
double medianOf(std::vector<float> values);

nlohmann::json toJson(const SweepTally& tally);
/// Throws Error where it is not what toJson() wrote for as many classes.
SweepTally tallyOf(const nlohmann::json& object, int classes);

}  // namespace dff
