#pragma once
#include "tests/support/small_model.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/clips.h"
#include "ui/window/main_window.h"

namespace dff::test {

/// The whole window on a clip of 40 frames, with a small model of random weights and a key frame every ten frames.
class StudioOnAClip : public QObject {
 protected:
  QTemporaryDir dir_;
  std::unique_ptr<ui::Look> look_;
  std::unique_ptr<ui::MainWindow> window_;

  ui::Session& session() { return window_->session(); }
  void trigger(const char* action) { window_->actions()[action].trigger(); }
  bool overlaidOn(int64_t frame, int64_t key) {
    const auto o = session().overlaid();
    return o && !o->late && !o->provisional && o->result.frame->index == frame && o->result.keyFrame == key;
  }

  void start() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("dff-studio-test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir_.path());
    randomPackage(dir_ / "model");
    ffmpeg(dir_, "-f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 40 -pix_fmt yuv420p {}/clip.mp4");
    look_ = std::make_unique<ui::Look>(*qApp, true);
    window_ = std::make_unique<ui::MainWindow>(*look_);
    session().setModel(dir_.path() + "/model");
    session().setPrecision("fp32");
    session().setInterval(10);
    window_->show();
    window_->open(dir_.path() + "/clip.mp4");
    QTRY_VERIFY_WITH_TIMEOUT(overlaidOn(0, 0), 60000);
  }
};

}  // namespace dff::test
