#include "core/flow/chained_motion.h"

#include <torch/torch.h>

#include <opencv2/imgproc.hpp>

#include "kernels/follow_motion.h"

namespace dff {
namespace {

constexpr int kFiner = 2;  // cells of the steps along one of the feature map

/// Bilinear at the centres of the cells, the border's values beyond it; several cells of the field are averaged first.
cv::Mat sampled(const cv::Mat& field, cv::Size frame, const CellGrid& grid) {
  const cv::Size cells = grid.cells * kFiner;
  const double across = grid.pixels.width / kFiner, down = grid.pixels.height / kFiner;  // pixels a cell
  cv::Mat coarse = field, out;
  const cv::Size fitting(std::max(1, cvRound(frame.width / across)), std::max(1, cvRound(frame.height / down)));
  if (field.cols > 2 * fitting.width) cv::resize(field, coarse, fitting, 0, 0, cv::INTER_AREA);
  const double x = across * coarse.cols / frame.width, y = down * coarse.rows / frame.height;
  const cv::Matx23d fieldFromCell(x, 0, 0.5 * x - 0.5, 0, y, 0.5 * y - 0.5);
  cv::warpAffine(coarse, out, fieldFromCell, cells, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return out;
}

}  // namespace

StepMotion stepOf(const cv::Mat& field, cv::Size frame, const CellGrid& grid) {
  const cv::Mat cells = sampled(field, frame, grid);
  auto step = at::empty({2, cells.rows, cells.cols}, at::kFloat);
  cv::Mat planes[] = {cv::Mat(cells.size(), CV_32F, step[0].data_ptr()),
                      cv::Mat(cells.size(), CV_32F, step[1].data_ptr())};
  cv::split(cells, planes);
  planes[0] *= kFiner / grid.pixels.width, planes[1] *= kFiner / grid.pixels.height;
  return step;
}

FlowEstimate estimateAlong(std::span<const StepMotion> steps, const CellGrid& grid, bool turned) {
  if (steps.empty()) return {at::zeros({1, 2, grid.cells.height, grid.cells.width}), {}, {}};
  auto motion = kernels::followedBack(steps);
  if (turned) motion = kernels::turnedRound(motion);
  return {kernels::halvedMotion(motion), {}, {}, motion};
}

}  // namespace dff
