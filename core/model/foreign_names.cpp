#include "core/model/foreign_names.h"

#include <algorithm>
#include <unordered_set>

namespace dff {
namespace {
constexpr NameMap kNameMaps[] = {
    {{"own", "this program's", ownNames}, false},
    {{"mxnet", "the authors' MXNet code's (reference sections 2 to 5)", mxnetNames}, false},
    {{"torchvision", "torchvision's ResNets, for the feature network", torchvisionNames}, true},
};

int matches(const NameMap& map, const std::vector<std::string>& ours, const std::unordered_set<std::string>& theirs) {
  return int(std::count_if(ours.begin(), ours.end(), [&](const std::string& name) {
    const auto candidates = map.make(name);
    return std::any_of(candidates.begin(), candidates.end(), [&](const auto& c) { return theirs.count(c) > 0; });
  }));
}

}  // namespace

const NameMap& bestNameMap(const std::vector<std::string>& ours, const std::vector<std::string>& theirs) {
  const std::unordered_set<std::string> known(theirs.begin(), theirs.end());
  return *std::max_element(std::begin(kNameMaps), std::end(kNameMaps), [&](const NameMap& a, const NameMap& b) {
    return matches(a, ours, known) < matches(b, ours, known);
  });
}

std::vector<std::string> ownNames(const std::string& ours) { return {ours}; }

}  // namespace dff
