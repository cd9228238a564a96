#pragma once
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/task/prediction.h"

namespace dff {

/// What is drawn over a frame, and how.
struct OverlayOptions {
  std::vector<std::string> layers = {"seg", "contours", "boxes", "keymark", "legend"};
  double imageOpacity = 1;
  double opacity = 0.44;
  double contourOpacity = 0.65;
  double flowOpacity = 0.7;
  double arrowOpacity = 0.9;
  double heatOpacity = 0.7;
  double trustOpacity = 0.7;
  double flowScale = 4;
  double heatScale = 0;
  double sidesOpacity = 0.6;
  int heatChannel = -1;
  double boxScore = 0.5;
  double boxOpacity = 1;
  bool trackIds = true;
  bool datasetColors = false;
  std::vector<std::string> hide;
};

template <class V>
void fields(OverlayOptions& o, V&& v) {
  v("layers", o.layers, "what is drawn over the picture, by name; the order does not matter");
  v("image_opacity", o.imageOpacity, "how bright the picture below the layers is", Bounds{0, 1});
  v("opacity", o.opacity, "how strongly class colours cover the picture", Bounds{0, 1});
  v("contour_opacity", o.contourOpacity, "how strongly the lines between classes cover it", Bounds{0, 1});
  v("flow_opacity", o.flowOpacity, "how strongly flow covers it", Bounds{0, 1});
  v("arrow_opacity", o.arrowOpacity, "how strongly arrows of flow cover it", Bounds{0, 1});
  v("heat_opacity", o.heatOpacity, "how strongly the heat map covers it", Bounds{0, 1});
  v("trust_opacity", o.trustOpacity, "how dark distrusted places become", Bounds{0, 1});
  v("flow_scale", o.flowScale, "length of flow drawn in full colour, in feature cells", Bounds{1e-6, 1e6});
  v("heat_scale", o.heatScale, "activation at the bright end of the heat map; 0: the frame's own largest",
    Bounds{0, 1e30});
  v("sides_opacity", o.sidesOpacity, "how strongly the map of the two keys covers the picture", Bounds{0, 1});
  v("heat_channel", o.heatChannel, "channel of the feature map that the heat map shows; -1: the mean of all",
    Bounds{-1, 4095});
  v("box_score", o.boxScore, "boxes with a lower score are not drawn", Bounds{0, 1});
  v("box_opacity", o.boxOpacity, "how strongly boxes cover the picture", Bounds{0, 1});
  v("track_ids", o.trackIds, "write the number of its track beside a box");
  v("dataset_colors", o.datasetColors, "colour classes as their data set does");
  v("hide", o.hide, "classes that are not drawn, by name");
}

/// What a layer reads of a Result.
enum class LayerData { Frame, Labels, Boxes, Flow, Heat, Trust, Sides };

/// A layer's name, what it shows, and what it needs.
struct LayerInfo {
  std::string name, help;
  LayerData needs;
};

/// All layers, in the order in which they are drawn.
std::vector<LayerInfo> knownLayers();

/// True where a chosen layer reads `data`, so that it is computed only when it is seen. Throws UsageError for an
/// unknown layer.
bool layersNeed(const OverlayOptions& options, LayerData data);

/// One sentence for each chosen layer that will stay empty because the model gives none of `missing`.
/// Throws UsageError for an unknown layer.
std::vector<std::string> emptyLayers(const OverlayOptions& options, const std::vector<LayerData>& missing);

/// Paints results of one model over frames of one size. Immutable once made: may be used from several threads.
class OverlayPainter {
 public:
  /// Throws UsageError for an unknown layer.
  OverlayPainter(const std::vector<ClassInfo>& classes, const OverlayOptions& options, cv::Size frameSize,
                 const std::vector<ClassInfo>& boxClasses = {});

  /// A new picture [H,W] CV_8UC3, R, G, B: the frame with the chosen layers; a layer whose data the result lacks draws
  /// nothing. Throws Error when frame or labels are not of the painter's size.
  cv::Mat paint(const Result& result) const;

 private:
  std::shared_ptr<const struct OverlayLook> look_;
};

/// As OverlayPainter, for a single frame.
cv::Mat drawOverlay(const Result& result, const std::vector<ClassInfo>& classes, const OverlayOptions& options,
                    const std::vector<ClassInfo>& boxClasses = {});

}  // namespace dff
