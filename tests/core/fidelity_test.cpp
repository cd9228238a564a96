// The numbers of the paper's detector, against hand-computed values and slow code that shares nothing with ours.
#include <torch/torch.h>

#include <QTest>
#include <opencv2/imgproc.hpp>
#include <random>

#include "core/model/dff_model.h"
#include "core/model/paper_spec.h"
#include "core/run/engine.h"
#include "core/task/task.h"
#include "tests/support/small_model.h"

using namespace dff;
using namespace dff::test;

namespace {

DetectionSpec rfcn() { return *paperSpec("rfcn-resnet101-flownet").detection; }

using Corners = std::array<double, 4>;

double area(const Corners& b) { return (b[2] - b[0] + 1) * (b[3] - b[1] + 1); }

double overlap(const Corners& a, const Corners& b) {
  const double w = std::min(a[2], b[2]) - std::max(a[0], b[0]) + 1, h = std::min(a[3], b[3]) - std::max(a[1], b[1]) + 1;
  const double both = w > 0 && h > 0 ? w * h : 0;
  return both / (area(a) + area(b) - both);
}

Corners decodedSlowly(const Corners& from, const std::array<double, 4>& d) {
  const double w = from[2] - from[0] + 1, h = from[3] - from[1] + 1;
  const double cx = from[0] + 0.5 * (w - 1) + d[0] * w, cy = from[1] + 0.5 * (h - 1) + d[1] * h;
  const double nw = std::exp(d[2]) * w, nh = std::exp(d[3]) * h;
  return {cx - 0.5 * (nw - 1), cy - 0.5 * (nh - 1), cx + 0.5 * (nw - 1), cy + 0.5 * (nh - 1)};
}

Corners clippedSlowly(Corners b, int width, int height) {
  for (int i = 0; i < 4; ++i) b[size_t(i)] = std::clamp(b[size_t(i)], 0.0, double(i % 2 ? height : width) - 1);
  return b;
}

/// The paper's nine anchors at the first cell (reference section 4.1).
constexpr double kAnchors[9][4] = {{-84, -40, 99, 55}, {-176, -88, 191, 103},  {-360, -184, 375, 199},
                                   {-56, -56, 71, 71}, {-120, -120, 135, 135}, {-248, -248, 263, 263},
                                   {-36, -80, 51, 95}, {-80, -168, 95, 183},   {-168, -344, 183, 359}};

struct Scored {
  Corners box;
  double score;
};

/// Greedy suppression by definition.
std::vector<Scored> suppressed(std::vector<Scored> boxes, double above, size_t atMost) {
  std::stable_sort(boxes.begin(), boxes.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  std::vector<Scored> kept;
  for (const auto& b : boxes) {
    if (kept.size() == atMost) break;
    if (std::none_of(kept.begin(), kept.end(), [&](const Scored& k) { return overlap(k.box, b.box) > above; }))
      kept.push_back(b);
  }
  return kept;
}

/// Proposals as reference section 4.1 describes them, step by step, from maps [1,18,h,w] and [1,36,h,w].
std::vector<Scored> proposalsSlowly(const DetectionMaps& maps, int width, int height) {
  const torch::Tensor ofScores = maps.anchorScores[0], ofDeltas = maps.anchorDeltas[0];
  const auto scores = ofScores.accessor<float, 3>(), deltas = ofDeltas.accessor<float, 3>();
  std::vector<Scored> all;
  for (int y = 0; y < scores.size(1); ++y)
    for (int x = 0; x < scores.size(2); ++x)
      for (int a = 0; a < 9; ++a) {
        double score = 1 / (1 + std::exp(double(scores[a][y][x]) - double(scores[9 + a][y][x])));
        if (y >= height / 16 || x >= width / 16) score = -1;
        const double* s = kAnchors[a];
        const Corners anchor = {s[0] + 16 * x, s[1] + 16 * y, s[2] + 16 * x, s[3] + 16 * y};
        const auto d = [&](int k, double std) { return deltas[4 * a + k][y][x] * std; };
        all.push_back(
            {clippedSlowly(decodedSlowly(anchor, {d(0, 0.1), d(1, 0.1), d(2, 0.4), d(3, 0.4)}), width, height), score});
      }
  std::stable_sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  all.resize(std::min<size_t>(all.size(), 6000));
  return suppressed(all, 0.7, 300);
}

/// Mean over 7x7 position-sensitive bins (reference section 4.2); `outputs` of map [outputs*49,h,w] from `first` on.
std::vector<double> pooledSlowly(const torch::Tensor& map, const Corners& roi, int first, int outputs) {
  const auto at = map.accessor<float, 3>();
  const auto bounds = [](double low, double high, int p, int64_t cells) {
    const double start = std::round(low) / 16, end = (std::round(high) + 1) / 16, bin = std::max(end - start, 0.1) / 7;
    return std::pair(std::max(0, int(std::floor(p * bin + start))),
                     std::min(int(cells), int(std::ceil((p + 1) * bin + start))));
  };
  std::vector<double> out(static_cast<size_t>(outputs));
  for (int o = 0; o < outputs; ++o)
    for (int gy = 0; gy < 7; ++gy)
      for (int gx = 0; gx < 7; ++gx) {
        const auto [x0, x1] = bounds(roi[0], roi[2], gx, at.size(2));
        const auto [y0, y1] = bounds(roi[1], roi[3], gy, at.size(1));
        double sum = 0;
        for (int y = y0; y < y1; ++y)
          for (int x = x0; x < x1; ++x) sum += at[((first + o) * 7 + gy) * 7 + gx][y][x];
        if (x1 > x0 && y1 > y0) out[size_t(o)] += sum / ((x1 - x0) * (y1 - y0)) / 49;
      }
  return out;
}

DetectionMaps randomMaps(int64_t h, int64_t w, double spread) {
  const auto values = [&](int64_t c, double by) { return torch::randn({1, c, h, w}) * by; };
  return {values(18, spread), values(36, 1), values(31 * 49, 2), values(4 * 49, 1)};
}

bool near(const Box& a, const Corners& b, double within) {
  return std::abs(a.x1 - b[0]) < within && std::abs(a.y1 - b[1]) < within && std::abs(a.x2 - b[2]) < within &&
         std::abs(a.y2 - b[3]) < within;
}

}  // namespace

class FidelityTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void picturesAreResizedByTheRuleOfSixHundredAndAThousand_data() {
    QTest::addColumn<QSize>("video");
    QTest::addColumn<QSize>("network");
    QTest::addColumn<double>("scale");
    QTest::newRow("half rounds to even") << QSize(1280, 720) << QSize(1000, 562) << 0.78125;
    QTest::newRow("by the short side") << QSize(500, 375) << QSize(800, 600) << 1.6;
    QTest::newRow("by the long side") << QSize(2000, 1000) << QSize(1000, 500) << 0.5;
    QTest::newRow("upright") << QSize(720, 1280) << QSize(562, 1000) << 0.78125;
    QTest::newRow("as it is") << QSize(1000, 600) << QSize(1000, 600) << 1.0;
    // 1999 * 600 / 1199 = 1000.33 rounds to 1000, which is not above it: the short side decides.
    QTest::newRow("a third above a thousand") << QSize(1999, 1199) << QSize(1000, 600) << 600.0 / 1199;
    // 1001 * 600 / 600 = 1001 is above.
    QTest::newRow("one above a thousand") << QSize(1001, 600) << QSize(1000, 599) << 1000.0 / 1001;
  }
  void picturesAreResizedByTheRuleOfSixHundredAndAThousand() {
    QFETCH(QSize, video);
    QFETCH(QSize, network);
    QFETCH(double, scale);
    const InputSpec input = paperSpec("rfcn-resnet101-flownet").input;
    const cv::Size size(video.width(), video.height());
    QCOMPARE(networkScale(size, input), scale);
    QCOMPARE(networkSize(size, input), cv::Size(network.width(), network.height()));
  }

