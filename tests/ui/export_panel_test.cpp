#include "tests/support/small_model.h"

#include <QApplication>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "core/export/exporter.h"
#include "tests/support/clips.h"
#include "tests/support/full_disk.h"
#include "ui/panels/export_panel.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;

/// What the export panel offers, and that what it writes can be read again.
class ExportPanelTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<ExportPanel> panel_;

  Choice* choice(const QString& name) {
    for (Choice* c : panel_->findChildren<Choice*>())
      if (c->accessibleName() == name) return c;
    return nullptr;
  }
  Check* check(const QString& text) {
    for (Check* c : panel_->findChildren<Check*>())
      if (c->text() == text) return c;
    return nullptr;
  }
  void choose(const QString& name, const QString& id) { Q_EMIT choice(name)->chosen(id); }
  RunOptions options(const QString& stem = "out") { return panel_->options(dir_.path(), stem); }
  QString pathOf(const QString& name) { return dir_.path() + "/" + name; }

 private Q_SLOTS:
  void initTestCase() {
    test::randomPackage(dir_ / "model");
    test::ffmpeg(dir_,
                 "-f lavfi -i testsrc2=size=160x120:rate=25 -f lavfi -i sine=frequency=440 -t 0.48 "
                 "-pix_fmt yuv420p -c:a aac {}/clip.mp4");
    look_ = std::make_unique<Look>(*qApp, true);
  }

  void init() {
    session_ = std::make_unique<Session>();
    panel_ = std::make_unique<ExportPanel>(*look_, *session_);
    panel_->show();
    session_->setModel(pathOf("model"));
    session_->setPrecision("fp32");
    session_->setInterval(5);
    session_->open(pathOf("clip.mp4"));
    QTRY_VERIFY_WITH_TIMEOUT(session_->clip() && !session_->news().boxClasses.empty(), 60000);
  }

  void cleanup() {
    panel_.reset();
    session_.reset();
  }

  void everyKindOfTheCoreIsOffered() {
    std::set<QString> offered = {"mot15"};  // mot without classes: for evaluators, on the command line
    for (auto rows : {videoRows(), besideRows()})
      for (const ExportRow& row : rows) offered.insert(row.kind);
    for (const QString& line : QString::fromStdString(exporterHelp()).split('\n'))
      QVERIFY2(offered.count(line.section(':', 0, 0)), qPrintable(line));
  }

  void everyPresetWritesAVideoWithTheRange_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("codec");
    QTest::newRow("H.264") << "video"
                           << "out_annotated.mp4"
                           << "h264";
    QTest::newRow("HEVC") << "hevc"
                          << "out_annotated.mp4"
                          << "hevc";
    QTest::newRow("VP9") << "vp9"
                         << "out_annotated.webm"
                         << "vp9";
    QTest::newRow("FFV1") << "ffv1"
                          << "out_annotated.mkv"
                          << "ffv1";
    QTest::newRow("GIF") << "gif"
                         << "out_annotated.gif"
                         << "gif";
  }
  void everyPresetWritesAVideoWithTheRange() {
    QFETCH(QString, kind);
    QFETCH(QString, file);
    QFETCH(QString, codec);
    session_->player().setRange(2, 7);
    choose("Video", kind);
    runFiles(options(), {});
    QCOMPARE(outputsOf(options()), (std::vector<QString>{pathOf(file)}));
    const auto said = test::output("ffprobe", {"-v", "quiet", "-select_streams", "v:0", "-show_entries",
                                               "stream=codec_name", "-of", "csv=p=0", pathOf(file)});
    QCOMPARE(QString(said.trimmed()), codec);
    QCOMPARE(test::probe((dir_ / "x").replace_filename(file.toStdString()), "width").size(), size_t(6));
  }

  void picturesAreAsWideAsTheLayoutSays_data() {
    QTest::addColumn<QString>("layout");
    QTest::addColumn<int>("width");
    QTest::newRow("single") << "drawn" << 160;
    QTest::newRow("side by side") << "side-by-side" << 320;
    QTest::newRow("wipe") << "wipe" << 160;
  }
  void picturesAreAsWideAsTheLayoutSays() {
    QFETCH(QString, layout);
    QFETCH(int, width);
    session_->player().setRange(0, 1);
    choose("Video", "drawn");
    choose("Layout", layout);
    const QString folder = "layout_" + layout;
    runFiles(options(folder), {});
    const QDir pictures(outputsOf(options(folder)).at(0));
    const QStringList names = pictures.entryList({"*.png"});
    QCOMPARE(names.size(), 2);
    QCOMPARE(QImage(pictures.filePath(names[0])).width(), width);
  }

  void theSoundIsCopiedUnlessLeftOut_data() {
    QTest::addColumn<QString>("choice");
    QTest::addColumn<int>("streams");
    QTest::newRow("copied") << "copy" << 2;
    QTest::newRow("left out") << "none" << 1;
  }
  void theSoundIsCopiedUnlessLeftOut() {
    QFETCH(QString, choice);
    QFETCH(int, streams);
    choose("Sound", choice);
    runFiles(options("sound"), {});
    const auto said = test::output("ffprobe", {"-v", "quiet", "-show_entries", "stream=codec_type", "-of", "csv=p=0",
                                               pathOf("sound_annotated.mp4")});
    QCOMPARE(said.trimmed().split('\n').size(), streams);
  }

  void filesBesideTheVideoAreWritten() {
    choose("Video", "");
    for (const char* text : {"Label images", "COCO boxes", "CVAT video", "MOTChallenge", "JSON lines", "Flow, .flo",
                             "Flow, KITTI", "Plain frames"})
      check(text)->click();
    const auto outputs = outputsOf(options("beside"));
    QCOMPARE(outputs.size(), size_t(8));
    runFiles(options("beside"), {});
    for (const QString& output : outputs) QVERIFY2(QFileInfo::exists(output), qPrintable(output));
    QCOMPARE(QDir(pathOf("beside_labels")).entryList({"*.png"}).size(), 12);
    QFile lines(pathOf("beside_frames.jsonl"));
    QVERIFY(lines.open(QIODevice::ReadOnly));
    QVERIFY(lines.readAll().count('\n') >= 12);
  }

  void layersFollowTheStudioUntilChosenHere() {
    QVERIFY(check("Segmentation")->isChecked() && !check("Flow")->isChecked());
    session_->setLayer("flow", true);
    QVERIFY(check("Flow")->isChecked());
    check("Flow")->click();
    check("Segmentation")->click();
    check("Legend")->click();
    const auto layers = options().overlay.layers;
    const auto has = [&](const char* name) { return std::count(layers.begin(), layers.end(), name) == 1; };
    QVERIFY(!has("flow") && !has("seg") && !has("legend") && has("contours") && has("boxes") && has("keymark"));
    QVERIFY(session_->hasLayer("flow") && session_->hasLayer("seg"));
  }

  void theWholeClipOrTheRange() {
    session_->player().setRange(3, 8);
    QCOMPARE(options().start, int64_t(3));
    QCOMPARE(options().end, int64_t(8));
    choose("Range", "clip");
    QCOMPARE(options().start, int64_t(0));
    QCOMPARE(options().end, int64_t(-1));
  }

  void nothingChosenIsNothingToExport() {
    auto* start = panel_->findChild<QPushButton*>("startExport");
    QVERIFY(start->isEnabled());
    choose("Video", "");
    QVERIFY(!start->isEnabled() && outputsOf(options()).empty());
    check("Label images")->click();
    QVERIFY(start->isEnabled());
  }

  void theButtonMakesAJobThatWrites() {
    panel_->setFolder(dir_.path());
    choose("Video", "video");
    panel_->findChild<QPushButton*>("startExport")->click();
    QTRY_COMPARE_WITH_TIMEOUT(session_->jobs().jobs().back().state, JobState::Done, 60000);
    QCOMPARE(session_->jobs().jobs().back().result, (dir_ / "clip_annotated.mp4").string());
    QCOMPARE(test::probe(dir_ / "clip_annotated.mp4", "width").size(), size_t(12));
  }

  void aCancelledExportLeavesNothing() {
    panel_->setFolder(pathOf("cancelled"));
    QDir().mkpath(pathOf("cancelled"));
    panel_->start();
    const int id = session_->jobs().jobs().back().id;
    session_->jobs().setPaused(id, true);
    session_->jobs().cancel(id);
    QTRY_COMPARE_WITH_TIMEOUT(session_->jobs().jobs().back().state, JobState::Cancelled, 60000);
    QTRY_VERIFY(QDir(pathOf("cancelled")).isEmpty());
  }

  void aFullDiskFailsTheJobAndLeavesNothing_data() {
    QTest::addColumn<QString>("video");
    for (const char* kind : {"video", "ffv1", "drawn"}) QTest::newRow(kind) << kind;
  }
  void aFullDiskFailsTheJobAndLeavesNothing() {
    QFETCH(QString, video);
    const QString folder = pathOf("full_" + video);
    QDir().mkpath(folder);
    panel_->setFolder(folder);
    choose("Video", video);
    check("JSON lines")->click();
    const test::FullDisk full(1000);
    panel_->start();
    QTRY_COMPARE_WITH_TIMEOUT(session_->jobs().jobs().back().state, JobState::Failed, 60000);
    QVERIFY(!session_->jobs().jobs().back().message.empty());
    QVERIFY(QDir(folder).isEmpty());
  }
};

QTEST_MAIN(ExportPanelTest)
#include "export_panel_test.moc"
