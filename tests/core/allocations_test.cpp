#include <torch/torch.h>

#include <dlfcn.h>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/run/engine.h"
#include "kernels/blend.h"
#include "kernels/correlation.h"
#include "kernels/flow_color.h"
#include "kernels/nms.h"
#include "kernels/preprocess.h"
#include "kernels/psroi_pool.h"
#include "kernels/segment_argmax.h"
#include "kernels/warp.h"
#include "tests/support/clips.h"
#include "tests/support/small_model.h"

// Every operator new of the process comes by here; the return address tells whose it is. Own: code of this program
// calls it, libraries of its own included. Asked for: LibTorch or OpenCV calls it, who make tensors and pictures for
// us. What oneDNN and OpenMP take while they compute is theirs.
extern "C" char __executable_start, etext;

namespace {

std::atomic<bool> counting = false;
std::atomic<int> countedOwn = 0, countedAskedFor = 0;

bool makesTensorsOrPictures(void* caller) {
  Dl_info info{};
  if (!dladdr(caller, &info) || !info.dli_fname) return false;
  for (const char* library : {"libtorch", "libc10", "libopencv"})
    if (std::strstr(info.dli_fname, library)) return true;
  return false;
}

void* allocate(size_t size, void* caller) {
  const char* from = static_cast<const char*>(caller);
  if (counting && from >= &__executable_start && from < &etext)
    ++countedOwn;
  else if (counting && makesTensorsOrPictures(caller))
    ++countedAskedFor;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}

}  // namespace

__attribute__((noinline)) void* operator new(size_t size) { return allocate(size, __builtin_return_address(0)); }
__attribute__((noinline)) void* operator new[](size_t size) { return allocate(size, __builtin_return_address(0)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

using namespace dff;
using namespace dff::test;

namespace {

struct Allocations {
  int own = 0, askedFor = 0;
};

/// Allocations in one run of `work`, after it has run a few times, more often than results are held.
template <class Work>
Allocations allAllocationsOf(const Work& work) {
  for (int i = 0; i < 6; ++i) work();
  countedOwn = countedAskedFor = 0;
  counting = true;
  work();
  counting = false;
  return {countedOwn, countedAskedFor};
}

template <class Work>
int allocationsOf(const Work& work) {
  return allAllocationsOf(work).own;
}

ModelSpec specOf(const QString& kind) {
  ModelSpec spec = smallSpec();
  if (kind == "finer logits") spec.segmentation.upscale = 2;
  if (kind == "FlowNet" || kind == "paper") spec.flow.kind = "flownet_s", spec.flow.width = 0.1;
  if (kind == "paper") {  // nothing but the 8-bit resize, and each cell's logits enlarged
    spec.segmentation.deconvolution = spec.stride();
    spec.input.resize = "factor";
  }
  return spec;
}

}  // namespace

class AllocationsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void theCounterCounts() {
    QCOMPARE(allocationsOf([] { std::vector<int> grows(100); }), 1);
    QCOMPARE(allocationsOf([] { at::empty({3}); }), 0);  // LibTorch's
    QVERIFY(allAllocationsOf([] { at::empty({3}); }).askedFor >= 2);
    QVERIFY(allAllocationsOf([] { cv::Mat(3, 5, CV_8U); }).askedFor >= 1);
  }
  void kernelsAllocateNothing() {
    const c10::InferenceMode guard;
    const at::Tensor feature = at::randn({1, 32, 20, 30}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor flow = at::randn({1, 2, 20, 30}), logits = at::randn({1, 5, 20, 30});
    const at::Tensor rois = at::tensor({0.f, 3.f, 3.f, 90.f, 80.f}).view({1, 5}), maps = at::randn({1, 18, 20, 30});
    const at::Tensor corner = at::rand({500, 2}) * 90, boxes = at::cat({corner, corner + 20}, 1),
                     scores = at::rand({500});
    std::vector<uint8_t> rgb(64 * 48 * 3), labels(64 * 48);
    const kernels::LabelPaint paint;
    kernels::FlowColorInput colors{flow.data_ptr<float>(), 600, 3, {}};
    colors.wheel.hues = 8;
    QCOMPARE(allocationsOf([&] { kernels::warp(feature, flow, feature); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::correlation(feature, feature, 3); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::segmentArgmax(logits, {64, 48}); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::segmentArgmaxMargin(logits, {64, 48}); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::psroiPool(maps, rois, {3, 0.25}); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::nms(boxes, scores, 0.5); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::preprocess(rgb.data(), 64, 48, 192, {32, 24, 32, 32}); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::blendLabels({rgb.data(), 192, labels.data(), 64, 64, 48}, paint); }), 0);
    QCOMPARE(allocationsOf([&] { kernels::flowColor(colors, rgb.data()); }), 0);
  }
  void theFeatureNetworkAllocatesNothing() {
    const QTemporaryDir dir;
    const Package package = randomPackage(dir / "model");
    const ModelPtr fast = forInference(*package.model, false);
    const c10::InferenceMode guard;
    const at::Tensor picture = at::randn({1, 3, 64, 96});
    QCOMPARE(allocationsOf([&] { fast->featureMap(picture); }), 0);
  }
  /// Tensors and pictures are used again once nobody holds them. Boxes are lists of a length of their own each frame.
  void aFrameAllocatesNothing_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"pyramid", "finer logits", "FlowNet", "paper", "search"}) QTest::newRow(kind) << kind;
  }
  void aFrameAllocatesNothing() {
    QFETCH(QString, kind);
    const QTemporaryDir dir;
    const Package package = randomPackage(dir / "model", specOf(kind));
    EngineOptions options;
    options.precision = "fp32";
    options.propagate = "causal";
    options.tasks = {"seg"};
    if (kind == "paper" || kind == "search") options.size = "96x64";
    if (kind == "search") options.flow = "search";
    Engine engine(package, options);
    const InferenceScope scope(2);
    std::vector<FramePtr> frames;
    constexpr int kSettled = 140;  // a source that goes from frame to frame keeps the motion of so many, about
    for (int i = 0; i < 2 * kSettled; ++i) frames.push_back(noiseFrame(i, {96, 64}));
    std::array<Result, 3> held;  // as a queue holds them
    size_t next = 0;
    const auto step = [&](bool isKey) {
      const size_t i = next++;
      held[i % held.size()] = engine.step(frames[i % frames.size()], {isKey});
    };
    for (int i = 0; kind == "search" && i < kSettled; ++i) step(i % 10 == 0);
    const Allocations key = allAllocationsOf([&] { step(true); }), other = allAllocationsOf([&] { step(false); });
    QCOMPARE(key.own, 0);
    QCOMPARE(other.own, 0);
    QCOMPARE(key.askedFor, 0);
    QCOMPARE(other.askedFor, 0);
  }
};

QTEST_APPLESS_MAIN(AllocationsTest)
#include "allocations_test.moc"
