#include "ui/infer/inspection.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>

namespace dff::ui {

cv::Mat Inspection::channel(const cv::Mat& map, int index) {
  return cv::Mat(map.size[1], map.size[2], CV_32F, const_cast<uchar*>(map.ptr(index)));
}

void compareFeatures(Inspection& i) {
  const int h = i.recomputed.size[1], w = i.recomputed.size[2];
  const cv::Rect seen(0, 0, std::min(w, int(std::ceil(i.gridInFrame.width))),
                      std::min(h, int(std::ceil(i.gridInFrame.height))));
  double dot = 0, ofRecomputed = 0, ofPropagated = 0, ofDifference = 0;
  i.energy.clear();
  i.error.clear();
  for (int c = 0; c < i.channels(); ++c) {
    const cv::Mat a = Inspection::channel(i.recomputed, c)(seen), b = Inspection::channel(i.propagated, c)(seen);
    const double energy = a.dot(a), difference = cv::norm(a, b, cv::NORM_L2SQR);
    dot += a.dot(b);
    ofRecomputed += energy;
    ofPropagated += b.dot(b);
    ofDifference += difference;
    i.energy.push_back(float(std::sqrt(energy / seen.area())));
    i.error.push_back(float(std::sqrt(difference / seen.area())));
  }
  const double lengths = std::sqrt(ofRecomputed * ofPropagated);
  i.cosine = lengths > 0 ? dot / lengths : 1;
  i.relativeError = ofRecomputed > 0 ? std::sqrt(ofDifference / ofRecomputed) : 0;
}

std::vector<int> channelOrder(const std::vector<float>& values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return values[size_t(a)] > values[size_t(b)]; });
  return order;
}

}  // namespace dff::ui
