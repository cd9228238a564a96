#include "ui/infer/agreement.h"

#include <QTest>
#include <cmath>

using namespace dff::ui;

/// Agreement with per-frame inference, from samples at several intervals and of planned keys.
class AgreementTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agreementIsTheMeanOverAnInterval() {
    Agreement a;
    QCOMPARE(a.atInterval(1).value(), 1.0);
    QVERIFY(!a.atInterval(2));
    a.add(12, 4, false, 0.8);
    a.add(12, 4, false, 0.1);  // the same place is not counted twice
    a.add(13, 4, false, 0.6);
    QVERIFY(std::abs(a.atInterval(4).value() - (1 + 3 * 0.7) / 4) < 1e-9);  // key frames agree with themselves
    a.add(8, 4, true, 0.9);                                                 // unless they are blended
    QVERIFY(std::abs(a.atInterval(4).value() - (0.9 + 3 * 0.7) / 4) < 1e-9);
    QVERIFY(std::abs(a.atInterval(2).value() - (1 + (0.75 - 1) / 3)) < 1e-9);  // on the way there
    QVERIFY(!a.atInterval(5));
    QCOMPARE(a.curve(30).size(), size_t(4));
    QCOMPARE(a.samples(), int64_t(3));
  }

  void agreementOfPlannedKeysGoesByTheirShare() {
    Agreement a;
    QVERIFY(!a.ofPlan(0.25));
    a.add(3, kPlanned, false, 0.6);
    a.add(9, kPlanned, true, 0.8);
    QVERIFY(std::abs(a.ofPlan(0.25).value() - (0.25 * 0.8 + 0.75 * 0.6)) < 1e-9);
    QVERIFY(!a.atInterval(4));  // says nothing of the grid
    a.clearPlan();
    QVERIFY(!a.ofPlan(0.25));
  }
};

QTEST_APPLESS_MAIN(AgreementTest)
#include "agreement_test.moc"
