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
  setFixedHeight(kHeading + kRow * kRows + 12);
  setAccessibleName(tr("Probe"));
  connect(&session, &Session::frameChanged, this, &ProbePanel::refresh);
  connect(&session, &Session::probeChanged, this, &ProbePanel::refresh);
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
}

void ProbePanel::refresh() {
  setFixedHeight(kHeading + kRow * (kRows + !session_.news().boxClasses.empty()) + 12);
  reading_ = readProbe(session_);
  update();
}

void ProbePanel::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.setFont(look_.words(11, QFont::DemiBold));
  p.setPen(t.dim);
  p.drawText(QRect(0, 0, width(), kHeading), Qt::AlignVCenter, tr("Probe"));
  p.setFont(look_.words(11));
  if (!reading_) {
    p.drawText(QRect(0, kHeading, width(), 2 * kRow), Qt::TextWordWrap, tr("Shift and click a place in the picture."));
    return;
  }
  const ProbeReading& r = *reading_;
  p.drawText(QRect(0, 0, width(), kHeading), Qt::AlignVCenter | Qt::AlignRight,
             tr("x %1 y %2, pinned").arg(r.pixel.x).arg(r.pixel.y));
  int top = kHeading;
  const auto line = [&](const QString& name, const QString& value, std::optional<QColor> swatch = {}) {
    p.setFont(look_.words());
    p.setPen(t.dim);
    p.drawText(QRect(0, top, kValueAt, kRow), Qt::AlignVCenter, name);
    if (swatch) {
      p.setPen(Qt::NoPen);
      p.setBrush(*swatch);
      p.drawRoundedRect(QRectF(kValueAt, top + kRow / 2.0 - 5, 10, 10), 2, 2);
    }
    p.setFont(look_.figures());
    p.setPen(t.text);
    p.drawText(QRect(kValueAt + (swatch ? 16 : 0), top, width(), kRow), Qt::AlignVCenter, value);
    top += kRow;
  };
  const auto& classes = session_.news().classes;
  line(tr("colour"), QString("%1 %2 %3").arg(r.rgb[0]).arg(r.rgb[1]).arg(r.rgb[2]),
       QColor(r.rgb[0], r.rgb[1], r.rgb[2]));
  std::optional<QColor> classColor;
  if (r.label >= 0 && size_t(r.label) < classes.size()) {
    const auto& c = classes[size_t(r.label)].displayColor;
    classColor = QColor(c[0], c[1], c[2]);
  }
  QString className = r.label < 0 ? "–" : QString::fromStdString(r.className);
  if (r.margin) className += tr(", margin %1").arg(*r.margin, 0, 'f', 2);
  line(tr("class"), className, classColor);
  if (!session_.news().boxClasses.empty()) line(tr("box"), boxText(r));
  line(tr("flow to key"), r.flow        ? number(r.flow->x) + ", " + number(r.flow->y) + " px"
                          : r.label < 0 ? "–"
                                        : tr("none"));
  const cv::Point2f source = cv::Point2f(r.pixel) + r.flow.value_or(cv::Point2f());
  line(tr("source"), tr("%1, %2 in frame %3").arg(source.x, 0, 'f', 1).arg(source.y, 0, 'f', 1).arg(r.key));
  line(tr("trust"), r.trust ? QString::number(*r.trust, 'f', 2) : "–");
  line(tr("feature"), r.feature.empty() ? tr("while paused") : "");
  if (r.feature.empty()) return;
  const float largest = std::max(1e-6f, *std::max_element(r.feature.begin(), r.feature.end()));
  const double step = double(width() - kValueAt) / double(r.feature.size());
  for (size_t c = 0; c < r.feature.size(); ++c) {
    const double height = std::max(0.f, r.feature[c]) / largest * (kRow + 6);
    p.fillRect(QRectF(kValueAt + double(c) * step, top + 10 - height, std::max(1.0, step - 0.6), height), t.propagated);
  }
}

}  // namespace dff::ui
