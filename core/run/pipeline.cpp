#include "core/run/pipeline.h"

#include <exception>
#include <mutex>
#include <thread>

#include "core/base/bounded_queue.h"
#include "core/run/frame_runner.h"

namespace dff {
namespace {

constexpr size_t kQueued = 3;  // frames between two stages: enough to even out key frames, small in memory

/// Reads the frames of the range, one a call.
class Reader {
 public:
  Reader(FrameSource& source, const PipelineOptions& options) : source_(source), end_(options.end) {
    if (options.start > 0) source.seek(options.start);
  }
  std::optional<TimedFrame> next() {
    TimedFrame decoded;
    {
      StageTimer timer(decoded.times, Stage::Decode);
      decoded.frame = source_.next();
    }
    if (!decoded.frame || (end_ >= 0 && decoded.frame->index > end_)) return std::nullopt;
    return decoded;
  }

 private:
  FrameSource& source_;
  int64_t end_;
};

int64_t runPlainly(Reader& reader, Engine& engine, KeyPlan& plan, const std::function<void(Result&)>& sink,
                   const JobContext& job) {
  int64_t frames = 0;
  FrameRunner runner(engine, plan, [&](Result&& result) {
    job.checkStop();
    sink(result);
    ++frames;
  });
  while (auto decoded = reader.next()) {
    job.checkStop();
    runner.push(std::move(*decoded));
  }
  runner.finish();
  return frames;
}

/// Keeps the first exception of several threads.
class FirstError {
 public:
  void keep() {
    std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
};

/// What the threads of a run hand on to each other.
struct Queues {
  BoundedQueue<TimedFrame> decoded{kQueued};
  BoundedQueue<Result> results{kQueued};
  FirstError error;

  void close() {
    decoded.close();
    results.close();
  }
  void attempt(const std::function<void()>& work) {
    try {
      work();
    } catch (...) {
      error.keep();
    }
  }
};

int64_t infer(Queues& queues, Engine& engine, KeyPlan& plan, const JobContext& job) {
  int64_t frames = 0;
  FrameRunner runner(engine, plan, [&](Result&& result) {
    job.checkStop();
    if (!queues.results.push(std::move(result))) throw Interrupted();  // the sink has failed, and said why
    ++frames;
  });
  while (auto frame = queues.decoded.pop()) {
    job.checkStop();
    runner.push(std::move(*frame));
  }
  runner.finish();
  return frames;
}

/// The engine stays on the calling thread; reading and the sink get threads of their own.
int64_t runThreaded(Reader& reader, Engine& engine, KeyPlan& plan, const std::function<void(Result&)>& sink,
                    const JobContext& job) {
  Queues queues;
  int64_t frames = 0;
  {
    std::jthread reading([&] {
      queues.attempt([&] {
        while (auto frame = reader.next())
          if (!queues.decoded.push(std::move(*frame))) break;
      });
      queues.decoded.close();  // what was read is still worked off
    });
    std::jthread writing([&] {
      queues.attempt([&] {
        while (auto result = queues.results.pop()) sink(*result);
      });
      queues.close();
    });
    queues.attempt([&] { frames = infer(queues, engine, plan, job); });
    queues.close();
  }
  queues.error.rethrow();
  return frames;
}

}  // namespace

int64_t runFrames(FrameSource& source, Engine& engine, KeyPlan& plan, const PipelineOptions& options,
                  const std::function<void(Result&)>& sink, const JobContext& job) {
  const InferenceScope scope(options.threads);
  Reader reader(source, options);
  return options.threaded ? runThreaded(reader, engine, plan, sink, job) : runPlainly(reader, engine, plan, sink, job);
}

}  // namespace dff
