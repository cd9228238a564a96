// How quick the studio is, against the bars that it is to hold. Run by hand on a display (Xvfb will do), not by CTest:
// times depend on the machine and on what else it does, so that every measure is the best of three, and beside it
// stands what other programs took of the processors meanwhile.
// studio_bars [CLIP] [--only start|boxes|clip|vga|seek|hd] [--memory MINUTES]
#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWindow>
#include <opencv2/core.hpp>

#include "core/base/heap.h"
#include "core/model/find_model.h"
#include "tests/support/clips.h"
#include "tests/ui/bars/measure.h"
#include "ui/view/picture.h"
#include "ui/window/main_window.h"

using namespace dff;
using namespace dff::ui;
using namespace dff::bars;

namespace {

constexpr int kRounds = 3;
constexpr int kPlaySeconds = 8, kSeeks = 20;
constexpr int kTooLong = 60000;  // milliseconds

template <class Condition>
void await(const char* what, Condition condition) {
  if (!QTest::qWaitFor(condition, kTooLong)) std::printf("%s: not in %d seconds\n", what, kTooLong / 1000);
}

/// Counts how often a widget was painted.
class Paints : public QObject {
 public:
  explicit Paints(QWidget& widget) : QObject(&widget) { widget.installEventFilter(this); }
  bool eventFilter(QObject*, QEvent* event) override {
    count += event->type() == QEvent::Paint;
    return false;
  }
  int count = 0;
};

class Bars {
 public:
  explicit Bars(MainWindow& window) : window_(window), s_(window.session()) {}

  void open(const QString& clip) {
    window_.open(clip);
    await(qPrintable(clip), [&] { return s_.clip() && s_.path() == clip && s_.complete(); });
  }

  void play(Table& table, const Figure& shown, bool dropsCount) {
    s_.player().seek(0);
    await("the first frame", [&] { return s_.complete(); });
    OtherLoad load;
    ThreadTimes threads;
    Latencies latencies;
    int frames = 0;
    const auto counting = QObject::connect(&s_.player(), &Player::frameShown, &window_, [&] { ++frames; });
    const double start = now();
    s_.player().play();
    QTest::qWait(1000 * kPlaySeconds);
    const double seconds = now() - start, other = load.cores();
    const int64_t dropped = s_.player().dropped();
    std::fprintf(stderr, "  processors: %s\n  stages: %s\n", threads.text().c_str(), stages().c_str());
    s_.player().pause();
    QObject::disconnect(counting);
    table.add(shown, dropsCount ? double(dropped) : frames / seconds, other);
    if (!dropsCount) return;
    table.add({"event loop while it plays, 95th percentile", "ms", 16, false}, percentile(latencies.ms, 0.95), other);
    table.add({"event loop while it plays, 99th percentile", "ms", 33, false}, percentile(latencies.ms, 0.99), other);
    table.add({"event loop while it plays, worst", "ms", 100, false}, percentile(latencies.ms, 1), other);
  }

  /// Plays the clip round and round: what is in use after the first minute and at the end.
  void loop(Table& table, double minutes) {
    OtherLoad load;
    s_.player().seek(0);
    s_.player().play();
    QTest::qWait(60000);
    const double early = residentMebibytes();
    for (int minute = 1; minute < minutes; ++minute) {
      QTest::qWait(60000);
      std::fprintf(stderr, "  %d minutes: %.0f MiB\n", minute + 1, residentMebibytes());
    }
    s_.player().pause();
    table.add({"memory after the loop, of that after a minute", "%", 105, false}, 100 * residentMebibytes() / early,
              load.cores());
  }

  void seekCold(Table& table) {
    OtherLoad load;
    std::vector<double> picture, overlay;
    const int64_t frames = s_.clip()->frames();
    for (int i = 0; i < kSeeks; ++i) {
      const int64_t to = (s_.player().position() + frames / 3 + 37 * i) % frames;
      const double start = now();
      s_.player().seek(to);
      const auto shown = [&] { return s_.frame() && s_.frame()->index == to; };
      const auto drawn = [&] { return shown() && s_.overlaid() && s_.overlaid()->result.frame->index == to; };
      waitFor(shown);
      picture.push_back(1000 * (now() - start));
      waitFor(drawn);
      overlay.push_back(1000 * (now() - start));
      std::fprintf(stderr, "  to frame %d: picture %.0f ms, overlay %.0f ms\n", int(to), picture.back(),
                   overlay.back());
    }
    table.add({"cold seek to picture, 95th percentile", "ms", 150, false}, percentile(picture, 0.95), load.cores());
    table.add({"cold seek to overlay, 95th percentile", "ms", 300, false}, percentile(overlay, 0.95), load.cores());
  }

  void stepBack(Table& table) {
    s_.player().seek(60);
    await("the first frame", [&] { return s_.complete(); });
    QTest::qWait(1000);  // the ring fills
    const auto views = window_.findChildren<PictureView*>();
    Paints painted(**std::find_if(views.begin(), views.end(), [](QWidget* view) { return view->isVisible(); }));
    OtherLoad load;
    std::vector<double> ms;
    for (int i = 0; i < 15; ++i) {
      const double start = now();
      const int64_t to = s_.player().position() - 1;
      painted.count = 0;
      s_.player().step(-1);
      waitFor([&] { return s_.frame()->index == to && painted.count > 0; });  // and sent to the screen
      ms.push_back(1000 * (now() - start));
      QTest::qWait(50);
    }
    table.add({"step back within the ring, 95th percentile", "ms", 16, false}, percentile(ms, 0.95), load.cores());
  }

