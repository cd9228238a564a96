#include "core/media/video_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>

#include "core/base/file.h"
#include "core/media/audio_track.h"
#include "core/media/ffmpeg.h"
#include "core/media/frame_converter.h"
#include "core/media/palette_filter.h"
#include "core/media/video_format.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr AVRational kTimeBase{1, 90000};  // fine enough for every frame rate in use, and MPEG's own
constexpr int kEncoderThreads = 2;

/// A side as the format can hold it: even where chroma is shared by two pixels.
int sideFor(AVPixelFormat pixels, int side) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(pixels);
  return d->log2_chroma_w ? (side + 1) / 2 * 2 : side;
}

bool isYuv(AVPixelFormat pixels) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(pixels);
  return !(d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

AVColorPrimaries primariesOf(AVColorSpace space) {
  return space == AVCOL_SPC_BT709 ? AVCOL_PRI_BT709 : AVCOL_PRI_SMPTE170M;
}
AVColorTransferCharacteristic transferOf(AVColorSpace space) {
  return space == AVCOL_SPC_BT709 ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
}

/// A file that is removed again unless it is kept: also when its writer fails to come into being.
struct TemporaryFile {
  explicit TemporaryFile(const fs::path& target) : path(temporaryNameFor(target)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    if (created && !kept) fs::remove(path, ignored);
  }

  void keepAs(const fs::path& target) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = file >= 0 && (::fsync(file) == 0 || errno == EINVAL);
    if (file >= 0) ::close(file);
    if (!flushed) fail("cannot flush ", target.string(), ": ", std::strerror(errno));
    std::error_code error;
    fs::rename(path, target, error);
    if (error) fail("cannot write ", target.string(), ": ", error.message());
    kept = true;
  }

  fs::path path;
  bool created = false, kept = false;
};

}  // namespace

class VideoWriter::Implementation {
 public:
  Implementation(const fs::path& path, const VideoWriterOptions& options, const JobContext& job)
      : path_(path), temporary_(path), options_(options), format_(findVideoFormat(options.format)) {
    av::silenceLog();
    requireWritableParent(path);
    if (options.width < 1 || options.height < 1)
      fail("cannot write a video of ", options.width, " x ", options.height, " to ", path.string());
    openContainer();
    openEncoder();
    if (!options.audioFrom.empty() && format_.sound != AV_CODEC_ID_NONE)
      audio_ = AudioTrack::add(*output_, {options.audioFrom, options.audioStart, options.audioEnd, format_.sound}, job);
    openFile();
    openConverter();
  }

  void write(const cv::Mat& rgb, double ptsSeconds, double durationSeconds) {
    if (rgb.cols != options_.width || rgb.rows != options_.height || rgb.type() != CV_8UC3)
      fail("a picture of ", rgb.cols, " x ", rgb.rows, " does not fit the video ", path_.string(), " of ",
           options_.width, " x ", options_.height);
    if (empty_ && ptsSeconds < 0) moveStart(ptsSeconds);
    empty_ = false;
    ptsSeconds -= start_;
    convert(rgb);
    picture_->pts = std::max<int64_t>(lastPts_ + 1, std::llround(ptsSeconds / av_q2d(kTimeBase)));
    picture_->pkt_duration = std::max<int64_t>(1, std::llround(durationSeconds / av_q2d(kTimeBase)));
    lastPts_ = picture_->pts;
    lastDuration_ = picture_->pkt_duration;
    send(palette_ ? palette_->apply(*picture_).get() : picture_.get());
    if (audio_) audio_->writeUntil(ptsSeconds);
  }

  void finish() {
    if (empty_) fail("no picture was written to ", path_.string());
    send(nullptr);
    if (audio_) audio_->finish();
    av::check(av_write_trailer(output_.get()), "cannot complete ", path_.string());
    av::check(avio_closep(&output_->pb), "cannot write ", path_.string());
    temporary_.keepAs(path_);
  }

 private:
  void moveStart(double seconds) {
    start_ = seconds;
    if (audio_) audio_->moveStart(seconds);
  }

  void openContainer() {
    AVFormatContext* raw = nullptr;
    av::check(avformat_alloc_output_context2(&raw, nullptr, format_.muxer, temporary_.path.c_str()), "cannot write ",
              path_.string());
    output_.reset(raw);
  }

  void openEncoder() {
    const AVCodec* codec = avcodec_find_encoder_by_name(format_.encoder);
    if (!codec) fail("cannot write ", path_.string(), ": this FFmpeg has no ", format_.encoder);
    encoder_.reset(av::notNull(avcodec_alloc_context3(codec)));
    encoder_->width = sideFor(format_.pixels, options_.width);
    encoder_->height = sideFor(format_.pixels, options_.height);
    encoder_->pix_fmt = format_.pixels;
    encoder_->time_base = kTimeBase;
    encoder_->framerate = av_d2q(options_.fps > 0 ? options_.fps : 25, 1001000);
    encoder_->thread_count = kEncoderThreads;
    if (isYuv(format_.pixels)) describeColor();
    if (output_->oformat->flags & AVFMT_GLOBALHEADER) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    for (const std::string& options : {std::string(format_.encoderOptions), options_.encoderOptions})
      av::check(av_set_options_string(encoder_.get(), options.c_str(), "=", ":"), "cannot encode ", path_.string());
    av::check(avcodec_open2(encoder_.get(), codec, nullptr), "cannot encode ", path_.string());
    stream_ = av::notNull(avformat_new_stream(output_.get(), nullptr));
    stream_->time_base = kTimeBase;
    av::check(avcodec_parameters_from_context(stream_->codecpar, encoder_.get()), "cannot describe ", path_.string());
    stream_->codecpar->codec_tag = format_.tag;
  }

