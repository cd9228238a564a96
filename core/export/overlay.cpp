#include "core/export/overlay.h"

#include <algorithm>
#include <cmath>

#include "core/base/registry.h"
#include "core/export/overlay_layers.h"

namespace dff {
namespace {

std::vector<const Layer*> chosenLayers(const OverlayOptions& options) {
  for (const std::string& name : options.layers) findKind(layerTable(), name, "layer");
  std::vector<const Layer*> chosen;
  for (const Layer& layer : layerTable())
    if (std::count(options.layers.begin(), options.layers.end(), layer.name)) chosen.push_back(&layer);
  return chosen;
}

Rgb lighter(const Rgb& color) {
  Rgb tint;
  std::transform(color.begin(), color.end(), tint.begin(),
                 [](int c) { return static_cast<uint8_t>(c + (255 - c) * 35 / 100); });
  return tint;
}

const Rgb& colorOf(const ClassInfo& info, const OverlayOptions& options) {
  return options.datasetColors ? info.datasetColor : info.displayColor;
}

bool isHidden(const ClassInfo& info, const OverlayOptions& options) {
  return std::count(options.hide.begin(), options.hide.end(), info.name) > 0;
}

// Labels beyond the list (void) and hidden classes keep the paint of nothing.
void fillPaint(OverlayLook& look, const std::vector<ClassInfo>& classes) {
  for (size_t i = 0; i < std::min<size_t>(classes.size(), 256); ++i) {
    if (isHidden(classes[i], look.options)) continue;
    look.classes.color[i] = colorOf(classes[i], look.options);
    look.classes.alpha[i] = static_cast<uint8_t>(std::lround(255 * look.options.opacity));
    look.contours.color[i] = lighter(look.classes.color[i]);
    look.contours.alpha[i] = static_cast<uint8_t>(std::lround(255 * look.options.contourOpacity));
  }
}

Plate legendOf(const OverlayLook& look, const std::vector<ClassInfo>& classes) {
  std::vector<LegendEntry> entries;
  for (const ClassInfo& info : classes)
    if (!isHidden(info, look.options)) entries.push_back({info.name, colorOf(info, look.options)});
  const cv::Size most(look.frameSize.width * 3 / 5, look.frameSize.height * 3 / 4);
  return makeLegend(entries, look.letterHeight, most);
}

std::string missingWord(LayerData data) {
  switch (data) {
    case LayerData::Frame:
      return "pictures";
    case LayerData::Labels:
      return "classes";
    case LayerData::Boxes:
      return "boxes";
    case LayerData::Flow:
      return "flow";
    case LayerData::Heat:
      return "heat map";
    case LayerData::Trust:
      return "trust";
    case LayerData::Sides:
      return "second key";
  }
  return {};
}

void requireSize(const cv::Mat& picture, cv::Size size, int type, const char* what, const Result& result) {
  if (picture.size() == size && picture.type() == type) return;
  fail("frame ", result.frame->index, ": ", what, " of ", picture.cols, "x", picture.rows, ", OpenCV type ",
       picture.type(), ", cannot be painted: expected ", size.width, "x", size.height, ", type ", type);
}

}  // namespace

std::vector<LayerInfo> knownLayers() {
  std::vector<LayerInfo> infos;
  for (const Layer& layer : layerTable()) infos.push_back({layer.name, layer.help, layer.needs});
  return infos;
}

bool layersNeed(const OverlayOptions& options, LayerData data) {
  const auto layers = chosenLayers(options);
  return std::any_of(layers.begin(), layers.end(), [&](const Layer* layer) { return layer->needs == data; });
}

std::vector<std::string> emptyLayers(const OverlayOptions& options, const std::vector<LayerData>& missing) {
  std::vector<std::string> sentences;
  for (const Layer* layer : chosenLayers(options))
    if (std::count(missing.begin(), missing.end(), layer->needs))
      sentences.push_back(
          text("layer \"", layer->name, "\" stays empty: this model gives no ", missingWord(layer->needs)));
  return sentences;
}

OverlayPainter::OverlayPainter(const std::vector<ClassInfo>& classes, const OverlayOptions& options, cv::Size frameSize,
                               const std::vector<ClassInfo>& boxClasses) {
  auto look = std::make_shared<OverlayLook>();
  look->options = options;
  look->frameSize = frameSize;
  look->layers = chosenLayers(options);
  look->letterHeight = letterHeight(frameSize);
  look->margin = look->letterHeight;
  look->contourWidth = std::max(1, static_cast<int>(std::lround(std::min(frameSize.width, frameSize.height) / 450.0)));
  fillPaint(*look, classes);
  for (const ClassInfo& info : boxClasses) look->boxClasses.push_back({info.name, colorOf(info, options)});
  look->legend = legendOf(*look, classes);
  look_ = std::move(look);
}

cv::Mat OverlayPainter::paint(const Result& result) const {
  if (!result.frame) fail("a result without its frame cannot be painted");
  requireSize(result.frame->rgb, look_->frameSize, CV_8UC3, "a picture", result);
  if (!result.labels.empty()) requireSize(result.labels, look_->frameSize, CV_8U, "labels", result);
  cv::Mat picture = look_->options.imageOpacity < 1 ? cv::Mat(result.frame->rgb * look_->options.imageOpacity)
                                                    : result.frame->rgb.clone();
  for (const Layer* layer : look_->layers)
    if (layer->draw) layer->draw(picture, result, *look_);
  return picture;
}

cv::Mat drawOverlay(const Result& result, const std::vector<ClassInfo>& classes, const OverlayOptions& options,
                    const std::vector<ClassInfo>& boxClasses) {
  if (!result.frame) fail("a result without its frame cannot be painted");
  return OverlayPainter(classes, options, result.frame->rgb.size(), boxClasses).paint(result);
}

}  // namespace dff
