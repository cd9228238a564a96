#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"

namespace fs = std::filesystem;
using namespace dff;

class ChosenFramesTest : public QObject {
  Q_OBJECT
  QTemporaryDir drives_, video_;
  std::string drives(const std::string& choice) const { return "camvid:" + drives_.path().toStdString() + choice; }
  std::string video(const std::string& choice) const { return "camvid:" + video_.path().toStdString() + choice; }

  static void write(const fs::path& root, const std::vector<std::string>& names) {
    for (const char* part : {"frames", "labels"}) {
      fs::create_directories(root / part);
      for (size_t i = 0; i < names.size(); ++i)
        cv::imwrite((root / part / (names[i] + ".png")).string(), cv::Mat(8, 8, CV_8U, cv::Scalar(double(i))));
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    write(drives_.path().toStdString(), {"east_001", "east_002", "west_001", "west_002", "west_003"});
    write(video_.path().toStdString(), {"0_001", "0_002", "0_003", "0_004"});
  }

  void aChoiceIsADataSetOfItsOwn_data() {
    QTest::addColumn<QString>("choice");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("firstLabel");
    QTest::newRow("all") << "" << 5 << 0;
    QTest::newRow("one drive") << "#east" << 2 << 0;
    QTest::newRow("the others") << "#!east" << 3 << 2;
    QTest::newRow("one frame") << "#west_002" << 1 << 3;
    QTest::newRow("a hole in the middle") << "#!west_002" << 4 << 0;
  }
  void aChoiceIsADataSetOfItsOwn() {
    QFETCH(QString, choice);
    QFETCH(int, size);
    QFETCH(int, firstLabel);
    const auto data = openDataset(drives(choice.toStdString()));
    QCOMPARE(int(data->size()), size);
    QCOMPARE(int(data->labels(0).at<uint8_t>(0, 0)), firstLabel);
    QCOMPARE(int(data->image(0).at<cv::Vec3b>(0, 0)[0]), firstLabel);
    QCOMPARE(data->classes().size(), camvidClasses().size());
  }

  void aHoleMakesAVideoStills() {
    QVERIFY(openDataset(video(""))->consecutive());
    QVERIFY(openDataset(video("#!0_001"))->consecutive());
    QVERIFY(!openDataset(video("#!0_002"))->consecutive());
  }

  void aChoiceOfNothingIsRefused() {
    try {
      openDataset(drives("#north"));
      QFAIL("accepted");
    } catch (const Error& e) {
      QVERIFY(QString(e.what()).contains("north") && QString(e.what()).contains("east_001"));
    }
  }
};

QTEST_APPLESS_MAIN(ChosenFramesTest)
#include "chosen_frames_test.moc"
