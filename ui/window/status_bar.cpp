#include "ui/window/status_bar.h"

#include <unistd.h>

#include <QDebug>
#include <QFile>
#include <QHBoxLayout>
#include <QTimer>
#include <cmath>

#include "ui/look/words.h"

namespace dff::ui {
namespace {

double residentMebibytes() {
  QFile file("/proc/self/statm");
  file.open(QIODevice::ReadOnly);
  return file.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

QString codecName(const std::string& codec) {
  const std::map<std::string, QString> names = {{"h264", "H.264"}, {"hevc", "HEVC"}, {"vp9", "VP9"}, {"av1", "AV1"}};
  const auto found = names.find(codec);
  return found == names.end() ? QString::fromStdString(codec) : found->second;
}

}  // namespace

StatusBar::StatusBar(Look& look, Session& session, QWidget* parent) : QWidget(parent), session_(session) {
  setObjectName("status");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(24);
  auto* layout = row(this, 20);
  layout->setContentsMargins(12, 0, 12, 0);
  for (QLabel** label : {&file_, &decode_, &dropped_, &memory_, &message_, &job_}) {
    *label = new QLabel(this);
    (*label)->setFont(look.words(11));
    if (label == &message_) layout->addStretch();
    layout->addWidget(*label);
  }
  connect(&session, &Session::clipChanged, this, &StatusBar::refresh);
  connect(&session, &Session::readingsChanged, this, &StatusBar::refresh);
  connect(&session, &Session::jobsChanged, this, &StatusBar::refreshJobs);
  connect(&session.player(), &Player::changed, this, &StatusBar::refresh);
}

void StatusBar::say(const QString& sentence, bool alarm, int seconds) {
  if (!sentence.isEmpty()) qInfo().noquote() << sentence;
  message_->setText(sentence);
  message_->setProperty("role", alarm ? "alarm" : "dim");
  message_->setStyleSheet(" ");  // the sheet reads the role again
  if (seconds > 0)
    QTimer::singleShot(seconds * 1000, message_, [this, sentence] {
      if (message_->text() == sentence) message_->clear();
    });
}

void StatusBar::refresh() {
  const auto& clip = session_.clip();
  const Player& player = session_.player();
  file_->setText(clip ? QString("%1 × %2 · %3 fps · %4")
                            .arg(clip->info.width)
                            .arg(clip->info.height)
                            .arg(clip->info.fps, 0, 'g', 4)
                            .arg(codecName(clip->info.codec))
                      : "");
  decode_->setText(clip ? tr("decode %1 ms").arg(session_.decoding().decodeMs, 0, 'f', 1) : "");
  QString shown;
  if (player.playing() && player.shownPerSecond() > 0)
    shown = tr("%1 shown a second, ").arg(player.shownPerSecond(), 0, 'f', 1);
  dropped_->setText(clip ? shown + counted(player.dropped(), tr("1 frame dropped"), tr("%1 frames dropped")) : "");
  dropped_->setToolTip(tr("Frames left out since playing began, because inference or decoding could not keep up"));
  memory_->setText(tr("memory %1 MiB").arg(residentMebibytes(), 0, 'f', 0));
}

void StatusBar::refreshJobs() {
  job_->clear();
  for (const JobView& job : session_.jobs().jobs()) {
    if (job.state != JobState::Running) continue;
    QString text = QString::fromStdString(job.title);
    if (job.progress.total > 0) text += QString("  %1 %").arg(100 * job.progress.done / job.progress.total);
    if (job.secondsLeft >= 0) {
      const int left = int(std::ceil(job.secondsLeft));
      text += tr("  %1:%2 left").arg(left / 60).arg(left % 60, 2, 10, QChar('0'));
    }
    job_->setText(text);
  }
}

}  // namespace dff::ui
