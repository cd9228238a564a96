#include "core/data/synthetic/synthesize.h"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/file.h"
#include "core/media/flow_file.h"
#include "core/media/video_writer.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

std::string numbered(int frame, const char* extension) {
  char name[32];
  std::snprintf(name, sizeof name, "%06d%s", frame, extension);
  return name;
}

void writePicture(const fs::path& path, const cv::Mat& picture) {
  std::vector<uint8_t> bytes;
  cv::imencode(".png", picture, bytes, {cv::IMWRITE_PNG_COMPRESSION, 3});
  writeFileQuickly(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// COCO with identities, grown frame by frame.
class BoxFile {
 public:
  explicit BoxFile(const StreetOptions& street) : street_(street) {
    const char* names[] = {"vehicle", "pedestrian", "cyclist"};
    for (int i = 0; i < 3; ++i) coco_["categories"].push_back({{"id", i + 1}, {"name", names[i]}});
    coco_["images"] = coco_["annotations"] = nlohmann::json::array();
  }
  void add(int frame, const std::vector<StreetBox>& boxes) {
    coco_["images"].push_back(
        {{"id", frame}, {"file_name", numbered(frame, ".png")}, {"width", street_.width}, {"height", street_.height}});
    for (const auto& b : boxes)
      coco_["annotations"].push_back({{"id", coco_["annotations"].size() + 1},
                                      {"image_id", frame},
                                      {"category_id", b.classIndex + 1},
                                      {"bbox", {b.box.x, b.box.y, b.box.width, b.box.height}},
                                      {"area", b.box.area()},
                                      {"iscrowd", 0},
                                      {"track_id", b.trackId},
                                      {"visibility", b.visibility}});
  }
  void write(const fs::path& path) const { writeJson(path, coco_); }

 private:
  StreetOptions street_;
  nlohmann::json coco_;
};

}  // namespace

void synthesize(const SynthOptions& options, const JobContext& job) {
  const fs::path folder = options.output;
  requireWritableParent(folder.has_filename() ? folder : folder.parent_path());
  const SyntheticDrive drive(options.drive());
  for (const char* part : {"frames", "labels", "flow"}) fs::create_directories(folder / part);
  VideoWriterOptions video;
  video.width = options.street.width;
  video.height = options.street.height;
  VideoWriter writer(folder / "video.mp4", video, job);
  BoxFile boxes(options.street);
  for (int i = 0; i < options.street.frames; ++i) {
    job.checkStop();
    const StreetFrame frame = drive.render(i);
    cv::Mat bgr;
    cv::cvtColor(frame.rgb, bgr, cv::COLOR_RGB2BGR);
    writePicture(folder / "frames" / numbered(i, ".png"), bgr);
    writePicture(folder / "labels" / numbered(i, ".png"), frame.labels);
    if (const auto motion = i > 0 ? drive.motion(i, i - 1) : std::nullopt)
      writeFlo(folder / "flow" / numbered(i, ".flo"), motion->flow);
    writer.write(frame.rgb, i / options.street.fps, 1 / options.street.fps);
    boxes.add(i, frame.boxes);
    job.progress(i + 1, options.street.frames, "rendering");
  }
  boxes.write(folder / "boxes.json");
  writeJson(folder / "street.json", toJson(options.drive()));
  writer.finish();
}

}  // namespace dff
