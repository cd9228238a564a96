#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "ui/window/docks.h"
#include "ui/window/main_window.h"

using namespace dff::ui;

/// Side panels: where they stand, what a person does to them, and what is found again.
class DocksTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<Look> look_;
  std::unique_ptr<MainWindow> window_;

  Docks& docks() { return window_->docks(); }
  QDockWidget& dock(const char* name) { return docks().dock(name); }
  void trigger(const char* action) { window_->actions()[action].trigger(); }
  QStringList shown() {
    QStringList names;
    for (auto* d : docks().findChildren<QDockWidget*>())
      if (!d->isHidden()) names << d->objectName();
    names.sort();
    return names;
  }
  void reopen() {
    if (window_) window_->close();
    window_ = std::make_unique<MainWindow>(*look_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("dff-studio-test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir_.path());
    look_ = std::make_unique<Look>(*qApp, true);
  }
  void init() {
    QSettings().clear();
    window_.reset();
    reopen();
  }
  void cleanupTestCase() { window_.reset(); }

  void everyWorkspaceHasItsPanels_data() {
    QTest::addColumn<QString>("workspace");
    QTest::addColumn<QStringList>("panels");
    QTest::newRow("watch") << "watch" << QStringList{"layers_panel", "probe_panel", "tuning_panel"};
    QTest::newRow("inspect") << "inspect" << QStringList{"channels_panel", "probe_panel", "tuning_panel"};
    QTest::newRow("compare") << "compare" << QStringList{"layers_panel", "sides_panel"};
    QTest::newRow("explore") << "explore" << QStringList{"sweep_panel"};
  }
  void everyWorkspaceHasItsPanels() {
    QFETCH(QString, workspace);
    QFETCH(QStringList, panels);
    trigger(qPrintable(workspace));
    QCOMPARE(shown(), panels);
    for (const QString& panel : panels) QVERIFY(window_->actions()[panel.toStdString()].isChecked());
  }

  void panelsAreNarrowAtFirst() {
    QCOMPARE(dock("layers_panel").width(), 232);
    QCOMPARE(dock("tuning_panel").width(), 296);
    QVERIFY(dock("probe_panel").y() > dock("tuning_panel").y());
    QVERIFY(dock("layers_panel").x() < dock("tuning_panel").x());
  }

  void aKeyShowsAndHidesAPanel() {
    trigger("layers_panel");
    QVERIFY(dock("layers_panel").isHidden());
    trigger("layers_panel");
    QVERIFY(!dock("layers_panel").isHidden());
    trigger("channels_panel");  // of another workspace: that is nobody's business but the person's
    QVERIFY(!dock("channels_panel").isHidden());
  }

  void theCrossOfAPanelClosesItAndTheActionKnows() {
    auto* close = dock("probe_panel").titleBarWidget()->findChild<QToolButton*>("close");
    QVERIFY(close);
    close->click();
    QVERIFY(dock("probe_panel").isHidden() && !window_->actions()["probe_panel"].isChecked());
  }

  void arrangementsBelongToTheirWorkspaceAndAreFoundAgain() {
    trigger("probe_panel");
    docks().addDockWidget(Qt::LeftDockWidgetArea, &dock("tuning_panel"));
    trigger("inspect");
    QCOMPARE(docks().dockWidgetArea(&dock("tuning_panel")), Qt::RightDockWidgetArea);
    QVERIFY(!dock("probe_panel").isHidden());
    trigger("watch");
    QCOMPARE(docks().dockWidgetArea(&dock("tuning_panel")), Qt::LeftDockWidgetArea);
    QVERIFY(dock("probe_panel").isHidden());
    reopen();
    QCOMPARE(docks().dockWidgetArea(&dock("tuning_panel")), Qt::LeftDockWidgetArea);
    QVERIFY(dock("probe_panel").isHidden());
    QVERIFY(!window_->actions()["probe_panel"].isChecked());
  }

  void panelsCanBeLaidOverEachOtherAndFloat() {
    docks().tabifyDockWidget(&dock("tuning_panel"), &dock("probe_panel"));
    QCOMPARE(docks().tabifiedDockWidgets(&dock("tuning_panel")), QList<QDockWidget*>{&dock("probe_panel")});
    trigger("tuning_panel");
    trigger("tuning_panel");  // shown again, on top
    auto* floats = dock("layers_panel").titleBarWidget()->findChild<QToolButton*>("float");
    floats->click();
    QVERIFY(dock("layers_panel").isFloating());
    reopen();
    QVERIFY(dock("layers_panel").isFloating());
    QCOMPARE(docks().tabifiedDockWidgets(&dock("tuning_panel")).size(), 1);
  }

  void resetBringsEveryWorkspaceBack() {
    trigger("layers_panel");
    docks().tabifyDockWidget(&dock("tuning_panel"), &dock("probe_panel"));
    trigger("inspect");
    trigger("channels_panel");
    trigger("time_line");
    trigger("reset_layout");
    QVERIFY(!dock("channels_panel").isHidden() && window_->actions()["time_line"].isChecked());
    trigger("watch");
    QCOMPARE(shown(), (QStringList{"layers_panel", "probe_panel", "tuning_panel"}));
    QVERIFY(docks().tabifiedDockWidgets(&dock("tuning_panel")).isEmpty());
    QCOMPARE(dock("tuning_panel").width(), 296);
  }

  void exportStandsAtTheRightAloneUntilItIsClosed_data() {
    QTest::addColumn<QString>("how");
    for (const char* how : {"action", "cross", "workspace"}) QTest::newRow(how) << how;
  }
  void exportStandsAtTheRightAloneUntilItIsClosed() {
    QFETCH(QString, how);
    trigger("export");
    QCOMPARE(shown(), (QStringList{"export", "layers_panel"}));
    QCOMPARE(dock("export").width(), 296);
    if (how == "workspace") {
      trigger("compare");
      QCOMPARE(shown(), (QStringList{"export", "layers_panel"}));
      trigger("export");
      QCOMPARE(shown(), (QStringList{"layers_panel", "sides_panel"}));
      trigger("watch");
    } else if (how == "cross") {
      dock("export").titleBarWidget()->findChild<QToolButton*>("close")->click();
    } else {
      trigger("export");
    }
    QCOMPARE(shown(), (QStringList{"layers_panel", "probe_panel", "tuning_panel"}));
    QVERIFY(!docks().showsAlone());
  }

  void closingTheWindowKeepsNoOpenExport() {
    trigger("export");
    reopen();
    QCOMPARE(shown(), (QStringList{"layers_panel", "probe_panel", "tuning_panel"}));
  }

  void whatIsKeptAndDamagedIsTheFirstArrangement() {
    window_->close();
    QSettings().setValue("layout/docks/watch", QByteArray("no arrangement"));
    window_ = std::make_unique<MainWindow>(*look_);
    window_->show();
    QCOMPARE(shown(), (QStringList{"layers_panel", "probe_panel", "tuning_panel"}));
  }
};

QTEST_MAIN(DocksTest)
#include "docks_test.moc"
