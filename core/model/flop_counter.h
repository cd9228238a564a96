#pragma once
#include <cstdint>
#include <functional>
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

/// Multiply-adds of all convolutions that run while `forward` runs on this thread.
int64_t countMultiplyAdds(const std::function<void()>& forward);

/// The same for each convolution of `module`, in the order of their first use.
std::vector<LayerCost> layerCosts(const torch::nn::Module& module, const std::function<void()>& forward);

}  // namespace dff
