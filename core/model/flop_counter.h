#pragma once
#include <cstdint>
#include <functional>

namespace dff {

/// Multiply-adds of all convolutions that run while `forward` runs on this thread.
int64_t countMultiplyAdds(const std::function<void()>& forward);

}  // namespace dff
