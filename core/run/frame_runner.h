#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/run/engine.h"

namespace dff {

/// A decoded frame and what it cost so far.
struct TimedFrame {
  FramePtr frame;
  StageTimes times;
};

/// Takes the frames of a range in order and gives their results in order. Plain and synchronous, as the engine is.
///
/// A propagator that reads ahead makes frames wait: for the next key, and one key more where keys are blended with
/// their neighbours. Then each new frame is paid for with one that waited, so that the work stays even. Held are at
/// most the frames of two intervals and four key features.
class FrameRunner {
 public:
  using Emit = std::function<void(Result&&)>;

  /// What `emit` throws passes through push() and finish(), and ends the run. Throws UsageError where the engine
  /// spreads keys over as many frames as the interval has, or more.
  FrameRunner(Engine& engine, KeyPlan& plan, Emit emit);
  ~FrameRunner();
  void push(TimedFrame frame);
  /// The range is over: gives the results that are still due.
  void finish();

 private:
  /// A key and the frames between it and the next.
  struct Segment {
    KeyPtr key, blended;
    StageTimes times;
    std::vector<TimedFrame> frames;
  };

  void place(TimedFrame frame, const Frame* next);
  void placeKey(const TimedFrame& frame, bool newScene);
  void settle(const KeyPtr& after);
  void endScene();
  void emitDue(size_t atMost);
  FramePtr held(int64_t index) const;

  Engine& engine_;
  KeyPlan& plan_;
  Emit emit_;
  bool aggregate_;
  std::optional<TimedFrame> newest_;          // a key or not, by the frame that follows
  std::optional<Segment> waiting_, settled_;  // the newest key before and after it was blended
  std::deque<std::function<Result()>> due_;   // what can be computed, in order
  std::deque<FramePtr> held_;                 // where frames wait: from the last one given on
};

}  // namespace dff
