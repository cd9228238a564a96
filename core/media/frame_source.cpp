#include "core/media/frame_source.h"

#include "core/base/error.h"
#include "core/media/image_folder.h"
#include "core/media/video_reader.h"

namespace dff {

std::unique_ptr<FrameSource> openSource(const std::filesystem::path& path, double imageFps) {
  if (!std::filesystem::exists(path)) fail("cannot open ", path.string(), ": there is no such file or folder");
  if (std::filesystem::is_directory(path)) return std::make_unique<ImageFolder>(path, imageFps);
  return std::make_unique<VideoReader>(path);
}

}  // namespace dff
