#include "core/export/layout.h"

#include <opencv2/imgproc.hpp>

#include "core/base/registry.h"

namespace dff {
namespace {

cv::Size one(cv::Size frame) { return frame; }
cv::Size two(cv::Size frame) { return {2 * frame.width, frame.height}; }

cv::Mat drawnAlone(const cv::Mat&, const cv::Mat& drawn) { return drawn; }

cv::Mat sideBySide(const cv::Mat& plain, const cv::Mat& drawn) {
  cv::Mat both;
  cv::hconcat(plain, drawn, both);
  return both;
}

/// The picture as it came left of the middle, annotated right of it.
cv::Mat wipe(const cv::Mat& plain, const cv::Mat& drawn) {
  const int middle = plain.cols / 2, line = std::max(1, plain.cols / 320);
  cv::Mat both = drawn.clone();
  plain.colRange(0, middle).copyTo(both.colRange(0, middle));
  both.colRange(middle, std::min(middle + line, plain.cols)).setTo(cv::Scalar::all(255));
  return both;
}

constexpr Layout kLayouts[] = {
    {"drawn", "the annotated picture alone", one, drawnAlone},
    {"side-by-side", "as it came, and annotated, beside each other", two, sideBySide},
    {"wipe", "as it came in the left half, annotated in the right", one, wipe},
};

}  // namespace

const Layout& findLayout(const std::string& name) { return findKind(kLayouts, name, "layout"); }
std::string knownLayouts() { return knownNames(kLayouts); }

}  // namespace dff
