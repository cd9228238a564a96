#include "ui/window/launch.h"

#include <QElapsedTimer>
#include <QPixmap>
#include <QTimer>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "ui/window/main_window.h"

namespace dff::ui {
namespace {

constexpr int kLookMs = 100;
constexpr int kLooksInARow = 4;  // so that figures, which follow a moment later, are there too
constexpr qint64 kPatienceMs = 120'000, kSamplingMs = 30'000;
constexpr const char* kWorkspaces[] = {"watch", "inspect", "compare", "explore"};

bool twoNumbers(const std::string& text, const char* format, int& a, int& b) {
  int used = 0;
  return std::sscanf(text.c_str(), format, &a, &b, &used) == 2 && used == int(text.size());
}

QSize sizeOf(const std::string& text) {
  int width = 0, height = 0;
  if (!twoNumbers(text, "%dx%d%n", width, height) || width < 640 || height < 400 || width > 16384 || height > 16384)
    throw UsageError("--window " + text + " is not WIDTHxHEIGHT, 640x400 or more");
  return {width, height};
}

QPoint pixelOf(const std::string& text) {
  int x = 0, y = 0;
  if (!twoNumbers(text, "%d,%d%n", x, y)) throw UsageError("--probe " + text + " is not X,Y");
  return {x, y};
}

void checkWorkspace(const std::string& name) {
  std::string known;
  for (const char* id : kWorkspaces)
    for (const ActionRow& row : actionTable()) {
      if (std::string(row.id) != id) continue;
      if (name == id) return;
      known += (known.empty() ? "" : ", ") + std::string(id);
    }
  throw UsageError("unknown workspace \"" + name + "\"; known: " + known);
}

/// Looks again and again whether all is there, then takes the picture.
class Photographer : public QObject {
 public:
  Photographer(MainWindow& window, std::string file, std::function<void(const std::string&)> done)
      : QObject(&window), window_(window), file_(std::move(file)), done_(std::move(done)) {
    connect(&window.session(), &Session::failed, this, [this](const QString& why) { finish(why.toStdString()); });
    connect(&timer_, &QTimer::timeout, this, &Photographer::look);
    timer_.start(kLookMs);
    since_.start();
  }

 private:
  void look() {
    const auto sweep = window_.explore().job();
    if (sweep && sweep->progress.done != sweepDone_) since_.restart();
    sweepDone_ = sweep ? sweep->progress.done : 0;
    if (since_.elapsed() > kPatienceMs) return finish("not everything that was asked for came in two minutes");
    if (!window_.complete()) completeFor_.invalidate();
    if (!window_.complete()) return void(looks_ = 0);
    if (!completeFor_.isValid()) completeFor_.start();
    const bool sampling = window_.session().news().measuring && completeFor_.elapsed() < kSamplingMs;
    if (sampling || ++looks_ < kLooksInARow) return;
    const bool saved = window_.grab().save(QString::fromStdString(file_), "PNG");
    finish(saved ? "" : file_ + " cannot be written");
  }

  void finish(const std::string& problem) {
    timer_.stop();
    if (done_) std::exchange(done_, nullptr)(problem);
  }

  MainWindow& window_;
  std::string file_;
  std::function<void(const std::string&)> done_;
  QTimer timer_;
  QElapsedTimer since_, completeFor_;
  int looks_ = 0;
  int64_t sweepDone_ = 0;
};

}  // namespace

void check(const LaunchOptions& o) {
  if (!o.workspace.empty()) checkWorkspace(o.workspace);
  if (!o.flow.empty()) flowKnowsMotion(o.flow);
  if (!o.propagate.empty()) findPropagator(o.propagate);
  if (!o.probe.empty()) pixelOf(o.probe);
  sizeOf(o.window);
  OverlayOptions layers;
  layers.layers = o.layers;
  layersNeed(layers, LayerData::Frame);
  if (o.screenshot.empty()) return;
  if (o.file.empty()) throw UsageError("--screenshot needs a file to show");
  requireWritableParent(o.screenshot);
}

void launch(MainWindow& window, const LaunchOptions& o) {
  Session& session = window.session();
  window.resize(sizeOf(o.window));
  if (!o.model.empty()) session.setModel(QString::fromStdString(o.model));
  if (!o.flow.empty()) session.setFlow(QString::fromStdString(o.flow));
  if (!o.propagate.empty()) session.setPropagation(QString::fromStdString(o.propagate));
  if (o.interval > 0) session.setInterval(o.interval);
  if (!o.layers.empty()) {
    OverlayOptions layers = session.layers();
    layers.layers = o.layers;
    session.setLayers(layers);
  }
  if (!o.workspace.empty()) window.actions()[o.workspace].trigger();
  if (o.file.empty()) return;
  QObject::connect(
      &session, &Session::clipChanged, &window,
      [&session, &window, o] {
        if (!o.screenshot.empty() && o.workspace == "explore") window.explore().start();
        if (o.frame) session.player().seek(*o.frame);
        if (o.probe.empty()) return;
        const auto& info = session.clip()->info;
        const QPoint pixel = pixelOf(o.probe);
        session.setProbe(QPointF((pixel.x() + 0.5) / info.width, (pixel.y() + 0.5) / info.height));
      },
      Qt::SingleShotConnection);
  window.open(QString::fromStdString(o.file));
}

void screenshotWhenComplete(MainWindow& window, const std::string& file, std::function<void(const std::string&)> done) {
  new Photographer(window, file, std::move(done));
}

}  // namespace dff::ui
