#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/paint.h"

namespace dff::street {
namespace {
constexpr double kPerMetre = 44;

void paintBricks(Canvas& canvas, Colour colour, Rng& rng, cv::Size2d brick, double variety) {
  const Colour mortar = mix(colour, {190, 182, 170}, 0.45);
  canvas.rect({0, 0, canvas.width(), canvas.height()}, mortar);
  const double joint = 0.012;
  int course = 0;
  for (double y = 0; y < canvas.height(); y += brick.height, ++course)
    for (double x = course % 2 ? -brick.width / 2 : 0; x < canvas.width(); x += brick.width)
      canvas.rect({x + joint, y + joint, brick.width - joint, brick.height - joint}, jitter(rng, colour, variety));
}

void paintGlass(Canvas& canvas, const cv::Rect2d& pane, Rng& rng, bool lit) {
  const Colour sky = jitter(rng, {150, 172, 192}, 0.12), room(38, 42, 48);
  canvas.gradient(pane, mix(room, sky, 0.18), mix(room, sky, rng.uniform(0.5, 0.9)));
  if (rng.chance(0.45)) {  // curtains
    const Colour cloth = jitter(rng, {205, 198, 182}, 0.15);
    const double w = pane.width * rng.uniform(0.15, 0.32);
    canvas.gradient({pane.x, pane.y, w, pane.height}, cloth * 0.55, cloth * 0.8);
    canvas.gradient({pane.x + pane.width - w, pane.y, w, pane.height}, cloth * 0.55, cloth * 0.8);
  }
  if (lit) {
    canvas.gradient(pane, {210, 160, 92}, {250, 214, 150});
    canvas.fourth(pane, 60);
  }
  canvas.shadeArea({pane.x, pane.y + pane.height * 0.8, pane.width, pane.height * 0.2}, 1,
                   0.55);  // the reveal's shadow
}

void paintWindow(Canvas& canvas, const cv::Rect2d& w, const FacadeSpec& spec, Rng& rng) {
  const double frame = 0.07;
  const bool brick = spec.wall == Wall::Brick;
  canvas.rect({w.x - 0.1, w.y + w.height, w.width + 0.2, 0.2}, brick ? mix(spec.colour, spec.trim, 0.75) : spec.trim);
  canvas.rect({w.x - 0.02, w.y - 0.02, w.width + 0.04, w.height + 0.04}, spec.colour * 0.35);
  canvas.rect(w, mix(spec.trim, {240, 238, 230}, 0.6));
  const cv::Rect2d pane(w.x + frame, w.y + frame, w.width - 2 * frame, w.height - 2 * frame);
  paintGlass(canvas, pane, rng, rng.chance(spec.lit));
  const Colour bar = mix(spec.trim, {235, 233, 226}, 0.6);
  canvas.rect({w.x, w.y + w.height * 0.5, w.width, 0.05}, bar);
  if (w.width > 0.8) canvas.rect({w.x + w.width / 2 - 0.02, w.y, 0.045, w.height}, bar);
  canvas.rect({w.x - 0.08, w.y - 0.1, w.width + 0.16, 0.1}, mix(spec.trim, {225, 222, 212}, 0.5));
  canvas.shadeArea({w.x - 0.08, w.y - 0.3, w.width + 0.16, 0.2}, 1, 0.68);
}

void paintDoor(Canvas& canvas, double x, double width, const FacadeSpec& spec, Rng& rng) {
  const Colour paint = pick(
      rng, std::vector<Colour>{{120, 24, 28}, {24, 60, 46}, {22, 38, 82}, {40, 40, 44}, {150, 96, 40}, {62, 88, 110}});
  canvas.rect({x - 0.14, 0, width + 0.28, 2.65}, mix(spec.trim, {232, 228, 220}, 0.6));
  canvas.rect({x, 0, width, 2.5}, paint * 0.6);
  paintGlass(canvas, {x + 0.05, 2.12, width - 0.1, 0.34}, rng, rng.chance(spec.lit));
  canvas.rect({x + 0.03, 0.12, width - 0.06, 1.95}, paint);
  for (int i = 0; i < 4; ++i) {
    const cv::Rect2d panel(x + 0.1 + (i % 2) * width * 0.45, i < 2 ? 0.25 : 1.1, width * 0.34, 0.7);
    canvas.rect(panel, paint * 0.7);
    canvas.rect({panel.x + 0.03, panel.y + 0.03, panel.width - 0.03, panel.height - 0.03}, paint * 1.12);
  }
  canvas.rect({x - 0.14, 0, width + 0.28, 0.13}, {150, 146, 140});
}

const std::vector<std::string> kShopNames = {"BAKERY", "Books",      "CAFE ROMA", "Flowers", "PHARMACY", "The Corner",
                                             "TAILOR", "Bikes & Co", "DELI",      "Optics",  "HARDWARE", "Tea Room",
                                             "PIZZA",  "Records",    "Barber",    "TOYS"};

void paintDisplay(Canvas& canvas, const cv::Rect2d& pane, Rng& rng) {
  canvas.gradient(pane, {52, 50, 50}, {96, 108, 120});
  const bool lit = rng.chance(0.7);
  if (lit) canvas.gradient({pane.x, pane.y, pane.width, pane.height * 0.75}, {120, 100, 74}, {86, 78, 68});
  for (double x = pane.x + 0.1; x < pane.x + pane.width - 0.3; x += rng.uniform(0.25, 0.5)) {
    const Colour goods(rng.uniform(40, 220), rng.uniform(40, 190), rng.uniform(40, 180));
    const double h = rng.uniform(0.2, 0.75) * pane.height;
    canvas.rect({x, pane.y, rng.uniform(0.12, 0.32), h}, goods * 0.6);
  }
  const double slope = pane.height * 0.5;
  std::vector<cv::Point2d> streak = {{pane.x + pane.width * 0.55, pane.y + pane.height},
                                     {pane.x + pane.width * 0.8, pane.y + pane.height},
                                     {pane.x + pane.width * 0.8 - slope, pane.y},
                                     {pane.x + pane.width * 0.55 - slope, pane.y}};
  for (auto& p : streak) p.x = std::clamp(p.x, pane.x, pane.x + pane.width);
  cv::Mat before = canvas.rgb.clone();
  canvas.polygon(streak, {168, 186, 200});
  cv::addWeighted(before, 0.72, canvas.rgb, 0.28, 0, canvas.rgb);
  if (lit) canvas.fourth(pane, 90);
  canvas.shadeArea({pane.x, pane.y + pane.height * 0.85, pane.width, pane.height * 0.15}, 1, 0.6);
}

void paintShop(Canvas& canvas, const FacadeSpec& spec, Rng& rng) {
  const Colour board = pick(rng, std::vector<Colour>{{28, 62, 54},
                                                     {110, 26, 30},
                                                     {30, 44, 88},
                                                     {36, 36, 40},
                                                     {150, 120, 60},
                                                     {196, 190, 176},
                                                     {74, 40, 80},
                                                     {186, 84, 36}});
  const double top = spec.groundFloor - 0.1, fascia = 0.62, stall = 0.5, w = canvas.width(), doorWidth = 1.0;
  canvas.rect({0.1, 0, w - 0.2, top}, board * 0.75);
  canvas.rect({0.1, 0, w - 0.2, stall}, board * 0.6);
  const double doorAt = rng.chance(0.5) ? 0.35 : w - 0.35 - doorWidth;
  const double from = doorAt < w / 2 ? doorAt + doorWidth + 0.2 : 0.35, to = doorAt < w / 2 ? w - 0.35 : doorAt - 0.2;
  const int panes = std::max(1, static_cast<int>((to - from) / 1.9));
  for (int i = 0; i < panes; ++i)
    paintDisplay(canvas,
                 {from + (to - from) * i / panes + 0.04, stall, (to - from) / panes - 0.08, top - fascia - stall - 0.1},
                 rng);
  canvas.rect({doorAt, 0.02, doorWidth, top - fascia - 0.12}, board * 0.45);
  paintGlass(canvas, {doorAt + 0.12, 0.3, doorWidth - 0.24, top - fascia - 0.55}, rng, rng.chance(0.5));
  canvas.gradient({0.1, top - fascia, w - 0.2, fascia}, board * 0.9, board * 1.15);
  const double bright = board[0] * 0.3 + board[1] * 0.6 + board[2] * 0.1;
  canvas.text(pick(rng, kShopNames), {w * 0.2, top - fascia + 0.14, w * 0.6, fascia - 0.28},
              pick(rng, std::vector<int>{cv::FONT_HERSHEY_TRIPLEX, cv::FONT_HERSHEY_DUPLEX, cv::FONT_HERSHEY_COMPLEX}),
              bright > 120 ? Colour(50, 44, 40) : Colour(236, 226, 200));
  canvas.rect({0, top, w, 0.14}, mix(board, {220, 216, 205}, 0.5));
  canvas.shadeArea({0.1, top - fascia - 0.35, w - 0.2, 0.35}, 1, 0.6);
}

void paintStoreys(Canvas& canvas, const FacadeSpec& spec, Rng& rng) {
  const int columns = std::max(1, static_cast<int>(spec.width / rng.uniform(2.1, 2.9)));
  const double wide = spec.modern ? 1.7 : rng.uniform(0.95, 1.2), tall = spec.modern ? 1.5 : rng.uniform(1.5, 1.8);
  const int first = spec.shop ? 0 : -1, door = rng.below(columns);
  for (int storey = first; storey < spec.storeys; ++storey)
    for (int i = 0; i < columns; ++i) {
      const double x = spec.width * (i + 0.5) / columns - wide / 2;
      const double y = storey < 0 ? 0.95 : spec.groundFloor + spec.storey * storey + 0.75;
      if (storey < 0 && i == door)
        paintDoor(canvas, x + wide / 2 - 0.48, 0.96, spec, rng);
      else
        paintWindow(canvas, {x, y, wide, std::min(tall, storey == spec.storeys - 1 ? tall * 0.88 : tall)}, spec, rng);
    }
}
}  // namespace

void paintWall(Canvas& canvas, Wall wall, Colour colour, Rng& rng) {
  canvas.rect({0, 0, canvas.width(), canvas.height()}, colour);
  if (wall == Wall::Brick) paintBricks(canvas, colour, rng, {0.235, 0.085}, 0.16);
  if (wall == Wall::Stone) paintBricks(canvas, colour, rng, {0.72, 0.34}, 0.07);
  canvas.grain(rng, 2.2, 6, wall == Wall::Plaster ? 0.1 : 0.13);
}

FacadeSpec randomFacade(Rng& rng, const Plan& plan) {
  FacadeSpec spec;
  spec.shop = rng.chance(plan.shops);
  spec.modern = rng.chance(0.15);
  spec.width = rng.uniform(6, 11) * (spec.modern ? 1.35 : 1);
  spec.storeys = 1 + rng.below(spec.modern ? 4 : 3);
  spec.storey = rng.uniform(2.8, 3.2);
  spec.wall = pick(rng, std::vector<Wall>{Wall::Brick, Wall::Brick, Wall::Plaster, Wall::Plaster, Wall::Stone});
  const std::vector<Colour> bricks = {{148, 82, 62}, {166, 108, 78}, {186, 150, 104}, {128, 74, 64}, {176, 128, 92}};
  const std::vector<Colour> plasters = {{226, 218, 200}, {232, 206, 160}, {206, 186, 176}, {186, 200, 206},
                                        {222, 176, 140}, {196, 204, 180}, {238, 236, 230}};
  const std::vector<Colour> stones = {{196, 184, 160}, {170, 164, 154}, {208, 196, 170}};
  spec.colour = jitter(rng,
                       pick(rng, spec.wall == Wall::Brick   ? bricks
                                 : spec.wall == Wall::Stone ? stones
                                                            : plasters),
                       0.08);
  spec.trim = jitter(rng, {222, 216, 204}, 0.08);
  return spec;
}

Texture paintFacade(const FacadeSpec& spec, Rng& rng) {
  const double height = spec.height();
  Canvas canvas(spec.width, height, kPerMetre, spec.colour);
  paintWall(canvas, spec.wall, spec.colour, rng);
  if (spec.storeys > 1 && rng.chance(0.5))
    canvas.rect({0, spec.groundFloor + spec.storey, spec.width, 0.16}, spec.trim);
  paintStoreys(canvas, spec, rng);
  if (spec.shop) paintShop(canvas, spec, rng);
  canvas.rect({0, height - 0.34, spec.width, 0.34}, mix(spec.trim, spec.colour, 0.3));
  canvas.rect({0, height - 0.16, spec.width, 0.05}, spec.trim * 0.65);
  canvas.shadeArea({0, height - 0.75, spec.width, 0.4}, 1, 0.66);
  const double pipe = rng.chance(0.5) ? 0.16 : spec.width - 0.24;
  canvas.rect({pipe, spec.shop ? spec.groundFloor : 0.1, 0.09, height - 0.4 - (spec.shop ? spec.groundFloor : 0.1)},
              {52, 54, 56});
  canvas.shadeArea({0, 0, spec.width, 1.1}, 0.62, 1);
  canvas.grain(rng, 3, 3, 0.06);
  return canvas.texture();
}

}  // namespace dff::street
