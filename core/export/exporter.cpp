#include "core/export/exporter.h"

#include "core/base/registry.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

struct Making {
  std::unique_ptr<Exporter> (*make)(const ExportContext&);
  const char* extension;
};

constexpr Kind<Making> kExporters[] = {
    {"video", "FILE: the annotated video, H.264 in MP4", {makeVideoExporter, ".mp4"}},
    {"labels", "DIR: one 8-bit greyscale PNG a frame, pixel = class index", {makeLabelsExporter, ""}},
    {"frames", "DIR: the undrawn pictures as PNG", {makeFramesExporter, ""}},
    {"flow", "DIR: .flo of every non-key frame, current to key, in feature cells", {makeFlowExporter, ""}},
    {"jsonl",
     "FILE: one line a frame: number, time, key frame, milliseconds of each stage",
     {makeJsonlExporter, ".jsonl"}},
    {"mot", "FILE: tracks as MOTChallenge lines, class counted from 1", {makeMotExporter, ".txt"}},
    {"mot15", "FILE: the same with -1 for the class", {makeMot15Exporter, ".txt"}},
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
