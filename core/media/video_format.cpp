#include "core/media/video_format.h"

#include "core/base/registry.h"

namespace dff {
namespace {

constexpr VideoFormat kFormats[] = {
    {"h264", "plays everywhere", "libx264", "preset=veryfast:crf=20", "mp4", "movflags=+faststart", AV_PIX_FMT_YUV420P,
     0, AV_CODEC_ID_AAC},
    {"hevc", "half the size of H.264, slower", "libx265", "preset=fast:crf=23:x265-params=log-level=none", "mp4",
     "movflags=+faststart", AV_PIX_FMT_YUV420P, MKTAG('h', 'v', 'c', '1'), AV_CODEC_ID_AAC},
    {"vp9", "for the web", "libvpx-vp9", "crf=31:b=0:deadline=realtime:cpu-used=6:row-mt=1", "webm", "",
     AV_PIX_FMT_YUV420P, 0, AV_CODEC_ID_VORBIS},
    {"ffv1", "every pixel as it was drawn, large", "ffv1", "level=3:slicecrc=1", "matroska", "", AV_PIX_FMT_0RGB32, 0,
     AV_CODEC_ID_AAC},
    {"gif", "for a page or a message: 256 colours, no sound", "gif", "", "gif", "", AV_PIX_FMT_PAL8, 0,
     AV_CODEC_ID_NONE},
};

}  // namespace

const VideoFormat& findVideoFormat(const std::string& name) { return findKind(kFormats, name, "video format"); }

}  // namespace dff
