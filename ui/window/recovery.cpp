#include "ui/window/recovery.h"

#include <QDir>
#include <QFile>

namespace dff::ui {

Recovery::Recovery(const QString& folder) : file_(folder + "/now.dffproj"), lock_(folder + "/now.lock") {
  QDir().mkpath(folder);
  if (!lock_.tryLock(0) || !QFile::exists(file_)) return;
  leftBehind_ = folder + "/last.dffproj";
  QFile::remove(leftBehind_);
  QFile::rename(file_, leftBehind_);
}

void Recovery::keep(const Project& project) {
  if (!lock_.isLocked() || project.file.empty()) return;
  nlohmann::json now = toJson(project, file_.toStdString());
  if (now == kept_) return;
  try {
    writeProject(file_.toStdString(), project);
    kept_ = std::move(now);
  } catch (const std::exception&) {  // not worth a disturbance every few seconds
  }
}

void Recovery::clear() {
  if (lock_.isLocked()) QFile::remove(file_);
  kept_ = nullptr;
}

}  // namespace dff::ui
