#include <QFile>
#include <QStandardPaths>
#include <QTest>
#include <QTextBrowser>

#include "ui/window/help.h"
#include "ui/window/log.h"

using namespace dff::ui;

class HelpTest : public QObject {
  Q_OBJECT
  static QString path(const char* name) {
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/" + name;
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("dff-studio-test");
    QFile::remove(path("log.txt"));
    QFile::remove(path("log.1.txt"));
    startLog();
  }

  void whatIsSaidIsKept() {
    qInfo("the first line");
    qWarning("the second line");
    const QString end = endOfLog(1);
    QVERIFY(end.endsWith("  the second line"));
    QVERIFY(endOfLog(10).contains("the first line"));
  }

  void aLongLogBeginsAnew() {
    qInfo("%s", QByteArray(1 << 20, 'x').constData());
    qInfo("after");
    QVERIFY(QFile::exists(path("log.1.txt")));
    QVERIFY(QFile(path("log.txt")).size() < 1000);
    QVERIFY(endOfLog(5).endsWith("after"));
  }

  void startingTwiceKeepsOneLine() {
    startLog();
    qInfo("only once");
    QCOMPARE(endOfLog(100).count("only once"), 1);
  }

  void diagnosticsTellVersionsSettingsAndLog() {
    Session session;
    session.setFlow("dis");
    qInfo("something went wrong");
    const QString said = diagnostics(session);
    for (const char* part : {"DFF Studio", qVersion(), "no file is open", "flow dis", "something went wrong"})
      QVERIFY2(said.contains(part), part);
  }

  void theGuideHasItsChapters() {
    QWidget window;
    showGuide(window);
    auto* text = window.findChild<QTextBrowser*>();
    QVERIFY(text);
    for (const char* chapter : {"First steps", "What the read-outs mean", "Training on your own data"})
      QVERIFY2(text->toPlainText().contains(chapter), chapter);
  }
};

QTEST_MAIN(HelpTest)
#include "help_test.moc"
