#include "core/media/palette_filter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

namespace dff {

PaletteFilter::PaletteFilter(int width, int height, AVRational timeBase) : graph_(av::notNull(avfilter_graph_alloc())) {
  const std::string description =
      text("buffer@in=width=", width, ":height=", height, ":pix_fmt=rgb24:time_base=", timeBase.num, "/", timeBase.den,
           ",split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=bayer:bayer_scale=4,",
           "buffersink@out");
  AVFilterInOut *open = nullptr, *ends = nullptr;
  int code = avfilter_graph_parse2(graph_, description.c_str(), &open, &ends);
  avfilter_inout_free(&open);
  avfilter_inout_free(&ends);
  if (code >= 0) code = avfilter_graph_config(graph_, nullptr);
  if (code < 0) {
    avfilter_graph_free(&graph_);
    fail("cannot reduce pictures to 256 colours: ", av::errorText(code));
  }
  source_ = avfilter_graph_get_filter(graph_, "buffer@in");
  sink_ = avfilter_graph_get_filter(graph_, "buffersink@out");
}

PaletteFilter::~PaletteFilter() { avfilter_graph_free(&graph_); }

av::Picture PaletteFilter::apply(AVFrame& rgb) {
  constexpr const char* kWhat = "cannot reduce a picture to 256 colours";
  av::check(av_buffersrc_add_frame_flags(source_, &rgb, AV_BUFFERSRC_FLAG_KEEP_REF), kWhat);
  av::Picture reduced(av::notNull(av_frame_alloc()));
  av::check(av_buffersink_get_frame(sink_, reduced.get()), kWhat);
  return reduced;
}

}  // namespace dff
