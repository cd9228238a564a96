#include "core/media/audio_packets.h"

#include <limits>

namespace dff {

AudioPackets::AudioPackets(const AudioRange& range) : range_(range), packet_(av::notNull(av_packet_alloc())) {
  AVFormatContext* raw = nullptr;
  av::check(avformat_open_input(&raw, ("file:" + range.from.string()).c_str(), nullptr, nullptr),
            "cannot open the sound of ", range.from.string());
  input_.reset(raw);
  av::check(avformat_find_stream_info(raw, nullptr), "cannot read the sound of ", range.from.string());
  index_ = av_find_best_stream(raw, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  for (unsigned i = 0; i < raw->nb_streams; ++i)
    if (int(i) != index_) raw->streams[i]->discard = AVDISCARD_ALL;
  if (index_ >= 0 && range.start > 0)
    avformat_seek_file(raw, -1, std::numeric_limits<int64_t>::min(), int64_t(range.start * AV_TIME_BASE),
                       int64_t(range.start * AV_TIME_BASE), 0);
}

AVPacket* AudioPackets::next(double lead) {
  while (true) {
    av_packet_unref(packet_.get());
    if (av_read_frame(input_.get(), packet_.get()) < 0) return nullptr;
    if (packet_->stream_index != index_) continue;
    const double at = seconds(*packet_);
    if (at >= range_.end) return nullptr;
    // From the beginning on also what lies before 0: decoders warm up on it.
    if (range_.start <= 0 || at >= range_.start - lead) return packet_.get();
  }
}

double AudioPackets::seconds(const AVPacket& p) const {
  const int64_t pts = p.pts != AV_NOPTS_VALUE ? p.pts : p.dts;
  return pts == AV_NOPTS_VALUE ? 0 : double(pts) * av_q2d(stream().time_base);
}

av::Codec openAudioDecoder(const AVStream& stream) {
  const AVCodecParameters& parameters = *stream.codecpar;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (!codec) fail("no decoder for its sound, ", avcodec_get_name(parameters.codec_id));
  av::Codec decoder(av::notNull(avcodec_alloc_context3(codec)));
  av::check(avcodec_parameters_to_context(decoder.get(), &parameters), "cannot decode the sound");
  decoder->pkt_timebase = stream.time_base;
  av::check(avcodec_open2(decoder.get(), codec, nullptr), "cannot decode the sound");
  return decoder;
}

namespace {

av::Resampler resampler(AVCodecContext& decoder, const AVChannelLayout& layout, int rate, AVSampleFormat format) {
  SwrContext* raw = nullptr;
  if (decoder.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&decoder.ch_layout, decoder.ch_layout.nb_channels);
  av::check(swr_alloc_set_opts2(&raw, const_cast<AVChannelLayout*>(&layout), format, rate, &decoder.ch_layout,
                                decoder.sample_fmt, decoder.sample_rate, 0, nullptr),
            "cannot resample the sound");
  av::Resampler made(raw);
  av::check(swr_init(raw), "cannot resample the sound");
  return made;
}

}  // namespace

av::Resampler openResampler(AVCodecContext& decoder, const AVCodecContext& target, AVSampleFormat format) {
  return resampler(decoder, target.ch_layout, target.sample_rate, format);
}

av::Resampler openResampler(AVCodecContext& decoder, int rate, int channels, AVSampleFormat format) {
  AVChannelLayout layout;
  av_channel_layout_default(&layout, channels);
  return resampler(decoder, layout, rate, format);
}

}  // namespace dff
