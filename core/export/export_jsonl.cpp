#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/export/provenance.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

class JsonlExporter : public Exporter {
 public:
  explicit JsonlExporter(const ExportContext& context) : context_(context), temporary_(temporaryNameFor(context.path)) {
    requireWritableParent(context.path);
    out_.open(temporary_);
    if (!out_) fail("cannot create ", context.path.string(), ": ", std::strerror(errno));
  }

  ~JsonlExporter() override {
    std::error_code ignored;
    if (!finished_) fs::remove(temporary_, ignored);
  }

  void write(Result& result) override {
    StageTimer timer(result.times, Stage::Export);
    nlohmann::json stages = nlohmann::json::object();
    for (size_t s = 0; s < kStages; ++s)
      if (result.times.ms[s] >= 0) stages[kStageNames[s]] = result.times.ms[s];
    out_ << nlohmann::json{{"frame", result.frame->index},
                           {"pts_seconds", result.frame->ptsSeconds},
                           {"key", result.isKey},
                           {"key_frame", result.keyFrame},
                           {"stage_ms", stages}}
                .dump()
         << "\n";
  }

  void finish() override {
    out_.close();
    if (!out_) fail("cannot write ", context_.path.string(), ": ", std::strerror(errno));
    fs::rename(temporary_, context_.path);
    finished_ = true;
    writeProvenance(context_.path, context_.options);
  }

 private:
  ExportContext context_;
  fs::path temporary_;
  std::ofstream out_;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<Exporter> makeJsonlExporter(const ExportContext& context) {
  return std::make_unique<JsonlExporter>(context);
}

}  // namespace dff
