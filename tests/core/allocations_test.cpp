#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstdlib>
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

// Every operator new of the process comes by here; those are counted that code of this program calls itself, libraries
// of its own included, as the return address tells. What LibTorch, OpenCV and oneDNN ask for is theirs.
extern "C" char __executable_start, etext;

namespace {

std::atomic<bool> counting = false;
std::atomic<int> counted = 0;

void* allocate(size_t size, void* caller) {
  const char* from = static_cast<const char*>(caller);
  if (counting && from >= &__executable_start && from < &etext) ++counted;
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

/// Allocations of this program's own code in one run of `work`, after it has run a few times.
template <class Work>
int allocationsOf(const Work& work) {
  for (int i = 0; i < 3; ++i) work();
  counted = 0;
  counting = true;
  work();
  counting = false;
  return counted;
}

}  // namespace

class AllocationsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { at::set_num_threads(2); }

  void theCounterCounts() {
    QCOMPARE(allocationsOf([] { std::vector<int> grows(100); }), 1);
    QCOMPARE(allocationsOf([] { at::empty({3}); }), 0);  // LibTorch's
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
  /// Codes and what tasks read are held without the heap; what is left is few and always the same.
  void aFrameAllocatesAlwaysTheSameFew() {
    const QTemporaryDir dir;
    const Package package = randomPackage(dir / "model");
    EngineOptions options;
    options.precision = "fp32";
    options.tasks = {"seg"};
    Engine engine(package, options);
    const InferenceScope scope(2);
    std::vector<FramePtr> frames;
    for (int i = 0; i < 8; ++i) frames.push_back(noiseFrame(i, {96, 64}));
    const int key = allocationsOf([&] { engine.step(frames[0], {true}); });
    size_t next = 1;
    const int other = allocationsOf([&] { engine.step(frames[next++ % frames.size()], {false}); });
    const int later = allocationsOf([&] { engine.step(frames[next++ % frames.size()], {false}); });
    qInfo("allocations of a key frame: %d, of another: %d", key, other);
    QCOMPARE(later, other);
    QVERIFY(key <= 5);
    QVERIFY(other <= 5);
  }
};

QTEST_APPLESS_MAIN(AllocationsTest)
#include "allocations_test.moc"
