#pragma once
#include <sstream>
#include <stdexcept>
#include <string>

namespace dff {

/// What failed, on what (file, frame, shape) and what to do about it, in one sentence.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Something that is wrong from the command line alone (exit code 2).
struct UsageError : Error {
  using Error::Error;
};

/// The user asked to stop (exit code 130).
struct Interrupted : Error {
  Interrupted() : Error("interrupted") {}
};

/// All arguments written one after another.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

/// Throws dff::Error with the parts as its sentence.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  throw Error(text(parts...));
}

}  // namespace dff
