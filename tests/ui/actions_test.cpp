#include <QApplication>
#include <QTest>
#include <QWidget>
#include <map>
#include <set>

#include "ui/look/actions.h"

using namespace dff::ui;

class ActionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyNameIsUsedOnce() {
    std::set<std::string> ids;
    for (const ActionRow& row : actionTable())
      if (*row.id) QVERIFY2(ids.insert(row.id).second, row.id);
    QVERIFY(ids.size() > 30);
  }

  void noTwoActionsShareAKey() {
    std::map<QString, std::string> owners;
    for (const ActionRow& row : actionTable())
      for (const QString& text : QString(row.keys).split(' ', Qt::SkipEmptyParts)) {
        const QKeySequence key(text);
        QVERIFY2(!key.isEmpty() && key[0].key() != Qt::Key_unknown, qPrintable(text));
        const QString shown = key.toString(QKeySequence::PortableText);
        QVERIFY2(owners.emplace(shown, row.id).second,
                 qPrintable(shown + " is taken by " + QString::fromStdString(owners[shown])));
      }
  }

  void everyActionSaysWhatItDoesAndShowsItsKey() {
    Look look(*qApp, true);
    QWidget window;
    Actions actions(look, window);
    for (const ActionRow& row : actionTable()) {
      if (!*row.id) continue;
      const QAction& action = actions[row.id];
      QVERIFY2(!action.text().isEmpty() && action.toolTip().contains(row.tip), row.id);
      if (*row.keys) QVERIFY2(action.toolTip().contains('('), row.id);
      if (*row.icon) QVERIFY2(!action.icon().pixmap(16).isNull(), row.icon);
    }
  }

  void iconsHaveInkInTheColourOfTheTheme() {
    Look look(*qApp, true);
    for (const char* name : {"play", "pause", "eye", "eye_off", "pin", "down", "check"}) {
      const QImage image = look.icon(name, QColor(10, 200, 30), 1).toImage();
      int inked = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
          const QColor c = image.pixelColor(x, y);
          inked += c.alpha() > 200 && std::abs(c.green() - 200) < 8;
        }
      QVERIFY2(inked > 5, name);
    }
  }

  void textCanBeReadOnEveryGround() {
    for (const Theme* t : {&darkTheme(), &lightTheme()})
      for (const QColor& ground : {t->bg, t->panel})
        for (const QColor& ink : {t->text, t->dim, t->key, t->propagated, t->alarm, t->done})
          QVERIFY(contrast(ink, ground) >= 4.5);
  }

 private:
  static double luminance(const QColor& c) {
    const auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
  }
  static double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
  }
};

QTEST_MAIN(ActionsTest)
#include "actions_test.moc"
