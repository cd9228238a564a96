#pragma once
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/data/synthetic/scene.h"

namespace dff::street {

/// A quantity over depth: linear in the pixel's position.
struct Plane {
  float x = 0, y = 0, c = 0;
  float at(float px, float py) const { return x * px + y * py + c; }
};

/// A triangle on the picture.
struct Face {
  Plane inverse;          ///< 1 / z
  Plane u, v, sun, open;  ///< each over z; u, v in turns of the texture
  float lod = 0;          ///< the texture's level at z = 1
  int surface = 0, instance = 0;
  bool upward = false;  ///< mirrors the sky where the surface has sheen
};

/// What each pixel's centre sees.
struct GBuffer {
  cv::Mat face;     ///< [H,W] CV_32S index into faces, -1: sky
  cv::Mat inverse;  ///< [H,W] CV_32F 1 / z, 0: sky
  std::vector<Face> faces;
  std::vector<int> uncovered;  ///< per actor: pixels it would have if nothing stood before it
};

/// How much sun reaches a place, 0 .. 1 (see shadow.h); null: full sun.
struct ShadowMap;

GBuffer rasterize(const Scene& scene, const std::vector<Instance>& instances, const Camera& camera,
                  const ShadowMap* shadows);

}  // namespace dff::street
