#pragma once
#include <array>
#include <chrono>
#include <cstddef>

namespace dff {

/// What a frame goes through, in order; the names stand in reports.
enum class Stage { Decode, Prepare, Features, Flow, Warp, Head, Post, Detect, Overlay, Encode, Export };
inline constexpr size_t kStages = 11;
inline constexpr std::array<const char*, kStages> kStageNames = {
    "decode", "prepare", "features", "flow", "warp", "head", "post", "detect", "overlay", "encode", "export"};

/// Milliseconds that each stage took for one frame; below 0: the stage did not run.
struct StageTimes {
  std::array<double, kStages> ms;
  StageTimes() { ms.fill(-1); }
  double& operator[](Stage s) { return ms[static_cast<size_t>(s)]; }
  double operator[](Stage s) const { return ms[static_cast<size_t>(s)]; }
};

/// Adds the time of its scope to a stage.
class StageTimer {
 public:
  StageTimer(StageTimes& times, Stage stage) : slot_(times[stage]), start_(Clock::now()) {}
  ~StageTimer() {
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
    slot_ = (slot_ < 0 ? 0 : slot_) + ms;
  }
  StageTimer(const StageTimer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& slot_;
  Clock::time_point start_;
};

}  // namespace dff
