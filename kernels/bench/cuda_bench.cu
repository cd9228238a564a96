// Achieved bandwidth of warp x scale against a copy on the same GPU. A program of its own: dff-cuda-bench.
#include <cstdio>
#include <vector>

#include "kernels/cuda/launch.cuh"
#include "kernels/warp_device.h"

using namespace dff::kernels;

namespace {

class Gpu {
 public:
  explicit Gpu(size_t bytes) {
    checkCuda(cudaMalloc(&data_, bytes), "allocation");
    checkCuda(cudaMemset(data_, 0, bytes), "memset");
  }
  ~Gpu() { cudaFree(data_); }
  Gpu(const Gpu&) = delete;
  void* get() const { return data_; }

 private:
  void* data_ = nullptr;
};

/// Milliseconds of one call, the mean of many.
template <class Work>
float timed(const Work& work) {
  constexpr int kRepeats = 200;
  cudaEvent_t begin, end;
  checkCuda(cudaEventCreate(&begin), "event");
  checkCuda(cudaEventCreate(&end), "event");
  for (int i = 0; i < 10; ++i) work();
  checkCuda(cudaEventRecord(begin), "event");
  for (int i = 0; i < kRepeats; ++i) work();
  checkCuda(cudaEventRecord(end), "event");
  checkCuda(cudaEventSynchronize(end), "event");
  float ms = 0;
  checkCuda(cudaEventElapsedTime(&ms, begin, end), "event");
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return ms / kRepeats;
}

template <class T>
void measure(const char* type, int64_t c, int64_t h, int64_t w) {
  const size_t bytes = size_t(c * h * w) * sizeof(T);
  const Gpu feature(bytes), scale(bytes), out(bytes), flow(size_t(2 * h * w) * sizeof(float));
  const FlowView<const Computed<T>> view{static_cast<const Computed<T>*>(flow.get()), 2 * h * w, h * w, w, 1};
  const WarpInput<T> in{static_cast<T*>(feature.get()), static_cast<T*>(scale.get()), view, 1, c, h, w, true};
  const float warpMs = timed([&] { warpCuda(in, static_cast<T*>(out.get()), nullptr); });
  const float copyMs =
      timed([&] { checkCuda(cudaMemcpyAsync(out.get(), feature.get(), bytes, cudaMemcpyDeviceToDevice), "copy"); });
  const double warpRate = 3. * double(bytes) / warpMs / 1e6, copyRate = 2. * double(bytes) / copyMs / 1e6;
  std::printf("%-5s [1,%lld,%lld,%lld]  warp %.4f ms %.0f GB/s  copy %.0f GB/s  %.0f %%\n", type,
              static_cast<long long>(c), static_cast<long long>(h), static_cast<long long>(w), double(warpMs), warpRate,
              copyRate, 100 * warpRate / copyRate);
}

}  // namespace

int main() {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::puts("skipped: no device");
    return 0;
  }
  cudaDeviceProp device{};
  checkCuda(cudaGetDeviceProperties(&device, 0), "device");
  std::printf("%s, compute capability %d.%d\n", device.name, device.major, device.minor);
  for (const auto& s :
       std::vector<std::vector<int64_t>>{{128, 45, 60}, {1024, 38, 63}, {1024, 64, 128}, {2048, 64, 128}}) {
    measure<float>("fp32", s[0], s[1], s[2]);
    measure<Bf16>("bf16", s[0], s[1], s[2]);
  }
  return 0;
}
