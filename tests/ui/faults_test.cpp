#include "tests/support/small_model.h"

#include <QApplication>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "tests/support/clips.h"
#include "tests/support/full_disk.h"
#include "ui/panels/export_panel.h"
#include "ui/window/main_window.h"

using namespace dff;
using namespace dff::ui;
using test::operator/;
namespace fs = std::filesystem;

/// What goes wrong outside the program: it says so in a sentence, goes on, and closes whenever it is told to.
class FaultsTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<MainWindow> window_;
  QStringList said_;

  Session& session() { return window_->session(); }
  void trigger(const char* action) { window_->actions()[action].trigger(); }
  fs::path copyOf(const char* name, const char* as) {
    fs::copy_file(dir_ / name, dir_ / as, fs::copy_options::overwrite_existing);
    return dir_ / as;
  }
  void open(const fs::path& file) {
    window_->open(QString::fromStdString(file.string()));
    QTRY_VERIFY_WITH_TIMEOUT(session().clip() && session().path().toStdString() == file.string() && session().frame(),
                             60000);
  }
  bool saidOf(const QString& word) { return !said_.filter(word).isEmpty(); }
  /// The frame at the playhead is on screen, or an error told why not.
  bool settled() {
    return session().complete() || (session().frame() && session().frame()->index == session().player().position());
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("dff-studio-test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir_.path());
    test::randomPackage(dir_ / "model");
    test::ffmpeg(dir_,
                 "-f lavfi -i testsrc2=size=160x120:rate=25 -f lavfi -i sine=frequency=440 -t 1.6 "
                 "-pix_fmt yuv420p -g 10 -c:a aac {}/whole.mp4");
    test::ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -t 60 -pix_fmt yuv420p {}/long.mp4");
    copyOf("whole.mp4", "damaged.mp4");
    test::damage(dir_ / "damaged.mp4", 0.3, 0.5);
    look_ = std::make_unique<Look>(*qApp, true);
  }

  void init() {
    said_.clear();
    window_ = std::make_unique<MainWindow>(*look_);
    session().setModel(QString::fromStdString((dir_ / "model").string()));
    session().setPrecision("fp32");
    connect(&session(), &Session::failed, this, [this](const QString& sentence) { said_ << sentence; });
    window_->show();
  }

  void cleanup() { window_.reset(); }

  void aDamagedVideoIsPlayedFromEndToEnd() {
    open(dir_ / "damaged.mp4");
    session().player().seek(18);  // in the damaged part: it may not come
    QTest::qWait(200);
    for (int64_t frame : {38, 2}) {
      session().player().seek(frame);
      QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
    }
    session().player().seek(0);
    session().player().setLoop(false);
    session().player().play();
    QTRY_VERIFY_WITH_TIMEOUT(!session().player().playing(), 60000);
    QVERIFY(session().player().position() > 30);
    const std::set<int64_t> lost = session().decoding().lost;
    QVERIFY(!lost.empty());
    session().player().seek(*lost.begin());
    QTRY_VERIFY_WITH_TIMEOUT(session().lost() && session().complete(), 60000);
  }

  void aDamagedVideoIsExportedWithWhatIsLeft() {
    open(dir_ / "damaged.mp4");
    window_->findChild<ExportPanel*>()->start();
    QTRY_VERIFY_WITH_TIMEOUT(session().jobs().jobs().back().state == JobState::Done, 120000);
    QVERIFY(test::probe(dir_ / "damaged_annotated.mp4", "width").size() > 15);
  }

  void aVideoThatVanishesFailsItsExportAndLeavesTheWindowAtWork() {
    const fs::path file = copyOf("whole.mp4", "gone.mp4");
    open(file);
    fs::remove(file);
    session().player().seek(33);
    QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
    window_->findChild<ExportPanel*>()->start();
    QTRY_VERIFY_WITH_TIMEOUT(session().jobs().jobs().back().state == JobState::Failed, 60000);
    QVERIFY(QString::fromStdString(session().jobs().jobs().back().message).contains("gone.mp4"));
    QVERIFY(!fs::exists(dir_ / "gone_annotated.mp4"));
    trigger("compare");
    QTRY_VERIFY_WITH_TIMEOUT(!window_->compare().news().error.empty(), 60000);
    trigger("sweep");
    QTRY_VERIFY_WITH_TIMEOUT(window_->explore().job()->state == JobState::Failed, 60000);
    trigger("watch");
    open(dir_ / "whole.mp4");
    QTRY_VERIFY_WITH_TIMEOUT(session().overlaid(), 60000);
  }

  void aModelThatCannotBeLoadedIsSaidAndAnotherOneWorks_data() {
    QTest::addColumn<QString>("what");
    for (const char* what : {"no folder", "no manifest", "no weights", "half the weights", "no model.json at all"})
      QTest::newRow(what) << what;
  }
  void aModelThatCannotBeLoadedIsSaidAndAnotherOneWorks() {
    QFETCH(QString, what);
    const fs::path bad = dir_ / "bad_model";
    fs::remove_all(bad);
    if (what != "no folder") fs::copy(dir_ / "model", bad);
    if (what == "no manifest") fs::remove(bad / "model.json");
    if (what == "no weights") fs::remove(bad / "weights.safetensors");
    if (what == "half the weights") test::truncate(bad / "weights.safetensors", 0.5);
    if (what == "no model.json at all") std::ofstream(bad / "model.json") << "[]";
    open(dir_ / "whole.mp4");
    QTRY_VERIFY_WITH_TIMEOUT(session().overlaid(), 60000);
    session().setModel(QString::fromStdString(bad.string()));
    QTRY_VERIFY_WITH_TIMEOUT(saidOf("bad_model"), 60000);
    session().player().seek(20);  // pictures go on without the networks
    QTRY_VERIFY_WITH_TIMEOUT(session().frame() && session().frame()->index == 20, 60000);
    session().setModel(QString::fromStdString((dir_ / "model").string()));
    QTRY_VERIFY_WITH_TIMEOUT(session().overlaid() && session().overlaid()->result.frame->index == 20, 60000);
  }

  void aFullDiskFailsTheExportAndTheProject() {
    open(dir_ / "whole.mp4");
    const QString project = dir_.path() + "/full.dffproj";
    {
      const test::FullDisk full(64);
      window_->findChild<ExportPanel*>()->start();
      QTRY_VERIFY_WITH_TIMEOUT(session().jobs().jobs().back().state == JobState::Failed, 60000);
      QVERIFY(!window_->saveProject(project));
    }
    QVERIFY(!session().jobs().jobs().back().message.empty());
    QVERIFY(!fs::exists(dir_ / "whole_annotated.mp4") && !QFile::exists(project));
    QVERIFY(window_->saveProject(project));
  }

  void theWindowClosesWhileThingsAreGoingWrong_data() {
    QTest::addColumn<QString>("what");
    for (const char* what : {"opening", "damaged", "vanished", "model", "export", "full disk", "paused", "sound"})
      QTest::newRow(what) << what;
  }
  void theWindowClosesWhileThingsAreGoingWrong() {
    QFETCH(QString, what);
    if (what == "opening") {
      window_->open(dir_.path() + "/whole.mp4");
      return window_.reset();
    }
    const std::map<QString, const char*> others = {
        {"damaged", "damaged.mp4"}, {"export", "long.mp4"}, {"paused", "long.mp4"}};  // long: not exported by then
    const auto other = others.find(what);
    const fs::path file = what == "vanished" ? copyOf("whole.mp4", "gone.mp4")
                                             : dir_ / (other == others.end() ? "whole.mp4" : other->second);
    open(file);
    std::optional<test::FullDisk> full;
    if (what == "vanished") fs::remove(file);
    if (what == "model") session().setModel("/nowhere/at/all");
    if (what == "full disk") full.emplace(64);
    if (what == "export" || what == "full disk" || what == "paused") trigger("start_export");
    if (what == "paused") session().jobs().setPaused(session().jobs().jobs().back().id, true);
    session().player().play();
    session().player().seek(30);
    QTest::qWait(what == "sound" ? 300 : 30);
    QVERIFY(window_->close());
    window_.reset();
    if (what == "export" || what == "paused" || what == "full disk") {
      QVERIFY(!fs::exists(dir_ / (file.stem().string() + "_annotated.mp4").c_str()));  // nothing half written
      for (const auto& entry : fs::directory_iterator(dir_.path().toStdString()))
        QVERIFY2(entry.path().string().find(".tmp") == std::string::npos, entry.path().c_str());
    }
  }
};

QTEST_MAIN(FaultsTest)
#include "faults_test.moc"
