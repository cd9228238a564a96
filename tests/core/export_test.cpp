#include <QTemporaryDir>
#include <QTest>
#include <QtXml/QDomDocument>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/export/provenance.h"
#include "core/media/flow_file.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

const cv::Size kSize(63, 45);  // odd, as videos are

Result resultOf(int64_t index, bool isKey) {
  auto frame = std::make_shared<Frame>();
  frame->rgb = cv::Mat(kSize, CV_8UC3, cv::Scalar(200, 100, double(index)));
  frame->index = index;
  frame->ptsSeconds = double(index) / 10;
  frame->durationSeconds = 0.1;
  Result r;
  r.frame = frame;
  r.isKey = isKey;
  r.keyFrame = isKey ? index : 0;
  r.labels = cv::Mat(kSize, CV_8U, cv::Scalar(double(index % 2)));
  r.gridInFrame = {7.875f, 5.625f};
  if (!isKey) r.keyFromCur = cv::Mat(6, 10, CV_32FC2, cv::Scalar(0.5, -1.25));
  r.times[Stage::Flow] = 3.5;
  return r;
}

ExportContext contextFor(const fs::path& path) {
  ExportContext c;
  c.path = path;
  c.source.width = kSize.width;
  c.source.height = kSize.height;
  c.source.fps = 10;
  c.classes = {{"road", {10, 20, 30}, {1, 2, 3}}, {"car", {70, 130, 255}, {4, 5, 6}}};
  c.options = {{"interval", 3}};
  return c;
}

void writeThree(Exporter& exporter) {
  for (int i = 0; i < 3; ++i) {
    Result r = resultOf(i, i == 0);
    exporter.write(r);
  }
}

ExportContext boxContext(const fs::path& path) {
  ExportContext c = contextFor(path);
  c.boxClasses = {{"vehicle", {70, 130, 255}, {}}, {"pedestrian", {255, 92, 92}, {}}};
  return c;
}

/// No box in the first frame, then a tracked pedestrian and a vehicle that is not tracked.
void writeBoxes(Exporter& exporter) {
  for (int i = 0; i < 3; ++i) {
    Result r = resultOf(i, i == 0);
    const float x = 1.5f + float(i);
    if (i > 0) r.boxes = {{{x, 1, 5, 10}, 1, 0.75f, 7}, {{30, 20, 8, 8}, 0, 0.25f, -1}};
    exporter.write(r);
  }
}

