#include "core/train/batch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dff {
namespace {

/// Mixes numbers into a seed (splitmix64's finaliser).
uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t z = a + 0x9e3779b97f4a7c15u * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// The order of one epoch.
std::vector<int64_t> shuffled(int64_t n, uint64_t seed) {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (int64_t i = n - 1; i > 0; --i) std::swap(order[i], order[mix(seed, i) % uint64_t(i + 1)]);
  return order;
}

torch::Tensor tensorOf(const cv::Mat& mat, at::ScalarType type) {
  return torch::from_blob(mat.data, {mat.rows, mat.cols, mat.channels()}, {int64_t(mat.step1()), mat.channels(), 1},
                          type)
      .clone();
}

/// Pixel flow -> mean over each cell's known pixels, in cells; and the share that is known.
void addFlow(const Example& e, int stride, std::vector<torch::Tensor>& flows, std::vector<torch::Tensor>& valids) {
  const auto valid = (tensorOf(e.valid, torch::kByte) > 0).to(torch::kFloat).permute({2, 0, 1}).unsqueeze(0);
  const auto flow = tensorOf(e.keyFromCur, torch::kFloat).permute({2, 0, 1}).unsqueeze(0);
  const auto share = torch::avg_pool2d(valid, stride);
  flows.push_back(torch::avg_pool2d(flow * valid, stride) / share.clamp_min(1e-6) / stride);
  valids.push_back(share);
}

}  // namespace

torch::Tensor normalised(const cv::Mat& rgb, const InputSpec& input) {
  const auto mean = torch::tensor(std::vector<float>(input.mean.begin(), input.mean.end())).view({1, 3, 1, 1});
  const auto std = torch::tensor(std::vector<float>(input.std.begin(), input.std.end())).view({1, 3, 1, 1});
  auto x = tensorOf(rgb, torch::kByte).permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat);
  if (input.channelOrder == "bgr") x = x.flip(1);
  return ((x - mean) / std).contiguous();
}

namespace {

bool anyObject(const std::vector<std::vector<LabelledBox>>& boxes) {
  for (const auto& ofPicture : boxes)
    for (const auto& b : ofPicture)
      if (!b.ignore) return true;
  return false;
}

}  // namespace

BatchSource::BatchSource(const TrainConfig& config, const std::vector<std::unique_ptr<Dataset>>& data)
    : seed_(config.seed),
      input_(config.model.input),
      stride_(config.model.stride()),
      classes_(int(config.model.classes.size())),
      detection_(config.model.detection) {
  for (const auto& set : data) {
    if (!set->hasLabels())
      fail("the frame ", set->name(0), " belongs to a data set without labels of pixels, which training needs");
    for (int64_t i = 0; i < set->size(); ++i) {
      stills_.push_back({set->image(i), set->labels(i)});
      if (detection_) addBoxes(*set, i);
    }
  }
  if (detection_ && !anyObject(boxes_))
    fail("no frame of the training data has an object that the model's detection part knows; add data with boxes or ",
         "leave \"detection\" out of the model");
}

void BatchSource::addBoxes(const Dataset& set, int64_t index) {
  if (set.boxClasses().empty())
    fail("the frame ", set.name(index), " belongs to a data set without boxes, which the detection part cannot be ",
         "trained on");
  boxes_.push_back(withClasses(set.boxes(index), set.boxClasses(), namesOf(detection_->classes)));
}

/// What moved has no other truth than the labels that moved with it.
std::vector<LabelledBox> BatchSource::boxesOfMotion(const MotionPair& pair) const {
  if (!detection_) return {};
  return withClasses(boxesOfLabels(pair.curLabels), streetBoxClasses(), namesOf(detection_->classes));
}

Example BatchSource::example(const StageOptions& stage, int64_t index, uint64_t seed, bool pairs) const {
  std::mt19937_64 random(seed);
  const LabelledImage& still = stills_[index];
  Example raw{still.rgb, still.labels, {}, {}, {}, {}};
  if (detection_) raw.boxes = boxes_[index];
  if (pairs) {
    MotionOptions motion;
    motion.maxGap = stage.maxGap;
    const MotionPair pair = simulateMotion(still, stills_, motion, random());
    raw = {pair.cur, pair.curLabels, pair.key, pair.keyFromCur, pair.valid, boxesOfMotion(pair)};
  }
  return augment(raw, stage.augment, random);
}

Batch BatchSource::make(const StageOptions& stage, int64_t stageIndex, int64_t step, bool pairs) const {
  const uint64_t stageSeed = mix(seed_, stageIndex);
  std::vector<torch::Tensor> curs, labels, keys, flows, valids;
  std::vector<std::vector<LabelledBox>> boxes;
  for (int64_t i = step * stage.batch; i < (step + 1) * stage.batch; ++i) {
    const auto order = shuffled(size(), mix(stageSeed, i / size()));
    const Example e = example(stage, order[i % size()], mix(stageSeed, ~uint64_t(i)), pairs);
    curs.push_back(normalised(e.cur, input_));
    boxes.push_back(e.boxes);
    labels.push_back(tensorOf(e.labels, torch::kByte).permute({2, 0, 1}).to(torch::kLong));
    if (!pairs) continue;
    keys.push_back(normalised(e.key, input_));
    addFlow(e, stride_, flows, valids);
  }
  const auto pictures = [](const std::vector<torch::Tensor>& list) {
    return torch::cat(list).contiguous(torch::MemoryFormat::ChannelsLast);
  };
  Batch batch{pictures(curs), torch::cat(labels), {}, {}, {}, std::move(boxes), mix(stageSeed, uint64_t(step))};
  if (pairs) {
    batch.key = pictures(keys);
    batch.keyFromCur = torch::cat(flows);
    batch.valid = torch::cat(valids);
  }
  return batch;
}

std::vector<float> BatchSource::classWeights() const {
  std::vector<double> counts(classes_);
  for (const auto& [rgb, map] : stills_)
    for (int y = 0; y < map.rows; ++y)
      for (int x = 0; x < map.cols; ++x)
        if (const int c = map.at<uint8_t>(y, x); c < classes_) ++counts[c];
  auto sorted = counts;
  std::nth_element(sorted.begin(), sorted.begin() + classes_ / 2, sorted.end());
  const double median = std::max(1.0, sorted[classes_ / 2]);
  std::vector<float> weights;
  for (double count : counts) weights.push_back(float(std::min(4.0, std::sqrt(median / std::max(1.0, count)))));
  return weights;
}

}  // namespace dff
