#pragma once
#include <QObject>
#include <QString>
#include <string>

namespace dff::ui {

/// What a person reads for the name of a flow source or propagation; the name itself where there is no better word.
inline QString wordOf(const std::string& name) {
  if (name == "flownet") return "FlowNet";
  if (name == "dis") return "DIS";
  return QString::fromStdString(name);
}

/// "FlowNet, two-sided"; what carries the feature as it is has no propagation worth a word.
inline QString wordsOfWay(const std::string& flow, const std::string& propagate) {
  if (flow == "copy" || propagate == "copy") return QObject::tr("copy");
  return wordOf(flow) + ", " + wordOf(propagate);
}

}  // namespace dff::ui
