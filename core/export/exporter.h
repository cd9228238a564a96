#pragma once
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/export/overlay.h"
#include "core/media/frame_source.h"
#include "core/task/prediction.h"

namespace dff {

/// What an exporter is made for.
struct ExportContext {
  std::filesystem::path path;  ///< file or folder, as the kind has it
  SourceInfo source;
  std::vector<ClassInfo> classes;
  std::vector<ClassInfo> boxClasses;  ///< empty: this run finds no boxes
  OverlayOptions overlay;
  std::string layout = "drawn";     ///< of exported pictures, see layout.h
  nlohmann::json options;           ///< what made the output; stands beside it
  std::filesystem::path audioFrom;  ///< empty: no audio
  double rangeStartSeconds = 0;     ///< this moment of the source is time 0 of the output
  double rangeEndSeconds = std::numeric_limits<double>::infinity();
  JobContext job;
};

/// Writes results somewhere. Nothing appears under the output's name before finish(); an exporter that is destroyed
/// without it leaves nothing. Throws Error: missing folder, disk full, other files in the way.
class Exporter {
 public:
  virtual ~Exporter() = default;
  /// Adds the time it takes to the result's stages: Overlay and Encode for video, Export for the others.
  virtual void write(Result& result) = 0;
  virtual void finish() = 0;
};

/// "KIND:PATH" taken apart.
struct ExportRequest {
  std::string kind;
  std::filesystem::path path;
};

/// Throws UsageError for an unknown kind, naming the known ones, or a missing path.
ExportRequest parseExport(const std::string& kindAndPath);

std::unique_ptr<Exporter> makeExporter(const std::string& kind, const ExportContext& context);

/// One line a kind, "video: annotated H.264 file".
std::string exporterHelp();

/// What outputs of a kind are called when many inputs are run: ".mp4" for video, "" for folders.
std::string extensionOf(const std::string& kind);

/// Throws Error when the output would overwrite the input.
void requireDistinct(const std::filesystem::path& input, const std::filesystem::path& output);

/// `format`: see media/video_format.h.
std::unique_ptr<Exporter> makeVideoExporter(const ExportContext& context, const char* format);
std::unique_ptr<Exporter> makeDrawnExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeKittiFlowExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeCvatExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeLabelsExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeFramesExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeFlowExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeJsonlExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeMotExporter(const ExportContext& context);
std::unique_ptr<Exporter> makeMot15Exporter(const ExportContext& context);
std::unique_ptr<Exporter> makeCocoExporter(const ExportContext& context);

/// Throws Error when the run finds no boxes, which this kind of export is about.
void requireBoxes(const ExportContext& context, const char* kind);

}  // namespace dff