int filesIn(const fs::path& folder) {
  return int(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

class ExportTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return fs::path(dir_.path().toStdString()) / QTest::currentTestFunction(); }

 private Q_SLOTS:
  void init() { fs::create_directories(root()); }

  void labelsAreGreyPngsNamedByFrame() {
    auto exporter = makeExporter("labels", contextFor(root() / "labels"));
    writeThree(*exporter);
    QVERIFY(!fs::exists(root() / "labels"));  // nothing before finish()
    exporter->finish();
    QCOMPARE(filesIn(root() / "labels"), 3);
    const cv::Mat read = cv::imread((root() / "labels/000001.png").string(), cv::IMREAD_UNCHANGED);
    QCOMPARE(read.type(), CV_8UC1);
    QCOMPARE(cv::norm(read, resultOf(1, false).labels, cv::NORM_INF), 0.0);
    QVERIFY(madeWith(root() / "labels", {{"interval", 3}}));
    QVERIFY(!madeWith(root() / "labels", {{"interval", 4}}));
  }

  void framesAreTheUndrawnPictures() {
    auto exporter = makeExporter("frames", contextFor(root() / "frames"));
    writeThree(*exporter);
    exporter->finish();
    const cv::Mat bgr = cv::imread((root() / "frames/000002.png").string());
    QCOMPARE(bgr.at<cv::Vec3b>(0, 0), cv::Vec3b(2, 100, 200));
  }

  void flowIsCroppedToThePictureAndLeavesOutKeys() {
    auto exporter = makeExporter("flow", contextFor(root() / "flow"));
    writeThree(*exporter);
    exporter->finish();
    QCOMPARE(filesIn(root() / "flow"), 2);
    const cv::Mat flow = readFlo(root() / "flow/000001.flo");
    QCOMPARE(flow.size(), cv::Size(8, 6));
    QCOMPARE(flow.at<cv::Vec2f>(5, 7), cv::Vec2f(0.5f, -1.25f));
  }

  void jsonlTellsEachFrame() {
    auto exporter = makeExporter("jsonl", contextFor(root() / "log.jsonl"));
    writeThree(*exporter);
    exporter->finish();
    std::ifstream in(root() / "log.jsonl");
    std::vector<nlohmann::json> rows;
    for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
    QCOMPARE(rows.size(), size_t(3));
    QCOMPARE(rows[2]["frame"].get<int>(), 2);
    QCOMPARE(rows[2]["key"].get<bool>(), false);
    QCOMPARE(rows[2]["key_frame"].get<int>(), 0);
    QCOMPARE(rows[2]["stage_ms"]["flow"].get<double>(), 3.5);
    QVERIFY(!rows[2]["stage_ms"].contains("decode"));
  }

  void motHasALineForEachTrackedBox_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("expected");
    QTest::newRow("mot") << "mot"
                         << "2,7,3.50,2.00,5.00,10.00,0.7500,2,-1,-1\n3,7,4.50,2.00,5.00,10.00,0.7500,2,-1,-1\n";
    QTest::newRow("mot15") << "mot15"
                           << "2,7,3.50,2.00,5.00,10.00,0.7500,-1,-1,-1\n3,7,4.50,2.00,5.00,10.00,0.7500,-1,-1,-1\n";
  }
  void motHasALineForEachTrackedBox() {
    QFETCH(QString, kind);
    QFETCH(QString, expected);
    const fs::path path = root() / (kind.toStdString() + ".txt");
    auto exporter = makeExporter(kind.toStdString(), boxContext(path));
    writeBoxes(*exporter);
    QVERIFY(!fs::exists(path));
    exporter->finish();
    QCOMPARE(QString::fromStdString(readFile(path)), expected);
    QVERIFY(madeWith(path, {{"interval", 3}}));
  }

  void cocoHoldsEveryFrameAndBox() {
    auto exporter = makeExporter("coco", boxContext(root() / "boxes.json"));
    writeBoxes(*exporter);
    exporter->finish();
    const auto coco = readJson(root() / "boxes.json");
    QCOMPARE(coco["images"].size(), size_t(3));
    QCOMPARE(coco["images"][2]["id"].get<int>(), 2);
    QCOMPARE(coco["images"][2]["width"].get<int>(), 63);
    QCOMPARE(coco["images"][2]["pts_seconds"].get<double>(), 0.2);
    QCOMPARE(coco["categories"][1]["name"].get<std::string>(), std::string("pedestrian"));
    QCOMPARE(coco["annotations"].size(), size_t(4));
    const auto& first = coco["annotations"][0];
    QCOMPARE(first["id"].get<int>(), 1);
    QCOMPARE(first["image_id"].get<int>(), 1);
    QCOMPARE(first["category_id"].get<int>(), 2);
    QVERIFY(first["bbox"] == (nlohmann::json{2.5, 1.0, 5.0, 10.0}));
    QCOMPARE(first["area"].get<double>(), 50.0);
    QCOMPARE(first["score"].get<double>(), 0.75);
    QCOMPARE(first["track_id"].get<int>(), 7);
    QCOMPARE(coco["annotations"][1]["track_id"].get<int>(), -1);
  }

  void cvatHoldsWholeTracksThatEnd() {
    ExportContext context = boxContext(root() / "tracks.xml");
    context.boxClasses[1].name = "man & \"dog\"";
    auto exporter = makeExporter("cvat", context);
    writeBoxes(*exporter);
    Result gone = resultOf(3, false);
    exporter->write(gone);
    exporter->finish();
    QDomDocument xml;
    QVERIFY(xml.setContent(QByteArray::fromStdString(readFile(root() / "tracks.xml"))));
    const auto tracks = xml.elementsByTagName("track");
    QCOMPARE(tracks.count(), 1);  // the vehicle that nothing followed is none
    const QDomElement walker = tracks.at(0).toElement();
    QCOMPARE(walker.attribute("label"), QString("man & \"dog\""));
    const auto boxes = walker.elementsByTagName("box");
    QCOMPARE(boxes.count(), 3);
    QCOMPARE(boxes.at(0).toElement().attribute("frame"), QString("1"));
    QCOMPARE(boxes.at(0).toElement().attribute("xtl"), QString("2.50"));
    QCOMPARE(boxes.at(0).toElement().attribute("xbr"), QString("7.50"));
    QCOMPARE(boxes.at(1).toElement().attribute("outside"), QString("0"));
    QCOMPARE(boxes.at(2).toElement().attribute("frame"), QString("3"));
    QCOMPARE(boxes.at(2).toElement().attribute("outside"), QString("1"));
    QCOMPARE(xml.elementsByTagName("size").at(0).toElement().text(), QString("4"));
  }

  void kittiHasTheFlowInPixels() {
    auto exporter = makeExporter("kitti", contextFor(root() / "kitti"));
    writeThree(*exporter);
    exporter->finish();
    QCOMPARE(filesIn(root() / "kitti"), 2);
    const cv::Mat flow = readKittiFlow(root() / "kitti/000001.png");
    QCOMPARE(flow.size(), kSize);
    for (const cv::Point at : {cv::Point(0, 0), cv::Point(31, 20), cv::Point(62, 44)}) {
      QVERIFY(std::abs(flow.at<cv::Vec2f>(at)[0] - 4) < 1 / 64.f);  // half a cell of 8 pixels
      QVERIFY(std::abs(flow.at<cv::Vec2f>(at)[1] + 10) < 1 / 64.f);
    }
  }

  void kittiMarksWhatItCannotHold() {
    cv::Mat flow(2, 2, CV_32FC2, cv::Scalar(1.5, -2));
    flow.at<cv::Vec2f>(0, 1)[1] = 600;
    flow.at<cv::Vec2f>(1, 0)[0] = NAN;
    writeKittiFlow(root() / "f.png", flow);
    const cv::Mat back = readKittiFlow(root() / "f.png");
    QCOMPARE(back.at<cv::Vec2f>(0, 0), cv::Vec2f(1.5, -2));
    QVERIFY(std::isnan(back.at<cv::Vec2f>(0, 1)[0]) && std::isnan(back.at<cv::Vec2f>(1, 0)[0]));
    cv::imwrite((root() / "grey.png").string(), cv::Mat(2, 2, CV_8U, cv::Scalar(3)));
    QVERIFY_EXCEPTION_THROWN(readKittiFlow(root() / "grey.png"), Error);
  }

  void pixelFlowGrowsLinearlyBetweenCells() {
    cv::Mat cells(1, 3, CV_32FC2);
    for (int x = 0; x < 3; ++x) cells.at<cv::Vec2f>(0, x) = {float(x), 0};
    const cv::Mat flow = pixelFlow(cells, {2, 1}, {16, 8});  // the third cell is padding
    QCOMPARE(flow.at<cv::Vec2f>(3, 0)[0], 0.f);
    QVERIFY(std::abs(flow.at<cv::Vec2f>(3, 8)[0] - 8 * (0.5f + 0.0625f)) < 0.3f);
    QVERIFY(flow.at<cv::Vec2f>(3, 4)[0] < flow.at<cv::Vec2f>(3, 5)[0]);
  }

  void drawnPicturesAreWhatTheVideoShows() {
    const ExportContext context = contextFor(root() / "drawn");
    auto exporter = makeExporter("drawn", context);
    writeThree(*exporter);
    exporter->finish();
    QCOMPARE(filesIn(root() / "drawn"), 3);
    const cv::Mat bgr = cv::imread((root() / "drawn/000001.png").string());
    cv::Mat expected;
    cv::cvtColor(drawOverlay(resultOf(1, false), context.classes, context.overlay), expected, cv::COLOR_RGB2BGR);
    QCOMPARE(cv::norm(bgr, expected, cv::NORM_INF), 0.0);
  }

  void layoutsShowThePictureAsItCameToo_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<QList<bool>>("drawnAt");  // at the left, just before and behind the frame's middle, at the right
    QTest::newRow("drawn") << 63 << QList<bool>{true, true, true, true};
    QTest::newRow("wipe") << 63 << QList<bool>{false, false, true, true};
    QTest::newRow("side-by-side") << 126 << QList<bool>{false, false, false, true};
  }
  void layoutsShowThePictureAsItCameToo() {
    QFETCH(int, width);
    QFETCH(QList<bool>, drawnAt);
    ExportContext context = contextFor(root() / QTest::currentDataTag());
    context.layout = QTest::currentDataTag();
    context.overlay.layers = {"seg"};
    auto exporter = makeExporter("drawn", context);
    writeThree(*exporter);
    exporter->finish();
    const cv::Mat picture = cv::imread((context.path / "000001.png").string());
    QCOMPARE(picture.cols, width);
    const int columns[] = {2, 28, 35, width - 3};
    for (int i = 0; i < 4; ++i) QCOMPARE(picture.at<cv::Vec3b>(20, columns[i]) != cv::Vec3b(1, 100, 200), drawnAt[i]);
  }
  void anUnknownLayoutNamesTheKnownOnes() {
    ExportContext context = contextFor(root() / "a.mp4");
    context.layout = "round";
    QVERIFY_EXCEPTION_THROWN(makeExporter("video", context), UsageError);
    QCOMPARE(filesIn(root()), 0);
  }

  void everyVideoFormatIsAKindOfItsOwn_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("hevc") << "a.mp4";
    QTest::newRow("vp9") << "a.webm";
    QTest::newRow("ffv1") << "a.mkv";
    QTest::newRow("gif") << "a.gif";
  }
  void everyVideoFormatIsAKindOfItsOwn() {
    QFETCH(QString, file);
    const fs::path path = root() / file.toStdString();
    auto exporter = makeExporter(QTest::currentDataTag(), contextFor(path));
    writeThree(*exporter);
    exporter->finish();
    QCOMPARE(openSource(path)->info().codec, std::string(QTest::currentDataTag()));
    QCOMPARE(extensionOf(QTest::currentDataTag()), path.extension().string());
  }

  void aVideoWithoutAnyBoxIsStillWholeCoco() {
    auto exporter = makeExporter("coco", boxContext(root() / "none.json"));
    writeThree(*exporter);
    exporter->finish();
    QVERIFY(readJson(root() / "none.json")["annotations"].empty());
  }

  void kindsOfBoxesAreRefusedWhereNoneAreFound_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"mot", "mot15", "coco", "cvat"}) QTest::newRow(kind) << kind;
  }
  void kindsOfBoxesAreRefusedWhereNoneAreFound() {
    QFETCH(QString, kind);
    QVERIFY_EXCEPTION_THROWN(makeExporter(kind.toStdString(), contextFor(root() / "x.txt")), Error);
    QCOMPARE(filesIn(root()), 0);
  }

  void labelsThatWereNotComputedAreRefused() {
    auto exporter = makeExporter("labels", contextFor(root() / "labels"));
    Result r = resultOf(0, true);
    r.labels = cv::Mat();
    QVERIFY_EXCEPTION_THROWN(exporter->write(r), Error);
  }

  void theVideoHasEveryFrame() {
    auto exporter = makeExporter("video", contextFor(root() / "out.mp4"));
    writeThree(*exporter);
    exporter->finish();
    const auto source = openSource(root() / "out.mp4");
    QCOMPARE(source->info().times.size(), size_t(3));
    QVERIFY(std::abs(source->info().times[2].ptsSeconds - 0.2) < 1e-4);
    QVERIFY(source->next());
  }

  void anAbortLeavesNothing_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind :
         {"video", "hevc", "vp9", "ffv1", "gif", "drawn", "labels", "frames", "flow", "kitti", "jsonl"})
      QTest::newRow(kind) << kind;
  }
  void anAbortLeavesNothing() {
    QFETCH(QString, kind);
    const fs::path folder = root() / kind.toStdString();
    fs::create_directories(folder);
    {
      auto exporter = makeExporter(kind.toStdString(), contextFor(folder / "out"));
      writeThree(*exporter);
    }
    QCOMPARE(filesIn(folder), 0);
  }

  void otherPeoplesFilesAreNeverRemoved() {
    fs::create_directories(root() / "labels");
    writeFileAtomically(root() / "labels/thesis.txt", "mine");
    QVERIFY_EXCEPTION_THROWN(makeExporter("labels", contextFor(root() / "labels")), Error);
    QCOMPARE(readFile(root() / "labels/thesis.txt"), std::string("mine"));
  }

  void wrongRequestsAreRefused() {
    QVERIFY_EXCEPTION_THROWN(parseExport("pictures:x"), UsageError);
    QVERIFY_EXCEPTION_THROWN(parseExport("labels"), UsageError);
    QVERIFY_EXCEPTION_THROWN(parseExport("labels:"), UsageError);
    QCOMPARE(parseExport("labels:a:b").path, fs::path("a:b"));
    QVERIFY_EXCEPTION_THROWN(makeExporter("jsonl", contextFor(root() / "no/such/out.jsonl")), Error);
    writeFileAtomically(root() / "in.mp4", "x");
    QVERIFY_EXCEPTION_THROWN(requireDistinct(root() / "in.mp4", root() / "../wrongRequestsAreRefused/in.mp4"), Error);
  }
};

QTEST_APPLESS_MAIN(ExportTest)
#include "export_test.moc"
