// Exporters that write one file a frame.
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/export/layout.h"
#include "core/export/output_folder.h"
#include "core/export/provenance.h"
#include "core/media/flow_file.h"

namespace dff {
namespace {

using WriteFrame = std::function<void(const Result&, const OutputFolder&)>;

void writePng(const std::filesystem::path& path, const cv::Mat& picture) {
  std::vector<uint8_t> bytes;
  cv::imencode(".png", picture, bytes,
               {cv::IMWRITE_PNG_COMPRESSION, 1});  // twice as fast as the default, a tenth larger
  writeFileQuickly(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void writeLabels(const Result& result, const OutputFolder& folder) {
  if (result.labels.empty()) fail("frame ", result.frame->index, " has no classes to write; leave \"seg\" in --tasks");
  writePng(folder.fileOf(*result.frame), result.labels);
}

void writeRgb(const std::filesystem::path& path, const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  writePng(path, bgr);
}

void writePicture(const Result& result, const OutputFolder& folder) {
  writeRgb(folder.fileOf(*result.frame), result.frame->rgb);
}

/// The cells that cover the picture; the rest of the grid is padding.
void writeFlow(const Result& result, const OutputFolder& folder) {
  if (result.keyFromCur.empty()) return;
  const cv::Size cells(int(std::ceil(result.gridInFrame.width)), int(std::ceil(result.gridInFrame.height)));
  writeFlo(folder.fileOf(*result.frame), result.keyFromCur(cv::Rect({0, 0}, cells)));
}

/// Flow in pixels at every pixel, as KITTI keeps it.
void writeKitti(const Result& result, const OutputFolder& folder) {
  if (result.keyFromCur.empty()) return;
  const cv::Size size = result.frame->rgb.size();
  writeKittiFlow(folder.fileOf(*result.frame), pixelFlow(result.keyFromCur, result.gridInFrame, size));
}

class FolderExporter : public Exporter {
 public:
  FolderExporter(const ExportContext& context, const char* extension, WriteFrame writeFrame)
      : context_(context), folder_(context.path, extension), writeFrame_(std::move(writeFrame)) {}

  void write(Result& result) override {
    StageTimer timer(result.times, Stage::Export);
    writeFrame_(result, folder_);
  }

  void finish() override {
    folder_.commit();
    writeProvenance(context_.path, context_.options);
  }

 private:
  ExportContext context_;
  OutputFolder folder_;
  WriteFrame writeFrame_;
};

}  // namespace

std::unique_ptr<Exporter> makeLabelsExporter(const ExportContext& c) {
  return std::make_unique<FolderExporter>(c, ".png", writeLabels);
}
std::unique_ptr<Exporter> makeFramesExporter(const ExportContext& c) {
  return std::make_unique<FolderExporter>(c, ".png", writePicture);
}
std::unique_ptr<Exporter> makeDrawnExporter(const ExportContext& c) {
  const cv::Size size(c.source.width, c.source.height);
  const OverlayPainter painter(c.classes, c.overlay, size, c.boxClasses);
  const Layout& layout = findLayout(c.layout);
  return std::make_unique<FolderExporter>(c, ".png", [painter, &layout](const Result& r, const OutputFolder& folder) {
    writeRgb(folder.fileOf(*r.frame), layout.arrange(r.frame->rgb, painter.paint(r)));
  });
}
std::unique_ptr<Exporter> makeKittiFlowExporter(const ExportContext& c) {
  return std::make_unique<FolderExporter>(c, ".png", writeKitti);
}
std::unique_ptr<Exporter> makeFlowExporter(const ExportContext& c) {
  return std::make_unique<FolderExporter>(c, ".flo", writeFlow);
}

}  // namespace dff
