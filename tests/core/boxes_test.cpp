#include "core/data/boxes.h"

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/file.h"
#include "core/data/augment.h"
#include "core/data/dataset.h"
#include "core/data/synthetic/synthesize.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

constexpr uint8_t kCar = 8, kPedestrian = 9, kBicyclist = 10;

nlohmann::json coco(const std::vector<std::array<double, 4>>& boxes) {
  nlohmann::json object = {{"images", {{{"id", 7}, {"file_name", "000001.png"}, {"width", 480}, {"height", 360}}}},
                           {"categories", {{{"id", 3}, {"name", "vehicle"}}, {{"id", 4}, {"name", "dog"}}}},
                           {"annotations", nlohmann::json::array()}};
  for (const auto& box : boxes)
    object["annotations"].push_back({{"image_id", 7}, {"category_id", 3}, {"bbox", box}, {"track_id", 5}});
  return object;
}

}  // namespace

class BoxesTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path path(const char* name) const { return fs::path(dir_.path().toStdString()) / name; }

  BoxFile read(const nlohmann::json& object) const {
    writeJson(path("boxes.json"), object);
    return readCocoBoxes(path("boxes.json"), streetBoxClasses());
  }

 private Q_SLOTS:
  void componentsOfMasksAreBoxes() {
    cv::Mat labels(360, 480, CV_8U, cv::Scalar(3));
    labels(cv::Rect(10, 20, 30, 15)) = kCar;
    labels(cv::Rect(40, 35, 20, 10)) = kCar;  // touches the first at a corner: one object
    labels(cv::Rect(100, 50, 10, 30)) = kPedestrian;
    labels(cv::Rect(120, 50, 10, 14)) = kBicyclist;  // 140 pixels
    const auto boxes = boxesOfLabels(labels);
    QCOMPARE(boxes.size(), size_t(3));
    QVERIFY(boxes[0].box == cv::Rect2f(10, 20, 50, 25) && boxes[0].classIndex == 0 && !boxes[0].ignore);
    QVERIFY(boxes[1].box == cv::Rect2f(100, 50, 10, 30) && boxes[1].classIndex == 1 && !boxes[1].ignore);
    QVERIFY(boxes[2].classIndex == 2 && boxes[2].ignore);
  }
  void whatIsSmallGoesByTheSizeOfThePicture() {
    cv::Mat labels(720, 960, CV_8U, cv::Scalar(3));
    labels(cv::Rect(0, 0, 20, 20)) = kCar;
    labels(cv::Rect(100, 0, 40, 20)) = kCar;
    const auto boxes = boxesOfLabels(labels);
    QVERIFY(boxes[0].ignore && !boxes[1].ignore);
  }
  void aPictureWithoutObjectsHasNoBoxes() { QVERIFY(boxesOfLabels(cv::Mat::zeros(36, 48, CV_8U)).empty()); }

  void boxesGrowAndMoveWithThePicture() {
    // Output pixel p shows source pixel p / 2 + (10, 5).
    const std::vector<LabelledBox> boxes = {{{20, 15, 10, 20}, 1, false, 4}};
    const auto moved = movedBoxes(boxes, {0.5, 0, 0, 0.5}, {10, 5}, {100, 100});
    QCOMPARE(moved.size(), size_t(1));
    QVERIFY(cv::norm(moved[0].box.tl() - cv::Point2f(19.5f, 19.5f)) < 1e-4);  // half-pixel: centres move, not corners
    QVERIFY(std::abs(moved[0].box.width - 20) < 1e-4 && std::abs(moved[0].box.height - 40) < 1e-4);
    QVERIFY(moved[0].classIndex == 1 && moved[0].trackId == 4 && !moved[0].ignore);
  }
  void mirroredBoxesStayOnTheirObject() {
    const auto moved = movedBoxes({{{10, 0, 20, 20}, 0, false, -1}}, {-1, 0, 0, 1}, {99, 0}, {100, 50});
    QVERIFY(moved[0].box == cv::Rect2f(70, 0, 20, 20));
  }
  void whatIsCutOffMostlyIsIgnored_data() {
    QTest::addColumn<double>("shift");
    QTest::addColumn<QString>("becomes");
    QTest::newRow("wholly inside") << 0. << "object";
    QTest::newRow("half inside") << 20. << "object";
    QTest::newRow("a quarter inside") << 30. << "ignored";
    QTest::newRow("outside") << 45. << "gone";
  }
  void whatIsCutOffMostlyIsIgnored() {
    QFETCH(double, shift);
    QFETCH(QString, becomes);
    const auto moved = movedBoxes({{{0, 0, 40, 40}, 0, false, -1}}, cv::Matx22d::eye(), {shift, 0}, {100, 100});
    QCOMPARE(moved.empty() ? QString("gone") : QString(moved[0].ignore ? "ignored" : "object"), becomes);
    if (!moved.empty()) QCOMPARE(moved[0].box.width, float(40 - shift));
  }
  void whatGetsTooSmallIsIgnored() {
    const std::vector<LabelledBox> boxes = {{{40, 40, 16, 16}, 0, false, -1}};
    QVERIFY(!movedBoxes(boxes, cv::Matx22d::eye(), {}, {100, 100})[0].ignore);
    QVERIFY(movedBoxes(boxes, {2, 0, 0, 2}, {}, {100, 100})[0].ignore);
  }
  void augmentationMovesBoxesAsItMovesTheLabels() {
    cv::Mat labels(120, 160, CV_8U, cv::Scalar(3));
    cv::ellipse(labels, {70, 60}, {28, 40}, 0, 0, 360, kCar, cv::FILLED);
    Example in;
    in.cur = cv::Mat::zeros(120, 160, CV_8UC3);
    in.labels = labels;
    in.boxes = boxesOfLabels(labels);
    AugmentOptions options;
    options.width = 160, options.height = 128, options.scaleMin = 0.7, options.scaleMax = 1.2, options.rotation = 20;
    std::mt19937_64 random(5);
    for (int i = 0; i < 20; ++i) {
      const Example out = augment(in, options, random);
      cv::Rect truth = cv::boundingRect(out.labels == kCar);
      if (out.boxes.empty() || out.boxes[0].ignore || truth.area() < 0.7 * out.boxes[0].box.area()) continue;
      const cv::Rect2f box = out.boxes[0].box, shared = box & cv::Rect2f(truth);
      QVERIFY(shared.area() > 0.9 * (box.area() + float(truth.area()) - shared.area()));
    }
  }

  void cocoBoxesComeByPicture() {
    auto object = coco({{10, 20, 30, 40}});
    object["annotations"].push_back(
        {{"image_id", 7}, {"category_id", 3}, {"bbox", {50, 60, 20, 20}}, {"visibility", 0.1}});
    object["annotations"].push_back({{"image_id", 7}, {"category_id", 3}, {"bbox", {90, 60, 20, 20}}, {"iscrowd", 1}});
    const BoxFile file = read(object);
    const auto& boxes = file.byPicture.at("000001");
    QCOMPARE(boxes.size(), size_t(3));
    QVERIFY(boxes[0].box == cv::Rect2f(10, 20, 30, 40) && boxes[0].trackId == 5 && !boxes[0].ignore);
    QVERIFY(boxes[1].ignore && boxes[1].trackId == -1 && boxes[2].ignore);
    QVERIFY(file.warnings.empty());
  }
  void wrongBoxesAreLeftOutAndTold_data() {
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("says");
    QTest::newRow("inverted") << "inverted"
                              << "inverted";
    QTest::newRow("outside") << "outside"
                             << "outside the picture";
    QTest::newRow("unknown category") << "category"
                                      << "not among the categories";
    QTest::newRow("category of no interest") << "dog"
                                             << "not trained";
    QTest::newRow("unknown picture") << "image"
                                     << "not among the images";
  }
  void wrongBoxesAreLeftOutAndTold() {
    QFETCH(QString, fault);
    QFETCH(QString, says);
    auto object = coco({{10, 20, 30, 40}, {10, 20, 30, 40}});
    auto& wrong = object["annotations"][1];
    if (fault == "inverted") wrong["bbox"] = {50, 20, -30, 40};
    if (fault == "outside") wrong["bbox"] = {500, 20, 30, 40};
    if (fault == "category") wrong["category_id"] = 99;
    if (fault == "dog") wrong["category_id"] = 4;
    if (fault == "image") wrong["image_id"] = 99;
    const BoxFile file = read(object);
    QCOMPARE(file.byPicture.at("000001").size(), size_t(1));
    QCOMPARE(file.warnings.size(), size_t(1));
    QVERIFY2(QString::fromStdString(file.warnings[0]).contains(says), file.warnings[0].c_str());
  }
  void boxesPartlyOutsideAreCutOff() {
    const BoxFile file = read(coco({{-10, -20, 50, 60}}));
    QVERIFY(file.byPicture.at("000001")[0].box == cv::Rect2f(0, 0, 40, 40));
  }
  void whatIsNotCocoIsRefused() {
    QVERIFY_EXCEPTION_THROWN(read({{"images", nlohmann::json::array()}}), Error);
    auto object = coco({{1, 2, 3, 4}});
    object["annotations"][0]["bbox"] = {1, 2};
    QVERIFY_EXCEPTION_THROWN(read(object), Error);
  }

  void aSyntheticStreetHasItsExactBoxes() {
    SynthOptions synth;
    synth.street.frames = 3;
    synth.output = path("street").string();
    synthesize(synth, {});
    const auto data = openDataset("synthetic:" + synth.output);
    QCOMPARE(data->boxClasses(), streetBoxClasses());
    size_t objects = 0;
    for (int64_t i = 0; i < data->size(); ++i)
      for (const auto& b : data->boxes(i)) {
        objects += !b.ignore;
        QVERIFY(b.trackId > 0);
      }
    QVERIFY(objects > 0);
    QVERIFY(data->warnings().empty());
    fs::remove(path("street") / "boxes.json");
    const auto camvid = openDataset("synthetic:" + synth.output);
    QVERIFY(!camvid->boxes(0).empty() && camvid->boxes(0)[0].trackId == -1);
  }
};

QTEST_APPLESS_MAIN(BoxesTest)
#include "boxes_test.moc"
