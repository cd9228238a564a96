#pragma once
// Ownership of FFmpeg's types and the text of its error codes; nothing else knows how they are freed.
#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include "core/base/error.h"

namespace dff::av {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
/// For the many functions of FFmpeg that take T** and clear it.
template <auto Free>
struct AddressDeleter {
  template <class T>
  void operator()(T* p) const {
    Free(&p);
  }
};
/// Closes the file below a muxer as well.
struct OutputDeleter {
  void operator()(AVFormatContext* p) const {
    if (p->pb) avio_closep(&p->pb);
    avformat_free_context(p);
  }
};

using Input = std::unique_ptr<AVFormatContext, AddressDeleter<avformat_close_input>>;
using Output = std::unique_ptr<AVFormatContext, OutputDeleter>;
using Codec = std::unique_ptr<AVCodecContext, AddressDeleter<avcodec_free_context>>;
using Packet = std::unique_ptr<AVPacket, AddressDeleter<av_packet_free>>;
using Picture = std::unique_ptr<AVFrame, AddressDeleter<av_frame_free>>;
using Scaler = std::unique_ptr<SwsContext, Deleter<sws_freeContext>>;
using Resampler = std::unique_ptr<SwrContext, AddressDeleter<swr_free>>;
using AudioFifo = std::unique_ptr<AVAudioFifo, Deleter<av_audio_fifo_free>>;

/// A null pointer becomes Error "out of memory".
template <class T>
T* notNull(T* p) {
  if (!p) fail("out of memory while preparing a video");
  return p;
}

/// What an FFmpeg error code means, in words.
std::string errorText(int code);

/// Passes `code` on when it is no error, else throws Error "<parts>: <its meaning>".
template <class... Parts>
int check(int code, const Parts&... parts) {
  if (code < 0) fail(parts..., ": ", errorText(code));
  return code;
}

/// Keeps FFmpeg from writing to stderr: what matters comes back as errors and warnings of ours.
void silenceLog();

}  // namespace dff::av