  void pixelsAreEightBitBilinearLessTheMean() {
    const ModelSpec spec = paperSpec("rfcn-resnet101-flownet");
    const FramePtr frame = noiseFrame(1, {1280, 720});
    const NetInput in = netInput(frame, networkSize({1280, 720}, spec.input), spec);
    QCOMPARE(in.pixels.sizes(), (at::IntArrayRef{1, 3, 562, 1000}));
    QCOMPARE(in.scale.width, 0.78125);
    QCOMPARE(in.scale.height, 0.78125);
    const auto pixels = in.pixels.accessor<float, 4>();
    const double means[] = {123.15, 115.90, 103.06};
    std::mt19937 random(2);
    for (int i = 0; i < 2000; ++i) {
      const int x = int(random() % 1000), y = int(random() % 562), c = int(random() % 3);
      const double sx = std::max(0.0, (x + 0.5) * 1.28 - 0.5),
                   sy = std::max(0.0, (y + 0.5) * 1.28 - 0.5);  // 1 / s, both
      const int left = int(sx), top = int(sy);
      const auto at = [&](int u, int v) {
        return double(frame->rgb.at<cv::Vec3b>(std::min(v, 719), std::min(u, 1279))[c]);
      };
      const double fx = sx - left, fy = sy - top;
      const double exact = (1 - fy) * ((1 - fx) * at(left, top) + fx * at(left + 1, top)) +
                           fy * ((1 - fx) * at(left, top + 1) + fx * at(left + 1, top + 1));
      const double grey = pixels[0][c][y][x] + means[c];
      QVERIFY(std::abs(grey - std::round(grey)) < 1e-4);  // whole numbers: the resized picture is 8-bit
      QVERIFY2(std::abs(grey - exact) < 1, qPrintable(QString("%1 %2: %3, %4").arg(x).arg(y).arg(grey).arg(exact)));
    }
  }

