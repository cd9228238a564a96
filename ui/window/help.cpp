#include "ui/window/help.h"

#include <QCoreApplication>
#include <QDialog>
#include <QFile>
#include <QMessageBox>
#include <QSysInfo>
#include <QTextBrowser>
#include <QThread>
#include <QVBoxLayout>

#include "ui/window/log.h"

namespace dff::ui {
namespace {

constexpr int kLogLines = 60;

QString processor() {
  QFile file("/proc/cpuinfo");
  if (!file.open(QIODevice::ReadOnly)) return QSysInfo::currentCpuArchitecture();
  for (const QByteArray& line : file.readAll().split('\n'))
    if (line.startsWith("model name")) return QString::fromUtf8(line.mid(line.indexOf(':') + 1)).trimmed();
  return QSysInfo::currentCpuArchitecture();
}

QString ofClip(const Session& session) {
  if (!session.clip()) return "no file is open";
  const SourceInfo& info = session.clip()->info;
  return QString("%1: %2 x %3, %4 frames, %5 per second, %6")
      .arg(session.path())
      .arg(info.width)
      .arg(info.height)
      .arg(info.times.size())
      .arg(info.fps)
      .arg(QString::fromStdString(info.codec));
}

QString ofTuning(const Tuning& t) {
  return QString("model %1, precision %2, flow %3, propagation %4")
      .arg(QString::fromStdString(t.model.empty() ? "street" : t.model), QString::fromStdString(t.precision),
           QString::fromStdString(t.flow), QString::fromStdString(t.propagate));
}

}  // namespace

void showGuide(QWidget& window) {
  QFile file(":/guide.md");
  file.open(QIODevice::ReadOnly);
  auto* dialog = new QDialog(&window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(QObject::tr("Guide"));
  dialog->resize(720, 760);
  auto* text = new QTextBrowser(dialog);
  text->document()->setDocumentMargin(20);
  text->setMarkdown(QString::fromUtf8(file.readAll()));
  text->setOpenExternalLinks(true);
  auto* layout = new QVBoxLayout(dialog);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(text);
  dialog->show();
}

void showAbout(QWidget& window) {
  QMessageBox::about(
      &window, QObject::tr("About DFF Studio"),
      QObject::tr(
          "<b>DFF Studio %1</b><p>Video recognition by Deep Feature Flow: the heavy network runs on key frames "
          "only, the others receive its features along the flow.</p><p>Licence: GPL 3, for it is linked with "
          "FFmpeg and x264. Made with Qt %2 (LGPL 3), LibTorch (BSD), OpenCV (Apache 2) and FFmpeg "
          "(GPL).</p><p>The street model was trained on CamVid, which is for research; so are weights trained on "
          "it.</p>")
          .arg(DFF_VERSION, qVersion()));
}

QString diagnostics(const Session& session) {
  const QStringList lines = {
      QString("DFF Studio %1, Qt %2").arg(DFF_VERSION, qVersion()),
      QString("%1, %2, %3 cores").arg(QSysInfo::prettyProductName(), processor()).arg(QThread::idealThreadCount()),
      ofClip(session),
      ofTuning(session.tuning()),
      "",
      endOfLog(kLogLines)};
  return lines.join('\n');
}

}  // namespace dff::ui
