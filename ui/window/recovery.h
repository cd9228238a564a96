#pragma once
#include <QLockFile>
#include <QString>

#include "ui/window/project.h"

namespace dff::ui {

/// Keeps what a window works on in a file of its own, so that a crash loses no more than the last seconds. One window
/// at a time keeps it; others do without.
class Recovery {
 public:
  /// `folder` is made where it does not exist.
  explicit Recovery(const QString& folder);

  /// What a window left behind that ended without clear(); empty: nothing.
  QString leftBehind() const { return leftBehind_; }
  /// Writes the project where it differs from what was kept last. Says nothing where the disk is full.
  void keep(const Project& project);
  /// The window closes in good order.
  void clear();

 private:
  QString file_, leftBehind_;
  QLockFile lock_;
  nlohmann::json kept_;
};

}  // namespace dff::ui
