#include "ui/window/action_sheet.h"

#include <QDialog>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/look/controls.h"

namespace dff::ui {
namespace {

/// A line to type in and the actions that match it.
class ActionSearch : public QDialog {
 public:
  ActionSearch(Actions& actions, QWidget& window) : QDialog(&window, Qt::Popup), actions_(actions) {
    resize(480, 360);
    auto* layout = column(this, 4);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(&typed_);
    layout->addWidget(&list_);
    typed_.setPlaceholderText(QObject::tr("Search actions"));
    typed_.installEventFilter(this);
    list_.setFocusPolicy(Qt::NoFocus);
    QObject::connect(&typed_, &QLineEdit::textChanged, this, &ActionSearch::fill);
    QObject::connect(&typed_, &QLineEdit::returnPressed, this, &ActionSearch::runCurrent);
    QObject::connect(&list_, &QListWidget::itemClicked, this, &ActionSearch::runCurrent);
    fill();
    move(window.mapToGlobal(QPoint(window.width() / 2 - 240, 44)));
    typed_.setFocus();
  }

 protected:
  bool eventFilter(QObject*, QEvent* e) override {
    if (e->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(e)->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down) return false;
    list_.setCurrentRow(std::clamp(list_.currentRow() + (key == Qt::Key_Down ? 1 : -1), 0, list_.count() - 1));
    return true;
  }

 private:
  void fill() {
    list_.clear();
    for (const ActionRow& row : actionTable()) {
      if (!*row.id || row.id == QLatin1String("palette")) continue;
      QAction& action = actions_[row.id];
      QString text = action.text();
      if (!text.contains(typed_.text(), Qt::CaseInsensitive)) continue;
      if (!action.shortcut().isEmpty()) text += "    " + action.shortcut().toString(QKeySequence::NativeText);
      auto* item = new QListWidgetItem(text, &list_);
      item->setData(Qt::UserRole, QString(row.id));
    }
    list_.setCurrentRow(0);
  }

  void runCurrent() {
    if (!list_.currentItem()) return;
    QAction* action = &actions_[list_.currentItem()->data(Qt::UserRole).toString().toStdString()];
    accept();
    QTimer::singleShot(0, action, &QAction::trigger);
  }

  Actions& actions_;
  QLineEdit typed_;
  QListWidget list_;
};

}  // namespace

void searchActions(Actions& actions, QWidget& window) {
  auto* search = new ActionSearch(actions, window);
  search->setAttribute(Qt::WA_DeleteOnClose);
  search->show();
}

void showKeys(Look& look, QWidget& window) {
  auto* sheet = new QDialog(&window);
  sheet->setAttribute(Qt::WA_DeleteOnClose);
  sheet->setWindowTitle(QObject::tr("Keys"));
  auto* columns = row(sheet, 32);
  columns->setContentsMargins(20, 16, 20, 16);
  QString menu;
  QGridLayout* grid = nullptr;
  for (const ActionRow& row : actionTable()) {
    if (!*row.keys) continue;
    if (menu != row.menu && (!grid || grid->rowCount() > 12)) {
      auto* box = new QVBoxLayout;
      box->addLayout(grid = new QGridLayout);
      box->addStretch();
      columns->addLayout(box);
    }
    if (menu != row.menu) grid->addWidget(heading(row.menu, sheet).row, grid->rowCount(), 0, 1, 2);
    menu = row.menu;
    auto* keys = figureLabel(look, sheet);
    QStringList shown;
    for (const QString& key : QString(row.keys).split(' '))
      shown << QKeySequence(key).toString(QKeySequence::NativeText);
    keys->setText(shown.join("  "));
    const int line = grid->rowCount();
    grid->addWidget(dimLabel(QCoreApplication::translate("Actions", row.text), sheet), line, 0);
    grid->addWidget(keys, line, 1);
  }
  sheet->show();
}

}  // namespace dff::ui
