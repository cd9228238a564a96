#include <QTest>

#include "core/flow/propagator.h"
#include "core/train/losses.h"
#include "tests/support/small_model.h"

using namespace dff;

namespace {

/// Logits that are all but sure of these classes: [1,K,1,W].
torch::Tensor sureOf(const std::vector<int64_t>& classes, int64_t known) {
  const auto index = torch::tensor(classes).view({1, 1, 1, -1});
  return torch::zeros({1, known, 1, int64_t(classes.size())}).scatter_(1, index, 50);
}

torch::Tensor labelsOf(const std::vector<int64_t>& classes) { return torch::tensor(classes).view({1, 1, -1}); }

/// Networks with random weights, whose scale map differs from one.
TrainedNets randomNets(int upscale = 1) {
  torch::manual_seed(5);
  auto spec = test::smallSpec();
  spec.detection.reset();
  spec.segmentation.upscale = upscale;
  TrainedNets nets(spec, std::vector<float>(spec.classes.size(), 1.f));
  torch::NoGradGuard guard;
  for (auto& p : nets.named_parameters())
    if (p.key().find("scale.weight") != std::string::npos) p.value().normal_(0, 0.05);
  nets.eval();
  return nets;
}

Batch randomPair() {
  Batch batch{torch::randn({2, 3, 96, 96}), torch::randint(0, 4, {2, 96, 96}, torch::kLong), {}, {}, {}, {}, 0};
  batch.key = torch::randn({2, 3, 96, 96});
  batch.keyFromCur = torch::zeros({2, 2, 12, 12});
  batch.valid = torch::ones({2, 1, 12, 12});
  return batch;
}

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

  void inconsistencyIsThePropagatedFeaturesDistanceFromTheFramesOwn() {
    auto nets = randomNets();
    const Batch batch = randomPair();
    StageOptions stage;
    const auto& joint = findLoss("joint");
    const double without = joint.compute(nets, batch, stage).total.item<double>();
    stage.consistencyWeight = 2;
    const Loss with = joint.compute(nets, batch, stage);

    auto& flow = *nets.model->flow;
    const auto estimate = flow.estimate(flow.encode(batch.cur), flow.encode(batch.key));
    const auto own = nets.model->feature->forward(batch.cur);
    const auto propagated = test::referenceWarp(nets.model->feature->forward(batch.key), estimate);
    const double distance = ((propagated - own).abs().sum() / own.abs().sum()).item<double>();
    QVERIFY(distance > 0.1);
    QCOMPARE(with.parts.back().first, std::string("inconsistency"));
    QVERIFY(std::abs(with.parts.back().second - distance) < 1e-3);
    QVERIFY(std::abs(with.total.item<double>() - without - 2 * distance) < 1e-2);
  }

  void whatIsFrozenGivesTheSameLossAsItInfers() {
    auto nets = randomNets();
    StageOptions stage;
    stage.consistencyWeight = 1;
    const Batch batch = randomPair();
    const double trained = findLoss("joint").compute(nets, batch, stage).total.item<double>();
    nets.frozen = forInference(*nets.model, /*bfloat16=*/false);
    QVERIFY(std::abs(findLoss("joint").compute(nets, batch, stage).total.item<double>() - trained) < 1e-3);
  }

  void pairsCarryWhatTheEngineCarries_data() {
    QTest::addColumn<std::string>("split");
    QTest::newRow("logits on their finer grid") << std::string("logits");
    QTest::newRow("the feature") << std::string("feature");
  }
  void pairsCarryWhatTheEngineCarries() {
    QFETCH(std::string, split);
    auto nets = randomNets(2);
    const Batch batch = randomPair();
    StageOptions stage;
    stage.split = split;
    const auto loss = findLoss("joint").compute(nets, batch, stage);

    auto& model = *nets.model;
    const auto estimate = model.flow->estimate(model.flow->encode(batch.cur), model.flow->encode(batch.key));
    std::vector<torch::Tensor> logits;
    for (int64_t i = 0; i < 2; ++i) {
      KeySide side{model.feature->forward(batch.key).narrow(0, i, 1), {}, {}, 1};
      side.estimate = {estimate.keyFromCur.narrow(0, i, 1), estimate.scale.narrow(0, i, 1), {}};
      logits.push_back(split == "feature" ? model.segmentation(moved(side))
                                          : moved(carrying(side, model.segmentation(side.feature))));
    }
    const auto large = at::upsample_bilinear2d(torch::cat(logits), {96, 96}, false);
    const double expected = torch::nn::functional::cross_entropy(large, batch.labels).item<double>();
    QVERIFY(std::abs(loss.parts.front().second - expected) < 1e-4);
  }

  void inconsistencyTeachesTheFlowNetworkOnly() {
    auto nets = randomNets();
    for (auto& p : nets.model->feature->parameters()) p.set_requires_grad(false);
    StageOptions stage;
    stage.consistencyWeight = 1;
    findLoss("joint").compute(nets, randomPair(), stage).total.backward();
    for (const auto& p : nets.model->feature->parameters()) QVERIFY(!p.grad().defined());
    double taught = 0;
    for (const auto& p : nets.model->flow->parameters())
      if (p.grad().defined()) taught += p.grad().abs().sum().item<double>();
    QVERIFY(taught > 0);
  }
};

QTEST_APPLESS_MAIN(LossesTest)
#include "losses_test.moc"
