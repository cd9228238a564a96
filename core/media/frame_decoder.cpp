#include "core/media/frame_decoder.h"

namespace dff {

namespace {
constexpr int kThreads = 2;
constexpr int kDrainErrors = 100;

av::Codec openCodec(const AVStream& stream, bool exportsMotion) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (!codec) fail("this FFmpeg has no decoder for ", avcodec_get_name(stream.codecpar->codec_id));
  av::Codec context(av::notNull(avcodec_alloc_context3(codec)));
  av::check(avcodec_parameters_to_context(context.get(), stream.codecpar), "cannot set up the decoder ", codec->name);
  context->thread_count = kThreads;
  if (exportsMotion) context->export_side_data |= AV_CODEC_EXPORT_DATA_MVS;
  // A stream that does not say how far it reorders would else lose pictures until the decoder has learnt it,
  // and the same place would look different after a seek.
  if (codec->id == AV_CODEC_ID_H264) context->strict_std_compliance = FF_COMPLIANCE_STRICT;
  av::check(avcodec_open2(context.get(), codec, nullptr), "cannot open the decoder ", codec->name);
  return context;
}

/// Only H.264 marks the pictures that nothing refers to, one by one; a pair of fields may be half such a picture.
bool marksWhatNothingRefersTo(const AVCodecContext& codec) {
  const bool frames = codec.field_order == AV_FIELD_PROGRESSIVE || codec.field_order == AV_FIELD_UNKNOWN;
  return codec.codec_id == AV_CODEC_ID_H264 && frames;
}
}  // namespace

FrameDecoder::FrameDecoder(const std::filesystem::path& path, int64_t firstPacket, bool exportsMotion)
    : demuxer_(path),
      codec_(openCodec(demuxer_.stream(), exportsMotion)),
      picture_(av::notNull(av_frame_alloc())),
      firstPacket_(firstPacket) {}

void FrameDecoder::seek(const std::vector<KeyPacket>& keys, size_t k) {
  demuxer_.seek(keys, k);
  avcodec_flush_buffers(codec_.get());
  draining_ = false;
  drainErrors_ = 0;
}

void FrameDecoder::leaveOut(std::function<bool(int64_t)> unwanted) {
  if (marksWhatNothingRefersTo(*codec_)) unwanted_ = std::move(unwanted);
}

void FrameDecoder::feed() {
  AVPacket* packet = demuxer_.next();
  draining_ = !packet;
  if (!packet) {
    avcodec_send_packet(codec_.get(), nullptr);
    return;
  }
  if (demuxer_.packetNumber() < firstPacket_) return;
  // The decoder carries time stamps along untouched: with the packet's number there, a picture names its packet.
  packet->pts = packet->dts = demuxer_.packetNumber();
  codec_->skip_frame = unwanted_(demuxer_.packetNumber()) ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
  if (avcodec_send_packet(codec_.get(), packet) < 0) ++refused_;
}

const AVFrame* FrameDecoder::next() {
  while (true) {
    const int code = avcodec_receive_frame(codec_.get(), picture_.get());
    if (code == 0) return picture_.get();
    if (code == AVERROR_EOF || drainErrors_ > kDrainErrors) return nullptr;
    if (code == AVERROR(EAGAIN) && !draining_) {
      feed();
    } else {
      ++refused_;
      if (draining_) ++drainErrors_;
    }
  }
}

}  // namespace dff
