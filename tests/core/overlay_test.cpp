#include <QTest>
#include <map>
#include <opencv2/core.hpp>
#include <set>

#include "core/export/flow_color.h"
#include "core/export/overlay.h"

using namespace dff;

namespace {

const cv::Size kSize(480, 360);
const cv::Vec3b kGrey(100, 100, 100);

std::vector<ClassInfo> threeClasses() {
  return {{"road", {10, 20, 30}, {128, 64, 128}},
          {"car", {70, 130, 255}, {64, 0, 128}},
          {"sign", {207, 224, 74}, {1, 2, 3}}};
}

/// A grey picture: class 0 on the left, 1 on the right, void in the lowest quarter.
Result twoHalves(cv::Size size = kSize) {
  auto frame = std::make_shared<Frame>();
  frame->rgb = cv::Mat(size, CV_8UC3, cv::Scalar(kGrey));
  frame->index = 26;
  Result result;
  result.frame = frame;
  result.keyFrame = 20;
  result.labels = cv::Mat(size, CV_8U, cv::Scalar(0));
  result.labels.colRange(size.width / 2, size.width) = 1;
  result.labels.rowRange(size.height * 3 / 4, size.height) = 255;
  result.gridInFrame = {30, 22.5f};
  return result;
}

OverlayOptions only(const std::string& layer) {
  OverlayOptions options;
  options.layers = {layer};
  return options;
}

cv::Mat draw(const Result& result, const OverlayOptions& options) {
  return drawOverlay(result, threeClasses(), options);
}

cv::Vec3b at(const cv::Mat& picture, int x, int y) { return picture.at<cv::Vec3b>(y, x); }

cv::Vec3b blended(const Rgb& over, double opacity) {
  const double alpha = std::lround(255 * opacity) / 255.0;
  cv::Vec3b color;
  for (int c = 0; c < 3; ++c) color[c] = static_cast<uint8_t>(std::lround(kGrey[c] * (1 - alpha) + over[c] * alpha));
  return color;
}

bool isNear(cv::Vec3b a, const Rgb& b) {
  return std::abs(a[0] - b[0]) <= 2 && std::abs(a[1] - b[1]) <= 2 && std::abs(a[2] - b[2]) <= 2;
}

/// How many pixels of the part are nearly the colour.
int countOf(const cv::Mat& picture, const Rgb& color, cv::Rect part) {
  int count = 0;
  for (int y = part.y; y < part.y + part.height; ++y)
    for (int x = part.x; x < part.x + part.width; ++x) count += isNear(at(picture, x, y), color);
  return count;
}

cv::Rect changedPart(const cv::Mat& picture) {
  std::vector<cv::Point> places;
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x)
      if (at(picture, x, y) != kGrey) places.emplace_back(x, y);
  if (places.empty()) return {};
  cv::Rect box(places.front(), cv::Size(1, 1));
  for (cv::Point p : places) box |= cv::Rect(p, cv::Size(1, 1));
  return box;
}

bool same(const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0; }

}  // namespace

class OverlayTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutLayersThePictureIsACopyOfTheFrame() {
    const Result result = twoHalves();
    OverlayOptions options;
    options.layers.clear();
    cv::Mat picture = draw(result, options);
    QVERIFY(same(picture, result.frame->rgb));
    picture = cv::Scalar(0);
    QCOMPARE(at(result.frame->rgb, 5, 5), kGrey);
  }
  void segmentationBlendsEachClassAndLeavesVoidAlone_data() {
    QTest::addColumn<double>("opacity");
    for (double opacity : {0.0, 0.2, 0.44, 1.0}) QTest::addRow("%g", opacity) << opacity;
  }
  void segmentationBlendsEachClassAndLeavesVoidAlone() {
    QFETCH(double, opacity);
    OverlayOptions options = only("seg");
    options.opacity = opacity;
    const cv::Mat picture = draw(twoHalves(), options);
    QCOMPARE(at(picture, 100, 100), blended({10, 20, 30}, opacity));
    QCOMPARE(at(picture, 479, 0), blended({70, 130, 255}, opacity));
    QCOMPARE(at(picture, 239, 269), blended({10, 20, 30}, opacity));
    QCOMPARE(at(picture, 240, 269), blended({70, 130, 255}, opacity));
    QCOMPARE(at(picture, 300, 300), kGrey);
  }
  void theDataSetsColoursAreAChoice() {
    OverlayOptions options = only("seg");
    options.datasetColors = true;
    QCOMPARE(at(draw(twoHalves(), options), 100, 100), blended({128, 64, 128}, options.opacity));
  }
  void contoursRunAlongTheBordersOnly_data() {
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::newRow("360 lines") << 360 << 1;
    QTest::newRow("1080 lines") << 1080 << 2;
  }
  void contoursRunAlongTheBordersOnly() {
    QFETCH(int, height);
    QFETCH(int, width);
    const cv::Mat picture = draw(twoHalves({height * 4 / 3, height}), only("contours"));
    const int border = picture.cols / 2;
    int drawn = 0;
    for (int x = 0; x < picture.cols; ++x) drawn += at(picture, x, 10) != kGrey;
    QCOMPARE(drawn, width);
    QVERIFY(at(picture, border - 1, 10) != kGrey);
    QVERIFY(at(picture, 10, height * 3 / 4 - 1) != kGrey);
    QCOMPARE(at(picture, 10, height * 3 / 4), kGrey);
  }
  void aContourTakesTheLighterColourFromBothSides() {
    Result result = twoHalves();
    result.labels = cv::Scalar(0);
    result.labels(cv::Rect(100, 100, 50, 50)) = 2;
    const cv::Mat picture = draw(result, only("contours"));
    QCOMPARE(at(picture, 99, 120), at(picture, 149, 120));
    QCOMPARE(at(picture, 120, 99), at(picture, 120, 149));
    QVERIFY(at(picture, 99, 120) != kGrey);
    QCOMPARE(at(picture, 120, 120), kGrey);
    QCOMPARE(at(picture, 98, 120), kGrey);
  }
  void keyFramesAreMarkedInAmberOthersInCyan() {
    Result result = twoHalves();
    const cv::Rect corner(0, 0, 240, 60);
    const cv::Mat other = draw(result, only("keymark"));
    result.isKey = true;
    const cv::Mat key = draw(result, only("keymark"));
    QVERIFY(countOf(key, colors::kKeyFrame, corner) > 20);
    QCOMPARE(countOf(key, colors::kPropagated, corner), 0);
    QVERIFY(countOf(other, colors::kPropagated, corner) > 5);
    QCOMPARE(countOf(other, colors::kKeyFrame, corner), 0);
    QVERIFY(corner.contains(changedPart(key).tl()) && changedPart(key).width < 150);
  }
  void theMarkTellsTheDistance() {
    Result result = twoHalves();
    const cv::Mat six = draw(result, only("keymark"));
    result.keyFrame = 21;
    QVERIFY(!same(six, draw(result, only("keymark"))));
  }
  void theMarkStaysWithinANarrowPicture() {
    for (int width : {1, 40, 120}) QCOMPARE(draw(twoHalves({width, 90}), only("keymark")).cols, width);
    QVERIFY(changedPart(draw(twoHalves({120, 90}), only("keymark"))).br().x < 120);
  }
  void theLegendStandsStillAndShowsEveryClass() {
    Result result = twoHalves();
    const cv::Mat picture = draw(result, only("legend"));
    result.labels = cv::Scalar(2);
    QVERIFY(same(picture, draw(result, only("legend"))));
    const cv::Rect plate = changedPart(picture);
    QVERIFY(plate.x > 300 && plate.y > 240 && plate.br().x < 480 && plate.br().y < 360);
    for (const ClassInfo& info : threeClasses()) QVERIFY(countOf(picture, info.displayColor, plate) >= 25);
  }
  void aLongLegendKeepsWithinThePicture() {
    std::vector<ClassInfo> many(200, {"a class of some name", {255, 0, 0}, {}});
    const cv::Rect plate = changedPart(drawOverlay(twoHalves(), many, only("legend")));
    QVERIFY(plate.width > 100 && plate.width < 400 && plate.height < 300);
    QVERIFY(same(drawOverlay(twoHalves({8, 8}), many, only("legend")), twoHalves({8, 8}).frame->rgb));
  }
  void mapsAreDrawnInTheirOwnCells_data() {
    QTest::addColumn<QString>("layer");
    for (const char* layer : {"flow", "heat", "trust"}) QTest::newRow(layer) << layer;
  }
  void mapsAreDrawnInTheirOwnCells() {
    QFETCH(QString, layer);
    Result result = twoHalves();
    result.keyFromCur = cv::Mat(23, 30, CV_32FC2, cv::Scalar(0, 0));
    result.heat = cv::Mat(23, 30, CV_32F, cv::Scalar(0));
    result.trust = cv::Mat(23, 30, CV_32F, cv::Scalar(1));
    const cv::Mat plain = draw(result, only(layer.toStdString()));
    result.keyFromCur.at<cv::Vec2f>(22, 7) = {4, 0};
    result.heat.at<float>(22, 7) = 1;
    result.trust.at<float>(22, 7) = 0;
    cv::Mat changed;
    cv::absdiff(plain, draw(result, only(layer.toStdString())), changed);
    cv::Rect cell(112, 352, 16, 8);  // the last row of cells is half padding
    cv::Mat inside = changed(cell).clone();
    for (int y = 0; y < inside.rows; ++y)
      for (int x = 0; x < inside.cols; ++x) QVERIFY(cv::norm(at(inside, x, y)) > 20);
    changed(cell) = cv::Scalar(0);
    QCOMPARE(cv::norm(changed, cv::NORM_INF), 0.0);
  }
  void aLayerWithoutDataDrawsNothing_data() {
    QTest::addColumn<QString>("layer");
    for (const char* layer : {"seg", "contours", "flow", "heat", "trust", "boxes"}) QTest::newRow(layer) << layer;
  }
  void aLayerWithoutDataDrawsNothing() {
    QFETCH(QString, layer);
    Result result = twoHalves();
    result.labels.release();
    QVERIFY(same(draw(result, only(layer.toStdString())), result.frame->rgb));
  }
  void theHeatScaleIsTheGivenOne() {
    Result result = twoHalves();
    result.heat = cv::Mat(23, 30, CV_32F, cv::Scalar(0.5));
    OverlayOptions options = only("heat");
    const cv::Mat own = draw(result, options);
    options.heatScale = 0.5;
    QVERIFY(same(own, draw(result, options)));
    options.heatScale = 1;
    QVERIFY(!same(own, draw(result, options)));
  }
  void theOrderOfLayersDoesNotMatterAndAPainterAgrees() {
    OverlayOptions options;
    const Result result = twoHalves();
    const cv::Mat picture = draw(result, options);
    QVERIFY(same(picture, OverlayPainter(threeClasses(), options, kSize).paint(result)));
    std::reverse(options.layers.begin(), options.layers.end());
    QVERIFY(same(picture, draw(result, options)));
  }
  void anUnknownLayerIsRefusedWithTheKnownOnes() {
    try {
      OverlayPainter(threeClasses(), only("segg"), kSize);
      QFAIL("accepted");
    } catch (const UsageError& e) {
      for (const LayerInfo& layer : knownLayers()) QVERIFY(QString(e.what()).contains(layer.name.c_str()));
    }
  }
  void theLayersOfTheContractAreKnown() {
    std::set<std::string> names;
    for (const LayerInfo& layer : knownLayers()) names.insert(layer.name);
    QCOMPARE(names, (std::set<std::string>{"seg", "contours", "boxes", "flow", "arrows", "heat", "trust", "sides",
                                           "keymark", "legend"}));
  }
  void aLayerThatStaysEmptyIsNamed() {
    OverlayOptions options;
    options.layers = {"seg"};
    QVERIFY(emptyLayers(options, {LayerData::Boxes}).empty());
    options.layers = {"seg", "boxes"};
    const auto sentences = emptyLayers(options, {LayerData::Boxes});
    QCOMPARE(sentences.size(), size_t(1));
    QVERIFY(QString(sentences[0].c_str()).contains("boxes"));
    QVERIFY(layersNeed(options, LayerData::Labels) && !layersNeed(options, LayerData::Trust));
  }
  void boxesAreDrawnInTheColourOfTheirClass() {
    const std::vector<ClassInfo> classes = {{"vehicle", {70, 130, 255}, {}}, {"pedestrian", {255, 92, 92}, {}}};
    Result result = twoHalves();
    const OverlayPainter painter(threeClasses(), only("boxes"), kSize, classes);
    QVERIFY(same(painter.paint(result), result.frame->rgb));
    result.boxes = {{{100, 60, 50, 80}, 1, 0.9f, 3}, {{20, 60, 30, 30}, 0, 0.3f, -1}};
    const cv::Mat picture = painter.paint(result);
    QCOMPARE(picture.at<cv::Vec3b>(100, 100), cv::Vec3b(255, 92, 92));
    QCOMPARE(picture.at<cv::Vec3b>(100, 125), result.frame->rgb.at<cv::Vec3b>(100, 125));
    QCOMPARE(picture.at<cv::Vec3b>(75, 20), result.frame->rgb.at<cv::Vec3b>(75, 20));  // not sure enough
  }
  void arrowsStandWhereThereIsMotion() {
    Result result = twoHalves();
    result.keyFromCur = cv::Mat(23, 30, CV_32FC2, cv::Scalar(0, 0));
    QVERIFY(same(draw(result, only("arrows")), result.frame->rgb));
    result.keyFromCur.colRange(0, 15) = cv::Scalar(0.9, 0);
    OverlayOptions options = only("arrows");
    options.arrowOpacity = 1;
    const cv::Mat picture = draw(result, options);
    QVERIFY(countOf(picture, colors::kPropagated, {0, 0, 240, 360}) > 200);
    QCOMPARE(countOf(picture, colors::kPropagated, {270, 0, 210, 360}), 0);
  }
  void thePictureBelowCanBeDarkened() {
    OverlayOptions options;
    options.layers = {};
    options.imageOpacity = 0.5;
    QCOMPARE(at(draw(twoHalves(), options), 10, 10), cv::Vec3b(50, 50, 50));
  }
  void boxesCanBeFaintAndWithoutTheirTrack() {
    const std::vector<ClassInfo> classes = {{"vehicle", {70, 130, 255}, {}}};
    Result result = twoHalves();
    result.boxes = {{{20, 60, 120, 80}, 0, 0.9f, 3}};
    OverlayOptions options = only("boxes");
    const auto paint = [&] { return OverlayPainter(threeClasses(), options, kSize, classes).paint(result); };
    const cv::Mat strong = paint();
    options.trackIds = false;
    QVERIFY(cv::norm(strong, paint(), cv::NORM_INF) > 0);
    options.boxOpacity = 0;
    QCOMPARE(cv::norm(result.frame->rgb, paint(), cv::NORM_INF), 0.0);
  }
  void aTagMakesWayForThatOfASurerBox() {
    const std::vector<ClassInfo> classes = {{"vehicle", {70, 130, 255}, {}}, {"cyclist", {255, 150, 50}, {}}};
    const ObjectBox sure{{100, 100, 60, 80}, 0, 0.9f, 1}, beside{{170, 100, 60, 80}, 1, 0.8f, 2};
    const auto paint = [&](std::vector<ObjectBox> boxes) {
      Result result = twoHalves();
      result.boxes = std::move(boxes);
      return OverlayPainter(threeClasses(), only("boxes"), kSize, classes).paint(result);
    };
    const cv::Mat one = paint({sure}), other = paint({beside}), both = paint({sure, beside});
    const cv::Rect above(90, 70, 200, 28), below(160, 184, 150, 30);
    QVERIFY(same(both(above), one(above)));                                       // its tag alone is there
    QVERIFY(!same(both(below), one(below)));                                      // the other went below its box
    QVERIFY(!same(other(above), both(above)) && same(other(below), one(below)));  // and by itself would have stayed
  }
  void eachPlaceShowsTheColourOfItsKey() {
    Result result = twoHalves();
    result.shareOfNext = (cv::Mat_<float>(1, 2) << 0, 1);
    result.gridInFrame = {2, 1};
    OverlayOptions options = only("sides");
    options.sidesOpacity = 1;
    const cv::Mat picture = OverlayPainter(threeClasses(), options, kSize).paint(result);
    QVERIFY(isNear(at(picture, 5, 5), colors::kKeyFrame));
    QVERIFY(isNear(at(picture, kSize.width - 5, 5), colors::kPropagated));
  }
  void boxesAtTheBorderAndOfUnknownClassesAreNoTrouble() {
    const OverlayPainter painter(threeClasses(), only("boxes"), kSize, {{"vehicle", {70, 130, 255}, {}}});
    Result result = twoHalves();
    const float w = float(kSize.width), h = float(kSize.height);
    result.boxes = {
        {{-5, -5, w + 10, h + 10}, 0, 0.9f, 1}, {{w - 3, h - 3, 3, 3}, 0, 0.9f, 2}, {{5, 5, 9, 9}, 4, 1, 3}};
    QVERIFY(!same(painter.paint(result), result.frame->rgb));
  }
  void picturesOfAnotherSizeAreRefused() {
    const OverlayPainter painter(threeClasses(), {}, kSize);
    QVERIFY_EXCEPTION_THROWN(painter.paint(twoHalves({240, 180})), Error);
    Result result = twoHalves();
    result.labels = result.labels.rowRange(0, 100);
    QVERIFY_EXCEPTION_THROWN(painter.paint(result), Error);
    QVERIFY_EXCEPTION_THROWN(painter.paint(Result()), Error);
  }
  void aPictureThatIsPartOfALargerOneIsPaintedAlike() {
    Result whole = twoHalves({600, 500});
    Result part = twoHalves();
    auto frame = std::make_shared<Frame>(*part.frame);
    frame->rgb = whole.frame->rgb(cv::Rect({50, 60}, kSize));
    part.frame = frame;
    QVERIFY(same(draw(part, {}), draw(twoHalves(), {})));
  }
  void theColourWheelIsTheMiddleburyOne() {
    const auto wheel = flowColorWheel();
    QCOMPARE(wheel.size(), size_t(55));
    const std::map<size_t, Rgb> starts = {{0, {255, 0, 0}},    {15, {255, 255, 0}}, {21, {0, 255, 0}},
                                          {25, {0, 255, 255}}, {36, {0, 0, 255}},   {49, {255, 0, 255}}};
    for (const auto& [place, color] : starts) QCOMPARE(wheel[place], color);
    QCOMPARE(wheel[1], (Rgb{255, 17, 0}));
    QCOMPARE(wheel[16], (Rgb{213, 255, 0}));
  }
  void flowIsWhiteAtRestAndPureAtFullLength() {
    cv::Mat flow(1, 6, CV_32FC2, cv::Scalar(0, 0));
    flow.at<cv::Vec2f>(0, 1) = {-3, -1e-7f};  // just past the seam
    flow.at<cv::Vec2f>(0, 2) = {3, 0};
    flow.at<cv::Vec2f>(0, 3) = {1.5f, 0};
    flow.at<cv::Vec2f>(0, 4) = {30, 0};
    flow.at<cv::Vec2f>(0, 5) = {1e10f, 0};
    const cv::Mat colored = colorFlow(flow, 3);
    QCOMPARE(at(colored, 0, 0), cv::Vec3b(255, 255, 255));
    QVERIFY(at(colored, 2, 0)[0] >= 250 && at(colored, 2, 0)[1] < 10 && at(colored, 2, 0)[2] < 50);  // right is red
    QVERIFY(at(colored, 1, 0)[0] < 20 && at(colored, 1, 0)[1] > 190 && at(colored, 1, 0)[2] > 240);  // left is cyan
    for (int c = 0; c < 3; ++c) QVERIFY(at(colored, 3, 0)[c] >= at(colored, 2, 0)[c]);
    QVERIFY(at(colored, 4, 0)[0] < 200);
    QCOMPARE(at(colored, 5, 0), cv::Vec3b(0, 0, 0));
    QVERIFY_EXCEPTION_THROWN(colorFlow(flow, 0), Error);
  }
};

QTEST_APPLESS_MAIN(OverlayTest)
#include "overlay_test.moc"
