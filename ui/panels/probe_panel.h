#pragma once
#include <QWidget>
#include <nlohmann/json.hpp>
#include <optional>

#include "ui/look/controls.h"
#include "ui/window/session.h"

namespace dff::ui {

/// Everything that is known of one place of the frame on screen.
struct ProbeReading {
  cv::Point pixel;
  cv::Vec3b rgb;
  int label = -1;  ///< class index; below 0: not known (yet)
  std::string className;
  std::optional<cv::Point2f> flow;  ///< to the key frame, pixels of the video
  int64_t frame = 0, key = 0;
  std::optional<float> trust, margin;
  std::optional<ObjectBox> box;  ///< the surest one round the place, of those that are drawn
  std::string boxName;
  std::vector<float> feature;  ///< the propagated one at that cell, one value a channel
};

/// nullopt: no frame, or no probe set.
std::optional<ProbeReading> readProbe(const Session& session);
nlohmann::json toJson(const ProbeReading& reading);

/// The pinned probe: follows the frames while they play.
class ProbePanel : public QWidget {
  Q_OBJECT
 public:
  ProbePanel(Look& look, Session& session, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  struct Line {
    QString name, value;
    std::optional<QColor> swatch;
  };
  void refresh();
  int top() const;
  Line classLine(const ProbeReading& reading) const;
  std::vector<Line> lines(const ProbeReading& reading) const;
  void paintLine(QPainter& painter, const Line& line, int top) const;
  void paintFeature(QPainter& painter, const std::vector<float>& feature, int bottom) const;

  Look& look_;
  Session& session_;
  std::optional<ProbeReading> reading_;
  QLabel* place_;
};

}  // namespace dff::ui
