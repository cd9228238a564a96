#include "core/media/audio_track.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/media/audio_packets.h"

namespace dff {
namespace {

constexpr double kAll = std::numeric_limits<double>::infinity();

void writePacket(AVFormatContext& output, AVPacket& packet) {
  packet.pos = -1;
  av::check(av_interleaved_write_frame(&output, &packet), "cannot write the sound to ", output.url);
}

class CopiedTrack : public AudioTrack {
 public:
  CopiedTrack(AVFormatContext& output, std::unique_ptr<AudioPackets> source)
      : output_(output), source_(std::move(source)), stream_(av::notNull(avformat_new_stream(&output, nullptr))) {
    av::check(avcodec_parameters_copy(stream_->codecpar, source_->stream().codecpar), "cannot describe the sound");
    stream_->codecpar->codec_tag = 0;
    stream_->time_base = source_->stream().time_base;
  }

  void moveStart(double seconds) override { source_->moveStart(seconds); }

  void writeUntil(double seconds) override {
    while (!ended_) {
      if (!pending_) pending_ = source_->next(0);
      ended_ = !pending_;
      if (ended_ || source_->seconds(*pending_) - source_->range().start >= seconds) return;
      const int64_t shift = std::llround(source_->range().start / av_q2d(source_->stream().time_base));
      for (int64_t* stamp : {&pending_->pts, &pending_->dts})
        if (*stamp != AV_NOPTS_VALUE) *stamp -= shift;
      av_packet_rescale_ts(pending_, source_->stream().time_base, stream_->time_base);
      pending_->stream_index = stream_->index;
      if (pending_->dts == AV_NOPTS_VALUE) pending_->dts = pending_->pts;
      const bool inOrder = pending_->dts > lastDts_;  // damaged files jump back; the muxer would refuse them
      if (inOrder) lastDts_ = pending_->dts;
      if (inOrder) writePacket(output_, *pending_);
      pending_ = nullptr;
    }
  }
  void finish() override { writeUntil(kAll); }

 private:
  AVFormatContext& output_;
  std::unique_ptr<AudioPackets> source_;
  AVStream* stream_;
  AVPacket* pending_ = nullptr;
  int64_t lastDts_ = AV_NOPTS_VALUE;
  bool ended_ = false;
};

/// Decodes, resamples to what the encoder takes and encodes.
class EncodedTrack : public AudioTrack {
 public:
  EncodedTrack(AVFormatContext& output, std::unique_ptr<AudioPackets> source)
      : output_(output), source_(std::move(source)) {
    decoder_ = openAudioDecoder(source_->stream());
    openEncoder();
    resampler_ = openResampler(*decoder_, *encoder_, AV_SAMPLE_FMT_FLTP);
    addStream();  // last: a stream that nothing can fill would spoil the output
  }

  void moveStart(double seconds) override { source_->moveStart(seconds); }

  void writeUntil(double seconds) override {
    while (!ended_ && double(nextSample_) / encoder_->sample_rate < seconds) {
      AVPacket* packet = source_->next(/*lead=*/0.1);
      decode(packet);
      if (!packet) drain();
    }
  }
  void finish() override { writeUntil(kAll); }

 private:
  void openEncoder() {
    const AVCodecID wanted = source_->range().encodeAs;
    const AVCodec* codec = wanted == AV_CODEC_ID_VORBIS ? avcodec_find_encoder_by_name("libvorbis")  // its own is poor
                                                        : avcodec_find_encoder(wanted);
    if (!codec) fail("this FFmpeg cannot encode ", avcodec_get_name(wanted));
    encoder_.reset(av::notNull(avcodec_alloc_context3(codec)));
    encoder_->sample_rate = decoder_->sample_rate == 44100 ? 44100 : 48000;
    encoder_->sample_fmt = AV_SAMPLE_FMT_FLTP;
    av_channel_layout_default(&encoder_->ch_layout, decoder_->ch_layout.nb_channels == 1 ? 1 : 2);
    encoder_->bit_rate = 96000 * encoder_->ch_layout.nb_channels;
    encoder_->time_base = {1, encoder_->sample_rate};
    if (output_.oformat->flags & AVFMT_GLOBALHEADER) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av::check(avcodec_open2(encoder_.get(), codec, nullptr), "cannot encode the sound");
    fifo_.reset(av::notNull(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, encoder_->ch_layout.nb_channels, 1)));
  }

  void addStream() {
    stream_ = av::notNull(avformat_new_stream(&output_, nullptr));
    av::check(avcodec_parameters_from_context(stream_->codecpar, encoder_.get()), "cannot describe the sound");
    stream_->time_base = encoder_->time_base;
  }

