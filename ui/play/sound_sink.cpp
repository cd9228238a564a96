#include "ui/play/sound_sink.h"

#include <QAudioDevice>
#include <QAudioSink>
#include <QIODevice>
#include <QMediaDevices>
#include <algorithm>
#include <vector>

namespace dff::ui {
namespace {

constexpr int kPair = 2 * sizeof(float);
constexpr double kBufferSeconds = 0.15;  // long enough that a busy window leaves no gaps

/// What the device reads; it never ends.
class Source : public QIODevice {
 public:
  Source(SoundSink::Pull pull, bool integers) : pull_(std::move(pull)), integers_(integers) { open(ReadOnly); }
  bool isSequential() const override { return true; }
  qint64 bytesAvailable() const override { return 1 << 20; }

 protected:
  qint64 readData(char* data, qint64 most) override {
    const int pairs = int(most / (integers_ ? kPair / 2 : kPair));
    if (!integers_) {
      pull_(reinterpret_cast<float*>(data), pairs);
      return qint64(pairs) * kPair;
    }
    samples_.resize(2 * size_t(pairs));
    pull_(samples_.data(), pairs);
    std::transform(samples_.begin(), samples_.end(), reinterpret_cast<int16_t*>(data),
                   [](float v) { return int16_t(std::clamp(v, -1.f, 1.f) * 32767); });
    return qint64(pairs) * kPair / 2;
  }
  qint64 writeData(const char*, qint64) override { return -1; }

 private:
  SoundSink::Pull pull_;
  bool integers_;
  std::vector<float> samples_;
};

class DeviceSink : public SoundSink {
 public:
  bool start(int rate, Pull pull) override {
    stop();
    const QAudioDevice device = QMediaDevices::defaultAudioOutput();
    if (device.isNull()) return false;
    QAudioFormat format;
    format.setSampleRate(rate);
    format.setChannelCount(2);
    format.setSampleFormat(QAudioFormat::Float);
    if (!device.isFormatSupported(format)) format.setSampleFormat(QAudioFormat::Int16);
    if (!device.isFormatSupported(format)) return false;
    source_ = std::make_unique<Source>(std::move(pull), format.sampleFormat() == QAudioFormat::Int16);
    sink_ = std::make_unique<QAudioSink>(device, format);
    sink_->setBufferSize(format.bytesForDuration(qint64(kBufferSeconds * 1e6)));
    sink_->start(source_.get());
    return sink_->error() == QAudio::NoError;
  }

  void stop() override {
    if (sink_) sink_->stop();
    sink_.reset();
    source_.reset();
  }

  double heard() const override {
    if (!sink_) return 0;
    const qint64 waiting = sink_->format().durationForBytes(int(sink_->bufferSize() - sink_->bytesFree()));
    return std::max(0.0, double(sink_->processedUSecs() - waiting) / 1e6);
  }

 private:
  std::unique_ptr<Source> source_;
  std::unique_ptr<QAudioSink> sink_;
};

}  // namespace

std::unique_ptr<SoundSink> makeDeviceSink() { return std::make_unique<DeviceSink>(); }

}  // namespace dff::ui
