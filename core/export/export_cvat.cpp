#include <cstdio>
#include <map>

#include "core/export/exporter.h"
#include "core/export/output_file.h"
#include "core/export/provenance.h"

namespace dff {
namespace {

std::string escaped(const std::string& words) {
  std::string xml;
  for (const char c : words) switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      default:
        xml += c;
    }
  return xml;
}

/// CVAT for video 1.1: whole tracks, one after the other, so all are kept until the end. Frames count from 0.
class CvatExporter : public Exporter {
 public:
  explicit CvatExporter(const ExportContext& context) : context_(context), file_(context.path) {
    requireBoxes(context, "cvat");
  }

  void write(Result& result) override {
    StageTimer timer(result.times, Stage::Export);
    const int64_t frame = result.frame->index;
    if (frames_++ == 0) first_ = frame;
    last_ = frame;
    for (const ObjectBox& b : result.boxes) {
      if (b.trackId < 0) continue;  // as in MOTChallenge files: what nothing followed is no object to correct
      auto& track = tracks_[b.trackId];
      track.classIndex = b.classIndex;
      track.boxes.push_back({frame, b.box});
    }
  }

  void finish() override {
    writeMeta();
    int64_t id = 0;
    for (const auto& [ignored, track] : tracks_) writeTrack(id++, track);
    file_.stream() << "</annotations>\n";
    file_.commit();
    writeProvenance(context_.path, context_.options);
  }

 private:
  struct Placed {
    int64_t frame;
    cv::Rect2f box;
  };
  struct Track {
    int classIndex = 0;
    std::vector<Placed> boxes;
  };

  void writeMeta() {
    auto& out = file_.stream();
    out << "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n<version>1.1</version>\n<meta><task><size>"
        << frames_ << "</size><mode>interpolation</mode><start_frame>" << first_ << "</start_frame><stop_frame>"
        << last_ << "</stop_frame><frame_rate>" << context_.source.fps << "</frame_rate>\n<labels>";
    for (const auto& c : context_.boxClasses) out << "<label><name>" << escaped(c.name) << "</name></label>";
    out << "</labels>\n<original_size><width>" << context_.source.width << "</width><height>" << context_.source.height
        << "</height></original_size></task></meta>\n";
  }

  /// CVAT goes on with a box until it is told that the object is outside.
  void writeTrack(int64_t id, const Track& track) {
    const std::string label = escaped(context_.boxClasses[size_t(track.classIndex)].name);
    file_.stream() << "<track id=\"" << id << "\" label=\"" << label << "\" source=\"auto\">\n";
    for (size_t i = 0; i < track.boxes.size(); ++i) {
      const Placed& now = track.boxes[i];
      writeBox(now.frame, now.box, false);
      const bool goesOn = i + 1 < track.boxes.size() && track.boxes[i + 1].frame == now.frame + 1;
      if (!goesOn && now.frame < last_) writeBox(now.frame + 1, now.box, true);
    }
    file_.stream() << "</track>\n";
  }

  void writeBox(int64_t frame, const cv::Rect2f& box, bool outside) {
    char line[256];
    std::snprintf(line, sizeof line,
                  "<box frame=\"%lld\" keyframe=\"1\" outside=\"%d\" occluded=\"0\" xtl=\"%.2f\" ytl=\"%.2f\" "
                  "xbr=\"%.2f\" ybr=\"%.2f\" z_order=\"0\"></box>\n",
                  (long long)frame, int(outside), box.x, box.y, box.br().x, box.br().y);
    file_.stream() << line;
  }

  ExportContext context_;
  OutputFile file_;
  std::map<int64_t, Track> tracks_;
  int64_t frames_ = 0, first_ = 0, last_ = 0;
};

}  // namespace

std::unique_ptr<Exporter> makeCvatExporter(const ExportContext& context) {
  return std::make_unique<CvatExporter>(context);
}

}  // namespace dff
