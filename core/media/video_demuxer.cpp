#include "core/media/video_demuxer.h"

#include <algorithm>

namespace dff {
namespace fs = std::filesystem;

namespace {
constexpr int kReadErrorsInARow = 100;

bool isSame(const KeyPacket& key, const AVPacket& packet) {
  if (key.pos != packet.pos) return false;
  if (key.pts != AV_NOPTS_VALUE) return key.pts == packet.pts;
  return key.dts != AV_NOPTS_VALUE && key.dts == packet.dts;
}
}  // namespace

VideoDemuxer::VideoDemuxer(const fs::path& path) : path_(path), packet_(av::notNull(av_packet_alloc())) {
  av::silenceLog();
  open();
}

void VideoDemuxer::open() {
  if (!fs::exists(path_)) fail("cannot open ", path_.string(), ": there is no such file");
  if (fs::is_regular_file(path_) && fs::file_size(path_) == 0)
    fail("cannot open ", path_.string(), ": the file is empty");
  AVFormatContext* raw = nullptr;
  // Without the prefix a colon in a file's name would be read as a protocol.
  const int opened = avformat_open_input(&raw, ("file:" + path_.string()).c_str(), nullptr, nullptr);
  if (opened == AVERROR_INVALIDDATA)
    fail("cannot open ", path_.string(), ": it is no video that FFmpeg knows, or its header is missing or damaged");
  av::check(opened, "cannot open ", path_.string());
  input_.reset(raw);
  av::check(avformat_find_stream_info(raw, nullptr), "cannot read ", path_.string());
  streamIndex_ = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (streamIndex_ < 0 || stream().disposition & AV_DISPOSITION_ATTACHED_PIC)
    fail("no video stream in ", path_.string(), "; give a video file or a folder of images");
  for (unsigned i = 0; i < raw->nb_streams; ++i)
    if (static_cast<int>(i) != streamIndex_) raw->streams[i]->discard = AVDISCARD_ALL;
  number_ = 0;
  pending_ = endedByError_ = false;
}

bool VideoDemuxer::hasAudio() const {
  return av_find_best_stream(input_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0) >= 0;
}

bool VideoDemuxer::readPacket() {
  for (int errors = 0; errors < kReadErrorsInARow;) {
    av_packet_unref(packet_.get());
    const int code = av_read_frame(input_.get(), packet_.get());
    if (code == AVERROR_EOF) return false;
    if (code < 0) {
      ++errors;
      endedByError_ = true;
    } else if (packet_->stream_index == streamIndex_) {
      endedByError_ = false;
      return true;
    }
  }
  return false;
}

AVPacket* VideoDemuxer::next() {
  if (!pending_ && !readPacket()) return nullptr;
  pending_ = false;
  ++number_;
  return packet_.get();
}

bool VideoDemuxer::skipTo(int64_t packet) {
  while (number_ < packet)
    if (!next()) return false;
  return true;
}

bool VideoDemuxer::land(const std::vector<KeyPacket>& keys, size_t from, size_t k) {
  const int64_t time = keys[from].pts != AV_NOPTS_VALUE ? keys[from].pts : keys[from].dts;
  pending_ = false;
  if (time == AV_NOPTS_VALUE || av_seek_frame(input_.get(), streamIndex_, time, AVSEEK_FLAG_BACKWARD) < 0) return false;
  while (readPacket()) {
    if (!(packet_->flags & AV_PKT_FLAG_KEY)) continue;
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const KeyPacket& key) { return isSame(key, *packet_); });
    if (found == keys.end() || found->packet > keys[k].packet) return false;
    number_ = found->packet;
    pending_ = true;
    return skipTo(keys[k].packet);
  }
  return false;
}

void VideoDemuxer::seek(const std::vector<KeyPacket>& keys, size_t k) {
  // Containers differ in where a seek lands, so we look where we are, and begin anew where we cannot tell.
  for (size_t back = 0; back <= k; back = 2 * back + 1)
    if (land(keys, k - back, k)) return;
  open();
  if (!skipTo(keys[k].packet))
    fail("cannot find frame ", keys[k].firstFrame, " of ", path_.string(), " again; did the file change?");
}

}  // namespace dff