  void anUnscaledPictureIsItsGreyLevelsLessTheMean() {
    const ModelSpec spec = paperSpec("rfcn-resnet101-flownet");
    auto frame = std::make_shared<Frame>();
    frame->rgb = cv::Mat(600, 1000, CV_8UC3, cv::Scalar(200, 100, 0));  // R, G, B
    const NetInput in = netInput(frame, {1000, 600}, spec);
    QCOMPARE(in.pixels[0][0][599][999].item<float>(), 200 - 123.15f);
    QCOMPARE(in.pixels[0][1][0][0].item<float>(), 100 - 115.90f);
    QCOMPARE(in.pixels[0][2][300][500].item<float>(), -103.06f);
  }

  void anchorsAreThePapersNine() {
    const AnchorGrid grid = makeAnchors(rfcn(), 16, 38, 63);
    QCOMPARE(grid.shapes.size(), size_t(9));
    for (size_t a = 0; a < 9; ++a) {
      const double* s = kAnchors[a];
      QVERIFY(near(grid.at(0, 0, a), {s[0], s[1], s[2], s[3]}, 1e-6));
      QVERIFY(near(grid.at(3, 5, a), {s[0] + 80, s[1] + 48, s[2] + 80, s[3] + 48}, 1e-6));
    }
  }

  void proposalsAreTheSpecifications_data() {
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("spread");
    QTest::newRow("600 x 1000") << 600 << 1000 << 3.0;
    QTest::newRow("562 x 1000") << 562 << 1000 << 3.0;
    QTest::newRow("few cells: all are ranked, the border's last") << 100 << 170 << 3.0;
  }
  void proposalsAreTheSpecifications() {
    QFETCH(int, height);
    QFETCH(int, width);
    QFETCH(double, spread);
    torch::manual_seed(height);
    const auto maps = randomMaps((height + 15) / 16, (width + 15) / 16, spread);
    DetectionHead head(rfcn(), 1024, 16);
    const auto ours = head->propose(maps, 0, {width, height}, rfcn().proposals);
    const auto expected = proposalsSlowly(maps, width, height);
    QCOMPARE(ours.size(), expected.size());
    for (size_t i = 0; i < ours.size(); ++i)
      QVERIFY2(near(ours[i], expected[i].box, 0.02), qPrintable(QString::number(i)));
  }

  void cellsThatThePictureCoversInPartProposeLast() {
    auto maps = randomMaps(38, 63, 1);
    maps.anchorScores.zero_();
    maps.anchorDeltas.zero_();
    maps.anchorScores[0][9 + 3][37][10] = 9;  // 600 = 37.5 cells
    maps.anchorScores[0][9 + 3][10][62] = 8;  // 1000 = 62.5 cells
    maps.anchorScores[0][9 + 3][20][30] = 1;
    DetectionHead head(rfcn(), 1024, 16);
    QVERIFY(near(head->propose(maps, 0, {1000, 600}, 1)[0], {424, 264, 551, 391}, 1e-3));
    QVERIFY(near(head->propose(maps, 0, {1008, 608}, 1)[0], {104, 536, 231, 607}, 1e-3));
  }

  void growthIsNotLimited() {
    const float deltas[4] = {0, 0, 5, 0};
    const Box box = decoded(deltas, {0, 0, 9, 9}, {1, 1, 1, 1}, rfcn().mostGrowth);
    QVERIFY(std::abs(box.width() - 10 * std::exp(5.f)) < 0.1f);
    QVERIFY(decoded(deltas, {0, 0, 9, 9}, {1, 1, 1, 1}).width() < 10 * std::exp(4.f) + 0.1f);
  }

  void headsReadTheirHalvesOfTheFeature() {
    torch::NoGradGuard guard;
    DetectionHead head(rfcn(), 1024, 16);
    auto feature = torch::randn({1, 1024, 3, 4});
    const auto before = head(feature);
    QCOMPARE(before.regionDeltas.size(1), int64_t(4 * 49));
    feature.slice(1, 512, 1024).add_(1);
    const auto after = head(feature);
    QVERIFY(after.anchorScores.equal(before.anchorScores) && after.anchorDeltas.equal(before.anchorDeltas));
    QVERIFY(!after.regionScores.equal(before.regionScores) && !after.regionDeltas.equal(before.regionDeltas));
    // Of the two groups of corrections the last one counts: rows 196 to 391.
    const auto weights = head->named_parameters();
    const auto all =
        torch::conv2d(feature.slice(1, 512, 1024), weights["region_deltas.weight"], weights["region_deltas.bias"]);
    QVERIFY(torch::allclose(after.regionDeltas, all.slice(1, 196, 392)));
  }

