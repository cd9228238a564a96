#pragma once
#include "core/media/frame_source.h"

namespace dff {

/// Names as people count: "frame2" before "frame10"; else byte by byte.
bool naturalLess(const std::string& a, const std::string& b);

/// Images of a folder in name order, all of one size.
class ImageFolder : public FrameSource {
 public:
  /// Throws Error: no image in it, none readable, sizes differ (naming the first odd one), fps not above 0.
  ImageFolder(const std::filesystem::path& folder, double fps);

  const SourceInfo& info() const override { return info_; }
  FramePtr next() override;
  void seek(int64_t index) override;
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  void requireOneSize();
  void noteUnreadable(const std::filesystem::path& file);

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
  size_t next_ = 0;
};

}  // namespace dff