  void describeColor() {
    encoder_->color_range = AVCOL_RANGE_MPEG;
    encoder_->colorspace = defaultColorSpace(options_.width, options_.height);
    encoder_->color_primaries = primariesOf(encoder_->colorspace);
    encoder_->color_trc = transferOf(encoder_->colorspace);
  }

  void openFile() {
    temporary_.created = true;
    av::check(avio_open(&output_->pb, temporary_.path.c_str(), AVIO_FLAG_WRITE), "cannot create ", path_.string());
    AVDictionary* options = nullptr;
    av_dict_parse_string(&options, format_.muxerOptions, "=", ":", 0);
    const int code = avformat_write_header(output_.get(), &options);
    av_dict_free(&options);
    av::check(code, "cannot begin ", path_.string());
  }

  void openConverter() {
    const bool palette = format_.pixels == AV_PIX_FMT_PAL8;
    if (palette) palette_ = std::make_unique<PaletteFilter>(encoder_->width, encoder_->height, kTimeBase);
    picture_.reset(av::notNull(av_frame_alloc()));
    picture_->format = palette ? AV_PIX_FMT_RGB24 : format_.pixels;
    picture_->width = encoder_->width;
    picture_->height = encoder_->height;
    av::check(av_frame_get_buffer(picture_.get(), 0), "out of memory for ", path_.string());
    scaler_.reset(av::notNull(sws_getContext(encoder_->width, encoder_->height, AV_PIX_FMT_RGB24, encoder_->width,
                                             encoder_->height, AVPixelFormat(picture_->format),
                                             SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr)));
    if (!isYuv(format_.pixels)) return;
    const int* coefficients = sws_getCoefficients(encoder_->colorspace);
    sws_setColorspaceDetails(scaler_.get(), coefficients, 1, coefficients, 0, 0, 1 << 16, 1 << 16);
  }

  void convert(const cv::Mat& rgb) {
    const cv::Mat* whole = &rgb;
    if (rgb.cols != encoder_->width || rgb.rows != encoder_->height) {
      cv::copyMakeBorder(rgb, padded_, 0, encoder_->height - rgb.rows, 0, encoder_->width - rgb.cols,
                         cv::BORDER_REPLICATE);
      whole = &padded_;
    }
    av::check(av_frame_make_writable(picture_.get()), "out of memory for ", path_.string());
    const uint8_t* const planes[] = {whole->data};
    const int strides[] = {int(whole->step)};
    sws_scale(scaler_.get(), planes, strides, 0, encoder_->height, picture_->data, picture_->linesize);
  }

  void send(const AVFrame* picture) {
    av::check(avcodec_send_frame(encoder_.get(), picture), "cannot encode a frame of ", path_.string());
    av::Packet packet(av::notNull(av_packet_alloc()));
    while (avcodec_receive_packet(encoder_.get(), packet.get()) >= 0) {
      if (packet->duration <= 0) packet->duration = lastDuration_;
      av_packet_rescale_ts(packet.get(), kTimeBase, stream_->time_base);
      packet->stream_index = stream_->index;
      av::check(av_interleaved_write_frame(output_.get(), packet.get()), "cannot write ", path_.string());
    }
  }

  fs::path path_;
  TemporaryFile temporary_;  // before output_: removed after that is closed
  VideoWriterOptions options_;
  const VideoFormat& format_;
  av::Output output_;
  av::Codec encoder_;
  AVStream* stream_ = nullptr;
  av::Picture picture_;
  av::Scaler scaler_;
  cv::Mat padded_;
  std::unique_ptr<PaletteFilter> palette_;
  std::unique_ptr<AudioTrack> audio_;
  int64_t lastPts_ = std::numeric_limits<int64_t>::min() / 2;
  int64_t lastDuration_ = 1;
  double start_ = 0;  // becomes time 0
  bool empty_ = true;
};

VideoWriter::VideoWriter(const fs::path& path, const VideoWriterOptions& options, const JobContext& job)
    : implementation_(std::make_unique<Implementation>(path, options, job)) {}
VideoWriter::~VideoWriter() = default;
void VideoWriter::write(const cv::Mat& rgb, double ptsSeconds, double durationSeconds) {
  implementation_->write(rgb, ptsSeconds, durationSeconds);
}
void VideoWriter::finish() { implementation_->finish(); }

}  // namespace dff
