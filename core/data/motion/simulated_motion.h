#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <span>

#include "core/base/fields.h"
#include "core/data/motion/roles.h"

namespace dff {

/// A still with its classes, both [H,W]: what pairs are made from.
struct LabelledImage {
  cv::Mat rgb;     ///< CV_8UC3, channels R, G, B
  cv::Mat labels;  ///< CV_8U class indices
};

/// A key and a current picture of one street with the exact motion between them; all [H,W] of the still's size.
struct MotionPair {
  cv::Mat key, cur;              ///< CV_8UC3, channels R, G, B
  cv::Mat keyFromCur;            ///< CV_32FC2 (dx, dy), pixels: current (x, y) is key (x + dx, y + dy)
  cv::Mat keyLabels, curLabels;  ///< CV_8U, what the pictures show
  cv::Mat valid;                 ///< CV_8U, 255 where the surface of a current pixel is visible in the key, else 0
  cv::Mat moving;                ///< CV_8U, 255 on current pixels of things with a motion of their own
};

/// How pairs are drawn; speeds are metres and angles degrees a frame at 15 Hz.
struct MotionOptions {
  double minGap = 1;           ///< frames
  double maxGap = 10;          ///< frames
  double zeroShare = 0.03;     ///< pairs without any motion
  double randomShare = 0.06;   ///< pairs with a random smooth motion instead of a street's
  double reverseShare = 0.15;  ///< pairs whose key is the later frame
  double standingShare = 0.1;  ///< pairs whose camera stands
  double maxSpeed = 1.0;       ///< camera, m a frame
  double turningShare = 0.15;  ///< pairs in which the camera turns
  double maxYaw = 1.0;         ///< degrees a frame while turning
  double movingShare = 0.6;    ///< movers with a velocity of their own
  int maxPasted = 3;           ///< movers added from the bank
  bool photometric = true;     ///< exposure, noise, blur and compression differ between key and current
  ClassRoles roles = camVidRoles();
};

template <class V>
void fields(MotionOptions& o, V&& v) {
  v("min_gap", o.minGap, "shortest gap from key to current, frames at 15 Hz", Bounds{0, 100});
  v("max_gap", o.maxGap, "longest gap from key to current, frames at 15 Hz", Bounds{0, 100});
  v("zero_share", o.zeroShare, "share of pairs without motion", Bounds{0, 1});
  v("random_share", o.randomShare, "share of pairs with a random smooth motion", Bounds{0, 1});
  v("reverse_share", o.reverseShare, "share of pairs whose key is the later frame", Bounds{0, 1});
  v("standing_share", o.standingShare, "share of pairs whose camera stands", Bounds{0, 1});
  v("max_speed", o.maxSpeed, "fastest camera, metres a frame", Bounds{0, 10});
  v("turning_share", o.turningShare, "share of pairs in which the camera turns", Bounds{0, 1});
  v("max_yaw", o.maxYaw, "fastest turn, degrees a frame", Bounds{0, 10});
  v("moving_share", o.movingShare, "share of movers with a velocity of their own", Bounds{0, 1});
  v("max_pasted", o.maxPasted, "movers pasted from other stills, at most", Bounds{0, 20});
  v("photometric", o.photometric, "vary exposure, noise, blur and compression between key and current");
}

/// A pair made from one still: its classes give every pixel a depth, a camera drives through, movers go their own way,
/// some of them cut out of `moverBank` (may be empty). The still is the key, the current picture, or a moment between.
/// The same seed gives the same pair. Throws Error when sizes or types of the still are wrong.
MotionPair simulateMotion(const LabelledImage& still, std::span<const LabelledImage> moverBank,
                          const MotionOptions& options, uint64_t seed);

}  // namespace dff
