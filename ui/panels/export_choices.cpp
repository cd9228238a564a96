#include "ui/panels/export_choices.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/export/exporter.h"

namespace dff::ui {
namespace {

constexpr ExportRow kVideo[] = {
    {"video", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "H.264, plays everywhere"), "_annotated"},
    {"hevc", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "HEVC, half the size"), "_annotated"},
    {"vp9", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "VP9, for the web"), "_annotated"},
    {"ffv1", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "FFV1, without loss"), "_annotated"},
    {"gif", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "GIF, 256 colours"), "_annotated"},
    {"drawn", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "PNG pictures"), "_annotated"},
};

constexpr ExportRow kBeside[] = {
    {"labels", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Label images"), "_labels"},
    {"frames", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Plain frames"), "_frames"},
    {"coco", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "COCO boxes"), "_coco", true},
    {"cvat", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "CVAT video"), "_cvat", true},
    {"mot", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "MOTChallenge"), "_mot", true},
    {"jsonl", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "JSON lines"), "_frames"},
    {"flow", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Flow, .flo"), "_flow"},
    {"kitti", QT_TRANSLATE_NOOP("dff::ui::ExportPanel", "Flow, KITTI"), "_flow_kitti"},
};

/// What is drawn into the file and not on the screen, where the window has it elsewhere.
constexpr const char* kMarks[] = {"keymark", "legend"};

OverlayOptions overlayOf(const Session& session, const ExportChoices& choices) {
  OverlayOptions overlay = session.layers();
  overlay.layers.clear();
  for (const LayerInfo& layer : knownLayers())
    if (drawsLayer(session, choices, layer.name)) overlay.layers.push_back(layer.name);
  return overlay;
}

}  // namespace

std::span<const ExportRow> videoRows() { return kVideo; }
std::span<const ExportRow> besideRows() { return kBeside; }

bool drawsLayer(const Session& session, const ExportChoices& choices, const std::string& name) {
  if (name == kMarks[0]) return choices.keyMark;
  if (name == kMarks[1]) return choices.legend;
  const auto chosen = choices.layers.find(name);
  return chosen != choices.layers.end() ? chosen->second : session.hasLayer(QString::fromStdString(name));
}

RunOptions runOptions(const Session& session, const ExportChoices& choices, const QString& folder,
                      const QString& stem) {
  const std::string base = (folder + "/" + stem).toStdString();
  const Tuning& tuning = session.tuning();
  RunOptions o;
  o.inputs = {session.path().toStdString()};
  const auto add = [&](const ExportRow& row) {
    o.exports.push_back(std::string(row.kind) + ":" + base + row.ending + extensionOf(row.kind));
  };
  for (const ExportRow& row : kVideo)
    if (row.kind == choices.video) add(row);
  const bool findsBoxes = !session.news().boxClasses.empty();
  for (const ExportRow& row : kBeside)
    if (choices.beside.count(row.kind) && (findsBoxes || !row.needsBoxes)) add(row);
  o.model = tuning.model;
  o.interval = tuning.keys.interval;
  if (session.policy() != "fixed") o.policy = policyOptions(session.policy(), o.interval);
  o.pins.assign(tuning.keys.pins.begin(), tuning.keys.pins.end());
  o.start = choices.wholeClip ? 0 : session.player().in();
  o.end = choices.wholeClip ? -1 : session.player().out();
  o.engine.flow = tuning.flow;
  o.engine.propagate = tuning.way();
  o.engine.aggregateKeys = tuning.aggregateKeys;
  o.engine.precision = tuning.precision;
  o.overlay = overlayOf(session, choices);
  o.layout = choices.layout;
  o.sound = choices.sound;
  return o;
}

std::vector<QString> outputsOf(const RunOptions& run) {
  std::vector<QString> outputs;
  for (const std::string& request : run.exports)
    outputs.push_back(QString::fromStdString(parseExport(request).path.string()));
  return outputs;
}

}  // namespace dff::ui
