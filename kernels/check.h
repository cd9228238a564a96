#pragma once
#include <sstream>
#include <stdexcept>

namespace dff::kernels {

/// Throws std::invalid_argument with the parts as its sentence unless the condition holds.
template <class... Parts>
void require(bool holds, const Parts&... parts) {
  if (holds) return;
  std::ostringstream text;
  (text << ... << parts);
  throw std::invalid_argument(text.str());
}

}  // namespace dff::kernels
