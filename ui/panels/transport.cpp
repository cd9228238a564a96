#include "ui/panels/transport.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <cmath>

namespace dff::ui {
namespace {
constexpr double kSpeeds[] = {0.1, 0.25, 0.5, 1, 2, 4, 8};

QString speedText(double speed) { return QString::number(speed, 'g', 3) + "×"; }
}  // namespace

std::optional<int64_t> parsePlace(const QString& text, const Clip& clip, int64_t here) {
  static const QRegularExpression frames("^([+-]?)(\\d+)$"), time("^(?:(?:(\\d+):)?(\\d+):)?(\\d+(?:\\.\\d*)?)s?$");
  if (const auto m = frames.match(text.trimmed()); m.hasMatch()) {
    const int64_t n = m.captured(2).toLongLong();
    return m.captured(1) == "+" ? here + n : m.captured(1) == "-" ? here - n : n;
  }
  const auto m = time.match(text.trimmed());
  if (!m.hasMatch()) return std::nullopt;
  const double seconds = m.captured(1).toDouble() * 3600 + m.captured(2).toDouble() * 60 + m.captured(3).toDouble();
  return clip.frameAt(clip.start(0) + seconds + 1e-6);
}

QString timeText(double seconds) {
  const int64_t ms = std::llround(std::max(0.0, seconds) * 1000);
  return QString("%1:%2:%3.%4")
      .arg(ms / 3600000, 2, 10, QChar('0'))
      .arg(ms / 60000 % 60, 2, 10, QChar('0'))
      .arg(ms / 1000 % 60, 2, 10, QChar('0'))
      .arg(ms % 1000, 3, 10, QChar('0'));
}

Transport::Transport(Look& look, Actions& actions, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), actions_(actions), session_(session) {
  setObjectName("transport");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(44);
  auto* layout = row(this, 4);
  layout->setContentsMargins(12, 0, 12, 0);
  for (const char* action : {"back", "previous_key", "play", "next_key", "forward"})
    layout->addWidget(iconButton(action));
  makeFigures(layout);
  layout->addStretch();
  makeRange(layout);
  connect(&session.player(), &Player::frameShown, this, &Transport::refresh);
  connect(&session.player(), &Player::changed, this, &Transport::refresh);
  connect(&session, &Session::tuningChanged, this, &Transport::refresh);
  connect(&look, &Look::changed, this, &Transport::refresh);
  refresh();
}

QToolButton* Transport::iconButton(const char* action) {
  auto* button = new QToolButton(this);
  button->setProperty("role", "icon");
  button->setDefaultAction(&actions_[action]);
  button->setIconSize({16, 16});
  button->setFocusPolicy(Qt::NoFocus);
  button->setAccessibleName(actions_[action].text());
  return button;
}

void Transport::makeFigures(QHBoxLayout* layout) {
  layout->addSpacing(12);
  frame_ = new QLineEdit(this);
  frame_->setProperty("role", "figure");
  frame_->setFont(look_.figures(14, QFont::Medium));
  frame_->setFixedWidth(62);
  frame_->setAlignment(Qt::AlignRight);
  frame_->setFocusPolicy(Qt::ClickFocus);
  frame_->setToolTip(actions_["go_to"].toolTip());
  frame_->setAccessibleName(tr("Frame"));
  connect(frame_, &QLineEdit::returnPressed, this, &Transport::typed);
  connect(frame_, &QLineEdit::editingFinished, this, &Transport::refresh);
  layout->addWidget(frame_);
  for (QLabel** label : {&count_, &time_}) {
    layout->addWidget(*label = figureLabel(look_, this));
    (*label)->setProperty("role", "dim");
    layout->addSpacing(12);
  }
  speed_ = new QPushButton(this);
  speed_->setFont(look_.figures(12));
  speed_->setFixedWidth(56);
  speed_->setFocusPolicy(Qt::NoFocus);
  speed_->setToolTip(tr("Speed of playing"));
  connect(speed_, &QPushButton::clicked, this, &Transport::chooseSpeed);
  layout->addWidget(speed_);
  layout->addSpacing(4);
  layout->addWidget(iconButton("loop"));
}

void Transport::makeRange(QHBoxLayout* layout) {
  const auto button = [&](const char* action) {
    auto* made = new QPushButton(this);
    made->setFocusPolicy(Qt::NoFocus);
    made->setToolTip(actions_[action].toolTip());
    connect(made, &QPushButton::clicked, &actions_[action], &QAction::trigger);
    layout->addWidget(made);
    layout->addSpacing(4);
    return made;
  };
  in_ = button("set_in");
  out_ = button("set_out");
  pin_ = button("pin");
  pin_->setStyleSheet("border: none");
  auto* exports = button("export");
  exports->setText(tr("Export..."));
  exports->setProperty("role", "primary");
}

void Transport::chooseSpeed() {
  QMenu menu(this);
  for (double speed : kSpeeds)
    connect(menu.addAction(speedText(speed)), &QAction::triggered, this,
            [this, speed] { session_.player().setSpeed(speed); });
  menu.exec(speed_->mapToGlobal(QPoint(0, -menu.sizeHint().height() - 2)));
}

void Transport::refresh() {
  const Player& player = session_.player();
  const bool open = player.clip() != nullptr;
  const int64_t last = open ? player.clip()->frames() - 1 : 0;
  const auto figure = [](int64_t n) { return QString("%1").arg(n, 4, 10, QChar('0')); };
  if (!frame_->hasFocus()) frame_->setText(open ? figure(player.position()) : "");
  count_->setText(open ? "/ " + figure(last) : "");
  time_->setText(open ? timeText(player.clip()->start(player.position()) - player.clip()->start(0)) : "");
  speed_->setText(speedText(player.speed()));
  actions_["play"].setIcon(look_.icon(player.playing() ? "pause" : "play"));
  actions_["loop"].setChecked(player.loop());
  in_->setText(tr("in %1").arg(figure(player.in())));
  out_->setText(tr("out %1").arg(figure(player.out())));
  const bool pinned = session_.tuning().keys.pins.count(player.position()) > 0;
  pin_->setText(pinned ? tr("Unpin key frame") : tr("Pin key frame"));
  pin_->setIcon(look_.icon("pin", look_.theme().key));
}

void Transport::askPlace() {
  frame_->setFocus();
  frame_->selectAll();
}

void Transport::typed() {
  if (session_.clip())
    if (const auto place = parsePlace(frame_->text(), *session_.clip(), session_.player().position())) {
      session_.player().pause();
      session_.player().seek(*place);
    }
  frame_->clearFocus();
}

}  // namespace dff::ui
