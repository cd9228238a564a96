#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace dff {

/// A block of a coded picture and how far away it is found in the picture that it was predicted from.
struct CodecVector {
  int16_t x, y;    ///< of the block's centre, coded pixels
  uint8_t w, h;    ///< of the block, coded pixels
  int16_t dx, dy;  ///< quarters of a coded pixel
};

/// How coded pictures become displayed ones.
struct CodedPicture {
  cv::Size coded;
  cv::Size displayed;
  int rotation = 0;  ///< degrees clockwise: 0, 90, 180, 270
  bool mirror = false;
  int distance = 1;  ///< frames back to the picture that its vectors point to
};

/// What a codec says of the motion of one frame.
///
/// A codec names a direction only, not the picture that a vector points to, and it looks for cheap blocks, not for
/// motion. So this is an approximation: vectors to the past are taken as pointing to the last frame shown before that
/// is no B-frame, and as motion that went on evenly since; those to the future are left out; blocks without a vector
/// get their neighbours' mean; a 3x3 median takes the outliers. What is assumed of references holds for streams with
/// one reference, and without a pyramid of B-frames.
class CodecMotion {
 public:
  static constexpr int kCell = 8;  ///< pixels

  CodecMotion(std::vector<CodecVector> vectors, const CodedPicture& picture)
      : vectors_(std::move(vectors)), picture_(picture) {}

  /// Motion from a cell of this frame to the frame before, [rows,columns] CV_32FC2 (dx, dy) in displayed pixels; a cell
  /// is kCell coded pixels. Made at the first call; any thread may call.
  const cv::Mat& field() const;

 private:
  cv::Mat make() const;

  std::vector<CodecVector> vectors_;
  CodedPicture picture_;
  mutable std::once_flag once_;
  mutable cv::Mat field_;
};

/// The motion of a frame and of those before it, newest first: [j] from frame t - j to frame t - j - 1. It ends at a
/// frame that was coded by itself.
struct MotionChain {
  std::vector<std::shared_ptr<const CodecMotion>> steps;
  double intraShare = 0;  ///< of the frame's area that was coded without motion
};
inline constexpr size_t kLongestMotionChain = 64;

/// Gives what is unknown (NaN) in a field [h,w] CV_32FC2 the mean of its known neighbours, outwards from what is known;
/// zero where nothing is.
void fillUnknown(cv::Mat& field);

/// The median of each component over 3x3.
void medianFilter(cv::Mat& field);

}  // namespace dff
