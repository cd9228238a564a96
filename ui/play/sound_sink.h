#pragma once
#include <functional>
#include <memory>

namespace dff::ui {

/// Where sound is heard. Used from the window's thread.
class SoundSink {
 public:
  virtual ~SoundSink() = default;
  /// Fills `frames` pairs of left and right; may be called from any thread.
  using Pull = std::function<void(float* samples, int frames)>;
  /// Begins to be heard, at `rate` pairs a second. False: there is no device that could.
  virtual bool start(int rate, Pull pull) = 0;
  virtual void stop() = 0;
  /// Seconds of sound heard since start(); may go in steps.
  virtual double heard() const = 0;
};

/// The system's sound device, looked for only once something is to be heard.
std::unique_ptr<SoundSink> makeDeviceSink();

}  // namespace dff::ui
