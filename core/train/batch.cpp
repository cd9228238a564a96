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

constexpr size_t kMostInMemory = size_t(3) << 30;  // bytes of pictures and labels
constexpr int64_t kMostCounted = 300;              // frames that class frequencies are counted on

size_t bytesOf(const LabelledImage& image) { return image.rgb.total() * 3 + image.labels.total(); }

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

bool hasCamvidsClasses(const Dataset& set) { return namesOf(set.classes()) == namesOf(camvidClasses()); }

}  // namespace

BatchSource::BatchSource(const TrainConfig& config, std::vector<std::unique_ptr<Dataset>> data)
    : seed_(config.seed),
      input_(config.model.input),
      stride_(config.model.stride()),
      classes_(int(config.model.classes.size())),
      detection_(config.model.detection),
      data_(std::move(data)) {
  for (const auto& set : data_) add(*set, config);
  const auto hasObject = [](const LabelledFrame& frame) {
    return std::any_of(frame.boxes.begin(), frame.boxes.end(), [](const LabelledBox& b) { return !b.ignore; });
  };
  if (detection_ && std::none_of(frames_.begin(), frames_.end(), hasObject))
    fail("no frame of the training data has an object that the model's detection part knows; add data with boxes or ",
         "leave \"detection\" out of the model");
}

void BatchSource::requireFit(const Dataset& set, const TrainConfig& config) const {
  const std::string where = "the frame " + set.name(0) + " belongs to a data set ";
  if (!set.hasLabels() && !detection_) fail(where, "without labels of pixels, and the model has no detection part");
  if (detection_ && set.boxClasses().empty())
    fail(where, "without boxes, which the detection part cannot be trained on");
  const auto theirs = namesOf(set.classes()), ours = namesOf(config.model.classes);
  if (set.hasLabels() && theirs != ours)
    fail(where, "with the classes ", joined(theirs), "; the model's \"classes\" are ", joined(ours));
}

/// Simulated motion says where labels go, and CamVid's labels where boxes go; of other boxes nothing is known then.
bool BatchSource::takesRealPairs(const Dataset& set, int64_t index) const {
  const FramePlace place = set.place(index);
  const bool inSnippet = place.first < place.last && !set.consecutive();
  return inSnippet || !set.hasLabels() || (detection_ && !hasCamvidsClasses(set));
}

void BatchSource::add(const Dataset& set, const TrainConfig& config) {
  requireFit(set, config);
  size_t bytes = 0;
  for (const auto& still : stills_) bytes += bytesOf(still);
  for (int64_t i = 0; i < set.size(); ++i) {
    frames_.push_back({&set, i, -1, takesRealPairs(set, i), {}});
    if (detection_) frames_.back().boxes = withClasses(set.boxes(i), set.boxClasses(), namesOf(detection_->classes));
    if (bytes > kMostInMemory) continue;
    stills_.push_back(imageOf(frames_.back()));
    frames_.back().still = int64_t(stills_.size()) - 1;
    bytes += bytesOf(stills_.back());
  }
}

LabelledImage BatchSource::imageOf(const LabelledFrame& frame) const {
  if (frame.still >= 0) return stills_[size_t(frame.still)];
  return {frame.set->image(frame.index), frame.set->labels(frame.index)};
}

/// What moved has no other truth than the labels that moved with it.
std::vector<LabelledBox> BatchSource::boxesOfMotion(const MotionPair& pair) const {
  if (!detection_) return {};
  return withClasses(boxesOfLabels(pair.curLabels), streetBoxClasses(), namesOf(detection_->classes));
}

/// The paper's pair: the key lies 0 .. gap frames before the labelled frame. Nobody knows its flow.
Example BatchSource::realPair(const LabelledFrame& frame, int maxGap, std::mt19937_64& random) const {
  const LabelledImage cur = imageOf(frame);
  const FramePlace place = frame.set->place(frame.index);
  const auto furthest = uint64_t(std::min<int64_t>(maxGap, place.at - place.first));
  const int64_t gap = int64_t(random() % (furthest + 1));
  return {cur.rgb,
          cur.labels,
          gap == 0 ? cur.rgb : frame.set->picture(place.at - gap),
          cv::Mat(cur.rgb.size(), CV_32FC2, cv::Scalar()),
          cv::Mat(cur.rgb.size(), CV_8U, cv::Scalar()),
          frame.boxes};
}

Example BatchSource::simulatedPair(const LabelledFrame& frame, int maxGap, std::mt19937_64& random) const {
  MotionOptions motion;
  motion.maxGap = maxGap;
  const MotionPair pair = simulateMotion(imageOf(frame), stills_, motion, random());
  return {pair.cur, pair.curLabels, pair.key, pair.keyFromCur, pair.valid, boxesOfMotion(pair)};
}

Example BatchSource::example(const StageOptions& stage, int64_t index, uint64_t seed, bool pairs) const {
  std::mt19937_64 random(seed);
  const LabelledFrame& frame = frames_[size_t(index)];
  if (pairs)
    return augment(frame.realPairs ? realPair(frame, stage.maxGap, random) : simulatedPair(frame, stage.maxGap, random),
                   stage.augment, random);
  const LabelledImage still = imageOf(frame);
  return augment({still.rgb, still.labels, {}, {}, {}, frame.boxes}, stage.augment, random);
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
  const int64_t every = std::max<int64_t>(1, size() / kMostCounted);
  for (int64_t i = 0; i < size(); ++i) {
    const LabelledFrame& frame = frames_[size_t(i)];
    if (frame.still < 0 && i % every != 0) continue;  // reading is what takes time
    const cv::Mat map = frame.still < 0 ? frame.set->labels(frame.index) : stills_[size_t(frame.still)].labels;
    for (int y = 0; y < map.rows; ++y)
      for (int x = 0; x < map.cols; ++x)
        if (const int c = map.at<uint8_t>(y, x); c < classes_) ++counts[c];
  }
  auto sorted = counts;
  std::nth_element(sorted.begin(), sorted.begin() + classes_ / 2, sorted.end());
  const double median = std::max(1.0, sorted[classes_ / 2]);
  std::vector<float> weights;
  for (double count : counts) weights.push_back(float(std::min(4.0, std::sqrt(median / std::max(1.0, count)))));
  return weights;
}

}  // namespace dff
