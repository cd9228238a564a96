#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/paint.h"

namespace dff::street {
namespace {
Colour leafColour(Rng& rng, const Plan& plan) {
  const std::vector<Colour> summer = {{62, 92, 38}, {74, 104, 42}, {54, 84, 44}},
                            spring = {{112, 138, 54}, {132, 150, 66}, {96, 128, 56}},
                            autumn = {{168, 98, 34}, {184, 132, 40}, {140, 74, 34}, {128, 116, 44}};
  return pick(rng, plan.season == 1 ? spring : plan.season == 2 ? autumn : summer);
}

void growTwig(cv::Mat& rgb, cv::Mat& alpha, Rng& rng, cv::Point2d from, double direction, double length, int depth) {
  const cv::Point2d to = from + cv::Point2d(std::sin(direction), -std::cos(direction)) * length;
  const double grey = rng.uniform(58, 92);
  const auto fixed = [](cv::Point2d p) { return cv::Point(cvRound(p.x * 16), cvRound(p.y * 16)); };
  const int thick = std::max(1, depth - 1);
  cv::line(rgb, fixed(from), fixed(to), {grey * 1.05, grey * 0.95, grey * 0.85}, thick + 1, cv::LINE_8, 4);
  cv::line(alpha, fixed(from), fixed(to), 255, thick, cv::LINE_8, 4);
  if (depth == 0) return;
  const int children = 2 + rng.below(3);
  for (int i = 0; i < children; ++i)
    growTwig(rgb, alpha, rng, from + (to - from) * rng.uniform(0.45, 1), direction + rng.uniform(-0.75, 0.75),
             length * rng.uniform(0.6, 0.85), depth - 1);
}

void drawWords(Canvas& canvas, const std::string& words, double size, Colour colour) {
  canvas.text(words, {0.5 - size / 2, 0.5 - size / 3, size, size / 1.5}, cv::FONT_HERSHEY_DUPLEX, colour);
}
}  // namespace

Texture paintLeaves(Rng& rng, const Plan& plan) {
  constexpr int kSide = 256, kLobes = 9, kLeaves = 2600;
  const Colour base = leafColour(rng, plan);
  cv::Mat rgb(kSide, kSide, CV_8UC3, base * 0.55), alpha(kSide, kSide, CV_8U, cv::Scalar(0));
  std::vector<cv::Vec3d> lobes;  // x, y, radius
  for (int i = 0; i < kLobes; ++i) lobes.emplace_back(rng.uniform(75, 181), rng.uniform(75, 181), rng.uniform(26, 60));
  for (int i = 0; i < kLeaves; ++i) {
    const cv::Vec3d& lobe = pick(rng, lobes);
    const double angle = rng.uniform(0, 2 * CV_PI), radius = lobe[2] * std::sqrt(rng.uniform(0, 1.2));
    const cv::Point centre(cvRound(lobe[0] + radius * std::cos(angle)), cvRound(lobe[1] + radius * std::sin(angle)));
    const double lit = 0.62 + 0.5 * (1 - static_cast<double>(i < kLeaves / 2)) - 0.32 * (centre.y - lobe[1]) / lobe[2];
    const cv::Size axes(2 + rng.below(4), 1 + rng.below(3));
    const double turn = rng.uniform(0, 180);
    cv::ellipse(rgb, centre, axes, turn, 0, 360, jitter(rng, base * std::clamp(lit, 0.4, 1.5), 0.18), cv::FILLED,
                cv::LINE_AA);
    cv::ellipse(alpha, centre, axes, turn, 0, 360, 255, cv::FILLED, cv::LINE_AA);
  }
  return makeTexture(rgb, alpha);
}

Texture paintTwigs(Rng& rng) {
  cv::Mat rgb(256, 256, CV_8UC3, cv::Scalar(74, 66, 58)), alpha(256, 256, CV_8U, cv::Scalar(0));
  for (int i = 0; i < 4; ++i)
    growTwig(rgb, alpha, rng, {128 + rng.uniform(-30, 30), 246}, rng.uniform(-0.5, 0.5), 70, 5);
  return makeTexture(rgb, alpha);
}

Texture paintHedge(Rng& rng, const Plan& plan) {
  cv::Mat rgb(256, 256, CV_8UC3, cv::Scalar(40, 54, 30));
  const Colour base = plan.season == 2 ? Colour(96, 92, 44) : Colour(66, 92, 46);
  for (int i = 0; i < 5200; ++i) {
    const cv::Point centre(rng.below(256), rng.below(256));
    cv::ellipse(rgb, centre, {1 + rng.below(4), 1 + rng.below(3)}, rng.uniform(0, 180), 0, 360,
                jitter(rng, base * rng.uniform(0.6, 1.3), 0.15), cv::FILLED, cv::LINE_AA);
  }
  return makeTexture(rgb);
}

Texture paintRailings(Rng& rng) {
  const Colour iron = pick(rng, std::vector<Colour>{{38, 40, 42}, {32, 52, 44}, {120, 122, 122}});
  Canvas canvas(1.6, 1.6, 80, iron);
  canvas.alpha.setTo(0);
  for (double y : {0.12, 1.3}) canvas.fourth({0, y, 1.6, 0.075}, 255);
  for (double x = 0.02; x < 1.6; x += 0.16) {
    canvas.fourth({x, 0, 0.05, 1.5}, 255);
    canvas.rect({x + 0.03, 0, 0.02, 1.5}, iron * 1.5);
  }
  return canvas.texture();
}

Texture paintBoards(Rng& rng) {
  const Colour wood = jitter(rng, {134, 104, 74}, 0.15);
  Canvas canvas(2.4, 1.8, 64, wood);
  for (double x = 0; x < 2.4; x += 0.15) {
    canvas.rect({x, 0, 0.15, 1.8}, jitter(rng, wood, 0.13));
    canvas.rect({x, 0, 0.018, 1.8}, wood * 0.45);
  }
  canvas.grain(rng, 0.3, 4, 0.12);
  canvas.shadeArea({0, 0, 2.4, 0.4}, 0.6, 1);
  return canvas.texture();
}

Texture paintSign(Rng& rng, int kind) {
  const Colour red(196, 28, 34), white(238, 238, 234), blue(26, 78, 164), black(28, 28, 30);
  Canvas canvas(1, 1, 128, kind == 0 || kind == 1 ? red : kind == 2 ? red : blue), mask(1, 1, 128, {0, 0, 0});
  const Colour on(255, 255, 255);
  if (kind == 0 || kind == 1 || kind == 3) mask.ellipse({0.5, 0.5}, {0.49, 0.49}, on);
  if (kind == 2) mask.polygon({{0.01, 0.06}, {0.99, 0.06}, {0.5, 0.96}}, on);
  if (kind >= 4) mask.rect({0.1, 0.02, 0.8, 0.96}, on);
  if (kind == 0)
    canvas.ellipse({0.5, 0.5}, {0.38, 0.38}, white), drawWords(canvas, rng.chance(0.5) ? "30" : "20", 0.5, black);
  if (kind == 1) canvas.rect({0.16, 0.41, 0.68, 0.18}, white);
  if (kind == 2) {
    canvas.polygon({{0.17, 0.15}, {0.83, 0.15}, {0.5, 0.77}}, white);
    canvas.rect({0.46, 0.34, 0.08, 0.24}, black), canvas.rect({0.46, 0.22, 0.08, 0.08}, black);
  }
  if (kind == 3)
    canvas.polygon({{0.44, 0.16}, {0.56, 0.16}, {0.56, 0.55}, {0.72, 0.55}, {0.5, 0.86}, {0.28, 0.55}, {0.44, 0.55}},
                   white);
  if (kind == 4) canvas.text("P", {0.2, 0.15, 0.6, 0.7}, cv::FONT_HERSHEY_DUPLEX, white);
  if (kind >= 5) {
    const Colour board =
        pick(rng, std::vector<Colour>{{28, 92, 60}, {150, 32, 40}, {230, 200, 70}, {36, 40, 60}, {224, 218, 204}});
    canvas.rect({0, 0, 1, 1}, board * 0.7), canvas.rect({0.14, 0.06, 0.72, 0.88}, board);
    canvas.ellipse({0.5, 0.62}, {0.22, 0.2}, jitter(rng, {220, 180, 90}, 0.3));
    canvas.text(pick(rng, std::vector<std::string>{"INN", "TEA", "ART", "PUB", "BAR"}), {0.2, 0.12, 0.6, 0.24},
                cv::FONT_HERSHEY_DUPLEX, board[1] > 150 ? black : white);
  }
  cv::extractChannel(mask.rgb, canvas.alpha, 0);
  return canvas.texture();
}

Texture paintTrafficLight(int lamp) {
  Canvas canvas(0.36, 0.96, 140, {30, 32, 34});
  const Colour lit[] = {{255, 60, 48}, {255, 190, 60}, {70, 255, 150}};
  for (int i = 0; i < 3; ++i) {
    const cv::Point2d centre(0.18, 0.78 - 0.29 * i);
    canvas.ellipse(centre, {0.12, 0.12}, i == lamp ? lit[i] : lit[i] * 0.22);
    if (i == lamp) canvas.fourth({centre.x - 0.1, centre.y - 0.1, 0.2, 0.2}, 30);
  }
  return canvas.texture();
}

Texture paintSpokes() {
  Canvas canvas(0.7, 0.7, 180, {34, 34, 36});
  canvas.alpha.setTo(0);
  const cv::Point centre(canvas.rgb.cols / 2, canvas.rgb.rows / 2);
  cv::circle(canvas.alpha, centre, 59, 255, 9, cv::LINE_AA);
  for (int i = 0; i < 14; ++i) {
    const double a = i * CV_PI / 7;
    const cv::Point rim(centre.x + cvRound(58 * std::cos(a)), centre.y + cvRound(58 * std::sin(a)));
    cv::line(canvas.alpha, centre, rim, 255, 1);
    cv::line(canvas.rgb, centre, rim, {150, 152, 154}, 2);
  }
  cv::circle(canvas.rgb, centre, 60, {34, 34, 36}, 8, cv::LINE_AA);
  cv::circle(canvas.alpha, centre, 6, 255, cv::FILLED);
  return canvas.texture();
}

}  // namespace dff::street
