#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "core/base/error.h"
#include "core/media/image_folder.h"
#include "core/media/reused_mat.h"
#include "tests/support/clips.h"

using namespace dff;
using namespace dff::test;

namespace {

std::vector<FramePtr> play(FrameSource& source) {
  std::vector<FramePtr> frames;
  while (FramePtr frame = source.next()) frames.push_back(frame);
  return frames;
}

std::string messageOf(const std::filesystem::path& path) {
  try {
    openSource(path);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

/// Images of a folder as a video.
class ImageFolderTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void picturesAreUsedAgainOnceNobodyHoldsThem() {
    std::vector<cv::Mat> held;
    std::set<const uint8_t*> places;
    for (int i = 0; i < 40; ++i) places.insert(held.emplace_back(reusedMat({31, 17}, CV_8U)).data);
    QCOMPARE(places.size(), size_t(40));  // all are held
    const uint8_t* last = held.back().data;
    held.clear();
    bool again = false;
    for (int i = 0; i < 16; ++i) again |= held.emplace_back(reusedMat({31, 17}, CV_8U)).data == last;
    QVERIFY(again);
    const cv::Mat part = held.back().colRange(3, 9);
    const uint8_t* memory = held.back().data;
    held.pop_back();
    for (int i = 0; i < 16; ++i) QVERIFY(held.emplace_back(reusedMat({31, 17}, CV_8U)).data != memory);
    QCOMPARE(part.size(), cv::Size(6, 17));
    QCOMPARE(reusedMat({17, 31}, CV_32FC2).type(), CV_32FC2);
  }
  void imagesCountAsPeopleDo() {
    QVERIFY(naturalLess("frame2.png", "frame10.png"));
    QVERIFY(naturalLess("000002.png", "000010.png"));
    QVERIFY(naturalLess("a1b2", "a1b10"));
    QVERIFY(naturalLess("a", "b"));
    QVERIFY(!naturalLess("a", "a"));
    QVERIFY(naturalLess("01", "1") != naturalLess("1", "01"));
  }

  void aFolderOfImagesIsAVideo() {
    QTemporaryDir dir;
    for (int i : {10, 2, 1})
      cv::imwrite((dir / ("f" + std::to_string(i) + ".png").c_str()).string(),
                  cv::Mat(20, 30, CV_8UC3, cv::Scalar(i, 0, 200)));
    const auto source = openSource(dir.path().toStdString(), 10);
    QCOMPARE(source->info().times.size(), size_t(3));
    const auto frames = play(*source);
    for (int i : {0, 1, 2})
      QCOMPARE(frames[static_cast<size_t>(i)]->rgb.at<cv::Vec3b>(5, 5),
               cv::Vec3b(200, 0, i == 2 ? 10 : static_cast<uchar>(i + 1)));
    QCOMPARE(frames[2]->ptsSeconds, 0.2);
    source->seek(1);
    QCOMPARE(cv::norm(source->next()->rgb, frames[1]->rgb, cv::NORM_INF), 0.0);
    damage(dir / "f2.png", 0.5, 1);
    damage(dir / "f2.png", 0, 0.1);
    const auto holed = openSource(dir.path().toStdString());
    QCOMPARE(play(*holed).size(), size_t(2));
    QCOMPARE(holed->warnings().size(), size_t(1));
  }

  void mixedSizesNameTheFirstOddImage() {
    QTemporaryDir dir;
    for (int i : {1, 2, 3})
      cv::imwrite((dir / ("f" + std::to_string(i) + (i == 2 ? ".jpg" : ".png")).c_str()).string(),
                  cv::Mat(20, i < 2 ? 30 : 32, CV_8UC3));
    const std::string message = messageOf(dir.path().toStdString());
    QVERIFY2(message.find("f2.jpg is 32x20") != std::string::npos, message.c_str());
  }
};

QTEST_APPLESS_MAIN(ImageFolderTest)
#include "image_folder_test.moc"
