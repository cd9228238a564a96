#include "ui/panels/export_panel.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/export/exporter.h"
#include "ui/panels/job_list.h"

namespace dff::ui {
namespace {

struct LayerWords {
  const char* layer;
  const char* text;
};
constexpr LayerWords kLayers[] = {{"seg", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Segmentation")},
                                  {"contours", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Contours")},
                                  {"boxes", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Boxes")},
                                  {"flow", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Flow")},
                                  {"arrows", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Flow arrows")},
                                  {"heat", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Heat map")},
                                  {"trust", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Trust")},
                                  {"sides", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Which key")},
                                  {"keymark", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Key-frame mark")},
                                  {"legend", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Legend")}};

QString helpOf(const char* layer) {
  for (const LayerInfo& info : knownLayers())
    if (info.name == layer) return QString::fromStdString(info.help);
  return {};
}

QGridLayout* twoColumns(QWidget* parent) {
  auto* grid = new QGridLayout(parent);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(0);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  return grid;
}

}  // namespace

ExportPanel::ExportPanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  const Heading title = panelHeading(tr("Export"), this);
  rangeRemark_ = title.remark;
  layout->addWidget(title.row);
  layout->addWidget(makeVideo());
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Drawn on the video"), this).row);
  layout->addWidget(makeLayers());
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Beside the video"), this).row);
  layout->addWidget(makeBeside());
  layout->addSpacing(12);
  layout->addWidget(where_ = dimLabel("", this));
  where_->setWordWrap(true);
  layout->addSpacing(8);
  layout->addWidget(makeButtons());
  layout->addSpacing(16);
  layout->addWidget(new JobList(look, session, this));
  layout->addStretch();
  for (auto signal :
       {&Session::clipChanged, &Session::tuningChanged, &Session::layersChanged, &Session::readingsChanged})
    connect(&session, signal, this, &ExportPanel::refresh);
  connect(&session.player(), &Player::changed, this, &ExportPanel::refresh);
  refresh();
}

Choice* ExportPanel::addChoice(QGridLayout* grid, const QString& word, std::vector<Choice::Item> items,
                               std::function<void(const std::string&)> take) {
  auto* choice = new Choice(look_, "", grid->parentWidget());
  choice->setAccessibleName(word);
  choice->setItems(std::move(items));
  const int line = grid->rowCount();
  grid->addWidget(dimLabel(word, grid->parentWidget()), line, 0);
  grid->addWidget(choice, line, 1);
  connect(choice, &Choice::chosen, this, [this, take = std::move(take)](const QString& id) {
    take(id.toStdString());
    refresh();
  });
  return choice;
}

QWidget* ExportPanel::makeVideo() {
  auto* box = new QWidget(this);
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  grid->setColumnMinimumWidth(0, 64);
  grid->setColumnStretch(1, 1);
  std::vector<Choice::Item> kinds;
  for (const ExportRow& row : videoRows()) kinds.push_back({row.kind, tr(row.text), ""});
  kinds.push_back({"", tr("none"), tr("Only what is written beside it")});
  video_ = addChoice(grid, tr("Video"), kinds, [this](const std::string& id) { choices_.video = id; });
  layout_ = addChoice(grid, tr("Layout"),
                      {{"drawn", tr("single picture"), tr("The annotated picture alone")},
                       {"side-by-side", tr("side by side"), tr("As it came, and annotated, beside each other")},
                       {"wipe", tr("wipe"), tr("As it came in the left half, annotated in the right")}},
                      [this](const std::string& id) { choices_.layout = id; });
  range_ = addChoice(grid, tr("Range"), {{"range", tr("in- to out-point"), ""}, {"clip", tr("whole clip"), ""}},
                     [this](const std::string& id) { choices_.wholeClip = id == "clip"; });
  sound_ = addChoice(grid, tr("Sound"), {{"copy", tr("copy"), ""}, {"none", tr("leave out"), ""}},
                     [this](const std::string& id) { choices_.sound = id == "copy"; });
  return box;
}

Check* ExportPanel::addCheck(QGridLayout* grid, const QString& text, const QString& tip,
                             std::function<void(bool)> take) {
  auto* check = new Check(look_, text, grid->parentWidget());
  check->setToolTip(tip);
  const int place = grid->count();
  grid->addWidget(check, place / 2, place % 2);
  connect(check, &QCheckBox::clicked, this, [this, take = std::move(take)](bool on) {
    take(on);
    refresh();
  });
  return check;
}

QWidget* ExportPanel::makeLayers() {
  auto* box = new QWidget(this);
  QGridLayout* grid = twoColumns(box);
  for (const LayerWords& words : kLayers) {
    const std::string layer = words.layer;
    layers_[layer] = addCheck(grid, tr(words.text), helpOf(words.layer), [this, layer](bool on) {
      if (layer == "keymark") return void(choices_.keyMark = on);
      if (layer == "legend") return void(choices_.legend = on);
      choices_.layers[layer] = on;
    });
  }
  return box;
}

QWidget* ExportPanel::makeBeside() {
  auto* box = new QWidget(this);
  QGridLayout* grid = twoColumns(box);
  const QString help = QString::fromStdString(exporterHelp());
  for (const ExportRow& row : besideRows()) {
    const std::string kind = row.kind;
    const QString line = help.split('\n').filter(QString(row.kind) + ":").value(0);
    beside_[kind] = addCheck(grid, tr(row.text), line.section(": ", 1), [this, kind](bool on) {
      on ? void(choices_.beside.insert(kind)) : void(choices_.beside.erase(kind));
    });
  }
  return box;
}

QWidget* ExportPanel::makeButtons() {
  auto* buttons = new QWidget(this);
  auto* across = row(buttons);
  auto* choose = new QPushButton(tr("Folder..."), buttons);
  auto* close = new QPushButton(tr("Close"), buttons);
  start_ = new QPushButton(tr("Export"), buttons);
  start_->setProperty("role", "primary");
  start_->setObjectName("startExport");
  for (QPushButton* button : {choose, close, start_}) across->addWidget(button, button == start_);
  connect(choose, &QPushButton::clicked, this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder to write to"), this->folder());
    if (!folder.isEmpty()) setFolder(folder);
  });
  connect(close, &QPushButton::clicked, this, &ExportPanel::closed);
  connect(start_, &QPushButton::clicked, this, &ExportPanel::start);
  return buttons;
}

void ExportPanel::setChoices(const ExportChoices& choices) {
  choices_ = choices;
  refresh();
}

void ExportPanel::setFolder(const QString& folder) {
  chosenFolder_ = folder;
  refresh();
}

QString ExportPanel::folder() const {
  return chosenFolder_.isEmpty() ? QFileInfo(session_.path()).absolutePath() : chosenFolder_;
}

QString ExportPanel::stem() const { return QFileInfo(session_.path()).completeBaseName(); }

RunOptions ExportPanel::options(const QString& folder, const QString& stem) const {
  return runOptions(session_, choices_, folder, stem);
}

void ExportPanel::refreshChecks() {
  const bool findsBoxes = !session_.news().boxClasses.empty();
  const bool pictures = !choices_.video.empty();
  for (const auto& [layer, check] : layers_) {
    check->setChecked(drawsLayer(session_, choices_, layer));
    check->setEnabled(pictures && (findsBoxes || layer != "boxes"));
  }
  for (const ExportRow& row : besideRows()) {
    Check* check = beside_.at(row.kind);
    const bool possible = findsBoxes || !row.needsBoxes;
    check->setEnabled(possible);
    check->setChecked(possible && choices_.beside.count(row.kind));
  }
}

/// How long it will take, from what frames took here so far.
QString ExportPanel::expected(const RunOptions& run) const {
  const double ms = session_.measuredMs();
  const int64_t last = run.end < 0 ? session_.clip()->frames() - 1 : run.end;
  if (ms <= 0) return {};
  const int seconds = std::max(1, int(double(last - run.start + 1) * ms / 1000 + 0.5));
  return tr("at least %1:%2 at %3 frames a second")
      .arg(seconds / 60)
      .arg(seconds % 60, 2, 10, QChar('0'))
      .arg(1000 / ms, 0, 'f', 0);
}

void ExportPanel::refresh() {
  if (!start_) return;
  const bool pictures = !choices_.video.empty();
  video_->setCurrent(QString::fromStdString(choices_.video));
  layout_->setCurrent(QString::fromStdString(choices_.layout));
  range_->setCurrent(choices_.wholeClip ? "clip" : "range");
  const bool sounds = session_.clip() && session_.clip()->info.hasAudio;
  const bool canHold = pictures && choices_.video != "gif" && choices_.video != "drawn";
  sound_->setCurrent(!sounds || !canHold ? tr("no sound") : choices_.sound ? "copy" : "none");
  sound_->setEnabled(sounds && canHold);
  layout_->setEnabled(pictures);
  refreshChecks();
  if (!session_.clip()) return start_->setEnabled(false);
  const RunOptions run = options(folder(), stem());
  const auto outputs = outputsOf(run);
  start_->setEnabled(!outputs.empty());
  const int64_t last = run.end < 0 ? session_.clip()->frames() - 1 : run.end;
  rangeRemark_->setText(tr("frames %1 to %2").arg(run.start).arg(last));
  if (outputs.empty()) return where_->setText(tr("nothing is chosen"));
  QString text = outputs.size() == 1
                     ? QFileInfo(outputs[0]).fileName()
                     : tr("%1 and %2 more").arg(QFileInfo(outputs[0]).fileName()).arg(outputs.size() - 1);
  const auto there =
      std::count_if(outputs.begin(), outputs.end(), [](const QString& o) { return QFileInfo::exists(o); });
  if (there > 0) text += "\n" + tr("replaces what is there");
  const QString time = expected(run);
  if (!time.isEmpty()) text += "\n" + time;
  where_->setText(text);
  where_->setToolTip(folder());
}

void ExportPanel::start() {
  const RunOptions run = options(folder(), stem());
  const auto outputs = outputsOf(run);
  if (outputs.empty()) return;
  session_.jobs().add(QFileInfo(outputs[0]).fileName().toStdString(), outputs[0].toStdString(),
                      [run](const JobContext& job) { runFiles(run, job); });
  Q_EMIT session_.jobsChanged();
}

}  // namespace dff::ui
