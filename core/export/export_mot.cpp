#include <cstdio>

#include "core/export/exporter.h"
#include "core/export/output_file.h"
#include "core/export/provenance.h"

namespace dff {
namespace {

/// MOTChallenge: one line a box that belongs to a track; frames and pixels count from 1.
class MotExporter : public Exporter {
 public:
  MotExporter(const ExportContext& context, bool withClass)
      : context_(context), withClass_(withClass), file_(context.path) {
    requireBoxes(context, withClass ? "mot" : "mot15");
  }

  void write(Result& result) override {
    StageTimer timer(result.times, Stage::Export);
    for (const ObjectBox& b : result.boxes) {
      if (b.trackId < 0) continue;
      char line[192];
      std::snprintf(line, sizeof line, "%lld,%lld,%.2f,%.2f,%.2f,%.2f,%.4f,%d,-1,-1\n",
                    (long long)result.frame->index + 1, (long long)b.trackId, b.box.x + 1, b.box.y + 1, b.box.width,
                    b.box.height, b.score, withClass_ ? b.classIndex + 1 : -1);
      file_.stream() << line;
    }
  }

  void finish() override {
    file_.commit();
    writeProvenance(context_.path, context_.options);
  }

 private:
  ExportContext context_;
  bool withClass_;
  OutputFile file_;
};

}  // namespace

void requireBoxes(const ExportContext& context, const char* kind) {
  if (context.boxClasses.empty())
    fail("the export ", kind, ":", context.path.string(),
         " needs boxes, which this run does not find: choose a model that detects, and leave \"boxes\" in --tasks");
}

std::unique_ptr<Exporter> makeMotExporter(const ExportContext& context) {
  return std::make_unique<MotExporter>(context, true);
}
std::unique_ptr<Exporter> makeMot15Exporter(const ExportContext& context) {
  return std::make_unique<MotExporter>(context, false);
}

}  // namespace dff
