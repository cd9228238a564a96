#include "ui/play/player.h"

#include <algorithm>

namespace dff::ui {
namespace {
constexpr double kPatience = 0.5;  // seconds without a ready frame, after which one is shown as it is
constexpr double kMaxSpeed = 8, kMinSpeed = 0.1;
constexpr double kRateWindow = 2;  // seconds
}  // namespace

Player::Player(FrameRing& ring, std::function<double()> now, QObject* parent)
    : QObject(parent), ring_(ring), now_(std::move(now)) {
  timer_.setSingleShot(true);
  timer_.setTimerType(Qt::PreciseTimer);
  connect(&timer_, &QTimer::timeout, this, &Player::look);
}

void Player::setClip(ClipPtr clip) {
  clip_ = std::move(clip);
  playing_ = false;
  shown_ = nullptr;
  position_ = in_ = 0;
  out_ = clip_ ? clip_->frames() - 1 : 0;
  dropped_ = 0;
  direction_ = 1;
  Q_EMIT changed();
  look();
}

void Player::anchor(int64_t index) {
  anchorTime_ = lastShown_ = now_();
  anchorSeconds_ = direction_ > 0 ? clip_->start(index) : clip_->start(index) + clip_->duration(index);
}

double Player::clockSeconds() const { return anchorSeconds_ + direction_ * speed_ * (now_() - anchorTime_); }

int64_t Player::due() const {
  if (!playing_ || !clip_) return position_;
  return std::clamp(clip_->frameAt(clockSeconds()), in_, out_);
}

void Player::play() {
  if (!clip_ || playing_) return;
  playing_ = true;
  dropped_ = 0;
  showTimes_.clear();
  const bool atEnd = direction_ > 0 ? position_ >= out_ : position_ <= in_;
  if (atEnd || position_ < in_ || position_ > out_) position_ = direction_ > 0 ? in_ : out_;
  anchor(position_);
  Q_EMIT changed();
  look();
}

void Player::pause() {
  if (!playing_) return;
  playing_ = false;
  timer_.stop();
  direction_ = 1;
  if (shown_) position_ = shown_->index;
  Q_EMIT changed();
  look();
}

void Player::shuttle(int direction) {
  if (!clip_) return;
  const bool faster = playing_ && direction == direction_;
  speed_ = faster ? std::min(kMaxSpeed, speed_ * 2) : 1;
  direction_ = direction;
  if (playing_) anchor(position_);
  Q_EMIT changed();
  play();
}

void Player::seek(int64_t index) {
  if (!clip_) return;
  position_ = std::clamp<int64_t>(index, 0, clip_->frames() - 1);
  if (playing_) anchor(position_);
  Q_EMIT changed();
  look();
}

void Player::step(int64_t frames) {
  pause();
  direction_ = frames < 0 ? -1 : 1;
  seek(position_ + frames);
}

void Player::setSpeed(double speed) {
  speed_ = std::clamp(speed, kMinSpeed, kMaxSpeed);
  if (playing_) anchor(position_);
  Q_EMIT changed();
}

void Player::setIn() { setRange(position_, std::max(position_, out_)); }
void Player::setOut() { setRange(std::min(position_, in_), position_); }
void Player::clearRange() {
  if (clip_) setRange(0, clip_->frames() - 1);
}

void Player::setRange(int64_t first, int64_t last) {
  if (!clip_) return;
  in_ = std::clamp<int64_t>(first, 0, clip_->frames() - 1);
  out_ = std::clamp<int64_t>(last, in_, clip_->frames() - 1);
  Q_EMIT changed();
}

void Player::setLoop(bool loop) {
  loop_ = loop;
  Q_EMIT changed();
}

void Player::show(const FramePtr& frame) {
  shown_ = frame;
  lastShown_ = now_();
  if (playing_) {
    showTimes_.push_back(lastShown_);
    std::erase_if(showTimes_, [&](double t) { return t < lastShown_ - kRateWindow; });
  }
  Q_EMIT frameShown();
}

double Player::shownPerSecond() const {
  if (showTimes_.size() < 2) return 0;
  return double(showTimes_.size() - 1) / (showTimes_.back() - showTimes_.front());
}

void Player::look() {
  if (!clip_) return;
  if (playing_) return lookWhilePlaying();
  if (shown_ && shown_->index == position_) return;
  if (const FramePtr frame = ring_.get(position_)) show(frame);
}

bool Player::pastEnd(double seconds) const {
  return direction_ > 0 ? seconds >= clip_->start(out_) + clip_->duration(out_) : seconds < clip_->start(in_);
}

void Player::atTheEnd() {
  if (!loop_) return pause();
  position_ = direction_ > 0 ? in_ : out_;
  anchor(position_);
}

/// The newest frame that is due and ready; those passed over are counted.
void Player::lookWhilePlaying() {
  const bool hungry = now_() - lastShown_ > kPatience;
  if (pastEnd(clockSeconds())) atTheEnd();
  if (!playing_) return;
  const int64_t due = this->due(), before = shown_ ? shown_->index : -1;
  for (int64_t i = due; (i - position_) * direction_ >= 0; i -= direction_) {
    if (i == before) break;
    const FramePtr frame = ring_.get(i);
    if (!frame || !(ready_(i) || hungry)) continue;
    dropped_ += std::max<int64_t>(0, (i - position_) * direction_ - 1);
    position_ = i;
    show(frame);
    break;
  }
  if (hungry && !ring_.has(due)) anchor(nextDecoded(due));
  planNextLook();
}

/// Where to go on when the decoder has not come to frame `due`: behind a gap that it cannot decode, else from here.
int64_t Player::nextDecoded(int64_t due) const {
  for (int64_t i = due; i >= in_ && i <= out_; i += direction_)
    if (ring_.has(i)) return i;
  return position_;
}

void Player::planNextLook() {
  const int64_t due = this->due();
  const double next = direction_ > 0 ? clip_->start(due) + clip_->duration(due) : clip_->start(due);
  const double wait = (next - clockSeconds()) * direction_ / speed_;
  timer_.start(std::clamp(int(wait * 1000) + 1, 1, 100));
}

}  // namespace dff::ui