  void regionsArePooledAsTheSpecificationRounds() {
    torch::manual_seed(8);
    const auto maps = randomMaps(38, 63, 1);
    DetectionHead head(rfcn(), 1024, 16);
    // Halves round away from zero; a region may be less than a cell, or reach over the border of the map.
    const std::vector<Corners> rois = {{0.5, 1.5, 100.5, 99.49},
                                       {16, 16, 16, 16},
                                       {300.2, 200.7, 640.1, 599},
                                       {900, 500, 999, 599},
                                       {2.5, 2.5, 3.5, 4.5}};
    std::vector<Box> boxes;
    for (const auto& r : rois) boxes.push_back({float(r[0]), float(r[1]), float(r[2]), float(r[3])});
    const auto out = head->regions(maps, roisOf(boxes, 0));
    for (size_t i = 0; i < rois.size(); ++i) {
      const auto scores = pooledSlowly(maps.regionScores[0], rois[i], 0, 31);
      for (int k = 0; k < 31; ++k)
        QVERIFY(std::abs(out.scores[int64_t(i)][k].item<double>() - scores[size_t(k)]) < 1e-4);
      const auto deltas = pooledSlowly(maps.regionDeltas[0], rois[i], 0, 4);
      for (int k = 0; k < 4; ++k)
        QVERIFY(std::abs(out.deltas[int64_t(i)][k].item<double>() - deltas[size_t(k)]) < 1e-4);
    }
  }

  /// The whole of the head, from a feature to boxes in the video's pixels.
  void boxesAreTheSpecifications() {
    torch::NoGradGuard guard;
    torch::manual_seed(12);
    ModelSpec spec = paperSpec("rfcn-resnet50-half");
    spec.feature.widths = {2, 2, 2, 2};
    spec.flow.width = 0.02;
    const auto model = std::make_shared<DffModel>(spec);
    for (auto& p : model->detection->parameters()) p.normal_(0, 0.05);
    const FramePtr frame = noiseFrame(0, {400, 300});
    const NetInput input = netInput(frame, {200, 150}, spec);  // half the size: a factor of 0.5
    const auto feature = torch::randn({1, 1024, 10, 13});
    Result result;
    result.frame = frame;
    makeDetection(model, {})->run(feature, input, result);
    const auto expected = boxesSlowly(*model, feature, 200, 150, 0.5);
    QVERIFY(expected.size() >= 100);
    QCOMPARE(result.boxes.size(), expected.size());
    int same = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
      const ObjectBox& b = result.boxes[i];
      same +=
          near(boxOf(b.box), {expected[i].box[0], expected[i].box[1], expected[i].box[2], expected[i].box[3]}, 0.05) &&
          std::abs(b.score - expected[i].score) < 1e-5;
    }
    QVERIFY2(same >= int(expected.size()) - 6, qPrintable(QString::number(same)));  // float ties in the order
    QVERIFY(result.boxes.back().score > 1e-4f);
  }

 private:
  /// Reference section 4.3, class by class; boxes in the video's pixels, the last of which belong to them, best first.
  static std::vector<Scored> boxesSlowly(DffModel& model, const torch::Tensor& feature, int width, int height,
                                         double scale) {
    const auto maps = model.detection(feature);
    std::vector<Scored> all;
    const auto proposals = proposalsSlowly(maps, width, height);
    std::vector<std::vector<double>> probabilities;
    std::vector<Corners> boxes;
    for (const auto& p : proposals) {
      auto s = pooledSlowly(maps.regionScores[0], p.box, 0, 31);
      double sum = 0;
      for (double& v : s) sum += v = std::exp(v);
      for (double& v : s) v /= sum;
      probabilities.push_back(s);
      const auto d = pooledSlowly(maps.regionDeltas[0], p.box, 0, 4);
      boxes.push_back(
          clippedSlowly(decodedSlowly(p.box, {d[0] * 0.1, d[1] * 0.1, d[2] * 0.2, d[3] * 0.2}), width, height));
    }
    for (size_t c = 1; c <= 30; ++c) {
      std::vector<Scored> ofClass;
      for (size_t i = 0; i < boxes.size(); ++i)
        if (probabilities[i][c] > 1e-4) ofClass.push_back({boxes[i], probabilities[i][c]});
      for (auto& kept : suppressed(ofClass, 0.3, 1000)) all.push_back(kept);
    }
    std::stable_sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
    if (all.size() > 300) all.resize(300);
    for (auto& s : all) {
      for (double& side : s.box) side /= scale;
    }
    return all;
  }
};

QTEST_APPLESS_MAIN(FidelityTest)
#include "fidelity_test.moc"
