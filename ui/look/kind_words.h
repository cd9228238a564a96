#pragma once
#include <QCoreApplication>
#include <QString>
#include <string>

#include "core/flow/flow_source.h"
#include "ui/look/controls.h"

namespace dff::ui {

/// What a person reads for the name of a flow source, propagation or policy: the word in their language (context
/// "Kinds" of actions_*.ts), and the name itself where there is none.
inline QString wordOf(const std::string& name) {
  if (name == "flownet") return "FlowNet";
  if (name == "dis") return "DIS";
  return QCoreApplication::translate("Kinds", name.c_str()).replace('_', ' ');
}

/// "FlowNet, two-sided"; what carries the feature as it is has no propagation worth a word.
inline QString wordsOfWay(const std::string& flow, const std::string& propagate) {
  if (propagate == "clockwork") return wordOf(propagate);
  if (flow == "copy" || propagate == "copy") return wordOf("copy");
  return wordOf(flow) + ", " + wordOf(propagate);
}

/// The names of the flow sources to choose from, and "auto".
inline std::string flowChoices() { return "auto, " + knownFlowSources(); }

/// The rows of a table of the core, to choose from.
inline std::vector<Choice::Item> itemsOf(const std::string& names) {
  std::vector<Choice::Item> items;
  for (const QString& name : QString::fromStdString(names).split(", "))
    items.push_back({name, wordOf(name.toStdString()), ""});
  return items;
}

}  // namespace dff::ui
