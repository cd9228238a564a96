#include "core/eval/chart.h"

#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/eval/chart_axis.h"

namespace fs = std::filesystem;
using namespace dff;

namespace {

Figure twoCharts() {
  Figure figure{"accuracy & \"cost\"", {{"mIoU", "interval", {}}, {"EPE < 1", "interval", {}, true}}, 2};
  figure.charts[0].series = {{"flownet", {{1, 0.69}, {5, 0.67}, {10, 0.64}}},
                             {"per frame", {{1, 0.69}, {10, 0.69}}, true}};
  figure.charts[1].series = {{"dis", {{1, 0.1}, {5, NAN}, {10, 100}}}};
  return figure;
}

/// How often each element stands in an SVG; empty where it is no well-formed XML.
std::map<QString, int> elementsOf(const std::string& svg) {
  std::map<QString, int> counts;
  QXmlStreamReader xml(QString::fromStdString(svg));
  while (!xml.atEnd())
    if (xml.readNext() == QXmlStreamReader::StartElement) ++counts[xml.name().toString()];
  return xml.hasError() ? std::map<QString, int>() : counts;
}

/// Pixels of the picture that are no grey: curves and their names.
int colouredPixels(const cv::Mat& picture) {
  int count = 0;
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x) {
      const auto& p = picture.at<cv::Vec3b>(y, x);
      count += std::max({p[0], p[1], p[2]}) - std::min({p[0], p[1], p[2]}) > 60;
    }
  return count;
}

}  // namespace

class ChartTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  fs::path root() const { return dir_.path().toStdString(); }

 private Q_SLOTS:
  void ticksAreRoundAndWithin_data() {
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::addColumn<bool>("logarithmic");
    QTest::newRow("shares") << 0.57 << 0.69 << false;
    QTest::newRow("intervals") << 1. << 20. << false;
    QTest::newRow("around nought") << -3. << 4. << false;
    QTest::newRow("losses") << 0.02 << 3. << true;
    QTest::newRow("many decades") << 1e-6 << 1e3 << true;
    QTest::newRow("one value") << 0.5 << 0.5 << false;
    QTest::newRow("one value, logarithmic") << 0.5 << 0.5 << true;
  }
  void ticksAreRoundAndWithin() {
    QFETCH(double, least);
    QFETCH(double, most);
    QFETCH(bool, logarithmic);
    const Axis axis = Axis::around(least, most, logarithmic);
    QVERIFY(axis.low < least && axis.high > most);
    QVERIFY(std::abs(axis.place(axis.low)) < 1e-12 && std::abs(axis.place(axis.high) - 1) < 1e-12);
    const auto ticks = axis.ticks(5);
    QVERIFY(ticks.size() >= 2 && ticks.size() <= 14);
    for (size_t i = 0; i < ticks.size(); ++i) {
      QVERIFY(ticks[i] >= axis.low - 1e-12 && ticks[i] <= axis.high + 1e-12);
      if (i > 0) QVERIFY(ticks[i] > ticks[i - 1]);
    }
  }

  void ticksOfFramesAreWholeNumbers() {
    for (const double tick : Axis::around(1, 3, false).ticks(5, 1)) QCOMPARE(tick, std::round(tick));
  }

  void tickTextsAreShort() {
    QCOMPARE(tickText(0.65, 0.05), std::string("0.65"));
    QCOMPARE(tickText(-0.0, 0.5), std::string("0.0"));
    QCOMPARE(tickText(20, 5), std::string("20"));
    QCOMPARE(tickText(0.0005, 0.0005), std::string("0.0005"));
    QCOMPARE(tickText(0.00002, 0.00001), std::string("2e-05"));
  }

  void anSvgIsWellFormedAndHoldsEveryCurve() {
    const auto elements = elementsOf(svgOf(twoCharts()));
    QCOMPARE(elements.at("svg"), 1);
    QCOMPARE(elements.at("circle"), 5);  // three of flownet, two of dis; what is compared with has no dots
    QVERIFY(elements.at("polyline") > 3);
    QVERIFY(svgOf(twoCharts()).find("flownet") != std::string::npos);
  }

  void aChartWithoutValuesSaysSo() {
    const std::string svg = svgOf({"", {{"mIoU", "interval", {{"flownet", {{1, NAN}}}}}}, 1});
    QVERIFY(svg.find("nothing yet") != std::string::npos);
    QVERIFY(!elementsOf(svg).empty());
  }

  void aLogarithmicChartLeavesOutWhatItCannotShow() {
    const Chart losses{"loss", "step", {{"box", {{0, 0}, {1, 0.1}, {2, 10}}}}, true};
    QCOMPARE(elementsOf(svgOf({"", {losses}, 1})).at("circle"), 2);
  }

  void bothBackEndsHaveTheSameShape() {
    const cv::Mat picture = pictureOf(twoCharts());
    const QString svg = QString::fromStdString(svgOf(twoCharts()));
    QVERIFY(svg.contains(QString("width=\"%1\" height=\"%2\"").arg(picture.cols / 2).arg(picture.rows / 2)));
    QVERIFY(colouredPixels(picture) > 500);
    Figure empty = twoCharts();
    for (auto& chart : empty.charts) chart.series.clear();
    QCOMPARE(colouredPixels(pictureOf(empty)), 0);
  }

  void namesOfCurvesThatEndTogetherAreMovedApart() {
    Chart chart{"c", "x", {}};
    for (const char* name : {"one", "two", "three"}) chart.series.push_back({name, {{0, 0}, {1, 0.5}}});
    QXmlStreamReader xml(QString::fromStdString(svgOf({"", {chart}, 1})));
    QList<double> heights;
    while (!xml.atEnd())
      if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QString("text")) {
        const double y = xml.attributes().value("y").toDouble();
        const QString text = xml.readElementText();
        if (text == "one" || text == "two" || text == "three") heights.append(y);
      }
    QCOMPARE(heights.size(), 3);
    std::sort(heights.begin(), heights.end());
    QVERIFY(heights[1] - heights[0] >= 12 && heights[2] - heights[1] >= 12);
  }

  void theEndingOfTheNameChoosesTheFormat() {
    writeFigure(root() / "f.svg", twoCharts());
    writeFigure(root() / "f.png", twoCharts());
    QVERIFY(readFile(root() / "f.svg") == svgOf(twoCharts()));
    QCOMPARE(cv::imread((root() / "f.png").string()).size(), pictureOf(twoCharts()).size());
    QVERIFY_EXCEPTION_THROWN(writeFigure(root() / "f.pdf", twoCharts()), UsageError);
  }
};

QTEST_APPLESS_MAIN(ChartTest)
#include "chart_test.moc"
