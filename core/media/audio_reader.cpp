#include "core/media/audio_reader.h"

#include <limits>

namespace dff {
namespace {
constexpr double kLead = 0.1;  // seconds on which a decoder warms up
}

AudioReader::AudioReader(const std::filesystem::path& file, double fromSeconds)
    : packets_({file, fromSeconds, std::numeric_limits<double>::infinity()}), frame_(av::notNull(av_frame_alloc())) {
  if (!found()) return;
  decoder_ = openAudioDecoder(packets_.stream());
  rate_ = decoder_->sample_rate;
  resampler_ = openResampler(*decoder_, rate_, 2, AV_SAMPLE_FMT_FLT);
  channels_ = decoder_->ch_layout.nb_channels;
  format_ = decoder_->sample_fmt;
}

/// Damaged and spliced files change within; the resampler was made for what they began with.
bool AudioReader::asAtTheBeginning() const {
  return frame_->ch_layout.nb_channels == channels_ && frame_->format == format_ && frame_->sample_rate == rate_;
}

AudioBlock AudioReader::received() {
  AudioBlock block;
  const int64_t at = frame_->best_effort_timestamp;
  block.seconds = at == AV_NOPTS_VALUE ? packets_.range().start : double(at) * av_q2d(packets_.stream().time_base);
  const int room = int(swr_get_out_samples(resampler_.get(), frame_->nb_samples));
  block.samples.resize(2 * size_t(room));
  uint8_t* out = reinterpret_cast<uint8_t*>(block.samples.data());
  const int got = av::check(
      swr_convert(resampler_.get(), &out, room, const_cast<const uint8_t**>(frame_->extended_data), frame_->nb_samples),
      "cannot resample the sound");
  block.samples.resize(2 * size_t(got));
  return block;
}

AudioBlock AudioReader::next() {
  while (found()) {
    if (avcodec_receive_frame(decoder_.get(), frame_.get()) >= 0) {
      if (!asAtTheBeginning()) continue;
      AudioBlock block = received();
      if (!block.samples.empty()) return block;
      continue;
    }
    if (drained_) break;
    AVPacket* packet = packets_.next(kLead);
    avcodec_send_packet(decoder_.get(), packet);  // a damaged packet is silence, not the end; none: the last frames
    drained_ = !packet;
  }
  return {};
}

}  // namespace dff
