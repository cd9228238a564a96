#pragma once
#include <vector>

#include "core/base/fields.h"
#include "core/task/prediction.h"

namespace dff {

/// How boxes become tracks.
struct TrackerOptions {
  double trackHigh = 0.5;        ///< score from which a box is sure: it may start a track
  double trackLow = 0.1;         ///< boxes below are left alone
  double trackOverlap = 0.2;     ///< least overlap of a sure box with where its track is expected
  double trackOverlapLow = 0.4;  ///< the same for a box that is not sure
  int trackPatience = 15;        ///< frames that a track is kept without a box
};
template <class V>
void fields(TrackerOptions& o, V&& v) {
  v("track_high", o.trackHigh, "score from which a box may start a track", Bounds{0, 1});
  v("track_low", o.trackLow, "boxes with a lower score are not tracked", Bounds{0, 1});
  v("track_overlap", o.trackOverlap, "least overlap of a sure box with its track", Bounds{0, 1});
  v("track_overlap_low", o.trackOverlapLow, "least overlap of a box that is not sure", Bounds{0, 1});
  v("track_patience", o.trackPatience, "frames that a track is kept without a box", Bounds{0, 10000});
}

/// Gives the boxes of a video identities (after ByteTrack, Zhang et al. 2022): every track expects its box where
/// constant velocity takes it; sure boxes choose first among all tracks, then the others among those seen in the last
/// frame, pairs of largest overlap first; sure boxes that are left over start tracks. Classes do not mix.
class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options = {}, int64_t firstId = 1) : options_(options), nextId_(firstId) {}

  /// Fills trackId (from `firstId`, never reused) in the boxes of the next frame; -1 where a box belongs to no track.
  void track(std::vector<ObjectBox>& boxes);

  /// From here on the frames come in the other direction of time.
  void turnRound();
  int64_t nextId() const { return nextId_; }

 private:
  struct Track {
    int64_t id;
    int classIndex;
    cv::Rect2f box;        // where it is expected in this frame
    cv::Point2f velocity;  // of the centre, pixels a frame
    int missed = 0;        // frames since it was last seen
  };
  void associate(std::vector<ObjectBox>& boxes, bool sure, std::vector<bool>& seen);
  void follow(Track& track, const ObjectBox& box) const;

  TrackerOptions options_;
  std::vector<Track> tracks_;
  int64_t nextId_;
};

}  // namespace dff
