#include <QDesktopServices>
#include <QHBoxLayout>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>
#include <cmath>

#include "ui/panels/export_panel.h"

namespace dff::ui {

JobList::JobList(Look& look, Session& session, QWidget* parent) : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this, 4);
  layout->addWidget(heading(tr("Jobs"), this).row);
  layout->addWidget(none_ = dimLabel(tr("none yet"), this));
  connect(&session, &Session::jobsChanged, this, &JobList::refresh);
}

JobList::Line JobList::makeLine(int id) {
  Line line{new QWidget(this), nullptr, nullptr, nullptr, nullptr, nullptr};
  auto* layout = column(line.box, 2);
  auto* top = new QWidget(line.box);
  auto* across = row(top);
  across->addWidget(line.title = new QLabel(top));
  across->addStretch();
  across->addWidget(line.state = figureLabel(look_, top, 11));
  across->addWidget(line.act = new QPushButton(top));
  line.act->setProperty("role", "link");
  line.bar = new QWidget(line.box);
  line.bar->setFixedHeight(3);
  line.bar->setObjectName("line");
  line.bar->setAttribute(Qt::WA_StyledBackground);
  line.done = new QWidget(line.bar);
  line.done->setAttribute(Qt::WA_StyledBackground);
  layout->addWidget(top);
  layout->addWidget(line.bar);
  connect(line.act, &QPushButton::clicked, this, [this, id] { act(id); });
  static_cast<QVBoxLayout*>(this->layout())->addWidget(line.box);
  line.box->show();
  return line;
}

void JobList::refresh() {
  const auto jobs = session_.jobs().jobs();
  none_->setVisible(jobs.empty());
  for (const JobView& job : jobs) {
    if (!lines_.count(job.id)) lines_[job.id] = makeLine(job.id);
    fill(lines_[job.id], job);
  }
}

void JobList::fill(Line& line, const JobView& job) {
  const Theme& t = look_.theme();
  const double part = job.progress.total > 0 ? double(job.progress.done) / double(job.progress.total) : 0;
  line.title->setText(QString::fromStdString(job.title));
  line.bar->setVisible(job.state == JobState::Running);
  line.done->setGeometry(0, 0, int(line.bar->width() * part), 3);
  line.done->setStyleSheet("background: " + t.action.name());
  QString state;
  switch (job.state) {
    case JobState::Waiting:
      state = tr("waits");
      break;
    case JobState::Running:
      state = QString::number(int(100 * part)) + " %";
      if (job.secondsLeft >= 0)
        state += QString("  %1:%2")
                     .arg(int(job.secondsLeft) / 60)
                     .arg(int(std::ceil(job.secondsLeft)) % 60, 2, 10, QChar('0'));
      break;
    case JobState::Done:
      state = tr("done");
      break;
    case JobState::Failed:
      state = tr("failed");
      break;
    case JobState::Cancelled:
      state = tr("cancelled");
      break;
  }
  line.state->setText(state);
  line.state->setProperty("role", job.state == JobState::Failed ? "alarm" : "dim");
  line.state->setStyleSheet(" ");
  line.box->setToolTip(QString::fromStdString(job.message));
  const bool active = job.state == JobState::Waiting || job.state == JobState::Running;
  line.act->setText(active                                               ? tr("Cancel")
                    : job.state == JobState::Done && !job.result.empty() ? tr("Open")
                                                                         : tr("Remove"));
}

void JobList::act(int id) {
  for (const JobView& job : session_.jobs().jobs()) {
    if (job.id != id) continue;
    if (job.state == JobState::Waiting || job.state == JobState::Running) return session_.jobs().cancel(id);
    if (job.state == JobState::Done && !job.result.empty()) {
      QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(job.result)));
      return;
    }
    session_.jobs().forget(id);
    lines_[id].box->deleteLater();
    lines_.erase(id);
  }
}

}  // namespace dff::ui
