#include "ui/view/inspect_view.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/export/flow_color.h"
#include "ui/look/words.h"

namespace dff::ui {
namespace {
constexpr int kTitle = 26;

/// The length of flow that nearly all cells keep below, in cells.
double longestFlow(const cv::Mat& flow) {
  std::vector<float> lengths;
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x) lengths.push_back(float(cv::norm(flow.at<cv::Vec2f>(y, x))));
  const auto place = lengths.begin() + std::ptrdiff_t(lengths.size() * 99 / 100);
  std::nth_element(lengths.begin(), place, lengths.end());
  return *place;
}

double largest(const cv::Mat& map) {
  double most = 0;
  cv::minMaxLoc(cv::abs(map), nullptr, &most);
  return std::max(1e-6, most);
}

}  // namespace

cv::Mat viridis(const cv::Mat& map, double full) {
  cv::Mat grey, colored;
  map.convertTo(grey, CV_8U, 255 / full);
  cv::applyColorMap(grey, colored, cv::COLORMAP_VIRIDIS);
  cv::cvtColor(colored, colored, cv::COLOR_BGR2RGB);
  return colored;
}

cv::Mat blueWhiteRed(const cv::Mat& map, double full) {
  cv::Mat colored(map.size(), CV_8UC3);
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x) {
      const double v = std::clamp(map.at<float>(y, x) / full, -1.0, 1.0);
      const auto rest = uint8_t(std::lround(245 * (1 - std::abs(v)) + 40 * std::abs(v)));
      const auto end = uint8_t(std::lround(245 * (1 - std::abs(v)) + 210 * std::abs(v)));
      colored.at<cv::Vec3b>(y, x) = v < 0 ? cv::Vec3b(rest, rest, end) : cv::Vec3b(end, rest, rest);
    }
  return colored;
}

InspectView::InspectView(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setSpacing(1);
  const QString titles[] = {tr("Key frame"),           tr("Current frame"),       tr("Flow, current to key"),
                            tr("Feature, recomputed"), tr("Feature, propagated"), tr("Difference")};
  for (size_t i = 0; i < 6; ++i) {
    panes_[i] = makePane(titles[i]);
    grid->addWidget(panes_[i].box, int(i) / 3, int(i) % 3);
    connect(panes_[i].picture, &PictureView::doubleClicked, this, [this, i] { enlarge(i); });
  }
  for (int c = 0; c < 3; ++c) grid->setColumnStretch(c, 1);
  for (int r = 0; r < 2; ++r) grid->setRowStretch(r, 1);
  connect(&session, &Session::frameChanged, this, &InspectView::refresh);
  connect(&session, &Session::probeChanged, this, &InspectView::refreshCrosshair);
  connect(&look, &Look::changed, this, &InspectView::refresh);
}

InspectView::Pane InspectView::makePane(const QString& title) {
  Pane pane{new QWidget(this), nullptr, nullptr, nullptr};
  pane.box->setObjectName("panelBody");
  pane.box->setAttribute(Qt::WA_StyledBackground);
  auto* layout = column(pane.box);
  auto* line = new QWidget(pane.box);
  line->setFixedHeight(kTitle);
  auto* across = row(line);
  across->setContentsMargins(8, 0, 8, 0);
  pane.title = new QLabel(title, line);
  pane.title->setFont(look_.words(12, QFont::DemiBold));
  pane.remark = figureLabel(look_, line, 11);
  pane.remark->setProperty("role", "dim");
  across->addWidget(pane.title);
  across->addStretch();
  across->addWidget(pane.remark);
  pane.picture = new PictureView(look_, pane.box);
  pane.picture->setAccessibleName(title);
  pane.picture->setToolTip(tr("Shift and click marks a place in all six; double click enlarges"));
  layout->addWidget(line);
  layout->addWidget(pane.picture, 1);
  connect(pane.picture, &PictureView::framed, this, [this](const Framing& framing) {
    setFraming(framing);
    Q_EMIT framed(framing);
  });
  connect(pane.picture, &PictureView::pointed, &session_, &Session::setProbe);
  return pane;
}

QWidget* InspectView::makeGallery() {
  auto* box = new QWidget;
  auto* layout = column(box);
  layout->addWidget(panelHeading(tr("Channels"), box).row);
  order_ = new Choice(look_, tr("sorted by"), box);
  order_->setItems({{"error", tr("error"), tr("root mean square of propagated less recomputed")},
                    {"energy", tr("energy"), tr("root mean square of the recomputed map")}});
  order_->setToolTip(tr("Channels are sorted by their propagation error or by their energy"));
  order_->setCurrent("error");
  layout->addWidget(order_);
  layout->addSpacing(6);
  layout->addWidget(gallery_ = new ChannelGallery(look_, box));
  layout->addStretch();
  connect(order_, &Choice::chosen, gallery_, [this](const QString& id) {
    gallery_->setOrder(id == "energy" ? ChannelGallery::Order::Energy : ChannelGallery::Order::Error);
  });
  connect(gallery_, &ChannelGallery::chosen, this, &InspectView::refresh);
  return box;
}

void InspectView::setFraming(const Framing& framing) {
  for (Pane& pane : panes_) pane.picture->setFraming(framing);
}

/// One pane for all the room, or all six again.
void InspectView::enlarge(size_t pane) {
  enlarged_ = enlarged_ < 0 ? int(pane) : -1;
  for (size_t i = 0; i < 6; ++i) panes_[i].box->setVisible(enlarged_ < 0 || int(i) == enlarged_);
  auto* grid = static_cast<QGridLayout*>(layout());
  for (int c = 0; c < 3; ++c) grid->setColumnStretch(c, enlarged_ < 0 || enlarged_ % 3 == c);
  for (int r = 0; r < 2; ++r) grid->setRowStretch(r, enlarged_ < 0 || enlarged_ / 3 == r);
}

