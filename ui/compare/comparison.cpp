#include "ui/compare/comparison.h"

#include "core/eval/label_agreement.h"
#include "core/export/difference.h"
#include "core/model/find_model.h"
#include "core/run/run_report.h"
#include "core/task/confusion.h"

namespace dff::ui {
namespace {

constexpr size_t kFrameBytes = 128u << 20;

bool sameEngine(const Configuration& a, const Configuration& b) {
  return a.kind == b.kind && a.flow == b.flow && a.propagate == b.propagate;
}

EngineOptions engineOptions(const Configuration& c, const CompareSettings& settings) {
  EngineOptions options;
  options.precision = settings.precision;
  options.tasks = {"seg"};
  if (settings.boxes) options.tasks.push_back("boxes");
  const bool perFrame = c.kind == Configuration::Kind::PerFrame;
  options.flow = perFrame ? "copy" : c.flow;
  options.propagate = perFrame ? "causal" : c.propagate;
  return options;
}

}  // namespace

void ComparisonMaker::set(const CompareSettings& settings) {
  const CompareSettings before = std::exchange(settings_, settings);
  const std::string model = settings.model + "\n" + settings.precision;
  const bool otherModel = loaded_ != model, otherClip = !fetcher_ || before.clip != settings.clip;
  if (otherModel) {
    loaded_.clear();
    package_ = std::make_unique<Package>(loadPackage(findModel(settings.model)));
    if (classes() == 0) fail("the model ", package_->name(), " names no classes of pixels, which could be compared");
  }
  if (otherClip) fetcher_ = std::make_unique<FrameFetcher>(openSource(settings.clip->path), kFrameBytes);
  if (otherClip || before.truth != settings.truth) {
    truth_ = {};
    if (!settings.truth.empty()) truth_ = LabelFolder(settings.truth, settings.clip->frames());
  }
  const bool otherFeatures = otherModel || otherClip || !store_;
  if (otherFeatures) {
    runners_ = {};
    store_ = std::make_unique<FeatureStore>(*package_, settings.precision, [this](int64_t i) { return frame(i); });
  }
  for (size_t i : {0u, 1u}) {
    if (runners_[i] && before.boxes == settings.boxes && sameEngine(before.sides[i], settings.sides[i])) continue;
    runners_[i].reset();
    if (settings.sides[i].infers())
      runners_[i] = std::make_unique<SingleFrames>(*package_, engineOptions(settings.sides[i], settings), *store_);
  }
  loaded_ = model;
  remakePainter();
}

void ComparisonMaker::setLayers(const OverlayOptions& layers, const std::array<uint8_t, 3>& differenceColor) {
  layers_ = layers;
  color_ = differenceColor;
  remakePainter();
}

void ComparisonMaker::remakePainter() {
  if (!package_ || !settings_.clip) return;
  const cv::Size size(settings_.clip->info.width, settings_.clip->info.height);
  const auto& detection = package_->spec.detection;
  painter_ = std::make_unique<OverlayPainter>(package_->spec.classes, layers_, size,
                                              detection ? detection->classes : std::vector<ClassInfo>());
}

FramePtr ComparisonMaker::frame(int64_t index) {
  FramePtr frame = fetcher_->frame(index);
  if (!frame) fail("frame ", index, " of ", settings_.clip->path.filename().string(), " cannot be decoded");
  return frame;
}

ComparedSide ComparisonMaker::sideOf(size_t side, const FramePtr& frame, const cv::Mat& truth) {
  ComparedSide made;
  const Configuration& c = made.configuration = settings_.sides[side];
  if (!c.infers()) {
    made.result.frame = frame;
    made.result.labels = truth;
    return made;
  }
  KeySchedule keys = settings_.keys;
  keys.interval = c.keyInterval();
  const bool inRange = frame->index >= settings_.first && frame->index <= settings_.last;
  const int64_t first = inRange ? settings_.first : 0, last = inRange ? settings_.last : settings_.clip->frames() - 1;
  SingleFrames& runner = *runners_[side];
  made.result = runner.result(frame->index, keysOfFrame(keys, frame->index, first, last, runner.readsAhead()));
  made.ms = inferenceMs(made.result.times);
  if (truth.empty()) return made;
  ConfusionMatrix confusion(classes());
  confusion.add(truth, made.result.labels);
  made.miou = confusion.meanIou();
  return made;
}

Comparison ComparisonMaker::make(int64_t index) {
  Comparison made;
  made.frame = frame(index);
  const cv::Mat truth = truth_.labels(index, made.frame->rgb.size());
  for (size_t side : {0u, 1u}) made.sides[side] = sideOf(side, made.frame, truth);
  const cv::Mat &a = made.sides[0].result.labels, &b = made.sides[1].result.labels;
  if (!a.empty() && !b.empty()) {
    LabelAgreement agreement(classes());
    agreement.add(a, b);
    if (agreement.compared()) made.agreement = agreement.share();
  }
  paint(made);
  return made;
}

void ComparisonMaker::paint(Comparison& c) const {
  for (ComparedSide& side : c.sides) side.picture = painter_->paint(side.result);
  const cv::Mat &a = c.sides[0].result.labels, &b = c.sides[1].result.labels;
  if (!a.empty() && !b.empty()) c.difference = paintDifference(c.frame->rgb, {a, b}, classes(), color_);
}

}  // namespace dff::ui
