#include "ui/look/actions.h"

#include <QCoreApplication>
#include <QWidget>

#include "core/base/error.h"

namespace dff::ui {
namespace {

constexpr ActionRow kSeparator = {"", "", "", "", ""};

constexpr ActionRow kActions[] = {
    {"open", "File", "Open...", "Ctrl+O", "Open a video file"},
    {"sample", "File", "Try the sample", "", "Open the short street video that comes with the program"},
    kSeparator,
    {"restore_session", "File", "Restore last session", "",
     "What the window worked on when the program ended unexpectedly"},
    kSeparator,
    {"save_project", "File", "Save project", "Ctrl+S",
     "Video, range, pins, settings, layers and workspace, in one file"},
    {"save_project_as", "File", "Save project as...", "Ctrl+Shift+S", "The same under another name"},
    kSeparator,
    {"snapshot", "File", "Save picture with overlays...", "S", "Save what is on screen as PNG"},
    {"snapshot_plain", "File", "Save plain picture...", "Shift+S", "Save the frame without overlays as PNG"},
    {"export", "File", "Export...", "Ctrl+E Alt+7", "Annotated video and label files of the range"},
    {"start_export", "File", "Start export", "Ctrl+Shift+E", "Write what is chosen in the export panel, as a job"},
    {"save_sweep", "File", "Save sweep as...", "",
     "The sweep as CSV, PNG or SVG, with the options that made it beside it"},
    kSeparator,
    {"quit", "File", "Quit", "Ctrl+Q", "Leave the program"},

    {"copy_probe", "Edit", "Copy probe as JSON", "Ctrl+C", "Everything the probe says, for a script"},
    {"clear_probe", "Edit", "Remove probe", "Escape", "Take the probe off the picture"},

    {"watch", "View", "Watch", "Ctrl+1", "The video with what the networks say of it", true},
    {"inspect", "View", "Inspect", "Ctrl+2", "Key frame, flow, propagated and recomputed features side by side", true},
    {"compare", "View", "Compare", "Ctrl+3", "Two settings, or a setting and the ground truth, on the same frame",
     true},
    {"explore", "View", "Explore", "Ctrl+4", "What every interval costs and buys on this clip", true},
    kSeparator,
    {"wipe", "View", "Wipe", "W", "Compare: one side over the other, with a line to drag", true},
    {"split", "View", "Split", "Shift+W", "Compare: both sides beside each other", true},
    {"difference", "View", "Difference", "D", "Compare: where the sides name different classes", true},
    {"wipe_left", "View", "Divider to the left", "[", "Compare: show more of the right side"},
    {"wipe_right", "View", "Divider to the right", "]", "Compare: show more of the left side"},
    {"swap_sides", "View", "Swap sides", "Shift+X", "Compare: left becomes right"},
    kSeparator,
    {"overlays", "View", "Overlays", "T", "Draw what the networks say over the picture", true},
    {"opacity_down", "View", "Overlays fainter", ";", "Class colours cover less of the picture"},
    {"opacity_up", "View", "Overlays stronger", "'", "Class colours cover more of the picture"},
    kSeparator,
    {"fit", "View", "Fit", "0", "The whole picture, as large as there is room"},
    {"actual", "View", "Actual size", "1", "One pixel of the video is one of the screen"},
    {"zoom_in", "View", "Closer", "Ctrl++", "Zoom in on the middle; Ctrl and wheel zoom at the pointer"},
    {"zoom_out", "View", "Farther", "Ctrl+-", "Zoom out"},
    kSeparator,
    {"light", "View", "Light theme", "", "Light grounds instead of dark ones", true},
    {"layers_panel", "View", "Layers panel", "Alt+1", "What is drawn over the picture, and the classes", true},
    {"channels_panel", "View", "Channels panel", "Alt+2", "The channels of the feature map, sorted", true},
    {"tuning_panel", "View", "Propagation panel", "Alt+3", "The interval, what it costs and what it buys", true},
    {"probe_panel", "View", "Probe panel", "Alt+4", "All that is known of one place", true},
    {"sides_panel", "View", "Sides panel", "Alt+5", "Compare: what the two sides are", true},
    {"sweep_panel", "View", "Sweep panel", "Alt+6", "Explore: what is swept", true},
    {"time_line", "View", "Time line", "Alt+8", "Lanes of keys, cost, drift, cuts and cache", true},
    {"reset_layout", "View", "Reset layout", "",
     "All panels in every workspace where they were at first, the window at its first size"},
    {"full_screen", "View", "Full screen", "F11", "The window takes the whole screen", true},

    {"play", "Playback", "Play", "Space", "Play or pause", false, "play"},
    {"shuttle_back", "Playback", "Shuttle back", "J", "Play backwards; again: faster"},
    {"pause", "Playback", "Pause", "K", "Pause"},
    {"shuttle_forward", "Playback", "Shuttle forward", "L", "Play; again: faster"},
    kSeparator,
    {"back", "Playback", "One frame back", "Left ,", "One frame back", false, "step_back"},
    {"forward", "Playback", "One frame on", "Right .", "One frame on", false, "step_forward"},
    {"back_ten", "Playback", "Ten frames back", "Shift+Left", "Ten frames back"},
    {"forward_ten", "Playback", "Ten frames on", "Shift+Right", "Ten frames on"},
    {"back_second", "Playback", "One second back", "PgUp", "One second back"},
    {"forward_second", "Playback", "One second on", "PgDown", "One second on"},
    {"previous_key", "Playback", "Previous key frame", "Alt+Left", "To the key frame before", false, "key_back"},
    {"next_key", "Playback", "Next key frame", "Alt+Right", "To the next key frame", false, "key_forward"},
    {"range_start", "Playback", "Start of the range", "Home", "To the in-point"},
    {"range_end", "Playback", "End of the range", "End", "To the out-point"},
    {"go_to", "Playback", "Go to...", "G", "A frame or time: 123, +10, 00:01:02.3"},
    kSeparator,
    {"set_in", "Playback", "In-point here", "I", "The range begins at this frame"},
    {"set_out", "Playback", "Out-point here", "O", "The range ends with this frame"},
    {"clear_range", "Playback", "Whole clip", "X", "The range is the whole clip again"},
    kSeparator,
    {"mute", "Playback", "Mute", "Shift+M", "No sound; it is heard at normal speed where the video has some", true},
    {"loop", "Playback", "Loop", "\\", "Begin the range again at its end", true, "loop"},

    {"interval_down", "Model", "Shorter interval", "-", "One frame less from key to key: dearer, more exact"},
    {"interval_up", "Model", "Longer interval", "=", "One frame more from key to key: cheaper, less exact"},
    {"next_policy", "Model", "Next key-frame policy", "P", "Where key frames are put: one rule after the other"},
    {"next_way", "Model", "Next way of propagation", "Shift+P",
     "Two-sided, nearest, copy, causal: one after the other"},
    {"pin", "Model", "Pin key frame", "Ctrl+K", "Make this frame a key frame, or take that back", false, "pin"},
    {"sweep", "Model", "Run sweep", "Ctrl+R", "Measure every interval on this clip, in the background; again: cancel"},
    kSeparator,
    {"load_model", "Model", "Load model...", "", "A folder with model.json and weights.safetensors"},

    {"palette", "Help", "Search actions", "Ctrl+P", "Find an action by name and run it", false, "search"},
    {"keys", "Help", "Keys", "F1 ?", "All keys on one sheet"},
    {"guide", "Help", "Guide", "", "First steps, what each read-out means, training on your own data"},
    {"diagnostics", "Help", "Copy diagnostics", "", "Versions, machine, settings and the end of the log, for a report"},
    {"about", "Help", "About", "", "Version and licences"},
};

}  // namespace

std::span<const ActionRow> actionTable() { return kActions; }

Actions::Actions(Look& look, QWidget& window) : QObject(&window), look_(look) {
  for (const ActionRow& row : kActions) {
    if (!*row.id) continue;
    auto* action = new QAction(QCoreApplication::translate("Actions", row.text), this);
    QList<QKeySequence> keys;
    for (const QString& key : QString(row.keys).split(' ', Qt::SkipEmptyParts)) keys << QKeySequence(key);
    action->setShortcuts(keys);
    action->setCheckable(row.checkable);
    action->setObjectName(row.id);
    const QString shown = keys.isEmpty() ? "" : "  (" + keys.first().toString(QKeySequence::NativeText) + ")";
    action->setToolTip(QCoreApplication::translate("Actions", row.tip) + shown);
    window.addAction(action);
    byId_[row.id] = action;
  }
  tint();
  connect(&look_, &Look::changed, this, &Actions::tint);
}

QAction& Actions::operator[](std::string_view id) const {
  const auto found = byId_.find(id);
  if (found == byId_.end()) fail("there is no action called ", id);
  return *found->second;
}

void Actions::tint() {
  for (const ActionRow& row : kActions)
    if (*row.icon) (*this)[row.id].setIcon(look_.icon(row.icon));
}

}  // namespace dff::ui
