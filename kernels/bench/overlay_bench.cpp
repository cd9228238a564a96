#include <benchmark/benchmark.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "kernels/bench/fastest.h"
#include "kernels/blend.h"
#include "kernels/flow_color.h"

using namespace dff;

namespace {

struct Case {
  cv::Mat picture, labels, flow, table;
  kernels::LabelPaint paint;
};

Case caseOf(const benchmark::State& state) {
  cv::setNumThreads(kernels::useThreads());
  const cv::Size size(int(state.range(0)), int(state.range(1)));
  Case c{cv::Mat(size, CV_8UC3), cv::Mat(size, CV_8U), cv::Mat(size, CV_32FC2), cv::Mat(1, 256, CV_8UC3), {}};
  cv::RNG random(1);
  random.fill(c.picture, cv::RNG::UNIFORM, 0, 256);
  random.fill(c.labels, cv::RNG::UNIFORM, 0, 11);
  random.fill(c.flow, cv::RNG::NORMAL, 0, 3);
  random.fill(c.table, cv::RNG::UNIFORM, 0, 256);
  for (int i = 0; i < 256; ++i) {
    const auto& rgb = c.table.at<cv::Vec3b>(i);
    c.paint.color[i] = uint32_t(rgb[0] | rgb[1] << 8 | rgb[2] << 16);
    c.paint.alpha[i] = 128 * 0x010101u;
  }
  return c;
}

void blendLabels(benchmark::State& state) {
  const Case c = caseOf(state);
  kernels::runFastest(state, [&] {
    kernels::blendLabels({c.picture.data, int64_t(c.picture.step), c.labels.data, int64_t(c.labels.step),
                          c.picture.cols, c.picture.rows},
                         c.paint);
    return c.picture.data;
  });
}

/// A table's colours and one cover for all of them, which is all that OpenCV can.
void openCvBlend(benchmark::State& state) {
  Case c = caseOf(state);
  cv::Mat wide, colors;
  kernels::runFastest(state, [&] {
    cv::cvtColor(c.labels, wide, cv::COLOR_GRAY2RGB);
    cv::LUT(wide, c.table, colors);
    cv::addWeighted(c.picture, 0.5, colors, 0.5, 0, c.picture);
    return c.picture.data;
  });
}

void flowColor(benchmark::State& state) {
  const Case c = caseOf(state);
  kernels::FlowColorInput in{c.flow.ptr<float>(), int64_t(c.flow.total()), 4, {}};
  in.wheel.hues = 55;
  for (int i = 0; i <= 55; ++i) in.wheel.rgb[i % 3][i] = 1;
  cv::Mat rgb(c.flow.size(), CV_8UC3);
  kernels::runFastest(state, [&] {
    kernels::flowColor(in, rgb.data);
    return rgb.data;
  });
}

/// Hue and strength through OpenCV's own operations.
void openCvFlowColor(benchmark::State& state) {
  const Case c = caseOf(state);
  cv::Mat parts[2], angle, length, hsv, rgb;
  kernels::runFastest(state, [&] {
    cv::split(c.flow, parts);
    cv::cartToPolar(parts[0], parts[1], length, angle, true);
    cv::merge(std::vector<cv::Mat>{angle, cv::min(length / 4, 1), cv::Mat::ones(c.flow.size(), CV_32F)}, hsv);
    cv::cvtColor(hsv, rgb, cv::COLOR_HSV2RGB);
    rgb.convertTo(rgb, CV_8UC3, 255);
    return rgb.data;
  });
}

void sizes(benchmark::internal::Benchmark* b) { b->Args({480, 360})->Args({1920, 1080})->UseRealTime(); }

BENCHMARK(blendLabels)->Apply(sizes);
BENCHMARK(openCvBlend)->Apply(sizes);
BENCHMARK(flowColor)->Apply(sizes);
BENCHMARK(openCvFlowColor)->Apply(sizes);

}  // namespace
