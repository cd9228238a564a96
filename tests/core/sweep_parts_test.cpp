#include <QTest>
#include <algorithm>
#include <opencv2/core.hpp>
#include <set>

#include "core/base/error.h"
#include "core/eval/label_agreement.h"
#include "core/eval/sweep_stretches.h"
#include "core/eval/sweep_ways.h"

using namespace dff;

/// What a sweep goes by: the agreement of two label images, and the stretches of a long range that are run.
class SweepPartsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agreementLeavesOutWhatHoldsNoClass() {
    const cv::Mat a = (cv::Mat_<uint8_t>(1, 5) << 0, 1, 2, 255, 1), b = (cv::Mat_<uint8_t>(1, 5) << 0, 2, 2, 1, 255);
    LabelAgreement agreement(4);
    QCOMPARE(agreement.share(), 1.0);
    agreement.add(a, b);
    QCOMPARE(agreement.compared(), int64_t(3));
    QCOMPARE(agreement.share(), 2.0 / 3);
    QVERIFY_EXCEPTION_THROWN(agreement.add(a, cv::Mat(2, 2, CV_8U)), Error);
  }

  void whatCarriesWithoutFlowIsRunOnce() {
    SweepOptions options;
    options.flows = {"flownet", "dis", "copy"};
    options.propagations = {"causal", "copy", "clockwork"};
    std::set<std::pair<std::string, std::string>> carrying;
    for (const SweepWay& way : waysOf(options)) QVERIFY(carrying.insert(way.carrying()).second);
    QVERIFY(carrying == (std::set<std::pair<std::string, std::string>>{
                            {"flownet", "causal"}, {"dis", "causal"}, {"copy", "causal"}, {"copy", "clockwork"}}));
  }

  void stretchesCoverTheRangeOrAreSpreadOverIt_data() {
    QTest::addColumn<int>("last");
    QTest::addColumn<int>("largest");
    QTest::addColumn<int>("most");
    QTest::addColumn<int>("pixels");
    QTest::addColumn<QList<int>>("labelled");
    QTest::newRow("one") << 50 << 30 << 240 << 172800 << QList<int>{};
    QTest::newRow("tiled") << 199 << 10 << 240 << 172800 << QList<int>{};
    QTest::newRow("spread") << 5000 << 30 << 240 << 172800 << QList<int>{};
    QTest::newRow("large pictures") << 5000 << 10 << 100 << 8294400 << QList<int>{};
    QTest::newRow("labelled") << 5000 << 10 << 100 << 172800 << QList<int>{40, 900, 4990};
    QTest::newRow("labelled together") << 5000 << 10 << 100 << 172800 << QList<int>{4995, 4996};
    QTest::newRow("fewer than an interval") << 400 << 300 << 10 << 172800 << QList<int>{};
  }
  void stretchesCoverTheRangeOrAreSpreadOverIt() {
    QFETCH(int, last);
    QFETCH(int, largest);
    QFETCH(int, most);
    QFETCH(int, pixels);
    QFETCH(QList<int>, labelled);
    const StretchBounds bounds{7, last, largest, most, pixels};
    const auto stretches = stretchesOf(bounds, std::vector<int64_t>(labelled.begin(), labelled.end()));
    QVERIFY(!stretches.empty());
    int64_t frames = 0, before = 6;
    for (const auto& [from, to] : stretches) {
      QVERIFY(from > before && from <= to && to <= last);
      frames += to - from + 1;
      before = to;
    }
    const int64_t range = last - 6;
    if (range <= most) QCOMPARE(frames, range);
    if (range <= most && pixels < 1000000) QCOMPARE(stretches.size(), size_t(1));  // a policy sees all of it
    QVERIFY(frames <= std::max<int64_t>({most, largest + 1, std::min<int64_t>(range, most)}));
    for (int label : labelled)
      QVERIFY(std::any_of(stretches.begin(), stretches.end(), [&](const auto& s) {
        return labelled.size() > qsizetype(stretches.size()) || (s.first <= label && label <= s.second);
      }));
  }
};

QTEST_APPLESS_MAIN(SweepPartsTest)
#include "sweep_parts_test.moc"
