#include "ui/play/decoder.h"

#include <algorithm>
#include <chrono>

#include "core/base/error.h"
#include "ui/play/worker_thread.h"

namespace dff::ui {
namespace {

constexpr int64_t kAtOnce = 4;       // frames that are decoded before the way back to the key frame
constexpr double kShareAhead = 0.6;  // of the ring
constexpr int64_t kStillNear = 8;    // frames by which what is wanted may move on while one is decoded
constexpr double kSmoothing = 0.1;   // of the decoding time shown

/// What there is, and what cannot be had.
struct Known {
  const FrameRing& ring;
  const std::set<int64_t>& lost;
  bool operator()(int64_t i) const { return ring.has(i) || lost.count(i); }

  std::optional<int64_t> firstMissing(int64_t from, int64_t to) const {
    for (int64_t i = from; i <= to; ++i)
      if (!(*this)(i)) return i;
    return std::nullopt;
  }
};

}  // namespace

int64_t Clip::frameAt(double seconds) const {
  const auto& times = info.times;
  const auto after = std::upper_bound(times.begin(), times.end(), seconds,
                                      [](double s, const FrameTime& t) { return s < t.ptsSeconds; });
  return std::max<int64_t>(0, after - times.begin() - 1);
}

std::optional<int64_t> nextToDecode(const FrameRing& ring, const DecodeAim& aim, int64_t frames, int64_t capacity,
                                    const std::set<int64_t>& lost) {
  const Known known{ring, lost};
  const auto within = [&](int64_t i) { return std::clamp<int64_t>(i, 0, frames - 1); };
  const int64_t far = std::max<int64_t>(1, int64_t(double(capacity) * kShareAhead));
  const int64_t near = std::max<int64_t>(0, (capacity - far) / 2);  // what lies behind counts twice
  const int64_t target = within(aim.target);
  if (!known(target)) return target;
  if (aim.direction > 0 && !aim.hurry)
    if (auto i = known.firstMissing(target, within(target + std::min(kAtOnce, far)))) return i;
  for (int64_t key : aim.keys)
    if (within(key) == key && !known(key)) return key;
  if (aim.hurry) return std::nullopt;
  if (aim.direction < 0) {  // a stretch before the target at once, so that it is decoded forward
    for (int64_t stretch = 8; stretch <= far; stretch += 8)
      if (auto i = known.firstMissing(within(target - stretch), target)) return i;
    return known.firstMissing(target, within(target + near));
  }
  const int64_t from = aim.keys.empty() ? target : std::clamp(aim.keys.front(), target - near, target);
  if (auto i = known.firstMissing(within(from), target)) return i;
  if (auto i = known.firstMissing(target, within(target + far))) return i;
  return known.firstMissing(within(target - near), target);
}

std::vector<int64_t> onTheWay(const FrameRing& ring, const DecodeAim& aim, const Clip& clip, int64_t index,
                              int64_t position) {
  int64_t from = index;
  while (from > 0 && !clip.info.times[size_t(from)].codecKey) --from;
  if (position >= from && position <= index) from = position;
  const auto isKey = [&](int64_t i) { return std::find(aim.keys.begin(), aim.keys.end(), i) != aim.keys.end(); };
  std::vector<int64_t> frames;
  for (int64_t i = from; i < index; ++i)
    if ((i >= aim.target || isKey(i)) && !ring.has(i)) frames.push_back(i);
  frames.push_back(index);
  return frames;
}

Decoder::Decoder(FrameRing& ring, std::function<void()> wake)
    : ring_(ring), wake_(std::move(wake)), thread_([this](std::stop_token stop) { run(stop); }) {}

Decoder::~Decoder() {
  thread_.request_stop();
  changed_.notify_all();
}

void Decoder::open(const std::filesystem::path& path) {
  std::lock_guard lock(mutex_);
  toOpen_ = path;
  changed_.notify_all();
}

void Decoder::aim(const DecodeAim& aim) {
  std::lock_guard lock(mutex_);
  aim_ = aim;
  ring_.aim(aim.target, aim.direction, aim.keys);
  changed_.notify_all();
}

DecoderNews Decoder::news() const {
  std::lock_guard lock(mutex_);
  return news_;
}

std::optional<int64_t> Decoder::next() const {
  if (!news_.clip || broken_) return std::nullopt;
  const auto& info = news_.clip->info;
  return nextToDecode(ring_, aim_, news_.clip->frames(), ring_.capacity(3ul * info.width * info.height), news_.lost);
}

void Decoder::run(std::stop_token stop) {
  nameThread("decode");
  while (!stop.stop_requested()) {
    std::optional<std::filesystem::path> path;
    std::optional<int64_t> index;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] { return toOpen_ || (index = next()); });
      if (stop.stop_requested()) return;
      path = std::exchange(toOpen_, std::nullopt);
    }
    try {
      path ? openNow(*path) : decode(*index, stop);
    } catch (const std::exception& e) {
      std::lock_guard lock(mutex_);
      news_.error = e.what();
      broken_ = !path;
    }
    wake_();
  }
}

