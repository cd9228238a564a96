#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace dff {

/// One row of a table of pluggable things: its name, a line of help, and how to make one.
template <class Make>
struct Kind {
  const char* name;
  const char* help;
  Make make;
};

/// "a, b, c": the names of a table, as help and errors show them.
template <class Table>
std::string knownNames(const Table& table) {
  std::string names;
  for (const auto& kind : table) names += (names.empty() ? "" : ", ") + std::string(kind.name);
  return names;
}

/// One line a row, "  name  what it is", for help texts.
template <class Table>
std::string helpLines(const Table& table) {
  std::string lines;
  for (const auto& kind : table) {
    const std::string name = kind.name;
    lines += "  " + name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + kind.help + "\n";
  }
  return lines;
}

/// The row called `name`; throws UsageError "unknown flow source "x"; known: a, b" (`what` = "flow source").
template <class Table>
const auto& findKind(const Table& table, std::string_view name, std::string_view what) {
  for (const auto& kind : table)
    if (name == kind.name) return kind;
  throw UsageError(text("unknown ", what, " \"", name, "\"; known: ", knownNames(table)));
}

}  // namespace dff
