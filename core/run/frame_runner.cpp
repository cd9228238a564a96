#include "core/run/frame_runner.h"

#include <algorithm>

#include "core/base/error.h"

namespace dff {
namespace {

/// What a frame cost before it came to the engine.
void addTimes(StageTimes& times, const StageTimes& before) {
  for (Stage stage : {Stage::Decode, Stage::Prepare})
    times[stage] = std::max(0.0, times[stage]) + std::max(0.0, before[stage]);
}

}  // namespace

FrameRunner::FrameRunner(Engine& engine, KeyPlan& plan, Emit emit)
    : engine_(engine),
      plan_(plan),
      emit_(std::move(emit)),
      aggregate_(engine.aggregatesKeys() && plan.interval() > 1) {  // interval 1 is per-frame inference, the yardstick
  if (const int spread = engine.options().spread; spread >= plan.interval() && spread > 0)
    throw UsageError(text("keys spread over ", spread,
                          " further frames would not be done when the next one comes, at an ", "interval of ",
                          plan.interval(), "; give a --spread below the interval"));
  engine_.setFrames(engine_.readsAhead() ? [this](int64_t index) { return held(index); } : FlowSource::FrameOf());
}

FrameRunner::~FrameRunner() { engine_.setFrames({}); }

void FrameRunner::push(TimedFrame frame) {
  if (engine_.readsAhead()) {
    held_.push_back(frame.frame);
    if (newest_) place(std::move(*newest_), frame.frame.get());
    newest_ = std::move(frame);
    emitDue(1);
    return;
  }
  KeyDecision decision;
  {
    StageTimer timer(frame.times, Stage::Prepare);
    decision = plan_.decide(*frame.frame);
  }
  Result result = engine_.step(frame.frame, decision);
  addTimes(result.times, frame.times);
  emit_(std::move(result));
}

void FrameRunner::finish() {
  if (newest_) place(std::move(*newest_), nullptr);
  newest_.reset();
  endScene();
  emitDue(due_.size());
}

void FrameRunner::place(TimedFrame frame, const Frame* next) {
  KeyDecision decision;
  {
    StageTimer timer(frame.times, Stage::Prepare);
    decision = plan_.decide(*frame.frame, next);
  }
  if (decision.isKey) return placeKey(frame, decision.sceneCut);
  (waiting_ ? waiting_ : settled_)->frames.push_back(std::move(frame));
}

void FrameRunner::placeKey(const TimedFrame& frame, bool newScene) {
  if (newScene) endScene();
  StageTimes times;
  const KeyPtr key = engine_.makeKey(frame.frame, times);
  addTimes(times, frame.times);
  if (waiting_) settle(key);
  waiting_ = Segment{key, {}, times, {}};
  if (!aggregate_) settle({});
}

/// Nothing more will be learnt of the waiting key: it and the frames before it are due.
void FrameRunner::settle(const KeyPtr& after) {
  emitDue(due_.size());  // so that no more keys are held than these
  Segment& now = *waiting_;
  now.blended = aggregate_ ? engine_.aggregate(now.key, settled_ ? settled_->key : nullptr, after, now.times) : now.key;
  if (settled_)
    for (auto& between : settled_->frames)
      due_.emplace_back([this, between, previous = settled_->blended, next = now.blended] {
        Result result = engine_.propagate(between.frame, previous, next);
        addTimes(result.times, between.times);
        return result;
      });
  due_.emplace_back([this, key = now.blended, times = now.times] { return engine_.resultOfKey(*key, times); });
  settled_ = std::move(waiting_);
  waiting_.reset();
}

void FrameRunner::endScene() {
  if (waiting_) settle({});
  settled_.reset();
}

FramePtr FrameRunner::held(int64_t index) const {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const FramePtr& f) { return f->index == index; });
  return found == held_.end() ? nullptr : *found;
}

void FrameRunner::emitDue(size_t atMost) {
  for (; atMost > 0 && !due_.empty(); --atMost) {
    const auto compute = std::move(due_.front());
    due_.pop_front();
    Result result = compute();
    const int64_t given = result.frame->index;
    std::erase_if(held_, [&](const FramePtr& frame) { return frame->index < given; });
    emit_(std::move(result));
  }
}

}  // namespace dff