void Decoder::openNow(const std::filesystem::path& path) {
  auto source = openSource(path);
  auto clip = std::make_shared<Clip>(Clip{path, source->info()});
  if (clip->frames() == 0) fail(path.string(), " holds no frame");
  source_ = std::move(source);
  position_ = 0;
  print_ = {};
  std::lock_guard lock(mutex_);
  ring_.clearFor(3ul * clip->info.width * clip->info.height);
  aim_ = {};
  broken_ = false;
  news_ = {clip, "", {}, {}, source_->warnings(), 0};
}

/// Whether somebody waits for a frame that the one of `goal` is not about as far as. While playing nothing is given up:
/// what is wanted moves on all the time.
bool Decoder::overtaken(int64_t goal, const std::stop_token& stop) const {
  std::lock_guard lock(mutex_);
  if (toOpen_ || stop.stop_requested()) return true;
  if (!aim_.hurry) return false;
  const auto now = next();
  return !now || *now < goal || *now > goal + kStillNear;
}

void Decoder::decode(int64_t index, const std::stop_token& stop) {
  std::vector<int64_t> frames;
  {
    std::lock_guard lock(mutex_);
    frames = onTheWay(ring_, aim_, *news_.clip, index, position_);
  }
  for (int64_t frame : frames) {
    if (!goTo(frame, index, stop)) return;
    decodeOne(frame);
    if (frame != index) wake_();
  }
}

/// False: given up on the way.
bool Decoder::goTo(int64_t index, int64_t goal, const std::stop_token& stop) {
  if (position_ == index) return true;
  source_->seek(index);
  while (!source_->approach())
    if (overtaken(goal, stop)) {
      position_ = -1;
      return false;
    }
  return true;
}

void Decoder::decodeOne(int64_t index) {
  const auto start = std::chrono::steady_clock::now();
  const bool inOrder = position_ == index;
  const FramePtr frame = source_->next();
  position_ = frame ? frame->index + 1 : -1;
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (frame) {
    ring_.put(frame);
    noteCut(*frame);
  }
  std::lock_guard lock(mutex_);
  if (!frame || frame->index != index) news_.lost.insert(index);
  if (inOrder) news_.decodeMs += (news_.decodeMs == 0 ? 1 : kSmoothing) * (ms - news_.decodeMs);
  news_.warnings = source_->warnings();
}

/// Compares the frame with the one before it, and where decoding came to what is there already, with the one after.
void Decoder::noteCut(const Frame& frame) {
  const auto printAt = [this](int64_t index) {
    const FramePtr other = ring_.get(index);
    return other ? scenePrint(other->rgb) : ScenePrint();
  };
  const ScenePrint now = scenePrint(frame.rgb), after = printAt(frame.index + 1);
  const ScenePrint before = printOf_ == frame.index - 1 ? print_ : printAt(frame.index - 1);
  print_ = now;
  printOf_ = frame.index;
  std::lock_guard lock(mutex_);
  if (!before.empty() && isSceneCut(before, now)) news_.cuts.insert(frame.index);
  if (!after.empty() && isSceneCut(now, after)) news_.cuts.insert(frame.index + 1);
}

}  // namespace dff::ui
