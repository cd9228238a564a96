#include <QMouseEvent>
#include <QPainter>
#include <opencv2/core.hpp>

#include "ui/view/inspect_view.h"

namespace dff::ui {
namespace {
constexpr int kGap = 4;
}

ChannelGallery::ChannelGallery(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setAccessibleName(tr("Channels"));
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
}

void ChannelGallery::setInspection(InspectionPtr inspection) {
  if (inspection == inspection_) return;
  inspection_ = std::move(inspection);
  sort();
}

void ChannelGallery::setOrder(Order order) {
  order_ = order;
  sort();
}

void ChannelGallery::sort() {
  if (!inspection_) return;
  channels_ = channelOrder(order_ == Order::Energy ? inspection_->energy : inspection_->error);
  if (current_ < 0 && !channels_.empty()) current_ = channels_.front();
  setFixedHeight(cell(channels_.size() + 1).top());
  update();
}

QRect ChannelGallery::cell(size_t place) const {
  const int width = (this->width() - kGap) / 2;
  const cv::Size2f grid = inspection_ ? inspection_->gridInFrame : cv::Size2f(4, 3);
  const int height = int(float(width) * grid.height / grid.width);
  return {int(place % 2) * (width + kGap), int(place / 2) * (height + kGap), width, height};
}

void ChannelGallery::paintEvent(QPaintEvent* e) {
  if (!inspection_) return;
  const Theme& t = look_.theme();
  const auto& values = order_ == Order::Energy ? inspection_->energy : inspection_->error;
  const cv::Size seen(int(inspection_->gridInFrame.width), int(inspection_->gridInFrame.height));
  QPainter p(this);
  p.setFont(look_.figures(10, QFont::Medium));
  for (size_t i = 0; i < channels_.size(); ++i) {
    const QRect at = cell(i);
    if (!at.intersects(e->rect())) continue;
    const int channel = channels_[i];
    const cv::Mat map = Inspection::channel(inspection_->recomputed, channel)(cv::Rect({}, seen));
    double most = 0;
    cv::minMaxLoc(map, nullptr, &most);
    const cv::Mat rgb = viridis(map, std::max(1e-6, most));
    p.drawImage(at, QImage(rgb.data, rgb.cols, rgb.rows, qsizetype(rgb.step), QImage::Format_RGB888));
    const QRect strip(at.left(), at.bottom() - 15, at.width(), 16);
    p.fillRect(strip, t.plate);
    p.setPen(t.plateText);
    p.drawText(strip.adjusted(4, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, QString::number(channel));
    p.drawText(strip.adjusted(4, 0, -4, 0), Qt::AlignVCenter | Qt::AlignRight,
               QString::number(values[size_t(channel)], 'f', 2));
    if (channel != current_) continue;
    p.setPen(QPen(t.action, 2));
    p.drawRect(at.adjusted(1, 1, -1, -1));
  }
}

void ChannelGallery::mousePressEvent(QMouseEvent* e) {
  for (size_t i = 0; i < channels_.size(); ++i)
    if (cell(i).contains(e->position().toPoint())) {
      current_ = channels_[i];
      update();
      Q_EMIT chosen(current_);
    }
}

}  // namespace dff::ui
