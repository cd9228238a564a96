#include "core/data/dataset.h"

#include "core/base/registry.h"

namespace dff {
namespace {
constexpr Kind<std::unique_ptr<Dataset> (*)(const std::filesystem::path&)> kDatasets[] = {
    {"camvid", "frames/*.jpg and labels/*.png of CamVid, 8-bit class index, void ignored", openCamvid},
    {"cityscapes", "ROOT/train or ROOT/val beside leftImg8bit/, gtFine/ and, for video, leftImg8bit_sequence/",
     openCityscapes},
    {"imagenet_vid", "ImageNet VID: ROOT, or a folder below ROOT/Data/VID; boxes with identities", openImagenetVid},
    {"davis", "DAVIS: JPEGImages/480p/VIDEO/ and Annotations/480p/VIDEO/, objects before a background", openDavis},
    {"folder", "your own: frames/ with labels/*.png or boxes.json (COCO), and classes.json", openOwnFolder},
    {"synthetic", "what `dff synth` wrote", openSyntheticFolder},
    {"video", "clip.mp4 with the labels of its frames in clip/labels/*.png, 8-bit class index of CamVid",
     openLabelledVideo},
    {"mot", "a MOTChallenge sequence, boxes with identities", openMot},
};
}  // namespace

const std::vector<std::string>& Dataset::boxClasses() const {
  static const std::vector<std::string> none;
  return none;
}

std::vector<LabelledBox> Dataset::boxes(int64_t) const { return {}; }

FramePlace Dataset::place(int64_t index) const {
  return consecutive() ? FramePlace{index, 0, size() - 1} : FramePlace{index, index, index};
}

FramePtr Dataset::frame(int64_t at) const {
  auto frame = std::make_shared<Frame>();
  frame->rgb = picture(at);
  frame->index = at;
  return frame;
}

std::string knownDatasets() { return knownNames(kDatasets); }

std::unique_ptr<Dataset> openDataset(const std::string& kindAndPath) {
  const auto colon = kindAndPath.find(':');
  const auto& kind = findKind(kDatasets, kindAndPath.substr(0, colon), "data set");
  if (colon == std::string::npos)
    throw UsageError(text("data set \"", kindAndPath, "\" names no folder; write ", kind.name, ":FOLDER"));
  const std::string path = kindAndPath.substr(colon + 1);
  const auto hash = path.find('#');
  auto data = kind.make(path.substr(0, hash));
  return hash == std::string::npos ? std::move(data) : chosenFrames(std::move(data), path.substr(hash + 1));
}

}  // namespace dff
