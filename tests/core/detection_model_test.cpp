#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "core/model/detection_head.h"
#include "core/model/dff_model.h"
#include "core/model/package.h"
#include "core/train/detection_targets.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

DetectionSpec oneAnchorSpec() {
  DetectionSpec spec;
  spec.anchorSizes = {16};
  spec.anchorRatios = {1};
  spec.group = 3;
  return spec;
}

bool near(const Box& a, const Box& b, float within = 1e-3f) {
  return std::abs(a.x1 - b.x1) < within && std::abs(a.y1 - b.y1) < within && std::abs(a.x2 - b.x2) < within &&
         std::abs(a.y2 - b.y2) < within;
}

/// Maps on which no anchor is likelier than another and nothing is corrected.
DetectionMaps blankMaps(const DetectionSpec& spec, int64_t h, int64_t w) {
  const int64_t bins = spec.group * spec.group, a = spec.anchors();
  return {torch::zeros({1, 2 * a, h, w}), torch::zeros({1, 4 * a, h, w}),
          torch::zeros({1, int64_t(spec.classes.size() + 1) * bins, h, w}), torch::zeros({1, 4 * bins, h, w})};
}

}  // namespace

class DetectionModelTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void overlapCountsTheLastPixel() {
    const Box a{0, 0, 9, 9}, b{5, 0, 14, 9}, c{10, 0, 19, 9};
    QCOMPARE(a.area(), 100.f);
    QCOMPARE(intersection(a, b), 50.f);
    QCOMPARE(iou(a, b), 50.f / 150.f);
    QCOMPARE(iou(a, c), 0.f);
    QVERIFY(near(boxOf(rectOf(b)), b));
  }
  void codingIsTheSpecifications() {
    // 20x10 at centre (9.5, 4.5), moved by a quarter of its width and half of its height, twice as wide.
    const Box from{0, 0, 19, 9}, box{-5, 5, 34, 14};
    const auto deltas = encoded(box, from, {1, 1, 1, 1});
    QCOMPARE(deltas[0], 0.25f);
    QCOMPARE(deltas[1], 0.5f);
    QVERIFY(std::abs(deltas[2] - std::log(2.f)) < 1e-6f);
    QCOMPARE(deltas[3], 0.f);
    QCOMPARE(encoded(box, from, {0.1f, 0.1f, 0.2f, 0.2f})[0], 2.5f);
  }
  void decodingUndoesEncoding() {
    std::mt19937 random(2);
    std::uniform_real_distribution<float> place(0, 100), size(1, 80);
    const std::array<float, 4> stds = {0.1f, 0.1f, 0.4f, 0.4f};
    for (int i = 0; i < 200; ++i) {
      const auto any = [&] { return boxOf({place(random), place(random), size(random), size(random)}); };
      const Box from = any(), box = any();
      QVERIFY(near(decoded(encoded(box, from, stds).data(), from, stds), box, 0.01f));
    }
  }
  void aCorrectionGoneAstrayStaysANumber() {
    const float deltas[4] = {0, 0, 1e6f, 1e6f};
    const Box box = clipped(decoded(deltas, {0, 0, 9, 9}, {1, 1, 1, 1}), {100, 50});
    QVERIFY(near(box, {0, 0, 99, 49}));
  }
  void anchorsStandAtTheCentresOfTheirCells() {
    DetectionSpec spec;
    spec.anchorSizes = {16, 32};
    spec.anchorRatios = {1, 4};
    const AnchorGrid grid = makeAnchors(spec, 8, 3, 5);
    QCOMPARE(grid.size(), int64_t(60));
    QVERIFY(near(grid.at(0), {-4, -4, 11, 11}));
    QVERIFY(near(grid.at(3), {-4.f, -28, 11.f, 35}));  // ratio 4, size 32: 16 wide, 64 high
    const int64_t cell = 2 * 5 + 4;
    QVERIFY(near(grid.at(cell * 4), {28, 12, 43, 27}));
    QVERIFY(near(grid.at(2, 4, 0), grid.at(cell * 4)));
  }
  void proposalsAreTheBestAnchorsCorrectedAndCutOff() {
    const DetectionSpec spec = oneAnchorSpec();
    DetectionHead head(spec, 4, 8);
    DetectionMaps maps = blankMaps(spec, 6, 8);
    maps.anchorScores[0][1][3][4] = 5;  // the object's channel
    maps.anchorScores[0][1][0][0] = 4;
    maps.anchorScores[0][0][5][7] = -9;   // unlikely to be background, but in the padding
    maps.anchorDeltas[0][0][3][4] = 5.0;  // half a width to the right
    const auto boxes = head->propose(maps, 0, {60, 40}, 2);
    QCOMPARE(boxes.size(), size_t(2));
    QVERIFY(near(boxes[0], {36, 20, 51, 35}));
    QVERIFY(near(boxes[1], {0, 0, 11, 11}));
  }
  void scoresThatAreNoNumbersGiveNoDisorder() {
    const DetectionSpec spec = oneAnchorSpec();
    DetectionHead head(spec, 4, 8);
    DetectionMaps maps = blankMaps(spec, 6, 8);
    maps.anchorScores.fill_(NAN);
    maps.anchorScores[0][0][2][2] = 0;
    maps.anchorScores[0][1][2][2] = 1;
    QVERIFY(near(head->propose(maps, 0, {64, 48}, 1)[0], {12, 12, 27, 27}));
  }
  void aRegionsScoresAreTheMeanOfItsBins() {
    const DetectionSpec spec = oneAnchorSpec();
    DetectionHead head(spec, 4, 8);
    DetectionMaps maps = blankMaps(spec, 6, 6);
    maps.regionScores[0][2 * 9 + 4].fill_(9);  // class 2, middle bin: a ninth of the region's mean
    const auto out = head->regions(maps, roisOf({{0, 0, 23, 23}, {8, 8, 40, 40}}, 0));
    QVERIFY(torch::allclose(out.scores, torch::tensor({{0.f, 0.f, 1.f, 0.f}, {0.f, 0.f, 1.f, 0.f}})));
    QCOMPARE(out.deltas.abs().max().item<float>(), 0.f);
  }
  void anchorsOnIgnoredGroundAreNeither() {
    const DetectionSpec spec = oneAnchorSpec();
    const AnchorGrid grid = makeAnchors(spec, 8, 8, 8);
    DetectionTraining options;
    options.anchorSamples = 1000;
    const Truth truth{{grid.at(0)}, {1}, {grid.at(63)}};
    const auto targets = anchorTargets(grid, truth, spec, options, 1);
    QCOMPARE(targets.objects, std::vector<int64_t>{0});
    QCOMPARE(targets.deltas[0][0], 0.f);
    const auto isBackground = [&](int64_t i) {
      return std::count(targets.background.begin(), targets.background.end(), i) == 1;
    };
    QVERIFY(!isBackground(0) && !isBackground(63) && isBackground(30));
    QVERIFY(!isBackground(1));  // half of the object lies in it: an overlap of a third
    QVERIFY(isBackground(2));
  }
  void theBestAnchorIsAnObjectHoweverBad() {
    const DetectionSpec spec = oneAnchorSpec();
    const AnchorGrid grid = makeAnchors(spec, 8, 8, 8);
    const Truth truth{{boxOf({30, 30, 4, 4})}, {0}, {}};
    const auto targets = anchorTargets(grid, truth, spec, {}, 1);
    QVERIFY(!targets.objects.empty());
    for (const int64_t i : targets.objects) QCOMPARE(iou(grid.at(i), truth.objects[0]), 16.f / 256.f);
  }
  void samplesAreLimitedAndDrawnByTheSeed() {
    const DetectionSpec spec = oneAnchorSpec();
    const AnchorGrid grid = makeAnchors(spec, 8, 20, 20);
    DetectionTraining options;
    options.anchorSamples = 8;
    options.anchorForeground = 0.01;
    const Truth truth{{boxOf({60, 60, 40, 40})}, {0}, {}};
    const auto a = anchorTargets(grid, truth, spec, options, 1), again = anchorTargets(grid, truth, spec, options, 1);
    QCOMPARE(a.objects.size(), size_t(4));
    QCOMPARE(a.background.size(), size_t(4));
    QVERIFY(a.objects == again.objects && a.background == again.background);
    QVERIFY(a.background != anchorTargets(grid, truth, spec, options, 2).background);
  }
  void regionsTakeTheClassOfTheObjectTheyOverlap() {
    const Truth truth{{{0, 0, 19, 19}, {40, 0, 59, 19}}, {0, 2}, {{100, 100, 139, 139}}};
    const std::vector<Box> regions = {{42, 0, 59, 19}, {20, 0, 35, 19}, {105, 105, 120, 120}, {0, 0, 19, 19}};
    const auto targets = regionTargets(regions, truth, DetectionSpec(), {});
    QCOMPARE(targets.classes, (std::vector<int64_t>{3, 0, -1, 1}));
    QVERIFY(targets.deltas[0][0] < 0);
    QCOMPARE(targets.deltas[1][0], 0.f);
  }
  void aPackageKeepsItsDetectionPart() {
    QTemporaryDir dir;
    const fs::path folder = fs::path(dir.path().toStdString()) / "model";
    ModelSpec spec;
    spec.feature.widths = {4, 4, 8, 8};
    spec.feature.depths = {1, 1, 1, 1};
    spec.feature.channels = 4;
    spec.flow.width = 0.05;
    spec.classes = {{"a", {1, 2, 3}, {4, 5, 6}}};
    spec.detection = oneAnchorSpec();
    const DffModel model(spec);
    savePackage(folder, {{"name", "x"}}, spec, namedTensors(model));
    const Package package = loadPackage(folder);
    QVERIFY(package.spec.detection.has_value());
    QCOMPARE(package.spec.detection->classes[2].name, std::string("cyclist"));
    QCOMPARE(package.spec.detection->anchorSizes, std::vector<double>{16});
    QVERIFY(!package.model->detection.is_empty());
  }
  void impossibleDetectionPartsAreRefused_data() {
    QTest::addColumn<QString>("part");
    QTest::newRow("no class") << R"({"classes": []})";
    QTest::newRow("no anchor") << R"({"anchor_sizes": []})";
    QTest::newRow("an anchor without size") << R"({"anchor_sizes": [0]})";
    QTest::newRow("a ratio below 0") << R"({"anchor_ratios": [-1]})";
    QTest::newRow("no bins") << R"({"group": 0})";
    QTest::newRow("a unit of 0") << R"({"anchor_stds": [0.1, 0, 0.1, 0.1]})";
    QTest::newRow("a typing mistake") << R"({"anchor_size": [3]})";
    QTest::newRow("a class without a name") << R"({"classes": [{"display_color": [1,2,3]}]})";
  }
  void impossibleDetectionPartsAreRefused() {
    QFETCH(QString, part);
    ModelSpec spec;
    spec.classes = {{"a", {1, 2, 3}, {4, 5, 6}}};
    auto object = toJson(spec);
    object["detection"] = nlohmann::json::parse(part.toStdString());
    QVERIFY_EXCEPTION_THROWN(modelSpecFromJson(object, "model.json"), Error);
  }
};

QTEST_APPLESS_MAIN(DetectionModelTest)
#include "detection_model_test.moc"
