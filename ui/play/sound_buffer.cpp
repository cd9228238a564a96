#include "ui/play/sound_buffer.h"

#include <algorithm>

namespace dff::ui {

void SoundBuffer::clear(int64_t position) {
  std::lock_guard lock(mutex_);
  samples_.clear();
  begin_ = position_ = position;
}

void SoundBuffer::add(int64_t at, const std::vector<float>& samples) {
  std::lock_guard lock(mutex_);
  const int64_t end = begin_ + int64_t(samples_.size() / 2), gap = at - end;
  if (gap > 0) samples_.insert(samples_.end(), 2 * size_t(gap), 0.f);
  const auto overlap = std::min<int64_t>(std::max<int64_t>(0, -gap), int64_t(samples.size() / 2));
  samples_.insert(samples_.end(), samples.begin() + 2 * overlap, samples.end());
}

void SoundBuffer::setPosition(int64_t position) {
  std::lock_guard lock(mutex_);
  position_ = position;
  drop();
}

void SoundBuffer::drop() {
  const int64_t past = std::clamp<int64_t>(position_ - begin_, 0, int64_t(samples_.size() / 2));
  samples_.erase(samples_.begin(), samples_.begin() + 2 * past);
  begin_ += past;
}

void SoundBuffer::read(float* samples, int pairs) {
  std::lock_guard lock(mutex_);
  std::fill(samples, samples + 2 * size_t(pairs), 0.f);
  const int64_t end = begin_ + int64_t(samples_.size() / 2);
  const int64_t first = std::max(position_, begin_), last = std::min(position_ + pairs, end);
  if (first < last)
    std::copy(samples_.begin() + 2 * (first - begin_), samples_.begin() + 2 * (last - begin_),
              samples + 2 * (first - position_));
  position_ += pairs;
  drop();
}

int64_t SoundBuffer::position() const {
  std::lock_guard lock(mutex_);
  return position_;
}

int64_t SoundBuffer::begin() const {
  std::lock_guard lock(mutex_);
  return begin_;
}

int64_t SoundBuffer::end() const {
  std::lock_guard lock(mutex_);
  return begin_ + int64_t(samples_.size() / 2);
}

}  // namespace dff::ui
