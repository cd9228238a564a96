#include "core/model/int8_graph.h"

#include <algorithm>

#include "core/base/error.h"

namespace dff {
namespace {

using Kind = FusedStep::Kind;

/// Where the present content of a map of the given network lies in the new one (-1: nowhere), and its range.
struct Lies {
  int asFloat = -1, asBytes = -1;
  float largest = 0;  ///< 0: not known
  bool isSigned = true;

  EightBits bits() const { return {largest / (isSigned ? 127 : 255), isSigned}; }
};

class Rewriter {
 public:
  Rewriter(const FusedGraph& graph, const ActivationRanges& ranges)
      : graph_(graph), ranges_(ranges), maps_(size_t(graph.maps)) {
    result_.maps = graph.maps;
    result_.inputs = graph.inputs;
    for (int i = 0; i < graph.inputs; ++i) maps_[size_t(i)].asFloat = i;
  }

  FusedGraph rewrite() {
    for (size_t i = 0; i < graph_.steps.size(); ++i) {
      const FusedStep& step = graph_.steps[i];
      if (step.kind == Kind::Convolution)
        convolve(step, isReadInBytes(i));
      else if (step.kind == Kind::Copy || step.kind == Kind::MaxPool)
        keepType(step);
      else
        compute(step);
    }
    for (const int output : graph_.outputs) result_.outputs.push_back(asFloat(output));
    return std::move(result_);
  }

 private:
  Lies& at(int map) { return maps_[size_t(map)]; }

  int converted(int from, const EightBits& bits) {
    FusedStep step;
    step.kind = Kind::Convert;
    step.from = from;
    step.bits = bits;
    return result_.add(std::move(step));
  }
  int asFloat(int map) {
    Lies& m = at(map);
    return m.asFloat >= 0 ? m.asFloat : m.asFloat = converted(m.asBytes, {});
  }
  int asBytes(int map) {
    Lies& m = at(map);
    return m.asBytes >= 0 ? m.asBytes : m.asBytes = converted(m.asFloat, m.bits());
  }
  float rangeOf(const FusedStep& step) const {
    const auto found = ranges_.find(step.name);
    return found == ranges_.end() ? 0 : found->second;
  }

  /// Whether what a step makes is next read by something that takes 8 bits.
  bool isReadInBytes(size_t number) const {
    const int made = graph_.steps[number].to;
    for (size_t i = number + 1; i < graph_.steps.size(); ++i) {
      const FusedStep& later = graph_.steps[i];
      const bool convolution = later.kind == Kind::Convolution;
      if (later.from == made || later.with == made)
        return convolution || later.kind == Kind::MaxPool || later.kind == Kind::Copy;
      if (later.to == made) return convolution && later.accumulate;
    }
    return false;
  }

  void convolve(FusedStep step, bool isReadInBytes) {
    const bool eightBits = at(step.from).largest > 0 && (step.slope == 0 || step.slope == 1);
    const bool sumInBytes = step.accumulate && at(step.to).asBytes >= 0;
    const bool bytes = eightBits && rangeOf(step) > 0 && (step.accumulate ? sumInBytes : isReadInBytes);
    Lies made{-1, -1, rangeOf(step), step.slope != 0};
    step.from = eightBits ? asBytes(step.from) : asFloat(step.from);
    const int target = step.to;
    if (step.accumulate) step.to = bytes ? at(target).asBytes : asFloat(target);
    if (bytes) step.bits = made.bits();
    (bytes ? made.asBytes : made.asFloat) = step.to;
    at(target) = made;
    result_.steps.push_back(std::move(step));
  }

  void keepType(FusedStep step) {
    Lies made = at(step.from);
    const bool bytes = made.asBytes >= 0;
    step.from = bytes ? made.asBytes : made.asFloat;
    made.asFloat = bytes ? -1 : step.to;
    made.asBytes = bytes ? step.to : -1;
    at(step.to) = made;
    result_.steps.push_back(std::move(step));
  }

  void compute(FusedStep step) {
    const bool inPlace = step.kind == Kind::AddEverywhere;
    const bool isSigned = at(step.from).isSigned || (inPlace && at(step.to).isSigned);
    const int target = step.to;
    step.from = asFloat(step.from);
    if (step.with >= 0) step.with = asFloat(step.with);
    if (step.like >= 0) step.like = std::max(at(step.like).asFloat, at(step.like).asBytes);  // for its size alone
    if (inPlace) step.to = asFloat(target);
    at(target) = {step.to, -1, rangeOf(step), isSigned};
    result_.steps.push_back(std::move(step));
  }

  const FusedGraph& graph_;
  const ActivationRanges& ranges_;
  FusedGraph result_;
  std::vector<Lies> maps_;
};

void requireRangesOf(const FusedGraph& graph, const ActivationRanges& ranges) {
  size_t named = 0;
  for (const auto& step : graph.steps) {
    if (step.name.empty()) continue;
    ++named;
    const auto found = ranges.find(step.name);
    if (found == ranges.end()) fail("no range is known of what \"", step.name, "\" makes");
    if (!(found->second > 0)) fail("the range of what \"", step.name, "\" makes is ", found->second);
  }
  if (named == 0) fail("this network has no step that is known in 8 bits");
  if (named != ranges.size()) fail("there are ranges of ", ranges.size(), " steps, the network has ", named);
}

}  // namespace

FusedGraph inEightBits(const FusedGraph& graph, const ActivationRanges& ranges) {
  requireRangesOf(graph, ranges);
  return Rewriter(graph, ranges).rewrite();
}

}  // namespace dff
