#pragma once
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/data/synthetic/scene.h"

// Pictures for the surfaces, painted once per street.
namespace dff::street {

using Colour = cv::Scalar;  ///< R, G, B, 0 .. 255

/// A canvas in metres: x to the right, y upwards from the lower edge; the fourth channel starts at 255.
class Canvas {
 public:
  Canvas(double width, double height, double perMetre, Colour ground);

  void rect(const cv::Rect2d& area, Colour colour);
  void gradient(const cv::Rect2d& area, Colour bottom, Colour top);
  void polygon(const std::vector<cv::Point2d>& points, Colour colour);
  void line(cv::Point2d a, cv::Point2d b, double thickness, Colour colour);
  void ellipse(cv::Point2d centre, cv::Size2d radii, Colour colour);
  void text(const std::string& words, const cv::Rect2d& area, int font, Colour colour);
  /// Sets the fourth channel.
  void fourth(const cv::Rect2d& area, int value);
  /// Multiplies the colours, from `bottom` to `top` over the height of the area.
  void shadeArea(const cv::Rect2d& area, double bottom, double top);
  void grain(Rng& rng, double cellMetres, int octaves, double amount);

  double width() const { return width_; }
  double height() const { return height_; }
  Texture texture() const { return makeTexture(rgb, alpha); }

  cv::Mat rgb, alpha;

 private:
  cv::Point pixel(cv::Point2d p) const;
  cv::Rect pixels(const cv::Rect2d& area) const;
  double width_, height_, perMetre_;
};

Colour jitter(Rng& rng, Colour colour, double amount);
Colour mix(Colour a, Colour b, double share);
/// One of the list.
template <class T>
const T& pick(Rng& rng, const std::vector<T>& list) {
  return list[static_cast<size_t>(rng.below(static_cast<int>(list.size())))];
}

enum class Wall { Brick, Plaster, Stone };
/// Bricks, plaster or stone blocks over the whole canvas.
void paintWall(Canvas& canvas, Wall wall, Colour colour, Rng& rng);

struct FacadeSpec {
  double width = 8, groundFloor = 3.3, storey = 2.9;
  int storeys = 2;  ///< above the ground floor
  Wall wall = Wall::Brick;
  Colour colour, trim;
  bool shop = false, modern = false;
  double height() const { return groundFloor + storey * storeys + 0.7; }
};
FacadeSpec randomFacade(Rng& rng, const Plan& plan);
Texture paintFacade(const FacadeSpec& spec, Rng& rng);

constexpr double kRoadTurn = 36;  ///< metres of road on one turn of its texture
Texture paintClouds(Rng& rng, float cover);
Texture paintRoad(Rng& rng, const Plan& plan);
Texture paintZebra(Rng& rng, const Plan& plan);
Texture paintPaving(Rng& rng);
Texture paintGrass(Rng& rng, const Plan& plan);
Texture paintRoofTiles(Rng& rng);
Texture paintNoise(Rng& rng, double amount);
Texture paintLeaves(Rng& rng, const Plan& plan);
Texture paintTwigs(Rng& rng);
Texture paintHedge(Rng& rng, const Plan& plan);
Texture paintRailings(Rng& rng);
Texture paintBoards(Rng& rng);
/// A traffic sign or shop sign that fills its square as far as its shape goes.
Texture paintSign(Rng& rng, int kind);
constexpr int kSignKinds = 7;
Texture paintTrafficLight(int lamp);
Texture paintSpokes();

}  // namespace dff::street
