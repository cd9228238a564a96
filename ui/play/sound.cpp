#include "ui/play/sound.h"

#include <algorithm>
#include <cmath>

#include "core/media/audio_reader.h"

namespace dff::ui {
namespace {

constexpr double kAhead = 1;       // seconds that are decoded before they are heard
constexpr double kEnough = 0.15;   // seconds with which hearing begins
constexpr double kOff = 0.08;      // seconds between sound and picture that nobody minds
constexpr double kReach = 2;       // seconds ahead that are waited for rather than sought
constexpr double kPatience = 1.5;  // seconds after which a device that stands still is left alone
constexpr double kCorrection = 2;  // of the clock's rate, by a second that it is off

int64_t pairAt(double seconds, int rate) { return std::llround(seconds * rate); }

}  // namespace

struct Sound::Decoding {
  std::unique_ptr<AudioReader> reader;
  uint64_t generation = 0;
};

Sound::Sound(std::unique_ptr<SoundSink> sink, std::function<double()> steady, QObject* parent)
    : QObject(parent),
      sink_(std::move(sink)),
      steady_(std::move(steady)),
      lastSteady_(steady_()),
      decoding_(std::make_unique<Decoding>()),
      thread_([this](std::stop_token stop) { run(stop); }) {
  connect(&woke_, &Wakeup::woken, this, &Sound::ready);
}

Sound::~Sound() {
  halt();
  thread_.request_stop();
  changed_.notify_all();
  thread_.join();
}

void Sound::open(const std::filesystem::path& file) {
  halt();
  dead_ = false;
  asked_.reset();
  std::lock_guard lock(mutex_);
  file_ = file;
  rate_ = 0;
  from_.reset();
  fresh_ = false;
  ended_ = true;
  ++generation_;
}

void Sound::setMuted(bool muted) {
  muted_ = muted;
  if (muted) halt();
}

/// How fast time goes: as the device is heard, evened out, since devices tell that in steps.
double Sound::rateOfTime(double steadyNow) {
  const double heard = sink_->heard();
  if (heard > lastHeard_) lastHeardAt_ = steadyNow;
  lastHeard_ = heard;
  if (steadyNow - lastHeardAt_ > kPatience) {
    dead_ = true;
    halt();
    return 1;
  }
  if (heard <= 0) return 0;  // the device is about to begin
  return std::clamp(1 + kCorrection * (timeAtStart_ + heard - time_), 0.0, 2.0);
}

double Sound::now() {
  const double steady = steady_(), passed = std::max(0.0, steady - lastSteady_);
  lastSteady_ = steady;
  time_ += passed * (running_ ? rateOfTime(steady) : 1);
  return time_;
}

void Sound::halt() {
  if (running_) sink_->stop();
  running_ = false;
}

void Sound::begin(double fileSeconds) {
  buffer_.setPosition(pairAt(fileSeconds, rate_));
  timeAtStart_ = time_;
  fileAtStart_ = fileSeconds;
  lastHeard_ = 0;
  lastHeardAt_ = lastSteady_;
  running_ = sink_->start(rate_, [this](float* samples, int pairs) {
    buffer_.read(samples, pairs);
    changed_.notify_all();
  });
  dead_ = !running_;
  changed_.notify_all();
}

void Sound::ask(double fileSeconds) {
  asked_ = fileSeconds;
  from_ = fileSeconds;
  fresh_ = ended_ = false;
  ++generation_;
}

void Sound::follow(std::optional<double> fileSeconds) {
  if (!fileSeconds) dead_ = false;  // the next time there may be a device
  if (!fileSeconds || muted_ || dead_ || file_.empty()) return halt();
  if (running_ && std::abs(fileAtStart_ + time_ - timeAtStart_ - *fileSeconds) < kOff) return;
  halt();
  bool enough = false;
  {
    std::lock_guard lock(mutex_);
    enough = prepare(*fileSeconds);
    waited_ = !enough;
  }
  changed_.notify_all();
  if (enough) begin(*fileSeconds);
}

/// Whether hearing can begin there; if not, sees to it that it can before long.
bool Sound::prepare(double seconds) {
  if (!fresh_) {
    if (!asked_ || seconds < *asked_ - kOff || seconds > *asked_ + kReach) ask(seconds);
    return false;
  }
  if (rate_ == 0) return false;  // the file has no sound
  const int64_t at = pairAt(seconds, rate_), end = buffer_.end();
  const bool comes = buffer_.begin() <= at + pairAt(kOff, rate_) && (ended_ || at <= end + pairAt(kReach, rate_));
  if (!comes) return ask(seconds), false;
  buffer_.setPosition(at);
  return ended_ ? end > at : end >= at + pairAt(kEnough, rate_);
}

bool Sound::wantsMore() const {
  if (from_) return true;
  return !ended_ && rate_ > 0 && buffer_.end() < buffer_.position() + pairAt(kAhead, rate_);
}

void Sound::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return wantsMore(); });
    }
    if (stop.stop_requested()) return;
    try {
      decodeOne();
    } catch (const std::exception&) {  // the pictures go on without it
      std::lock_guard lock(mutex_);
      ended_ = fresh_ = true;
      rate_ = 0;
    }
  }
}

/// Begins anew where that is asked, then one block.
void Sound::decodeOne() {
  std::filesystem::path file;
  std::optional<double> from;
  {
    std::lock_guard lock(mutex_);
    std::swap(from, from_);
    file = file_;
    if (from) decoding_->generation = generation_;
  }
  if (from) decoding_->reader = std::make_unique<AudioReader>(file, *from);
  AudioReader& reader = *decoding_->reader;
  const AudioBlock block = reader.found() ? reader.next() : AudioBlock();
  std::unique_lock lock(mutex_);
  if (decoding_->generation != generation_) return;
  rate_ = reader.rate();
  if (from) buffer_.clear(pairAt(*from, rate_));
  fresh_ = true;
  ended_ = block.samples.empty();
  if (!ended_) buffer_.add(pairAt(block.seconds, rate_), block.samples);
  const bool enough = ended_ || buffer_.end() >= buffer_.position() + pairAt(kEnough, rate_);
  const bool tell = enough && std::exchange(waited_, false);
  lock.unlock();
  if (tell) woke_();
}

}  // namespace dff::ui
