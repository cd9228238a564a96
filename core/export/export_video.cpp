#include "core/export/exporter.h"
#include "core/export/layout.h"
#include "core/export/provenance.h"
#include "core/media/video_writer.h"

namespace dff {
namespace {

class VideoExporter : public Exporter {
 public:
  VideoExporter(const ExportContext& context, const char* format)
      : context_(context),
        layout_(findLayout(context.layout)),
        painter_(context.classes, context.overlay, {context.source.width, context.source.height}, context.boxClasses),
        writer_(context.path, writerOptions(context, format), context.job) {}

  void write(Result& result) override {
    cv::Mat picture;
    {
      StageTimer timer(result.times, Stage::Overlay);
      picture = layout_.arrange(result.frame->rgb, painter_.paint(result));
    }
    StageTimer timer(result.times, Stage::Encode);
    writer_.write(picture, result.frame->ptsSeconds - context_.rangeStartSeconds, result.frame->durationSeconds);
  }

  void finish() override {
    writer_.finish();
    writeProvenance(context_.path, context_.options);
  }

 private:
  static VideoWriterOptions writerOptions(const ExportContext& context, const char* format) {
    VideoWriterOptions options;
    options.format = format;
    const cv::Size size = findLayout(context.layout).size({context.source.width, context.source.height});
    options.width = size.width;
    options.height = size.height;
    options.fps = context.source.fps;
    options.audioFrom = context.audioFrom;
    options.audioStart = context.rangeStartSeconds;
    options.audioEnd = context.rangeEndSeconds;
    return options;
  }

  ExportContext context_;
  const Layout& layout_;
  OverlayPainter painter_;
  VideoWriter writer_;
};

}  // namespace

std::unique_ptr<Exporter> makeVideoExporter(const ExportContext& context, const char* format) {
  return std::make_unique<VideoExporter>(context, format);
}

}  // namespace dff
