#include "ui/panels/export_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/export/exporter.h"

namespace dff::ui {
namespace {

struct Beside {
  const char* kind;
  const char* text;
  const char* ending;
};
constexpr Beside kBeside[] = {
    {"labels", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Label images (8-bit PNG)"), "_labels"},
    {"frames", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Plain frames (PNG)"), "_frames"},
    {"flow", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Flow (.flo)"), "_flow"},
    {"jsonl", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "One JSON line a frame"), "_frames.jsonl"}};

}  // namespace

ExportPanel::ExportPanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  const Heading title = heading(tr("Export"), this);
  range_ = title.remark;
  layout->addWidget(title.row);
  video_ = addCheck(tr("Annotated video (H.264, sound copied)"), true, tr("With the layers that are shown now"));
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Drawn on the video"), this).row);
  layout->addWidget(dimLabel(tr("the layers and classes shown now"), this));
  layout->addSpacing(4);
  keyMark_ = addCheck(tr("Key-frame mark"), true, tr("The tag that tells key frames from propagated ones"));
  legend_ = addCheck(tr("Legend"), true, tr("Names of the classes with their colours"));
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Beside the video"), this).row);
  for (const Beside& b : kBeside) beside_[b.kind] = addCheck(tr(b.text), false, "");
  layout->addSpacing(12);
  layout->addWidget(where_ = dimLabel("", this));
  where_->setWordWrap(true);
  layout->addSpacing(8);
  auto* buttons = new QWidget(this);
  auto* across = row(buttons);
  auto* choose = new QPushButton(tr("Folder..."), buttons);
  auto* close = new QPushButton(tr("Close"), buttons);
  start_ = new QPushButton(tr("Export"), buttons);
  start_->setProperty("role", "primary");
  for (QPushButton* button : {choose, close, start_}) across->addWidget(button, button == start_);
  layout->addWidget(buttons);
  layout->addSpacing(16);
  layout->addWidget(new JobList(look, session, this));
  layout->addStretch();
  connect(choose, &QPushButton::clicked, this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder to write to"), this->folder());
    if (!folder.isEmpty()) chosenFolder_ = folder;
    refresh();
  });
  connect(close, &QPushButton::clicked, this, &ExportPanel::closed);
  connect(start_, &QPushButton::clicked, this, &ExportPanel::start);
  connect(&session, &Session::clipChanged, this, &ExportPanel::refresh);
  connect(&session.player(), &Player::changed, this, &ExportPanel::refresh);
  connect(&session, &Session::tuningChanged, this, &ExportPanel::refresh);
  refresh();
}

Check* ExportPanel::addCheck(const QString& text, bool on, const QString& tip) {
  auto* check = new Check(look_, text, this);
  check->setChecked(on);
  check->setToolTip(tip);
  static_cast<QVBoxLayout*>(layout())->addWidget(check);
  connect(check, &QCheckBox::toggled, this, &ExportPanel::refresh);
  return check;
}

QString ExportPanel::folder() const {
  return chosenFolder_.isEmpty() ? QFileInfo(session_.path()).absolutePath() : chosenFolder_;
}

RunOptions ExportPanel::options(const QString& folder, const QString& stem) const {
  const std::string base = (folder + "/" + stem).toStdString();
  RunOptions o;
  o.inputs = {session_.path().toStdString()};
  if (video_->isChecked()) o.output = base + "_annotated.mp4";
  for (const Beside& b : kBeside)
    if (beside_.at(b.kind)->isChecked()) o.exports.push_back(std::string(b.kind) + ":" + base + b.ending);
  o.model = session_.tuning().model;
  o.interval = session_.tuning().keys.interval;
  const auto& pins = session_.tuning().keys.pins;
  o.pins.assign(pins.begin(), pins.end());
  o.start = session_.player().in();
  o.end = session_.player().out();
  o.engine.flow = session_.tuning().flow;
  o.engine.propagate = session_.tuning().way();
  o.engine.aggregateKeys = session_.tuning().aggregateKeys;
  o.engine.precision = session_.tuning().precision;
  o.overlay = session_.layers();
  if (keyMark_->isChecked()) o.overlay.layers.push_back("keymark");
  if (legend_->isChecked()) o.overlay.layers.push_back("legend");
  return o;
}

void ExportPanel::refresh() {
  const bool open = session_.clip() != nullptr;
  bool any = video_->isChecked();
  for (const auto& [kind, check] : beside_) any |= check->isChecked();
  if (start_) start_->setEnabled(open && any);
  if (!open || !where_) return;
  const Player& p = session_.player();
  range_->setText(tr("frames %1 to %2").arg(p.in()).arg(p.out()));
  const QString name = QFileInfo(session_.path()).completeBaseName() + "_annotated.mp4";
  const QString text = tr("to %1").arg(video_->isChecked() ? name : folder());
  where_->setText(text);
  where_->setToolTip(folder());
}

void ExportPanel::start() {
  const QString stem = QFileInfo(session_.path()).completeBaseName();
  const RunOptions run = options(folder(), stem);
  const std::string result = run.output.empty() ? folder().toStdString() : run.output;
  session_.jobs().add(QFileInfo(session_.path()).fileName().toStdString(), result,
                      [run](const JobContext& job) { runFiles(run, job); });
  Q_EMIT session_.jobsChanged();
}

}  // namespace dff::ui
