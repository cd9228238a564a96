#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <opencv2/core/types.hpp>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/schedule/key_policy.h"
#include "ui/play/decoder.h"

namespace dff::ui {

/// Where a policy is to place key frames.
struct KeyWish {
  ClipPtr clip;
  int64_t first = 0, last = 0;
  cv::Size network;  ///< the model's input, pixels
  std::string policy = "fixed";
  int interval = 10;  ///< as many keys as at this one
  std::set<int64_t> pins = {};
  bool readsAhead = false;  ///< propagation reads the key after a frame, too

  /// Whether there is anything to place, and on what.
  bool isPlan() const;
  bool sameFrames(const KeyWish& other) const;
  bool operator==(const KeyWish&) const = default;
};

/// Names of the policies that go by the frames alone, ready for every change of a setting; one that asks the model
/// itself takes a run of its own.
std::vector<std::string> quickPolicies();

/// The options of a run that places the same keys.
PolicyOptions policyOptions(const std::string& policy, int interval);

struct PlannedKeys {
  KeyWish wish;  ///< that `keys` were placed for
  std::set<int64_t> keys;
  std::optional<double> looked;  ///< while frames are being looked at: share of the range
  std::string error;
};

/// Places keys by a policy on a thread of its own: looks at the frames of a range once, and places anew when the policy
/// or the interval changes.
class KeyPlanner {
 public:
  /// `wake` is called from the thread whenever there is news.
  explicit KeyPlanner(std::function<void()> wake);
  ~KeyPlanner();

  void setWish(const KeyWish& wish);
  PlannedKeys news() const;

 private:
  void run(std::stop_token stop);
  void plan(const KeyWish& wish, const std::stop_token& stop);
  void look(const KeyWish& wish, const std::stop_token& stop);
  void report(const Progress& progress, const KeyWish& wish);

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  KeyWish wish_;
  PlannedKeys news_;

  // Of the thread alone.
  KeyWish lookedFor_;
  std::vector<PlanFrame> frames_;
  std::jthread thread_;
};

}  // namespace dff::ui