  void decode(const AVPacket* packet) {
    avcodec_send_packet(decoder_.get(), packet);  // a damaged packet is silence, not the end
    av::Picture frame(av::notNull(av_frame_alloc()));
    while (avcodec_receive_frame(decoder_.get(), frame.get()) >= 0) {
      const double at = frame->best_effort_timestamp == AV_NOPTS_VALUE
                            ? source_->range().start
                            : double(frame->best_effort_timestamp) * av_q2d(source_->stream().time_base);
      resample(*frame, at - source_->range().start);
    }
    encode(/*flush=*/false);
  }

  /// `at`: seconds of the output's time. What lies before 0 is cut off; a gap before the first sound is silence.
  void resample(const AVFrame& frame, double at) {
    const int room = int(swr_get_out_samples(resampler_.get(), frame.nb_samples));
    std::vector<float> left(room), right(room);
    uint8_t* planes[2] = {reinterpret_cast<uint8_t*>(left.data()), reinterpret_cast<uint8_t*>(right.data())};
    const int got = av::check(
        swr_convert(resampler_.get(), planes, room, const_cast<const uint8_t**>(frame.extended_data), frame.nb_samples),
        "cannot resample the sound");
    int skip = 0;
    if (!started_) {
      const int64_t offset = std::llround(at * encoder_->sample_rate);
      skip = int(std::clamp<int64_t>(-offset, 0, got));
      if (skip == got && offset < 0) return;
      nextSample_ = std::max<int64_t>(0, offset);
      started_ = true;
    }
    void* kept[2] = {left.data() + skip, right.data() + skip};
    av::check(av_audio_fifo_write(fifo_.get(), kept, got - skip), "out of memory for the sound");
  }

  /// Encodes whole frames; the last one may be shorter.
  void encode(bool flush) {
    while (av_audio_fifo_size(fifo_.get()) >= encoder_->frame_size || (flush && av_audio_fifo_size(fifo_.get()) > 0)) {
      av::Picture frame(av::notNull(av_frame_alloc()));
      frame->nb_samples = std::min(encoder_->frame_size, av_audio_fifo_size(fifo_.get()));
      frame->format = encoder_->sample_fmt;
      frame->sample_rate = encoder_->sample_rate;
      av::check(av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout), "cannot encode the sound");
      av::check(av_frame_get_buffer(frame.get(), 0), "out of memory for the sound");
      av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->data), frame->nb_samples);
      frame->pts = nextSample_;
      nextSample_ += frame->nb_samples;
      send(frame.get());
    }
  }

  void send(const AVFrame* frame) {
    av::check(avcodec_send_frame(encoder_.get(), frame), "cannot encode the sound");
    av::Packet packet(av::notNull(av_packet_alloc()));
    while (avcodec_receive_packet(encoder_.get(), packet.get()) >= 0) {
      av_packet_rescale_ts(packet.get(), encoder_->time_base, stream_->time_base);
      packet->stream_index = stream_->index;
      writePacket(output_, *packet);
    }
  }

  void drain() {
    encode(/*flush=*/true);
    send(nullptr);
    ended_ = true;
  }

  AVFormatContext& output_;
  std::unique_ptr<AudioPackets> source_;
  AVStream* stream_ = nullptr;
  av::Codec decoder_, encoder_;
  av::Resampler resampler_;
  av::AudioFifo fifo_;
  int64_t nextSample_ = 0;
  bool started_ = false, ended_ = false;
};

bool holds(const AVOutputFormat& container, AVCodecID codec) {
  // The muxer takes some codecs (PCM, Vorbis) into MP4 that hardly any player finds there.
  const bool common = codec == AV_CODEC_ID_AAC || codec == AV_CODEC_ID_MP3 || codec == AV_CODEC_ID_AC3 ||
                      codec == AV_CODEC_ID_EAC3 || codec == AV_CODEC_ID_OPUS || codec == AV_CODEC_ID_FLAC ||
                      codec == AV_CODEC_ID_ALAC;
  return (common || std::string(container.name) != "mp4") &&
         avformat_query_codec(&container, codec, FF_COMPLIANCE_NORMAL) == 1;
}

}  // namespace

std::unique_ptr<AudioTrack> AudioTrack::add(AVFormatContext& output, const AudioRange& range,
                                            const JobContext& job) try {
  auto source = std::make_unique<AudioPackets>(range);
  if (!source->found()) return nullptr;
  const AVCodecID codec = source->stream().codecpar->codec_id;
  if (holds(*output.oformat, codec)) return std::make_unique<CopiedTrack>(output, std::move(source));
  auto track = std::make_unique<EncodedTrack>(output, std::move(source));
  job.warn(text("the file cannot hold the sound's codec ", avcodec_get_name(codec), "; it was encoded anew as ",
                avcodec_get_name(range.encodeAs)));
  return track;
} catch (const Error& e) {
  job.warn(text("the sound of ", range.from.string(), " is left out: ", e.what()));
  return nullptr;
}

}  // namespace dff
