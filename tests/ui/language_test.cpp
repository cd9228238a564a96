#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <QtXml/QDomDocument>

#include "core/flow/propagator.h"
#include "core/schedule/key_policy.h"
#include "ui/look/actions.h"
#include "ui/look/kind_words.h"
#include "ui/look/language.h"

using namespace dff::ui;

namespace {

/// "%1 %2" of "frames %1 to %2", sorted.
QStringList placesOf(const QString& text) {
  QStringList places;
  auto found = QRegularExpression("%\\d").globalMatch(text);
  while (found.hasNext()) places << found.next().captured();
  places.sort();
  return places;
}

}  // namespace

class LanguageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyActionSpeaksKorean() {
    useLanguage("ko");
    for (const ActionRow& row : actionTable())
      for (const char* text : {row.menu, row.text, row.tip})
        if (*text) QVERIFY2(QCoreApplication::translate("Actions", text) != text, text);
  }

  void policiesAndPropagationsSpeakKorean() {
    useLanguage("ko");
    for (const std::string& names : {dff::knownPolicies(), dff::knownPropagators()})
      for (const QString& name : QString::fromStdString(names).split(", "))
        QVERIFY2(wordOf(name.toStdString()) != QString(name).replace('_', ' '), qPrintable(name));
    QCOMPARE(wordOf("no such kind"), QString("no such kind"));
  }

  void translationsKeepTheirPlacesForValues_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("translation");
    for (const char* name : {"studio_ko.ts", "actions_ko.ts"}) {
      QFile file(QString(DFF_TRANSLATIONS "/") + name);
      QVERIFY(file.open(QIODevice::ReadOnly));
      QDomDocument xml;
      QVERIFY(xml.setContent(&file));
      const auto messages = xml.elementsByTagName("message");
      QVERIFY(messages.count() > 50);
      for (int i = 0; i < messages.count(); ++i) {
        const QDomElement message = messages.at(i).toElement();
        const QString source = message.firstChildElement("source").text();
        QTest::addRow("%s %d", name, i) << source << message.firstChildElement("translation").text();
      }
    }
  }
  void translationsKeepTheirPlacesForValues() {
    QFETCH(QString, source);
    QFETCH(QString, translation);
    QVERIFY2(!translation.isEmpty(), qPrintable(source));
    QCOMPARE(placesOf(translation), placesOf(source));
  }

  void anUnknownLanguageIsTheSystems() {
    useLanguage("xx");  // the tests run in the C locale, which is English
    QCOMPARE(QCoreApplication::translate("Actions", "Quit"), QString("Quit"));
  }
};

QTEST_MAIN(LanguageTest)
#include "language_test.moc"
