#include "ui/panels/job_list.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>
#include <cmath>

namespace dff::ui {
namespace {

constexpr int kBar = 3;

bool active(const JobView& job) {
  return job.state == JobState::Waiting || job.state == JobState::Running || job.state == JobState::Paused;
}

double shareDone(const JobView& job) {
  return job.progress.total > 0 ? double(job.progress.done) / double(job.progress.total) : 0;
}

QString stateOf(const JobView& job) {
  const QString percent = QString::number(int(100 * shareDone(job))) + " %";
  switch (job.state) {
    case JobState::Waiting:
      return JobList::tr("waits");
    case JobState::Paused:
      return JobList::tr("paused, %1").arg(percent);
    case JobState::Done:
      return JobList::tr("done");
    case JobState::Failed:
      return JobList::tr("failed");
    case JobState::Cancelled:
      return JobList::tr("cancelled");
    case JobState::Running:
      break;
  }
  if (job.secondsLeft < 0) return percent;
  const int left = int(std::ceil(job.secondsLeft));
  return percent + QString("  %1:%2").arg(left / 60).arg(left % 60, 2, 10, QChar('0'));
}

QToolButton* iconButton(QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setProperty("role", "small");
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

void describe(QToolButton& button, const QIcon& icon, const QString& words) {
  button.setIcon(icon);
  button.setToolTip(words);
  button.setAccessibleName(words);
}

}  // namespace

JobList::JobList(Look& look, Session& session, QWidget* parent) : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this, 4);
  layout->addWidget(heading(tr("Jobs"), this).row);
  layout->addWidget(none_ = dimLabel(tr("none yet"), this));
  connect(&session, &Session::jobsChanged, this, &JobList::refresh);
  connect(&look, &Look::changed, this, &JobList::refresh);
  refresh();
}

JobList::Line JobList::makeLine(int id) {
  Line line{};
  line.box = new QWidget(this);
  auto* layout = column(line.box, 2);
  auto* top = new QWidget(line.box);
  auto* across = row(top, 6);
  across->addWidget(line.title = new QLabel(top));
  line.title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  across->setStretch(0, 1);
  across->addWidget(line.state = figureLabel(look_, top, 11));
  across->addWidget(line.open = new QPushButton(tr("Open"), top));
  line.open->setProperty("role", "link");
  across->addWidget(line.hold = iconButton(top));
  across->addWidget(line.end = iconButton(top));
  line.bar = new QWidget(line.box);
  line.bar->setFixedHeight(kBar);
  line.bar->setObjectName("line");
  line.bar->setAttribute(Qt::WA_StyledBackground);
  line.done = new QWidget(line.bar);
  line.done->setAttribute(Qt::WA_StyledBackground);
  layout->addWidget(top);
  layout->addWidget(line.bar);
  layout->addWidget(line.message = dimLabel("", line.box));
  line.message->setWordWrap(true);
  connect(line.open, &QPushButton::clicked, this, [this, id] { open(id); });
  connect(line.hold, &QToolButton::clicked, this, [this, id] { hold(id); });
  connect(line.end, &QToolButton::clicked, this, [this, id] { end(id); });
  static_cast<QVBoxLayout*>(this->layout())->addWidget(line.box);
  line.box->show();
  return line;
}

void JobList::refresh() {
  jobs_ = session_.jobs().jobs();
  for (auto line = lines_.begin(); line != lines_.end();) {
    if (find(line->first)) {
      ++line;
      continue;
    }
    line->second.box->deleteLater();
    line = lines_.erase(line);
  }
  none_->setVisible(jobs_.empty());
  for (const JobView& job : jobs_) {
    if (!lines_.count(job.id)) lines_[job.id] = makeLine(job.id);
    fill(lines_[job.id], job);
  }
}

void JobList::fill(Line& line, const JobView& job) {
  const QString title = QString::fromStdString(job.title);
  line.title->setText(title);
  line.box->setToolTip(QString::fromStdString(job.result.empty() ? job.title : job.result));
  line.bar->setVisible(job.state == JobState::Running || job.state == JobState::Paused);
  line.done->setGeometry(0, 0, int(line.bar->width() * shareDone(job)), kBar);
  line.done->setStyleSheet("background: " + look_.theme().action.name());
  line.state->setText(stateOf(job));
  const char* role = job.state == JobState::Failed ? "alarm" : "dim";
  line.message->setText(QString::fromStdString(job.message));
  line.message->setVisible(!job.message.empty());
  for (QLabel* label : {line.state, line.message}) {
    label->setProperty("role", role);
    label->setStyleSheet(" ");  // the sheet reads the role again
  }
  fillButtons(line, job);
}

void JobList::fillButtons(Line& line, const JobView& job) {
  const bool held = job.state == JobState::Paused;
  line.open->setVisible(job.state == JobState::Done && !job.result.empty());
  line.hold->setVisible(active(job));
  describe(*line.hold, look_.icon(held ? "play" : "pause"), held ? tr("Resume") : tr("Pause"));
  describe(*line.end, look_.icon("close"), active(job) ? tr("Cancel") : tr("Take off the list"));
}

const JobView* JobList::find(int id) {
  for (const JobView& job : jobs_)
    if (job.id == id) return &job;
  return nullptr;
}

void JobList::hold(int id) {
  const JobView* job = find(id);
  if (job) session_.jobs().setPaused(id, job->state != JobState::Paused);
  refresh();
}

void JobList::end(int id) {
  const JobView* job = find(id);
  if (!job) return;
  active(*job) ? session_.jobs().cancel(id) : session_.jobs().forget(id);
  refresh();
}

void JobList::open(int id) {
  if (const JobView* job = find(id))
    QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(job->result)));
}

}  // namespace dff::ui
