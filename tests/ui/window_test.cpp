#include "tests/support/models.h"

#include <QApplication>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <opencv2/core.hpp>

#include "tests/support/clips.h"
#include "ui/panels/export_panel.h"
#include "ui/panels/probe_panel.h"
#include "ui/window/main_window.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

/// The whole window on a clip of moving shapes, with a small model of random weights.
class WindowTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<MainWindow> window_;

  Session& session() { return window_->session(); }
  void trigger(const char* action) { window_->actions()[action].trigger(); }
  bool overlaidOn(int64_t frame, int64_t key) {
    const auto o = session().overlaid();
    return o && !o->late && o->result.frame->index == frame && o->result.keyFrame == key;
  }

 private Q_SLOTS:
  void initTestCase() {
    QCoreApplication::setOrganizationName("dff-studio-test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir_.path());
    test::saveSmallModel(dir_ / "model");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 40 -pix_fmt yuv420p {}/clip.mp4");
    look_ = std::make_unique<Look>(*qApp, true);
    window_ = std::make_unique<MainWindow>(*look_);
    session().setModel(dir_.path() + "/model");
    session().setPrecision("fp32");
    session().setInterval(10);
    window_->show();
    window_->open(dir_.path() + "/clip.mp4");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(0, 0), 60000);
  }

  void theFirstFrameIsAKeyFrameWithClassesOverIt() {
    QVERIFY(session().overlaid()->result.isKey);
    QVERIFY(cv::norm(session().picture(), session().frame()->rgb, cv::NORM_INF) > 0);
  }

  void stepsGoToPropagatedFrames() {
    trigger("forward_ten");
    trigger("forward");
    trigger("forward");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(12, 10), 60000);
    trigger("previous_key");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(10, 10), 60000);
  }

  void anotherIntervalChangesTheKeyOfTheFrameOnScreen() {
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    session().setInterval(4);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 12), 60000);
    session().setInterval(10);
  }

  void pinsAreKeyFrames() {
    session().player().seek(15);
    trigger("pin");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(15, 15), 60000);
    trigger("pin");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(15, 10), 60000);
  }

  void playingMovesOnAndShowsOverlays() {
    session().player().seek(0);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(0, 0), 60000);
    trigger("play");
    QVERIFY(session().player().playing());
    QTRY_VERIFY_WITH_TIMEOUT(session().player().position() > 5 && session().overlaid(), 60000);
    trigger("pause");
    QVERIFY(!session().player().playing());
  }

  void hiddenOverlaysShowThePlainFrame() {
    trigger("overlays");
    QCOMPARE(cv::norm(session().picture(), session().frame()->rgb, cv::NORM_INF), 0.0);
    trigger("overlays");
    QTRY_VERIFY_WITH_TIMEOUT(session().overlaid(), 60000);
  }

  void theProbeReadsTheFrameOnScreen() {
    session().player().seek(13);
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(13, 10), 60000);
    session().setProbe(QPointF(0.5, 0.25));
    const auto reading = readProbe(session());
    QVERIFY(reading && reading->flow);
    QCOMPARE(reading->pixel, cv::Point(80, 30));
    QCOMPARE(reading->label, int(session().overlaid()->result.labels.at<uint8_t>(30, 80)));
    QTRY_COMPARE_WITH_TIMEOUT(readProbe(session())->feature.size(), size_t(12), 60000);
    QCOMPARE(toJson(*readProbe(session()))["key_frame"].get<int>(), 10);
    trigger("clear_probe");
    QVERIFY(!readProbe(session()));
  }

  void inspectComparesTheFrameOnScreen() {
    trigger("inspect");
    session().player().seek(14);
    QTRY_VERIFY_WITH_TIMEOUT(session().inspection() && session().inspection()->current->index == 14 &&
                                 !session().inspection()->recomputed.empty(),
                             60000);
    QVERIFY(window_->grab().toImage().width() > 1000);
    trigger("watch");
  }

  void exportWritesTheRangeAsAJob() {
    session().player().setRange(5, 14);
    const auto* panel = window_->findChild<ExportPanel*>();
    RunOptions options = panel->options(dir_.path(), "clip");
    QCOMPARE(options.interval, 10);
    QCOMPARE(options.start, int64_t(5));
    const int id =
        session().jobs().add("clip", options.output, [options](const JobContext& j) { runFiles(options, j); });
    QVERIFY(id > 0);
    QTRY_COMPARE_WITH_TIMEOUT(session().jobs().jobs().back().state, JobState::Done, 60000);
    QCOMPARE(test::probe(dir_ / "clip_annotated.mp4", "pts_time").size(), size_t(10));
    session().player().clearRange();
  }

  void aFileThatIsNoVideoLeavesTheClipOpen() {
    QFile file(dir_.path() + "/text.mp4");
    file.open(QIODevice::WriteOnly);
    file.write("not a video");
    file.close();
    QString said;
    connect(&session(), &Session::failed, this, [&](const QString& sentence) { said = sentence; });
    window_->open(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), 60000);
    QVERIFY(session().clip()->path.filename() == "clip.mp4");
  }

  void theThemeChangesEveryGround() {
    const QColor dark = window_->grab().toImage().pixelColor(5, 5);
    trigger("light");
    const QColor light = window_->grab().toImage().pixelColor(5, 5);
    QVERIFY(dark.lightness() < 60 && light.lightness() > 200);
    trigger("light");
  }

  void closingWhileEverythingRunsEnds() {
    trigger("play");
    session().jobs().add("endless", "", [](const JobContext& job) {
      for (;;) job.checkStop();
    });
    window_.reset();
  }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
