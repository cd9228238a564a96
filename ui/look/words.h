#pragma once
#include <QString>
#include <cstdint>

namespace dff::ui {

/// "1 frame", "6 frames": `many` holds %1 for the number.
inline QString counted(int64_t n, const QString& one, const QString& many) { return n == 1 ? one : many.arg(n); }

}  // namespace dff::ui
