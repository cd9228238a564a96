#include "tests/support/small_model.h"

#include <QApplication>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/export/provenance.h"
#include "tests/support/clips.h"
#include "ui/panels/explore_panel.h"
#include "ui/view/explore_view.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

namespace {

PlotData twoCurves() {
  PlotData data;
  data.curves = {{"one", &Theme::propagated, PlotMark::Dot, false, {{20, 100, 0}, {10, 98, 1}, {5, 92, 2}}},
                 {"two", &Theme::dim, PlotMark::Dot, false, {{20, 100, 0}, {4, 85, 3}}}};
  data.current = 2;
  return data;
}

bool hasInk(const QImage& image, const QColor& color) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) == color) return true;
  return false;
}

}  // namespace

/// The plot's arithmetic, painting, keys and files; the sweep as the Explore workspace runs it.
class ExploreTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<ExploreSession> explore_;

 private Q_SLOTS:
  void initTestCase() {
    test::randomPackage(dir_ / "model");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=120x90:rate=25 -frames:v 16 -pix_fmt yuv420p {}/clip.mp4");
    look_ = std::make_unique<Look>(*qApp, true);
    session_ = std::make_unique<Session>();
    explore_ = std::make_unique<ExploreSession>(*session_);
    session_->setModel(QString::fromStdString((dir_ / "model").string()));
    session_->setPrecision("fp32");
    session_->open(QString::fromStdString((dir_ / "clip.mp4").string()));
    QTRY_VERIFY_WITH_TIMEOUT(session_->frame(), 60000);
  }
  void cleanupTestCase() {
    explore_.reset();
    session_.reset();
  }

  void ticksAreRoundAndWithinTheAxis() {
    QCOMPARE(logTicks(1.8, 31), (std::vector<double>{2, 3, 5, 7, 10, 20, 30}));
    QCOMPARE(roundTicks(83, 101, 5), (std::vector<double>{85, 90, 95, 100}));
    for (const auto& [min, max] : {std::pair(0.2, 0.9), std::pair(97.31, 97.4), std::pair(1.0, 1200.0)}) {
      const auto ticks = roundTicks(min, max, 6);
      QVERIFY(ticks.size() >= 2 && ticks.size() <= 12);
      for (double tick : ticks) QVERIFY(tick >= min - 1e-9 && tick <= max + 1e-9);
    }
  }

  void cheapLiesLeftAndGoodLiesHigh() {
    const PlotScale scale(twoCurves(), {800, 500});
    QVERIFY(scale.place(4, 90).x() < scale.place(20, 90).x());
    QVERIFY(scale.place(4, 100).y() < scale.place(4, 85).y());
    for (const PlotCurve& curve : twoCurves().curves)
      for (const PlotPoint& q : curve.points) QVERIFY(scale.area().contains(scale.place(q.x, q.y)));
    const double step = scale.place(10, 90).x() - scale.place(5, 90).x();
    QVERIFY(std::abs(scale.place(20, 90).x() - scale.place(10, 90).x() - step) < 1e-9);  // logarithmic
  }

  void aPointIsPickedByMouseAndByKeys() {
    Plot plot(*look_);
    plot.resize(800, 500);
    plot.setData(twoCurves());
    plot.show();
    QSignalSpy picked(&plot, &Plot::picked);
    const QPointF at = PlotScale(plot.data(), plot.size()).place(10, 98);
    QCOMPARE(plot.pointAt(at + QPointF(3, -4)), 1);
    QCOMPARE(plot.pointAt(at + QPointF(60, 60)), -1);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, at.toPoint());
    QCOMPARE(picked.takeFirst()[0].toInt(), 1);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, (at + QPointF(60, 60)).toPoint());
    QVERIFY(picked.isEmpty());
    for (int id : {0, 1, 2, 3, 3}) {
      QTest::keyClick(&plot, Qt::Key_Down);
      QCOMPARE(plot.pointed(), id);
    }
    QTest::keyClick(&plot, Qt::Key_Return);
    QCOMPARE(picked.takeFirst()[0].toInt(), 3);
  }

  void theCurrentSettingIsRingedInTheColourOfKeys() {
    for (const bool dark : {true, false}) {
      look_->setDark(dark);
      Plot plot(*look_);
      plot.resize(800, 500);
      PlotData data = twoCurves();
      plot.setData(data);
      QVERIFY(hasInk(plot.grab().toImage(), look_->theme().key));
      data.current = -1;
      plot.setData(data);
      QVERIFY(!hasInk(plot.grab().toImage(), look_->theme().key));
    }
    look_->setDark(true);
  }

  void aPlotWithoutPointsIsPainted() {
    Plot plot(*look_);
    plot.resize(400, 300);
    plot.setData({});
    QVERIFY(!plot.grab().isNull());
    QCOMPARE(plot.pointAt({200, 150}), -1);
  }

  void intervalsAreTyped_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("shown");  // empty: refused
    QTest::newRow("list") << "10, 2,5"
                          << "2, 5, 10";
    QTest::newRow("spaces, twice") << "3 3 7"
                                   << "3, 7";
    QTest::newRow("words") << "two"
                           << "";
    QTest::newRow("zero") << "0, 5"
                          << "";
    QTest::newRow("nothing") << " "
                             << "";
  }
  void intervalsAreTyped() {
    QFETCH(QString, typed);
    QFETCH(QString, shown);
    const QString before = explore_->intervals();
    QCOMPARE(explore_->setIntervals(typed), !shown.isEmpty());
    QCOMPARE(explore_->intervals(), shown.isEmpty() ? before : shown);
  }

  void theSweepRunsOverTheRangeOfTheStudio() {
    session_->player().setRange(2, 13);
    QVERIFY(explore_->setIntervals("1, 3, 6"));
    explore_->setFlow("copy", true);
    explore_->setPropagation("two-sided", false);
    explore_->setActive(true);
    explore_->start();
    QVERIFY(explore_->running());
    QTRY_VERIFY_WITH_TIMEOUT(!explore_->running(), 120000);
    QCOMPARE(explore_->job()->state, JobState::Done);
    QTRY_COMPARE(explore_->report().points.size(), size_t(1 + 2 * 2));
    QCOMPARE(explore_->report().framesRun, int64_t(12));
    QCOMPARE(explore_->report().first, int64_t(2));
    explore_->setActive(false);
  }

  void curvesBeginAtPerFrameInferenceAndAPointLoadsItsSetting() {
    explore_->take(2);
    QCOMPARE(session_->tuning().keys.interval, 6);
    QCOMPARE(explore_->current().value(), size_t(2));
    const PlotData plot = plotOf(*explore_);
    QCOMPARE(plot.curves.size(), size_t(4));  // the cost model, two ways, per frame
    QVERIFY(plot.curves[0].dashed && plot.curves[0].mark == PlotMark::None);
    for (size_t i : {1u, 2u}) QCOMPARE(plot.curves[i].points.front().id, 0);
    QCOMPARE(plot.current, 2);
    explore_->take(0);
    QCOMPARE(session_->tuning().keys.interval, 1);
    QCOMPARE(explore_->current().value(), size_t(0));
  }

  void theTableTakesARowByMouseAndByKeys() {
    QWidget window;
    Actions actions(*look_, window);
    ExploreView view(*look_, actions, *session_, *explore_);
    view.resize(1000, 700);
    view.show();
    SweepTable& table = view.table();
    QVERIFY(table.height() > 5 * 25);
    QTest::mouseClick(&table, Qt::LeftButton, {}, QPoint(40, 30 + 2 * 25 + 10));
    QCOMPARE(explore_->current().value(), size_t(2));
    QTest::keyClick(&table, Qt::Key_Up);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(explore_->current().value(), size_t(1));
    QTest::mouseClick(&table, Qt::LeftButton, {}, QPoint(40, 5));
    QCOMPARE(explore_->current().value(), size_t(1));
  }

  void theSweepIsSavedAsTableAndAsPicture() {
    QWidget window;
    Actions actions(*look_, window);
    ExploreView view(*look_, actions, *session_, *explore_);
    for (const char* name : {"sweep.csv", "sweep.png", "sweep.svg"}) {
      const auto file = dir_ / name;
      view.save(QString::fromStdString(file.string()));
      QVERIFY(test::bytesOf(file).size() > 100);
      QVERIFY(readJson(provenanceFile(file))["options"].contains("interval"));
    }
    QCOMPARE(test::bytesOf(dir_ / "sweep.csv").count('\n'), 6);
    QVERIFY(hasInk(QImage(dir_.path() + "/sweep.png"), lightTheme().bg));
    QSvgRenderer drawing(dir_.path() + "/sweep.svg");
    QVERIFY(drawing.isValid());
    QVERIFY(test::bytesOf(dir_ / "sweep.svg").contains("FlowNet"));
    QVERIFY_EXCEPTION_THROWN(view.save(dir_.path() + "/nowhere/sweep.svg"), Error);
  }

  void whatCannotBeSweptIsSaid() {
    QString said;
    connect(explore_.get(), &ExploreSession::failed, this, [&](const QString& sentence) { said = sentence; });
    explore_->setLabels(dir_.path() + "/nowhere");
    explore_->start();
    QTRY_VERIFY_WITH_TIMEOUT(said.contains("nowhere"), 60000);
    QCOMPARE(explore_->job()->state, JobState::Failed);
    explore_->setLabels("");
  }

  void thePanelShowsAndChangesWhatIsWanted() {
    ExplorePanel panel(*look_, *session_, *explore_);
    panel.show();
    QVERIFY(explore_->hasFlow("auto") && !explore_->hasFlow("dis"));
    for (Check* check : panel.findChildren<Check*>())
      if (check->text() == "DIS") QTest::mouseClick(check, Qt::LeftButton, {}, QPoint(8, check->height() / 2));
    QVERIFY(explore_->hasFlow("dis"));
    explore_->setFlow("dis", false);
    auto* typed = panel.findChild<QLineEdit*>();
    typed->setFocus();
    typed->setText("2, 4");
    QTest::keyClick(typed, Qt::Key_Return);
    QCOMPARE(explore_->intervals(), QString("2, 4"));
  }

  void closingWhileASweepRunsEnds() {
    explore_->start();
    QVERIFY(explore_->running());
    explore_.reset();
  }
};

QTEST_MAIN(ExploreTest)
#include "explore_test.moc"
