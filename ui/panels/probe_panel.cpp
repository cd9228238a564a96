#include "ui/panels/probe_panel.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace dff::ui {
namespace {

constexpr int kHeading = 28, kRow = 21, kRows = 6, kValueAt = 84;

/// The cell of a grid in which a place of the picture lies.
cv::Point cellAt(QPointF place, cv::Size2f grid, int columns, int rows) {
  return {std::clamp(int(place.x() * grid.width), 0, columns - 1),
          std::clamp(int(place.y() * grid.height), 0, rows - 1)};
}

void readBox(const Session& session, const Result& result, ProbeReading& r) {
  const auto& kinds = session.news().boxClasses;
  for (const ObjectBox& box : result.boxes) {
    if (box.score < session.layers().boxScore || !box.box.contains(cv::Point2f(r.pixel))) continue;
    r.box = box;
    if (size_t(box.classIndex) < kinds.size()) r.boxName = kinds[size_t(box.classIndex)].name;
    return;  // best first
  }
}

void readResult(const Session& session, QPointF place, ProbeReading& r) {
  const auto overlaid = session.overlaid();
  if (!overlaid) return;
  const Result& result = overlaid->result;
  r.key = result.keyFrame;
  if (!result.labels.empty()) r.label = result.labels.at<uint8_t>(r.pixel);
  const auto& classes = session.news().classes;
  if (r.label >= 0 && size_t(r.label) < classes.size()) r.className = classes[size_t(r.label)].name;
  if (const cv::Mat& flow = result.keyFromCur; !flow.empty()) {
    const auto cells = flow.at<cv::Vec2f>(cellAt(place, result.gridInFrame, flow.cols, flow.rows));
    const cv::Size size = result.frame->rgb.size();
    r.flow = cv::Point2f(cells[0] * float(size.width) / result.gridInFrame.width,
                         cells[1] * float(size.height) / result.gridInFrame.height);
  }
  if (const cv::Mat& margin = result.margin; !margin.empty())
    r.margin = margin.at<float>(cellAt(place, result.gridInFrame, margin.cols, margin.rows));
  readBox(session, result, r);
  if (const cv::Mat& trust = result.trust; !trust.empty())
    r.trust = std::min(1.f, trust.at<float>(cellAt(place, result.gridInFrame, trust.cols, trust.rows)));
}

void readFeature(const Session& session, QPointF place, ProbeReading& r) {
  const auto seen = session.inspection();
  if (!seen || seen->current->index != r.frame || seen->propagated.empty()) return;
  const cv::Point cell = cellAt(place, seen->gridInFrame, seen->propagated.size[2], seen->propagated.size[1]);
  for (int c = 0; c < seen->propagated.size[0]; ++c)
    r.feature.push_back(Inspection::channel(seen->propagated, c).at<float>(cell));
}

QString number(double value, int digits = 1) { return QString::asprintf("%+.*f", digits, value); }

}  // namespace

QString boxText(const ProbeReading& r) {
  if (!r.box) return QObject::tr("none");
  QString text = QString("%1 %2").arg(QString::fromStdString(r.boxName)).arg(r.box->score, 0, 'f', 2);
  return r.box->trackId < 0 ? text : text + QString(" #%1").arg(r.box->trackId);
}

std::optional<ProbeReading> readProbe(const Session& session) {
  const auto place = session.probe();
  const FramePtr frame = session.frame();
  if (!place || !frame) return std::nullopt;
  ProbeReading r;
  const cv::Mat& rgb = frame->rgb;
  r.pixel = {std::clamp(int(place->x() * rgb.cols), 0, rgb.cols - 1),
             std::clamp(int(place->y() * rgb.rows), 0, rgb.rows - 1)};
  r.rgb = rgb.at<cv::Vec3b>(r.pixel);
  r.frame = r.key = frame->index;
  readResult(session, *place, r);
  readFeature(session, *place, r);
  return r;
}

nlohmann::json toJson(const ProbeReading& r) {
  nlohmann::json object = {
      {"frame", r.frame}, {"x", r.pixel.x}, {"y", r.pixel.y}, {"rgb", {r.rgb[0], r.rgb[1], r.rgb[2]}}};
  if (r.label >= 0) object["class"] = {{"index", r.label}, {"name", r.className}};
  if (r.margin) object["class"]["margin"] = *r.margin;
  if (r.box) {
    const cv::Rect2f& b = r.box->box;
    object["box"] = {
        {"class", r.boxName}, {"score", r.box->score}, {"left_top_width_height", {b.x, b.y, b.width, b.height}}};
    if (r.box->trackId >= 0) object["box"]["track"] = r.box->trackId;
  }
  object["key_frame"] = r.key;
  if (r.flow) object["flow_to_key_pixels"] = {r.flow->x, r.flow->y};
  if (r.trust) object["trust"] = *r.trust;
  if (!r.feature.empty()) object["feature"] = r.feature;
  return object;
}

