#include "core/export/exporter.h"

#include "core/base/registry.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

struct Making {
  std::unique_ptr<Exporter> (*make)(const ExportContext&);
  const char* extension;
};

/// The annotated video in one of the formats.
template <const char* format>
std::unique_ptr<Exporter> makeVideo(const ExportContext& context) {
  return makeVideoExporter(context, format);
}
constexpr char kH264[] = "h264", kHevc[] = "hevc", kVp9[] = "vp9", kFfv1[] = "ffv1", kGif[] = "gif";

constexpr Kind<Making> kExporters[] = {
    {"video", "FILE: the annotated video, H.264 in MP4", {makeVideo<kH264>, ".mp4"}},
    {"hevc", "FILE: the same as HEVC in MP4, half the size", {makeVideo<kHevc>, ".mp4"}},
    {"vp9", "FILE: the same as VP9 in WebM", {makeVideo<kVp9>, ".webm"}},
    {"ffv1", "FILE: the same as FFV1 in Matroska, without loss", {makeVideo<kFfv1>, ".mkv"}},
    {"gif", "FILE: the same as animated GIF", {makeVideo<kGif>, ".gif"}},
    {"drawn", "DIR: the annotated pictures as PNG", {makeDrawnExporter, ""}},
    {"labels", "DIR: one 8-bit greyscale PNG a frame, pixel = class index", {makeLabelsExporter, ""}},
    {"frames", "DIR: the undrawn pictures as PNG", {makeFramesExporter, ""}},
    {"flow", "DIR: .flo of every non-key frame, current to key, in feature cells", {makeFlowExporter, ""}},
    {"kitti",
     "DIR: 16-bit KITTI PNG of the flow of every non-key frame, current to key, in pixels",
     {makeKittiFlowExporter, ""}},
    {"jsonl",
     "FILE: one line a frame: number, time, key frame, milliseconds of each stage",
     {makeJsonlExporter, ".jsonl"}},
    {"mot", "FILE: tracks as MOTChallenge lines, class counted from 1", {makeMotExporter, ".txt"}},
    {"mot15", "FILE: the same with -1 for the class", {makeMot15Exporter, ".txt"}},
    {"cvat", "FILE: tracks as CVAT for video 1.1 XML", {makeCvatExporter, ".xml"}},
    {"coco", "FILE: boxes as COCO annotations with score and track_id", {makeCocoExporter, ".json"}},
};

}  // namespace

ExportRequest parseExport(const std::string& kindAndPath) {
  const auto colon = kindAndPath.find(':');
  ExportRequest request{findKind(kExporters, kindAndPath.substr(0, colon), "export kind").name, {}};
  if (colon != std::string::npos) request.path = kindAndPath.substr(colon + 1);
  if (request.path.empty())
    throw UsageError("export \"" + kindAndPath + "\" names no path; write " + request.kind + ":PATH");
  return request;
}

std::unique_ptr<Exporter> makeExporter(const std::string& kind, const ExportContext& context) {
  return findKind(kExporters, kind, "export kind").make.make(context);
}

std::string exporterHelp() {
  std::string help;
  for (const auto& kind : kExporters) help += std::string(help.empty() ? "" : "\n") + kind.name + ":" + kind.help;
  return help;
}

std::string extensionOf(const std::string& kind) { return findKind(kExporters, kind, "export kind").make.extension; }

void requireDistinct(const fs::path& input, const fs::path& output) {
  std::error_code ignored;
  if (fs::equivalent(input, output, ignored))
    fail("the output ", output.string(), " is the input itself; choose another name");
}

}  // namespace dff
