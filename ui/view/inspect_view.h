#pragma once
#include <QWidget>
#include <array>

#include "ui/look/controls.h"
#include "ui/view/picture.h"
#include "ui/window/session.h"

namespace dff::ui {

/// The channels of the feature map as small pictures, sorted; a click chooses one.
class ChannelGallery : public QWidget {
  Q_OBJECT
 public:
  enum class Order { Error, Energy };
  ChannelGallery(Look& look, QWidget* parent = nullptr);
  void setInspection(InspectionPtr inspection);
  void setOrder(Order order);
  int current() const { return current_; }

 Q_SIGNALS:
  void chosen(int channel);

 protected:
  void paintEvent(QPaintEvent* e) override;
  void mousePressEvent(QMouseEvent* e) override;

 private:
  QRect cell(size_t place) const;
  void sort();

  Look& look_;
  InspectionPtr inspection_;
  Order order_ = Order::Error;
  std::vector<int> channels_;
  int current_ = -1;
};

/// The paper's Figure 1 on this frame: key image, current image, flow; feature recomputed, propagated, and their
/// difference. All six keep step; the crosshair stands at p, in the key image at p + flow(p).
class InspectView : public QWidget {
  Q_OBJECT
 public:
  InspectView(Look& look, Session& session, QWidget* parent = nullptr);
  /// The gallery with its heading, for the side panel.
  QWidget* makeGallery();
  void setFraming(const Framing& framing);

 Q_SIGNALS:
  void framed(const Framing& framing);

 protected:
  void resizeEvent(QResizeEvent*) override;

 private:
  enum PaneId { Key, Current, Flow, Recomputed, Propagated, Difference };
  struct Pane {
    QWidget* box;
    QLabel *title, *remark;
    PictureView* picture;
  };
  Pane makePane(const QString& title);
  void refresh();
  void refreshPictures(const Inspection& seen);
  void refreshFlow(const Inspection& seen);
  void refreshFeatures(const Inspection& seen);
  void refreshCrosshair();
  void enlarge(size_t pane);

  Look& look_;
  Session& session_;
  std::array<Pane, 6> panes_;
  ChannelGallery* gallery_ = nullptr;
  Choice* order_ = nullptr;
  int enlarged_ = -1;
  cv::Mat flowRgb_, recomputedRgb_, propagatedRgb_, differenceRgb_;
};

/// [h,w] CV_32F as viridis, 0 to `full`.
cv::Mat viridis(const cv::Mat& map, double full);
/// [h,w] CV_32F as blue, white, red, from -`full` to `full`.
cv::Mat blueWhiteRed(const cv::Mat& map, double full);

}  // namespace dff::ui
