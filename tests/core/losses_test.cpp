#include <QTest>

#include "core/train/losses.h"

using namespace dff;

namespace {

/// Logits that are all but sure of these classes: [1,K,1,W].
torch::Tensor sureOf(const std::vector<int64_t>& classes, int64_t known) {
  const auto index = torch::tensor(classes).view({1, 1, 1, -1});
  return torch::zeros({1, known, 1, int64_t(classes.size())}).scatter_(1, index, 50);
}

torch::Tensor labelsOf(const std::vector<int64_t>& classes) { return torch::tensor(classes).view({1, 1, -1}); }

}  // namespace

class LossesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void softJaccardOfSureLogitsIsOneLessTheMeanIou_data() {
    QTest::addColumn<QList<int>>("said");
    QTest::addColumn<QList<int>>("truth");
    QTest::addColumn<double>("loss");
    QTest::newRow("all right") << QList<int>{0, 1, 2, 0} << QList<int>{0, 1, 2, 0} << 0.0;
    QTest::newRow("all wrong") << QList<int>{1, 0} << QList<int>{0, 1} << 1.0;
    // class 0: 1 of 2; class 1: 1 of 3 with what was said of class 0's pixel and class 2's
    QTest::newRow("two errors") << QList<int>{0, 1, 1, 1} << QList<int>{0, 0, 1, 2} << 1 - (0.5 + 1 / 3. + 0) / 3;
    QTest::newRow("a class without a pixel does not count") << QList<int>{0, 0} << QList<int>{0, 0} << 0.0;
    QTest::newRow("unknown pixels do not count") << QList<int>{0, 1, 2} << QList<int>{0, 1, 255} << 0.0;
    QTest::newRow("nor the class after the last") << QList<int>{0, 1, 2} << QList<int>{0, 1, 3} << 0.0;
  }
  void softJaccardOfSureLogitsIsOneLessTheMeanIou() {
    QFETCH(QList<int>, said);
    QFETCH(QList<int>, truth);
    QFETCH(double, loss);
    const auto value = softJaccard(sureOf({said.begin(), said.end()}, 3), labelsOf({truth.begin(), truth.end()}));
    QVERIFY(std::abs(value.item<double>() - loss) < 1e-5);
  }

  void softJaccardLeadsTowardsTheTruth() {
    torch::manual_seed(3);
    auto logits = torch::randn({2, 3, 4, 4}).requires_grad_();
    const auto labels = torch::randint(0, 3, {2, 4, 4}, torch::kLong);
    const auto before = softJaccard(logits, labels);
    before.backward();
    QVERIFY(logits.grad().abs().sum().item<double>() > 0);
    QVERIFY(softJaccard(logits - 5 * logits.grad(), labels).item<double>() < before.item<double>());
  }
};

QTEST_APPLESS_MAIN(LossesTest)
#include "losses_test.moc"
