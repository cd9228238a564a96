#pragma once
#include <QString>
#include <map>
#include <set>
#include <span>

#include "core/export/run_files.h"
#include "ui/window/session.h"

namespace dff::ui {

/// One kind of export as the panel offers it; `kind` is a row of the core's table of exporters.
struct ExportRow {
  const char* kind;
  const char* text;    ///< to be translated in the context dff::ui::ExportPanel
  const char* ending;  ///< of the file's or folder's name, before what the kind itself appends
  bool needsBoxes = false;
};

/// What the annotated video may be, best known first.
std::span<const ExportRow> videoRows();
/// What may be written beside it.
std::span<const ExportRow> besideRows();

/// What is to be written of the open clip.
struct ExportChoices {
  std::string video = "video";  ///< a kind of videoRows(); empty: no video
  std::string layout = "drawn";
  bool sound = true;
  bool wholeClip = false;  ///< else from in- to out-point
  bool keyMark = true, legend = true;
  std::map<std::string, bool> layers = {};  ///< that differ from what the studio shows
  std::set<std::string> beside = {};        ///< kinds of besideRows()
};

/// Whether layer `name` is drawn: as chosen, else as the studio shows it.
bool drawsLayer(const Session& session, const ExportChoices& choices, const std::string& name);

/// The run that writes them as files of `folder` whose names begin with `stem`.
RunOptions runOptions(const Session& session, const ExportChoices& choices, const QString& folder, const QString& stem);

/// Every file or folder that the run will write, in the order of its options.
std::vector<QString> outputsOf(const RunOptions& run);

}  // namespace dff::ui
