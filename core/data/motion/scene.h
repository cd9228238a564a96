#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "core/data/motion/geometry.h"
#include "core/data/motion/roles.h"

namespace dff::motion {

/// One flat surface: part of the plate (the scene without things that stand in it) or a thing that stands in it.
struct Layer {
  Plane plane;
  cv::Vec3d velocity;   ///< own motion, metres a frame
  cv::Rect box;         ///< the pixels of the still that may belong to it
  bool object = false;  ///< stands in `objectIds`, else in `plateIds`
  int label = 255;      ///< class of an object
};

/// A labelled still as a stack of flat surfaces, so that any view of it follows from one homography a layer.
/// Layers are numbered from 1 in the id maps; 0 in `objectIds` is no object.
struct Scene {
  Camera camera;
  cv::Mat picture, labels;      ///< the still with everything in it: [H,W] CV_8UC3, CV_8U
  cv::Mat plate, plateLabels;   ///< the same with objects taken out and what is beside them mirrored in
  cv::Mat plateIds, objectIds;  ///< CV_8U, which layer a pixel belongs to
  std::vector<Layer> layers;
  int plateLayers = 0;  ///< the first ones in `layers`

  const Layer& layer(int id) const { return layers[static_cast<size_t>(id - 1)]; }
  bool full() const { return layers.size() >= kMostLayers; }
  static constexpr size_t kMostLayers = 250;
  static constexpr int kSky = 1, kGround = 2;  ///< the ids of the first two layers
};

/// The scene of a still with random camera height, focal length, horizon and depth steps.
Scene makeScene(const cv::Mat& rgb, const cv::Mat& labels, const ClassRoles& roles, cv::RNG& rng);

/// Role of every pixel as CV_8U.
cv::Mat roleMap(const cv::Mat& labels, const ClassRoles& roles);

/// Inverse depth of the plate at a pixel, 1/m.
double plateInverseDepth(const Scene& scene, int x, int y);

/// An upright plane at inverse depth `q` (1/m) in column `x`, turned away by `slant` (share of q a pixel).
inline Plane uprightPlane(double q, double x, double slant) { return {q * slant, 0, q * (1 - slant * x)}; }

}  // namespace dff::motion
