#pragma once
#include <cstddef>
#include <vector>

namespace dff::kernels {

/// Memory of this thread for `count` values, the same one at each call with the same T and Use: it grows to what was
/// needed and is kept, so that a stream of frames allocates nothing. What it holds is undefined.
template <class T, class Use = void>
T* scratch(size_t count) {
  thread_local std::vector<T> kept;
  if (kept.size() < count) kept.resize(count);
  return kept.data();
}

}  // namespace dff::kernels
