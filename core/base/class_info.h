#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace dff {

/// One class of a model: its name and two colours, R, G, B.
struct ClassInfo {
  std::string name;
  std::array<uint8_t, 3> displayColor;  ///< chosen for telling apart when blended over a picture
  std::array<uint8_t, 3> datasetColor;  ///< the data set's own
};

}  // namespace dff
