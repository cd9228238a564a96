#include "tests/support/small_model.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/eval/label_agreement.h"
#include "core/export/difference.h"
#include "tests/support/clips.h"
#include "ui/panels/compare_panel.h"
#include "ui/view/compare_view.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;
using Kind = Configuration::Kind;

namespace {

Configuration causal(int interval) { return {Kind::Propagated, interval, "flownet", "causal"}; }

KeysAround keysAt(int64_t index, bool ahead) {
  const KeySchedule keys{5, 2, {13}, {9}};
  return keysOfFrame(keys, index, 2, 21, ahead);
}

QList<qint64> listed(const KeysAround& k) { return {k.before, k.previous, k.next, k.after}; }

}  // namespace

/// Configurations as values, what a comparison says, and the views on it.
class CompareTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  ClipPtr clip_;
  std::unique_ptr<Look> look_;

  CompareSettings settings(const Configuration& left, const Configuration& right) const {
    CompareSettings s;
    s.clip = clip_;
    s.model = (dir_ / "model").string();
    s.precision = "fp32";
    s.sides = {left, right};
    s.last = clip_->frames() - 1;
    return s;
  }

  QString truthOf(int64_t frame, const cv::Mat& labels) {
    const auto folder = dir_ / "truth";
    std::filesystem::create_directory(folder);
    cv::imwrite((folder / (std::to_string(frame) + ".png")).string(), labels);
    return QString::fromStdString(folder.string());
  }

 private Q_SLOTS:
  void initTestCase() {
    test::randomPackage(dir_ / "model");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 24 -pix_fmt yuv420p {}/clip.mp4");
    auto clip = std::make_shared<Clip>();
    clip->path = dir_ / "clip.mp4";
    clip->info = openSource(clip->path)->info();
    clip_ = clip;
    look_ = std::make_unique<Look>(*qApp, true);
  }

  void configurationsThatRunAlikeAreEqual() {
    const Configuration perFrame{Kind::PerFrame, 10, "flownet", "causal"};
    QCOMPARE(perFrame, (Configuration{Kind::PerFrame, 3, "dis", "copy"}));
    QVERIFY(!(perFrame == causal(10)) && !(causal(10) == causal(5)));
    QCOMPARE(perFrame.keyInterval(), 1);
    QCOMPARE(tidied({Kind::Propagated, 99, "copy", "two-sided"}),
             (Configuration{Kind::Propagated, 30, "copy", "causal"}));
  }

  void configurationsAreNamedInWords_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("interval");
    QTest::addColumn<QString>("flow");
    QTest::addColumn<QString>("name");
    QTest::newRow("propagated") << 0 << 10 << "flownet"
                                << "FlowNet, two-sided, interval 10";
    QTest::newRow("no motion") << 0 << 5 << "copy"
                               << "copy, interval 5";
    QTest::newRow("interval 1") << 0 << 1 << "dis"
                                << "per frame";
    QTest::newRow("per frame") << 1 << 10 << "flownet"
                               << "per frame";
    QTest::newRow("truth") << 2 << 10 << "flownet"
                           << "ground truth";
  }
  void configurationsAreNamedInWords() {
    QFETCH(int, kind);
    QFETCH(int, interval);
    QFETCH(QString, flow);
    QFETCH(QString, name);
    QCOMPARE(nameOf({Kind(kind), interval, flow.toStdString(), "two-sided"}), name);
  }

  void theKeysOfAFrameAreThoseOfARun() {
    // Keys at 2, 7, 9 (pinned), 12, 13 (after a cut), 17, 21; read ahead also 12 (before the cut) and 21 (the end).
    QCOMPARE(listed(keysAt(8, false)), (QList<qint64>{-1, 7, -1, -1}));
    QCOMPARE(listed(keysAt(8, true)), (QList<qint64>{2, 7, 9, 12}));
    QCOMPARE(listed(keysAt(3, true)), (QList<qint64>{-1, 2, 7, 9}));
    QCOMPARE(listed(keysAt(11, true)), (QList<qint64>{7, 9, 12, -1}));
    QCOMPARE(listed(keysAt(12, true)), (QList<qint64>{9, 12, -1, -1}));
    QCOMPARE(listed(keysAt(13, true)), (QList<qint64>{-1, 13, 17, -1}));
    QCOMPARE(listed(keysAt(20, true)), (QList<qint64>{13, 17, 21, -1}));
  }

  void aComparisonNamesBothSidesAndTheirAgreement() {
    const InferenceScope scope(1);
    ComparisonMaker maker;
    maker.setLayers({}, {255, 0, 0});
    maker.set(settings(causal(10), {Kind::PerFrame}));
    const Comparison c = maker.make(14);
    QCOMPARE(c.frame->index, int64_t(14));
    QCOMPARE(c.sides[0].result.keyFrame, int64_t(10));
    QVERIFY(c.sides[1].result.isKey && c.sides[0].ms > 0 && c.sides[1].ms > 0);
    LabelAgreement agreement(4);
    agreement.add(c.sides[0].result.labels, c.sides[1].result.labels);
    QCOMPARE(c.agreement.value(), agreement.share());
    QVERIFY(!c.sides[0].miou);
    QCOMPARE(c.difference.size(), c.frame->rgb.size());
  }

  void boxesAreFoundAndDrawnWhereTheyAreWanted() {
    const InferenceScope scope(1);
    ComparisonMaker maker;
    OverlayOptions layers;
    layers.layers = {"boxes"};
    layers.boxScore = 0;  // an untrained network is sure of nothing
    maker.setLayers(layers, {255, 0, 0});
    CompareSettings wanted = settings(causal(10), {Kind::PerFrame});
    maker.set(wanted);
    const Comparison without = maker.make(14);
    QVERIFY(without.sides[0].result.boxes.empty());
    QCOMPARE(cv::norm(without.sides[0].picture, without.frame->rgb, cv::NORM_INF), 0.0);
    wanted.boxes = true;
    maker.set(wanted);
    const Comparison with = maker.make(14);
    for (const ComparedSide& side : with.sides) {
      QVERIFY(!side.result.boxes.empty());
      const auto drawn =
          drawOverlay(side.result, maker.package().spec.classes, layers, maker.package().spec.detection->classes);
      QCOMPARE(cv::norm(side.picture, drawn, cv::NORM_INF), 0.0);
      QVERIFY(cv::norm(side.picture, with.frame->rgb, cv::NORM_INF) > 0);
    }
    QCOMPARE(cv::norm(with.sides[0].result.labels, without.sides[0].result.labels, cv::NORM_INF), 0.0);
  }

  void equalSidesAgreeWhollyAndDifferNowhere() {
    const InferenceScope scope(1);
    ComparisonMaker maker;
    maker.setLayers({}, {255, 0, 0});
    maker.set(settings(causal(5), causal(5)));
    const Comparison c = maker.make(8);
    QCOMPARE(c.agreement.value(), 1.0);
    cv::Mat channels[3];
    cv::split(c.difference, channels);
    QCOMPARE(cv::countNonZero(channels[0] != channels[1]), 0);  // grey all over
  }

  void groundTruthGivesTheMiouAndCanBeASide() {
    const InferenceScope scope(1);
    ComparisonMaker maker;
    maker.setLayers({}, {255, 0, 0});
    maker.set(settings({Kind::PerFrame}, causal(10)));
    const cv::Mat labels = maker.make(7).sides[0].result.labels;
    CompareSettings s = settings({Kind::PerFrame}, {Kind::Truth});
    s.truth = truthOf(7, labels).toStdString();
    maker.set(s);
    const Comparison labelled = maker.make(7), other = maker.make(8);
    QCOMPARE(labelled.sides[0].miou.value(), 1.0);
    QCOMPARE(labelled.agreement.value(), 1.0);
    QVERIFY(labelled.sides[1].ms < 0);
    QVERIFY(other.sides[1].result.labels.empty() && !other.agreement && !other.sides[0].miou &&
            other.difference.empty());
  }

  void aDifferenceIsColoredWhereClassesDifferAndDarkWhereThereIsNone() {
    const cv::Mat picture(1, 3, CV_8UC3, cv::Scalar::all(200));
    const cv::Mat a = (cv::Mat_<uint8_t>(1, 3) << 1, 1, 255), b = (cv::Mat_<uint8_t>(1, 3) << 1, 2, 2);
    const cv::Mat d = paintDifference(picture, {a, b}, 4, {255, 0, 0});
    const auto at = [&](int x) { return d.at<cv::Vec3b>(0, x); };
    QVERIFY(at(0)[0] == at(0)[2] && at(1)[0] > at(1)[2] + 100 && at(2)[0] < at(0)[0]);
    QVERIFY_EXCEPTION_THROWN(paintDifference(picture, {a, cv::Mat(2, 2, CV_8U)}, 4, {}), Error);
  }

  void whatFailsIsSaidAndOtherSettingsWork() {
    Comparer comparer([] {});
    CompareSettings s = settings(causal(10), {Kind::PerFrame});
    s.truth = (dir_ / "nowhere").string();
    comparer.setLayers({}, {255, 0, 0});
    comparer.setSettings(s);
    comparer.aim({3, true});
    QTRY_VERIFY_WITH_TIMEOUT(!comparer.news().error.empty(), 60000);
    QVERIFY(QString::fromStdString(comparer.news().error).contains("nowhere"));
    s.truth.clear();
    comparer.setSettings(s);
    QTRY_VERIFY_WITH_TIMEOUT(comparer.result(3), 60000);
    QVERIFY(comparer.news().error.empty());
  }

  void neighboursAreComparedWhilePaused() {
    Comparer comparer([] {});
    comparer.setLayers({}, {255, 0, 0});
    comparer.setSettings(settings(causal(10), {Kind::PerFrame}));
    comparer.aim({12, true});
    for (int64_t frame : {12, 13, 11}) QTRY_VERIFY_WITH_TIMEOUT(comparer.result(frame), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(comparer.news().compared >= 3, 60000);
    comparer.setSettings(settings(causal(9), {Kind::PerFrame}));
    QVERIFY(!comparer.result(12));
    QCOMPARE(comparer.news().compared, int64_t(0));
  }

  void theLineIsDraggedAndThePanelFollowsTheSides() {
    Session session;
    CompareSession compare(session);
    QWidget window;
    Actions actions(*look_, window);
    CompareView view(*look_, session, compare);
    ComparePanel panel(*look_, actions, session, compare);
    session.setModel(QString::fromStdString((dir_ / "model").string()));
    session.setPrecision("fp32");
    view.resize(600, 400);
    view.show();
    session.open(QString::fromStdString((dir_ / "clip.mp4").string()));
    QTRY_VERIFY_WITH_TIMEOUT(session.frame(), 60000);
    compare.setActive(true);
    QTRY_VERIFY_WITH_TIMEOUT(compare.comparison() && !compare.stale(), 60000);
    const QPoint middle(view.line().width() / 2, 200);
    QTest::mousePress(&view.line(), Qt::LeftButton, {}, middle);
    QMouseEvent move(QEvent::MouseMove, QPointF(middle) - QPointF(150, 0),
                     view.line().mapToGlobal(QPointF(middle) - QPointF(150, 0)), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&view.line(), &move);
    QCOMPARE(compare.divider(), 0.25);
    QCOMPARE(view.picture(1).mask().boundingRect().left(), 150);
    const auto sides = panel.findChildren<CompareSide*>();
    QCOMPARE(sides.size(), 2);
    compare.setSide(0, causal(4));
    QCOMPARE(sides[0]->findChild<Slider*>()->value(), 4);
    QTest::keyClick(sides[0]->findChild<Slider*>(), Qt::Key_Up);
    QCOMPARE(compare.side(0).interval, 5);
    compare.swapSides();
    QCOMPARE(compare.side(1).interval, 5);
    compare.useInStudio(1);
    QCOMPARE(session.tuning().keys.interval, 5);
  }
};

QTEST_MAIN(CompareTest)
#include "compare_test.moc"