ProbePanel::ProbePanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  const Heading title = panelHeading(tr("Probe"), this);
  place_ = title.remark;
  layout->addWidget(title.row);
  layout->addStretch();
  setAccessibleName(tr("Probe"));
  connect(&session, &Session::frameChanged, this, &ProbePanel::refresh);
  connect(&session, &Session::probeChanged, this, &ProbePanel::refresh);
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
  refresh();
}

void ProbePanel::refresh() {
  setMinimumHeight(top() + kRow * (kRows + !session_.news().boxClasses.empty()) + 12);
  reading_ = readProbe(session_);
  place_->setText(reading_ ? tr("x %1 y %2, pinned").arg(reading_->pixel.x).arg(reading_->pixel.y) : QString());
  update();
}

/// A dock takes the heading for its title.
int ProbePanel::top() const { return isAncestorOf(place_) ? kHeading : 0; }

ProbePanel::Line ProbePanel::classLine(const ProbeReading& r) const {
  Line line{tr("class"), r.label < 0 ? "–" : QString::fromStdString(r.className), {}};
  if (r.margin) line.value += tr(", margin %1").arg(*r.margin, 0, 'f', 2);
  const auto& classes = session_.news().classes;
  if (r.label < 0 || size_t(r.label) >= classes.size()) return line;
  const auto& c = classes[size_t(r.label)].displayColor;
  line.swatch = QColor(c[0], c[1], c[2]);
  return line;
}

std::vector<ProbePanel::Line> ProbePanel::lines(const ProbeReading& r) const {
  const cv::Point2f source = cv::Point2f(r.pixel) + r.flow.value_or(cv::Point2f());
  const QString none = r.label < 0 ? "–" : tr("none");
  std::vector<Line> lines = {{tr("colour"), QString("%1 %2 %3").arg(r.rgb[0]).arg(r.rgb[1]).arg(r.rgb[2]),
                              QColor(r.rgb[0], r.rgb[1], r.rgb[2])},
                             classLine(r)};
  if (!session_.news().boxClasses.empty()) lines.push_back({tr("box"), boxText(r), {}});
  lines.push_back({tr("flow to key"), r.flow ? number(r.flow->x) + ", " + number(r.flow->y) + " px" : none, {}});
  lines.push_back(
      {tr("source"), tr("%1, %2 in frame %3").arg(source.x, 0, 'f', 1).arg(source.y, 0, 'f', 1).arg(r.key), {}});
  lines.push_back({tr("trust"), r.trust ? QString::number(*r.trust, 'f', 2) : "–", {}});
  lines.push_back({tr("feature"), r.feature.empty() ? tr("while paused") : "", {}});
  return lines;
}

void ProbePanel::paintLine(QPainter& p, const Line& line, int top) const {
  const Theme& t = look_.theme();
  p.setFont(look_.words());
  p.setPen(t.dim);
  p.drawText(QRect(0, top, kValueAt, kRow), Qt::AlignVCenter, line.name);
  if (line.swatch) {
    p.setPen(Qt::NoPen);
    p.setBrush(*line.swatch);
    p.drawRoundedRect(QRectF(kValueAt, top + kRow / 2.0 - 5, 10, 10), 2, 2);
  }
  p.setFont(look_.figures());
  p.setPen(t.text);
  p.drawText(QRect(kValueAt + (line.swatch ? 16 : 0), top, contentsRect().width(), kRow), Qt::AlignVCenter, line.value);
}

/// One stroke a channel.
void ProbePanel::paintFeature(QPainter& p, const std::vector<float>& feature, int bottom) const {
  const float largest = std::max(1e-6f, *std::max_element(feature.begin(), feature.end()));
  const double step = double(contentsRect().width() - kValueAt) / double(feature.size());
  for (size_t c = 0; c < feature.size(); ++c) {
    const double height = std::max(0.f, feature[c]) / largest * (kRow + 6);
    p.fillRect(QRectF(kValueAt + double(c) * step, bottom - height, std::max(1.0, step - 0.6), height),
               look_.theme().propagated);
  }
}

void ProbePanel::paintEvent(QPaintEvent*) {
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.translate(contentsRect().left(), 0);
  if (!reading_) {
    p.setFont(look_.words(11));
    p.setPen(look_.theme().dim);
    p.drawText(QRect(0, top(), contentsRect().width(), 2 * kRow), Qt::TextWordWrap,
               tr("Shift and click a place in the picture."));
    return;
  }
  int at = top();
  for (const Line& line : lines(*reading_)) {
    paintLine(p, line, at);
    at += kRow;
  }
  if (!reading_->feature.empty()) paintFeature(p, reading_->feature, at + 10);
}

}  // namespace dff::ui
