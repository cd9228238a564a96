#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace torch::nn {
class Module;
}

namespace dff {

/// What one convolution of a network costs.
struct LayerCost {
  std::string name;  ///< dotted, within the module
  int64_t multiplyAdds = 0;
};

/// Names of weights by their tensors.
using WeightNames = std::map<const void*, std::string>;

/// Multiply-adds of all convolutions that run while `forward` runs on this thread.
int64_t countMultiplyAdds(const std::function<void()>& forward);

/// The same for each convolution of `module`, in the order of their first use.
std::vector<LayerCost> layerCosts(const torch::nn::Module& module, const std::function<void()>& forward);

/// The same for whatever runs; a convolution whose weight has no name is "unnamed". Nothing where matrices are
/// multiplied besides: what that costs is not counted.
std::optional<std::vector<LayerCost>> layerCosts(const WeightNames& names, const std::function<void()>& forward);

}  // namespace dff
