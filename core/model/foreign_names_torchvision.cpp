// Names of torchvision's ResNets: "layer1.0.conv1.weight", "layer1.0.downsample.1.running_mean". They are trained with
// the stride of a bottleneck on its 3x3 convolution.
#include <array>
#include <sstream>

#include "core/model/foreign_names.h"

namespace dff {
namespace {

/// Number of a residual block's convolution; 0: the shortcut, below 0: none.
int numberOf(const std::string& part) {
  if (part == "reduce" || part == "first") return 1;
  if (part == "spatial" || part == "second") return 2;
  if (part == "expand") return 3;
  return part == "shortcut" ? 0 : -1;
}

std::vector<std::string> partsOf(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

}  // namespace

std::vector<std::string> torchvisionNames(const std::string& ours) {
  const auto parts = partsOf(ours);
  if (parts.size() == 4 && parts[1] == "stem") return {(parts[2] == "conv" ? "conv1." : "bn1.") + parts[3]};
  if (parts.size() != 6 || parts[0] != "feature" || parts[1].rfind("stage", 0) != 0) return {};
  const int number = numberOf(parts[3]);
  if (number < 0) return {};
  const bool norm = parts[4] == "bn";
  const std::string block = "layer" + parts[1].substr(5) + "." + parts[2] + ".";
  if (number == 0) return {block + "downsample." + (norm ? "1." : "0.") + parts[5]};
  return {block + (norm ? "bn" : "conv") + std::to_string(number) + "." + parts[5]};
}

}  // namespace dff