void InspectView::resizeEvent(QResizeEvent*) { refresh(); }

void InspectView::refresh() {
  if (!isVisible() || !session_.clip() || !session_.frame()) return;
  const QSizeF size(session_.clip()->info.width, session_.clip()->info.height);
  for (Pane& pane : panes_) pane.picture->setAspect(size);
  panes_[Current].title->setText(tr("Current frame %1").arg(session_.frame()->index));
  panes_[Current].picture->setPicture(session_.frame()->rgb);
  if (const InspectionPtr seen = session_.inspection()) {
    if (gallery_ && !seen->recomputed.empty()) gallery_->setInspection(seen);
    refreshPictures(*seen);
    refreshFlow(*seen);
    refreshFeatures(*seen);
  }
  refreshCrosshair();
}

void InspectView::refreshPictures(const Inspection& seen) {
  const Theme& t = look_.theme();
  panes_[Key].title->setText(tr("Key frame %1").arg(seen.key->index));
  panes_[Key].title->setStyleSheet("color: " + t.key.name());
  panes_[Key].picture->setPicture(seen.key->rgb);
  panes_[Key].remark->setText(
      seen.key->index == seen.current->index
          ? tr("this frame")
          : counted(seen.current->index - seen.key->index, tr("1 frame back"), tr("%1 frames back")));
}

void InspectView::refreshFlow(const Inspection& seen) {
  Pane& pane = panes_[Flow];
  if (seen.keyFromCur.empty()) {
    pane.picture->setPicture({});
    pane.picture->setTags(
        {"",
         seen.key->index == seen.current->index ? tr("a key frame needs no flow") : tr("this source knows no motion"),
         {}},
        "");
    pane.remark->clear();
    return;
  }
  const double longest = longestFlow(seen.keyFromCur);
  const double pixels = longest * session_.clip()->info.width / seen.gridInFrame.width;
  flowRgb_ = colorFlow(seen.keyFromCur, std::max(0.25, longest));
  pane.picture->setPicture(flowRgb_, true, QSizeF(seen.gridInFrame.width, seen.gridInFrame.height));
  pane.picture->setTags({}, "");
  pane.remark->setText(tr("full colour %1 px").arg(pixels, 0, 'f', 1));
}

void InspectView::refreshFeatures(const Inspection& seen) {
  const int channel = gallery_ ? gallery_->current() : 0;
  if (channel < 0 || seen.propagated.empty() || channel >= seen.propagated.size[0]) return;
  const QSizeF grid(seen.gridInFrame.width, seen.gridInFrame.height);
  const cv::Mat propagated = Inspection::channel(seen.propagated, channel);
  panes_[Propagated].title->setStyleSheet("color: " + look_.theme().propagated.name());
  const bool compared = !seen.recomputed.empty();
  const double full = largest(compared ? Inspection::channel(seen.recomputed, channel) : propagated);
  propagatedRgb_ = viridis(propagated, full);
  panes_[Propagated].picture->setPicture(propagatedRgb_, true, grid);
  const bool twoKeys = !seen.shareOfNext.empty();
  panes_[Propagated].remark->setText(
      seen.provisional ? tr("channel %1, to be refined").arg(channel)
      : twoKeys        ? tr("channel %1, keys %2 and %3").arg(channel).arg(seen.keys.previous).arg(seen.keys.next)
                       : tr("channel %1").arg(channel));
  for (PaneId id : {Recomputed, Difference}) {
    panes_[id].picture->setTags(compared ? PictureTag{} : PictureTag{"", tr("computed while paused"), {}}, "");
    if (!compared) panes_[id].picture->setPicture({});
  }
  if (!compared) return;
  const cv::Mat recomputed = Inspection::channel(seen.recomputed, channel), difference = propagated - recomputed;
  recomputedRgb_ = viridis(recomputed, full);
  differenceRgb_ = blueWhiteRed(difference, full);
  panes_[Recomputed].picture->setPicture(recomputedRgb_, true, grid);
  panes_[Difference].picture->setPicture(differenceRgb_, true, grid);
  panes_[Recomputed].remark->setText(tr("channel %1, 0 to %2").arg(channel).arg(full, 0, 'f', 1));
  panes_[Difference].remark->setText(
      tr("cosine %1, error %2 %").arg(seen.cosine, 0, 'f', 3).arg(100 * seen.relativeError, 0, 'f', 1));
}

void InspectView::refreshCrosshair() {
  const auto place = session_.probe();
  std::optional<QPointF> source = place;
  const InspectionPtr seen = session_.inspection();
  if (place && seen && !seen->keyFromCur.empty()) {
    const cv::Mat& flow = seen->keyFromCur;
    const cv::Size2f grid = seen->gridInFrame;
    const int x = std::clamp(int(place->x() * grid.width), 0, flow.cols - 1);
    const int y = std::clamp(int(place->y() * grid.height), 0, flow.rows - 1);
    const auto f = flow.at<cv::Vec2f>(y, x);
    source = QPointF(place->x() + f[0] / grid.width, place->y() + f[1] / grid.height);
  }
  for (size_t i = 0; i < 6; ++i) panes_[i].picture->setCrosshair(i == Key ? source : place);
  panes_[Current].remark->setText(place ? "p" : "");
  if (place && source != place) panes_[Key].remark->setText("p + flow(p)");
}

}  // namespace dff::ui
