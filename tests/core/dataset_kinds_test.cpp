#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "tests/support/mini_data.h"

using namespace dff;
using namespace dff::test;

namespace {

/// What opening says where it fails, and what it warns of where it does not.
QString saidOf(const std::string& dataset) {
  try {
    QString all;
    for (const auto& warning : openDataset(dataset)->warnings()) all += QString::fromStdString(warning) + "\n";
    return all;
  } catch (const Error& e) {
    return e.what();
  }
}

int greyOf(const cv::Mat& picture) { return picture.at<cv::Vec3b>(20, 20)[0]; }

}  // namespace

/// Every kind of data set on a few generated frames, and what is wrong with them told in one sentence.
class DatasetKindsTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }
  fs::path fresh(const char* name) const {
    fs::remove_all(root() / name);
    return root() / name;
  }

  /// frames/ of a folder of one's own, frame_0 ..
  fs::path ownFrames(const char* name, int count) const {
    const fs::path folder = fresh(name);
    for (int i = 0; i < count; ++i) writeImage(folder / "frames" / ("f_" + numbered(i) + ".png"), greyPicture(i));
    return folder;
  }
  static void writeOwnLabels(const fs::path& folder, int frame, int value, const cv::Size& size = kMini) {
    writeImage(folder / "labels" / ("f_" + numbered(frame) + ".png"), cv::Mat(size, CV_8U, cv::Scalar(value)));
  }
  static void writeOwnBoxes(const fs::path& folder, const nlohmann::json& box, int category = 1) {
    using nlohmann::json;
    const json image = {{"id", 1}, {"file_name", "f_000000.png"}, {"width", 64}, {"height", 48}};
    const json annotation = {{"id", 1}, {"image_id", 1}, {"category_id", category}, {"bbox", box}};
    const json robot = {{"id", 1}, {"name", "robot"}};
    const json coco = {{"images", json::array({image})},
                       {"categories", json::array({robot})},
                       {"annotations", json::array({annotation})}};
    writeJson(folder / "boxes.json", coco);
  }

 private Q_SLOTS:
  void cityscapesKnowsItsClassesSnippetsAndBoxes() {
    writeCityscapes(fresh("city"), 2);
    const auto data = openDataset("cityscapes:" + (root() / "city/train").string());
    QCOMPARE(data->size(), int64_t(2));
    QCOMPARE(data->classes().size(), size_t(19));
    QVERIFY(!data->consecutive() && data->hasLabels() && data->warnings().empty());
    const cv::Mat labels = data->labels(0);
    QCOMPARE(int(labels.at<uint8_t>(40, 40)), 0);  // road
    QCOMPARE(data->classes()[labels.at<uint8_t>(10, 12)].name, std::string("car"));
    QCOMPARE(int(labels.at<uint8_t>(0, 0)), int(kIgnore));
    const FramePlace place = data->place(1);
    QCOMPARE(place.at - place.first, int64_t(5));
    QCOMPARE(place.last - place.at, int64_t(3));
    for (int64_t at = place.first; at <= place.last; ++at) QCOMPARE(greyOf(data->picture(at)), int(19 + at - place.at));
    QCOMPARE(greyOf(data->image(1)), 19);
    const auto boxes = data->boxes(0);
    QCOMPARE(boxes.size(), size_t(1));
    QCOMPARE(data->boxClasses()[size_t(boxes[0].classIndex)], std::string("vehicle"));
    QVERIFY(boxes[0].box == cv::Rect2f(10, 8, 20, 16) && !boxes[0].ignore);
  }

  void groupsOfCityscapesAreNoObjects() {
    writeCityscapes(fresh("city"));
    cv::Mat instances(kMini, CV_16U, cv::Scalar(7));
    instances(cv::Rect(2, 2, 30, 20)) = 24;      // persons that nobody told apart
    instances(cv::Rect(40, 2, 10, 20)) = 33001;  // a bicycle
    writeImage(root() / "city/gtFine/train/aachen/aachen_000000_000019_gtFine_instanceIds.png", instances);
    const auto boxes = openDataset("cityscapes:" + (root() / "city/train").string())->boxes(0);
    QCOMPARE(boxes.size(), size_t(1));
    QVERIFY(boxes[0].ignore && boxes[0].classIndex == 1);
  }

  void whatCityscapesLacksIsTold() {
    writeCityscapes(fresh("city"), 2);
    const fs::path city = root() / "city";
    QVERIFY(saidOf("cityscapes:" + city.string()).contains("name a part, as ROOT/train"));
    fs::remove(city / "gtFine/train/aachen/aachen_000001_000019_gtFine_labelIds.png");
    QVERIFY(saidOf("cityscapes:" + (city / "train").string()).contains("1 frames left out: no label image"));
    fs::remove_all(city / "leftImg8bit");
    fs::remove_all(city / "leftImg8bit_sequence");
    QVERIFY(saidOf("cityscapes:" + (city / "train").string()).contains("no labelled frames"));
  }

  void aLabelThatCityscapesDoesNotHaveIsNamed() {
    writeCityscapes(fresh("city"));
    writeImage(root() / "city/gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png",
               cv::Mat(kMini, CV_8U, cv::Scalar(77)));
    const auto data = openDataset("cityscapes:" + (root() / "city/train").string());
    QVERIFY_EXCEPTION_THROWN(data->labels(0), Error);
  }

  void imagenetVidKnowsBoxesTracksAndSnippets() {
    writeVid(fresh("vid"), 2, 3);
    const auto data = openDataset("imagenet_vid:" + (root() / "vid").string());
    QCOMPARE(data->size(), int64_t(6));
    QVERIFY(!data->consecutive() && !data->hasLabels() && data->warnings().empty());
    QCOMPARE(data->boxClasses().size(), size_t(30));
    const auto first = data->boxes(1), second = data->boxes(4);
    QCOMPARE(data->boxClasses()[size_t(first[0].classIndex)], std::string("car"));
    QVERIFY(first[0].box == cv::Rect2f(6, 10, 30, 20));
    QVERIFY(first[0].trackId == data->boxes(0)[0].trackId && first[0].trackId != second[0].trackId);
    QCOMPARE(data->place(4).first, int64_t(3));
    QCOMPARE(data->place(4).last, int64_t(5));
    QCOMPARE(data->labels(0).size(), kMini);
  }

  void imagenetVidKnowsHowFastObjectsMove() {
    writeVid(fresh("vid"), 2, 3);  // 30x20 boxes that move by a pixel a frame
    const auto data = openDataset("imagenet_vid:" + (root() / "vid").string());
    const double byOne = 29 / 31., byTwo = 28 / 32.;
    QVERIFY(std::abs(data->boxes(0)[0].motionIou - (byOne + byTwo) / 2) < 1e-6);
    QVERIFY(std::abs(data->boxes(4)[0].motionIou - byOne) < 1e-6);
  }

  void davisIsObjectsBeforeABackground() {
    writeDavis(fresh("davis"), 2, 3);
    const std::string davis = "davis:" + (root() / "davis").string();
    const auto data = openDataset(davis);
    QCOMPARE(data->size(), int64_t(6));
    QVERIFY(data->masksOfObjects() && !data->consecutive() && data->warnings().empty());
    QCOMPARE(data->name(4), std::string("video_1/00001"));
    QCOMPARE(data->place(4).first, int64_t(3));
    QCOMPARE(cv::countNonZero(data->labels(4)), 20 * 16);
    QCOMPARE(int(data->labels(4).at<uint8_t>(9, 12)), 1);
    const auto second = openDataset(davis + "#video_1");
    QVERIFY(second->size() == 3 && second->masksOfObjects());
  }

  void whatDavisLacksIsTold() {
    const fs::path davis = fresh("davis");
    QVERIFY(saidOf("davis:" + davis.string()).contains("JPEGImages does not exist"));
    writeDavis(davis, 1, 3);
    writeImage(davis / "Annotations/480p/video_0/00001.png", cv::Mat(5, 5, CV_8UC3, cv::Scalar()));
    QVERIFY_EXCEPTION_THROWN(openDataset("davis:" + davis.string())->labels(1), Error);
    fs::remove(davis / "Annotations/480p/video_0/00001.png");
    QVERIFY(saidOf("davis:" + davis.string()).contains("1 frames left out: no mask"));
    fs::remove_all(davis / "Annotations");
    QVERIFY(saidOf("davis:" + davis.string()).contains("has a mask"));
  }

  void oneSnippetOfImagenetVidIsAVideo() {
    writeVid(fresh("vid"), 2, 3);
    const auto data = openDataset("imagenet_vid:" + (root() / "vid/Data/VID/val/snippet_1").string());
    QVERIFY(data->consecutive());
    QCOMPARE(data->size(), int64_t(3));
    QCOMPARE(data->boxes(2)[0].box.x, 7.f);
  }

  void whatIsWrongInImagenetVidIsTold_data() {
    QTest::addColumn<QString>("xml");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const std::string& xml, const char* says) {
      QTest::newRow(name) << QString::fromStdString(xml) << says;
    };
    row("inverted", vidXml("n02958343", 30, 10, 10, 29), "1 boxes left out: width or height is not above 0");
    row("outside", vidXml("n02958343", 70, 10, 90, 29), "1 boxes left out: outside the picture");
    row("unknown class", vidXml("n99999999", 5, 10, 20, 29), "1 boxes left out: a class that is none of the thirty");
    row("no annotation", "", "1 frames left out: no annotation");
    row("no XML", "<annotation><si", "cannot be read");
    row("no size", "<annotation></annotation>", "does not say the size");
  }
  void whatIsWrongInImagenetVidIsTold() {
    QFETCH(QString, xml);
    QFETCH(QString, says);
    writeVid(fresh("vid"), 1, 2);
    writeVidFrame(root() / "vid", "snippet_0", 2, xml.toStdString());
    const QString said = saidOf("imagenet_vid:" + (root() / "vid").string());
    QVERIFY2(said.contains(says), qPrintable(said));
  }

  void anOwnFolderHasItsOwnClassesAndBoxes() {
    const fs::path own = ownFrames("own", 3);
    for (int i = 0; i < 3; ++i) writeOwnLabels(own, i, i);
    writeJson(own / "classes.json", {"floor", "wall", "robot"});
    writeOwnBoxes(own, {4, 5, 30, 20});
    const auto data = openDataset("folder:" + own.string());
    QVERIFY(data->consecutive() && data->hasLabels() && data->warnings().empty());
    QCOMPARE(data->classes()[2].name, std::string("robot"));
    QVERIFY(data->classes()[0].displayColor != data->classes()[1].displayColor);
    QCOMPARE(int(data->labels(1).at<uint8_t>(3, 3)), 1);
    QCOMPARE(data->boxClasses(), std::vector<std::string>{"robot"});
    QVERIFY(data->boxes(0).at(0).box == cv::Rect2f(4, 5, 30, 20));
    QVERIFY(data->boxes(1).empty());
  }

  void framesWithoutLabelsAreSkippedButSeenAsPictures() {
    const fs::path own = ownFrames("own", 5);
    writeOwnLabels(own, 1, 0);
    writeOwnLabels(own, 4, 0);
    const auto data = openDataset("folder:" + own.string());
    QCOMPARE(data->size(), int64_t(2));
    QVERIFY(!data->consecutive());
    QVERIFY(saidOf("folder:" + own.string()).contains("3 frames left out: no labels"));
    QCOMPARE(data->name(1), std::string("f_000004"));
    QCOMPARE(data->place(1).at, int64_t(4));
    QCOMPARE(greyOf(data->picture(data->place(1).at - 2)), 2);
  }

  void camvidSkipsFramesWithoutLabelsToo() {
    const fs::path own = ownFrames("own", 4);
    writeOwnLabels(own, 2, 8);
    const auto data = openDataset("camvid:" + own.string());
    QCOMPARE(data->size(), int64_t(1));
    QVERIFY(!data->consecutive());
    QVERIFY(saidOf("camvid:" + own.string()).contains("3 frames left out: no label image"));
    QCOMPARE(data->place(0).at, int64_t(2));
    QCOMPARE(greyOf(data->image(0)), 2);
    fs::remove_all(own / "labels");
    fs::create_directory(own / "labels");
    QVERIFY(saidOf("camvid:" + own.string()).contains("no labels for any"));
  }

  void boxesAloneAreEnough() {
    const fs::path own = ownFrames("own", 2);
    writeOwnBoxes(own, {4, 5, 30, 20});
    const auto data = openDataset("folder:" + own.string());
    QVERIFY(!data->hasLabels());
    QCOMPARE(data->size(), int64_t(1));  // the other is not among the images of the file
    QCOMPARE(cv::countNonZero(data->labels(0) != kIgnore), 0);
  }

  void whatIsWrongInAnOwnFolderIsTold_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("says");
    QTest::newRow("no frames") << "empty"
                               << "holds no frames";
    QTest::newRow("neither") << "neither"
                             << "neither labels/ nor boxes.json";
    QTest::newRow("labels of other frames") << "foreign"
                                            << "no labels for any of its frames";
    QTest::newRow("inverted box") << "inverted"
                                  << "inverted";
    QTest::newRow("box outside") << "outside"
                                 << "outside the picture";
    QTest::newRow("unknown category") << "category"
                                      << "category_id is not among the categories";
    QTest::newRow("classes") << "classes"
                             << "must be a list of class names";
  }
  void whatIsWrongInAnOwnFolderIsTold() {
    QFETCH(QString, what);
    QFETCH(QString, says);
    const fs::path own = ownFrames("own", what == "empty" ? 0 : 1);
    if (what == "empty") fs::create_directories(own / "frames");
    if (what == "foreign") writeOwnLabels(own, 7, 0);
    if (what == "inverted") writeOwnBoxes(own, {40, 5, -30, 20});
    if (what == "outside") writeOwnBoxes(own, {100, 5, 30, 20});
    if (what == "category") writeOwnBoxes(own, {4, 5, 30, 20}, 9);
    if (what == "classes") writeJson(own / "classes.json", {{"a", 1}});
    const QString said = saidOf("folder:" + own.string());
    QVERIFY2(said.contains(says), qPrintable(said));
  }

  void labelsThatDoNotFitAreNamed_data() {
    QTest::addColumn<int>("value");
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown class") << 77 << 64 << "holds the label 77; known are 0 to 10";
    QTest::newRow("another size") << 3 << 60 << "60x48 pixels, its frame 64x48";
  }
  void labelsThatDoNotFitAreNamed() {
    QFETCH(int, value);
    QFETCH(int, width);
    QFETCH(QString, says);
    const fs::path own = ownFrames("own", 1);
    writeOwnLabels(own, 0, value, {width, 48});
    try {
      openDataset("folder:" + own.string())->labels(0);
      QFAIL("read");
    } catch (const Error& e) {
      QVERIFY2(QString(e.what()).contains(says), e.what());
    }
  }
};

QTEST_APPLESS_MAIN(DatasetKindsTest)
#include "dataset_kinds_test.moc"
