#include <cmath>
#include <cstdio>

#include "core/export/exporter.h"
#include "core/export/output_file.h"
#include "core/export/provenance.h"

namespace dff {
namespace {

/// Hundredths of a pixel say all there is to say, and keep the file small.
double rounded(float pixels) { return std::round(double(pixels) * 100) / 100; }

/// COCO: categories, then the annotations as they come, then the images, so that memory holds next to nothing.
class CocoExporter : public Exporter {
 public:
  explicit CocoExporter(const ExportContext& context) : context_(context), file_(context.path) {
    requireBoxes(context, "coco");
    nlohmann::json categories = nlohmann::json::array();
    for (size_t i = 0; i < context.boxClasses.size(); ++i)
      categories.push_back({{"id", i + 1}, {"name", context.boxClasses[i].name}});
    file_.stream() << "{\"info\": " << nlohmann::json{{"description", "boxes found by DFF Studio"}}.dump()
                   << ",\n\"categories\": " << categories.dump() << ",\n\"annotations\": [";
  }

  void write(Result& result) override {
    StageTimer timer(result.times, Stage::Export);
    const Frame& frame = *result.frame;
    images_.push_back({frame.index, frame.ptsSeconds, frame.rgb.size()});
    for (const ObjectBox& b : result.boxes) file_.stream() << separator() << annotation(b, frame.index).dump();
  }

  void finish() override {
    file_.stream() << "],\n\"images\": [";
    for (size_t i = 0; i < images_.size(); ++i) file_.stream() << (i ? ",\n" : "\n") << image(images_[i]).dump();
    file_.stream() << "]}\n";
    file_.commit();
    writeProvenance(context_.path, context_.options);
  }

 private:
  struct Image {
    int64_t index;
    double ptsSeconds;
    cv::Size size;
  };

  const char* separator() { return annotations_++ ? ",\n" : "\n"; }

  nlohmann::json annotation(const ObjectBox& b, int64_t frame) const {
    return {{"id", annotations_},
            {"image_id", frame},
            {"category_id", b.classIndex + 1},
            {"bbox", {rounded(b.box.x), rounded(b.box.y), rounded(b.box.width), rounded(b.box.height)}},
            {"area", rounded(b.box.area())},
            {"iscrowd", 0},
            {"score", b.score},
            {"track_id", b.trackId}};
  }

  static nlohmann::json image(const Image& i) {
    char name[32];
    std::snprintf(name, sizeof name, "%06lld.png", (long long)i.index);
    return {{"id", i.index},
            {"file_name", name},
            {"width", i.size.width},
            {"height", i.size.height},
            {"pts_seconds", i.ptsSeconds}};
  }

  ExportContext context_;
  OutputFile file_;
  int64_t annotations_ = 0;
  std::vector<Image> images_;
};

}  // namespace

std::unique_ptr<Exporter> makeCocoExporter(const ExportContext& context) {
  return std::make_unique<CocoExporter>(context);
}

}  // namespace dff
