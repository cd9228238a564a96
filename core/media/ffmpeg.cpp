#include "core/media/ffmpeg.h"

#include <array>

namespace dff::av {

std::string errorText(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> buffer{};
  av_strerror(code, buffer.data(), buffer.size());
  return buffer.data();
}

void silenceLog() {
  static const bool once = [] {
    av_log_set_callback([](void*, int, const char*, va_list) {});
    return true;
  }();
  (void)once;
}

}  // namespace dff::av
