#pragma once
#include <QColor>
#include <QString>

namespace dff::ui {

/// Every colour of the window. One meaning each: amber is what is or comes from a key frame, cyan what travelled by
/// flow and warp; no other control uses these two.
struct Theme {
  bool dark = true;
  QColor key, propagated;  ///< key frames; flow, warp and what they carried
  QColor alarm;            ///< drift over the limit, a scene cut, an error
  QColor done;             ///< cached, finished
  QColor action;           ///< the one filled button, selection, progress, links
  QColor other;            ///< a further series in a chart
  QColor bg, panel, raised, line;
  QColor text, dim, faint;  ///< faint: labels of axes only
  QColor canvas;            ///< round the picture
  QColor onAction;          ///< text on `action`
  QColor plate, plateText;  ///< tags over the picture, the same in both shades
  QColor plateKey, platePropagated, plateAlarm;
};

const Theme& darkTheme();
const Theme& lightTheme();

/// The style sheet of all standard controls in these colours.
QString styleSheet(const Theme& theme);

}  // namespace dff::ui