 private:
  /// What the read-out says of a key frame and of another one.
  std::string stages() const {
    const CostReading key = s_.news().costs.reading(1), other = s_.news().costs.reading(0);
    char line[200];
    std::snprintf(line, sizeof line,
                  "key %.1f ms (features %.1f), other %.1f ms (flow %.1f, warp %.1f, heads, rest %.1f)", key.keyMs,
                  key.features, other.otherMs, other.flow, other.warp, other.heads);
    return line;
  }

  /// Sleeps from event to event: a loop that spins would take one of the cores from what is measured.
  template <class Condition>
  static void waitFor(Condition condition) {
    QTimer tooLong;
    tooLong.setSingleShot(true);
    tooLong.start(kTooLong);
    while (!condition() && tooLong.isActive()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
  }

  MainWindow& window_;
  Session& s_;
};

/// Boxes all over a picture, drawn once as a worker does it, then panned.
void panBoxes(Table& table, Look& look) {
  auto frame = std::make_shared<Frame>();
  frame->rgb = cv::Mat(1080, 1920, CV_8UC3, cv::Scalar(90, 100, 110));
  Result result;
  result.frame = frame;
  cv::RNG random(3);
  for (int i = 0; i < 5000; ++i)
    result.boxes.push_back({cv::Rect2f(random.uniform(0.f, 1850.f), random.uniform(0.f, 1020.f), 60, 50), i % 3,
                            random.uniform(0.5f, 1.f), i});
  OverlayOptions options;
  options.layers = {"boxes"};
  const std::vector<ClassInfo> classes(3, ClassInfo{"vehicle", {70, 130, 255}, {}});
  OtherLoad load;
  const double start = now();
  const cv::Mat picture = OverlayPainter({}, options, frame->rgb.size(), classes).paint(result);
  const double drawn = now();
  PictureView view(look);
  view.resize(1072, 820);
  view.setPicture(picture);
  view.setAspect(QSizeF(1920, 1080));
  view.show();
  await("the boxes' window", [&] { return view.windowHandle() && view.windowHandle()->isExposed(); });
  Framing framing{2, {0.3, 0.5}};
  constexpr int kSteps = 90;
  const double panning = now();
  for (int i = 0; i < kSteps; ++i) {
    framing.centre.rx() += 0.004;
    view.setFraming(framing);
    view.repaint();
  }
  table.add({"5,000 boxes, panned", "fps", 30, true}, kSteps / (now() - panning), load.cores());
  table.add({"5,000 boxes, drawn once by the worker", "ms", 200, false}, 1000 * (drawn - start), load.cores());
}

QString synthetic(const QTemporaryDir& dir, const char* name, const char* size, int seconds) {
  test::ffmpeg(dir, QString("-f lavfi -i testsrc2=size=%1:rate=30:duration=%2 -c:v libx264 -preset fast -crf 20 "
                            "-pix_fmt yuv420p {}/%3")
                        .arg(size)
                        .arg(seconds)
                        .arg(name));
  return dir.filePath(name);
}

struct Wishes {
  QString sample = QString::fromStdString(findShipped("resources/sample.mp4").string());
  double memoryMinutes = 0;
  std::string only;  ///< start, boxes, clip, vga, seek, hd; empty: all
};

Wishes wishesOf(const QStringList& arguments) {
  Wishes wishes;
  for (int i = 1; i < arguments.size(); ++i) {
    const bool value = i + 1 < arguments.size();
    if (arguments[i] == "--memory" && value)
      wishes.memoryMinutes = arguments[++i].toDouble();
    else if (arguments[i] == "--only" && value)
      wishes.only = arguments[++i].toStdString();
    else
      wishes.sample = arguments[i];
  }
  return wishes;
}

template <class Measure>
void rounds(Measure measure) {
  for (int round = 0; round < kRounds; ++round) measure();
}

void measureAll(Table& table, Bars& bars, const Wishes& wishes, const QTemporaryDir& dir, Look& look) {
  const auto wanted = [&](const char* what) { return wishes.only.empty() || wishes.only == what; };
  if (wanted("boxes")) rounds([&] { panBoxes(table, look); });
  if (wanted("clip")) {
    bars.open(wishes.sample);
    rounds([&] { bars.play(table, {"the clip at its own rate, frames dropped", "", 0, false}, true); });
    rounds([&] { bars.stepBack(table); });
  }
  if (wanted("vga") || wanted("seek")) bars.open(synthetic(dir, "vga.mp4", "640x480", 40));
  if (wanted("vga")) rounds([&] { bars.play(table, {"640x480 at 30, shown", "fps", 28, true}, false); });
  if (wanted("seek")) rounds([&] { bars.seekCold(table); });
  if (wanted("hd")) {
    bars.open(synthetic(dir, "hd.mp4", "1920x1080", 12));
    rounds([&] { bars.play(table, {"1920x1080 at 30, shown", "fps", 24, true}, false); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  keepLargeBlocks();
  QApplication app(argc, argv);
  QTemporaryDir dir;
  QCoreApplication::setOrganizationName("dff-studio-bars");
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, dir.path());
  Look look(app, true);
  Table table;
  OtherLoad starting;
  MainWindow window(look);
  Bars bars(window);
  window.show();
  const Wishes wishes = wishesOf(app.arguments());
  await("the window", [&] { return window.windowHandle() && window.windowHandle()->isExposed(); });
  table.add({"from the start to the window (once)", "s", 1, false}, sinceStart(), starting.cores());
  window.open(wishes.sample);
  await("an overlay", [&] { return window.session().overlaid() != nullptr; });
  table.add({"from the start to the first overlay (once)", "s", 3, false}, sinceStart(), starting.cores());
  if (wishes.memoryMinutes > 0) {
    bars.open(wishes.sample);
    bars.loop(table, wishes.memoryMinutes);
  } else {
    measureAll(table, bars, wishes, dir, look);
  }
  return table.print();
}
