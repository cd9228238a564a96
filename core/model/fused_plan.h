#pragma once
#include <ATen/core/Tensor.h>

#include <dnnl.hpp>
#include <functional>
#include <span>
#include <vector>

#include "core/model/fused_graph.h"

namespace dff {

/// A fused network for one size of input: memory for every map, and what is to be called in turn. Throws Error and
/// dnnl::error where the sizes do not go with the network.
class FusedPlan {
 public:
  FusedPlan(const FusedGraph& graph, std::span<const at::Tensor> inputs);

  bool fits(std::span<const at::Tensor> inputs) const;
  const dnnl::memory::dims& outputDims(size_t output) const { return outputDims_[output]; }

  /// Where the next run reads and writes: dense tensors, inputs in the layout of the plan, outputs channels_last. They
  /// must live until it is over.
  void bind(std::span<const at::Tensor> inputs, std::span<const at::Tensor> outputs);
  void run(size_t firstStep, size_t end);

  /// How many steps lie before the end of each step of the graph.
  const std::vector<size_t>& ends() const { return ends_; }
  /// What a map in float32 holds now.
  std::span<const float> values(int map) const;

  /// Multiply-adds of each step.
  const std::vector<int64_t>& costs() const { return costs_; }

 private:
  using Memory = dnnl::memory;
  struct Input {
    std::vector<int64_t> sizes;
    at::MemoryFormat layout;
    Memory memory;
  };

  Memory& at(int map) { return maps_[size_t(map)]; }
  Memory::dims dimsOf(int map) const { return maps_[size_t(map)].get_desc().dims(); }
  float* valuesOf(const Memory& m) const { return static_cast<float*>(m.get_data_handle()); }

  void addInput(const at::Tensor& input, int map);
  void add(const FusedStep& s);
  void step(std::function<void()> work, int64_t multiplyAdds = 0);
  void call(const dnnl::primitive& primitive, std::vector<std::pair<int, Memory>> arguments, int64_t multiplyAdds = 0);
  Memory packed(const at::Tensor& tensor, const Memory::desc& wanted, Memory::format_tag tag);
  Memory zeros(const Memory::dims& dims);
  void target(const FusedStep& s, const Memory::dims& dims);
  dnnl::convolution_forward::desc convolution(const FusedStep& s, Memory::data_type weights);
  void targetOfParts(const FusedStep& s, const Memory::dims& from);

  // fused_plan.cpp: by oneDNN
  void reorder(const Memory& from, const Memory& to);
  void convolve(const FusedStep& s);
  void maxPool(const FusedStep& s);
  void averagePool(const FusedStep& s, const Memory::dims& kernel, const Memory::dims& stride);
  void addEverywhere(const FusedStep& s);
  void resize(const FusedStep& s);
  // fused_plan_int8.cpp: by oneDNN, in 8 bits
  bool isFloat(int map) const { return maps_[size_t(map)].get_desc().data_type() == Memory::data_type::f32; }
  void convert(const FusedStep& s);
  void bytesTarget(const FusedStep& s, const Memory::dims& dims);
  void convolveBytes(const FusedStep& s);
  // fused_plan_kernels.cpp: by our own kernels
  void winograd(const FusedStep& s);
  void foldedWinograd(const FusedStep& s);
  void deconvolve(const FusedStep& s);
  void place(const FusedStep& s);
  void warp(const FusedStep& s);
  void correlate(const FusedStep& s);

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<Input> inputs_;
  std::vector<int> outputs_;
  std::vector<Memory::dims> outputDims_;
  std::vector<Memory> maps_;
  std::vector<EightBits> bits_;  // of each map
  std::vector<std::function<void()>> steps_;
  std::vector<size_t> ends_;
  std::vector<int64_t> costs_;
};

}  // namespace dff
