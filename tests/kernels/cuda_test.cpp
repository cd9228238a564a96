#include <cuda_runtime.h>
#include <torch/torch.h>

#include <QTest>

#include "kernels/correlation.h"
#include "kernels/correlation_device.h"
#include "kernels/layout.h"
#include "kernels/nms.h"
#include "kernels/nms_device.h"
#include "kernels/overlay_device.h"
#include "kernels/preprocess.h"
#include "kernels/preprocess_device.h"
#include "kernels/psroi_pool.h"
#include "kernels/psroi_pool_device.h"
#include "kernels/segment_argmax.h"
#include "kernels/segment_argmax_device.h"
#include "kernels/warp.h"
#include "kernels/warp_device.h"
#include "tests/support/gradients.h"

// The GPU's kernels by raw pointers against the CPU's: LibTorch need not know CUDA.
using namespace dff;
using namespace dff::kernels;
using namespace dff::test;

namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

void check(cudaError_t status) {
  if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
}

/// A copy of a tensor's memory on the GPU.
class OnGpu {
 public:
  explicit OnGpu(const at::Tensor& t) : host_(t) {
    check(cudaMalloc(&data_, std::max<size_t>(t.nbytes(), 1)));
    check(cudaMemcpy(data_, t.data_ptr(), t.nbytes(), cudaMemcpyHostToDevice));
  }
  ~OnGpu() { cudaFree(data_); }
  OnGpu(const OnGpu&) = delete;

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }
  at::Tensor back() const {
    at::Tensor t = at::empty_like(host_);
    check(cudaDeviceSynchronize());
    check(cudaMemcpy(t.data_ptr(), data_, t.nbytes(), cudaMemcpyDeviceToHost));
    return t;
  }

 private:
  at::Tensor host_;
  void* data_ = nullptr;
};

template <class T>
struct ElementOf;
template <>
struct ElementOf<float> {
  static constexpr auto kType = at::kFloat;
};
template <>
struct ElementOf<Bf16> {
  static constexpr auto kType = at::kBFloat16;
};

template <class T>
void compareWarps(at::IntArrayRef shape, at::MemoryFormat layout, double tolerance) {
  const at::Tensor feature = at::randn(shape).to(ElementOf<T>::kType).contiguous(layout);
  const at::Tensor scale = at::randn(shape).to(ElementOf<T>::kType).contiguous(layout);
  at::Tensor flow = at::randn({shape[0], 2, shape[2], shape[3]}) * 3;
  flow.view(-1)[0] = INFINITY;
  const OnGpu f(feature), s(scale), m(flow), out(at::zeros_like(feature));
  WarpInput<T> in{f.as<T>(),
                  s.as<T>(),
                  {m.as<float>(), flow.stride(0), flow.stride(1), flow.stride(2), flow.stride(3)},
                  shape[0],
                  shape[1],
                  shape[2],
                  shape[3],
                  layoutOf(feature) == kLast};
  warpCuda(in, out.as<T>(), nullptr);
  QVERIFY(maxDifference(out.back().to(at::kFloat), warp(feature, flow, scale).to(at::kFloat)) < tolerance);
}

}  // namespace

class CudaTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) QSKIP("skipped: no device");
    cudaDeviceProp device{};
    check(cudaGetDeviceProperties(&device, 0));
    qInfo("%s", device.name);
  }
  void init() { at::manual_seed(1); }

  void warpForward() {
    for (const auto layout : {at::MemoryFormat::Contiguous, kLast})
      for (const auto& shape : {std::vector<int64_t>{1, 1, 1, 1}, {1, 5, 1, 9}, {2, 36, 11, 13}, {1, 128, 45, 60}}) {
        compareWarps<float>(shape, layout, 1e-4);
        compareWarps<Bf16>(shape, layout, 0.1);
      }
  }
  void warpBackward() {
    for (const auto layout : {at::MemoryFormat::Contiguous, kLast}) {
      at::Tensor feature = at::randn({2, 37, 11, 13}, at::kDouble).contiguous(layout), scale = at::randn_like(feature);
      at::Tensor flow = at::randn({2, 2, 11, 13}, at::kDouble) * 3;
      const at::Tensor gradOut = at::randn_like(feature);
      const OnGpu f(feature), s(scale), m(flow), g(gradOut), gf(at::zeros_like(feature)), gs(gradOut), gm(flow);
      const WarpInput<double> in{f.as<double>(), s.as<double>(), {m.as<double>(), 2 * 143, 143, 13, 1}, 2, 37, 11, 13,
                                 layout == kLast};
      warpBackwardCuda<double>(
          in, {g.as<double>(), gf.as<double>(), gs.as<double>(), {gm.as<double>(), 2 * 143, 143, 13, 1}}, nullptr);
      for (at::Tensor* t : {&feature, &flow, &scale}) t->requires_grad_(true);
      warp(feature, flow, scale).backward(gradOut);
      QVERIFY(maxDifference(gf.back(), feature.grad()) < 1e-10);
      QVERIFY(maxDifference(gm.back(), flow.grad()) < 1e-10);
      QVERIFY(maxDifference(gs.back(), scale.grad()) < 1e-10);
    }
  }
  void psroiPooling() {
    at::Tensor maps = at::randn({2, 4 * 49, 20, 30}, at::kDouble);
    const at::Tensor corner = at::rand({100, 2}, at::kDouble) * 200, side = at::rand({100, 2}, at::kDouble) * 90;
    const at::Tensor rois = at::cat({at::randint(2, {100, 1}, at::kDouble), corner, corner + side}, 1);
    maps.requires_grad_(true);
    const at::Tensor expected = psroiPool(maps, rois, {7, 0.125}), gradOut = at::randn_like(expected);
    expected.backward(gradOut);
    const OnGpu m(maps.detach()), r(rois), g(gradOut), out(at::zeros_like(gradOut)), gm(at::zeros_like(maps.detach()));
    const PsroiInput<double> in{m.as<double>(), 196 * 600, 600, 30, 1, 2, 4, 7, 20, 30, r.as<double>(), 100, 0.125};
    psroiPoolCuda(in, out.as<double>(), nullptr);
    psroiPoolBackwardCuda<double>(in, g.as<double>(), gm.as<double>(), nullptr);
    QVERIFY(maxDifference(out.back(), expected.detach()) < 1e-10);
    QVERIFY(maxDifference(gm.back(), maps.grad()) < 1e-10);
  }
  void nonMaximumSuppression() {
    const at::Tensor corner = at::rand({6000, 2}) * 500,
                     boxes = at::cat({corner, corner + at::rand({6000, 2}) * 80}, 1);
    const at::Tensor scores = at::rand({6000}), order = scores.argsort(0, true),
                     expected = nms(boxes, scores, 0.5, 300);
    const OnGpu b(boxes), o(order), out(at::zeros({6000}, at::kLong));
    const int64_t count = nmsCuda<float>({b.as<float>(), o.as<int64_t>(), 6000, 300, 0.5f}, out.as<int64_t>(), nullptr);
    QCOMPARE(count, expected.numel());
    QVERIFY(at::equal(out.back().slice(0, 0, count), expected));
  }
  void costVolumes() {
    for (const auto layout : {at::MemoryFormat::Contiguous, kLast}) {
      at::Tensor cur = at::randn({2, 19, 11, 13}, at::kDouble).contiguous(layout), key = at::randn_like(cur);
      const OnGpu c(cur), k(key), out(at::zeros({2, 25, 11, 13}, at::kDouble).contiguous(layout)), gc(cur), gk(key);
      const CorrelationInput<double> in{c.as<double>(), k.as<double>(), 2, 19, 11, 13, 2, layout == kLast};
      for (at::Tensor* t : {&cur, &key}) t->requires_grad_(true);
      const at::Tensor expected = correlation(cur, key, 2), gradOut = at::randn_like(expected);
      expected.backward(gradOut);
      const OnGpu g(gradOut);
      correlationCuda(in, out.as<double>(), nullptr);
      correlationBackwardCuda<double>(in, {g.as<double>(), gc.as<double>(), gk.as<double>()}, nullptr);
      QVERIFY(maxDifference(out.back(), expected.detach()) < 1e-10);
      QVERIFY(maxDifference(gc.back(), cur.grad()) < 1e-10);
      QVERIFY(maxDifference(gk.back(), key.grad()) < 1e-10);
    }
  }
  void pictures() {
    const at::Tensor rgb = at::randint(256, {108, 192 * 3}, at::kByte);
    const PreprocessOptions o{120, 90, 128, 96, {120, 110, 100}, {58, 57, 56}, false};
    const at::Tensor input = preprocess(rgb.data_ptr<uint8_t>(), 192, 108, 576, o);
    const OnGpu p(rgb), x(at::zeros_like(input));
    preprocessCuda({p.as<uint8_t>(), 192, 108, 576}, o, x.as<float>(), nullptr);
    QVERIFY(maxDifference(x.back(), input) < 1e-4);

    const at::Tensor logits = at::randn({1, 11, 45, 60});
    const auto [labels, margins] = segmentArgmaxMargin(logits, {480, 360});
    const OnGpu l(logits), out(at::zeros_like(labels)), sure(at::zeros_like(margins));
    segmentArgmaxCuda({l.as<float>(), 2700, 60, 1, 11, 45, 60, 360, 480, 0.125f, 0.125f},
                      {out.as<uint8_t>(), sure.as<float>()}, nullptr);
    QVERIFY((out.back() != labels).sum().item<int64_t>() < 20);  // where two classes are as good as equal
    QVERIFY(maxDifference(sure.back(), margins) < 1e-5);

    const at::Tensor picture = at::randint(256, {360, 480, 3}, at::kByte);
    at::Tensor painted = picture.clone(), paintBytes = at::zeros({int64_t(sizeof(LabelPaint))}, at::kByte);
    auto& paint = *reinterpret_cast<LabelPaint*>(paintBytes.data_ptr());
    for (uint32_t i = 0; i < 256; ++i) paint.color[i] = i * 2654435761u, paint.alpha[i] = (i % 200) * 0x010101u;
    blendLabels({painted.data_ptr<uint8_t>(), 1440, labels.data_ptr<uint8_t>(), 480, 480, 360}, paint);
    const OnGpu q(picture), lab(labels), paintThere(paintBytes);
    blendLabelsCuda({q.as<uint8_t>(), 1440, lab.as<uint8_t>(), 480, 480, 360}, paintThere.as<LabelPaint>(), nullptr);
    QVERIFY(at::equal(q.back(), painted));
  }
};

QTEST_APPLESS_MAIN(CudaTest)
#include "cuda_test.moc"
