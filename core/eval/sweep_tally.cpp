#include "core/eval/sweep_tally.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/run/run_report.h"

namespace dff {

double medianOf(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void SweepTally::add(const Result& result, const cv::Mat& perFrame, const cv::Mat& truth) {
  (result.isKey ? keyMs : otherMs).push_back(float(inferenceMs(result.times)));
  agreement.add(result.labels, perFrame);
  if (truth.empty()) return;
  confusion.add(truth, result.labels);
  ++labelled;
}

void SweepTally::add(const SweepTally& other) {
  agreement.add(other.agreement.equal(), other.agreement.compared());
  confusion.add(other.confusion.counts());
  keyMs.insert(keyMs.end(), other.keyMs.begin(), other.keyMs.end());
  otherMs.insert(otherMs.end(), other.otherMs.begin(), other.otherMs.end());
  labelled += other.labelled;
}

double SweepTally::msPerFrame() const {
  return (double(keys()) * medianOf(keyMs) + double(otherMs.size()) * medianOf(otherMs)) / double(frames());
}

SweepTally withCommonestKeys(const std::vector<SweepTally>& runs, int classes) {
  std::map<int64_t, int> runsWith;
  for (const auto& run : runs) ++runsWith[run.keys()];
  int64_t keys = runs.front().keys();
  for (const auto& run : runs)
    if (runsWith[run.keys()] > runsWith[keys]) keys = run.keys();
  SweepTally sum(classes);
  for (const auto& run : runs)
    if (run.keys() == keys) sum.add(run);
  return sum;
}

nlohmann::json toJson(const SweepTally& t) {
  return {{"equal", t.agreement.equal()},
          {"compared", t.agreement.compared()},
          {"confusion", t.confusion.counts()},
          {"key_ms", t.keyMs},
          {"other_ms", t.otherMs},
          {"labelled", t.labelled}};
}

SweepTally tallyOf(const nlohmann::json& object, int classes) {
  SweepTally tally(classes);
  try {
    tally.agreement.add(object.at("equal").get<int64_t>(), object.at("compared").get<int64_t>());
    tally.confusion.add(object.at("confusion").get<std::vector<int64_t>>());
    tally.keyMs = object.at("key_ms").get<std::vector<float>>();
    tally.otherMs = object.at("other_ms").get<std::vector<float>>();
    tally.labelled = object.at("labelled").get<int64_t>();
  } catch (const nlohmann::json::exception& e) {
    fail("a kept part of a sweep cannot be read: ", e.what());
  }
  return tally;
}

}  // namespace dff
