#include "ui/look/language.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

// In no namespace, as the macro wants it: a static library's resources are linked only when something names them.
static void initTranslations() { Q_INIT_RESOURCE(translations); }

namespace dff::ui {

QStringList knownLanguages() { return {"en", "ko"}; }

void useLanguage(const QString& code) {
  initTranslations();
  static QTranslator words, actions;
  for (QTranslator* translator : {&words, &actions}) QCoreApplication::removeTranslator(translator);
  QString language = code;
  if (!knownLanguages().contains(language)) language = QLocale::system().name().section('_', 0, 0);
  if (language == "en" || !knownLanguages().contains(language)) return;
  for (const auto& [translator, name] : {std::pair(&words, "studio"), std::pair(&actions, "actions")})
    if (translator->load(QString(":/i18n/%1_%2.qm").arg(name, language)))
      QCoreApplication::installTranslator(translator);
}

}  // namespace dff::ui
