#pragma once
#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/model/flow_estimate.h"
#include "core/model/model_ptr.h"
#include "core/model/net_input.h"

namespace dff {

/// A feature map's cells over a frame.
struct CellGrid {
  cv::Size cells;
  cv::Size2d pixels;  ///< of the frame, that a cell covers along each side
};

/// What a flow source has found out about one picture alone. Each source fills and reads what it works on.
struct FlowCode {
  FewTensors maps;  ///< a flow network's encoding
  cv::Mat gray;     ///< [H,W] CV_8U
  FramePtr frame;   ///< itself, for what came with it or is known of it by number
  CellGrid grid;    ///< of the feature map over that frame
  bool empty() const { return maps.empty() && gray.empty() && !frame; }
};

/// Estimates motion from the current frame to a key frame. Holds no frame: what depends on one picture alone is made
/// once by `encode`, and a key keeps it.
class FlowSource {
 public:
  virtual ~FlowSource() = default;
  virtual FlowCode encode(const NetInput& input) = 0;
  /// An undefined flow means the key's feature as it is.
  virtual FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) = 0;
  /// For a source that follows motion from frame to frame: gives a frame by number, or null where it is lost or not at
  /// hand. What was known of frames before is forgotten. Without it, such a source goes by the frames that it saw,
  /// which is enough where they come in order.
  using FrameOf = std::function<FramePtr(int64_t)>;
  virtual void setFrames(FrameOf) {}
  /// Whether somebody reads the scale map, where a source makes one; from the start somebody does.
  virtual void wantScale(bool) {}
};

/// Makes the flow source called `name` for a model, or NAME:ARGUMENT where it needs one; throws UsageError naming the
/// known ones.
std::unique_ptr<FlowSource> makeFlowSource(const std::string& name, const ModelPtr& model);

/// `name`, or for "auto" the source that the model names.
std::string chosenFlow(const std::string& name, const ModelSpec& spec);

/// False where the source called `name` never defines a flow; "auto" does; throws UsageError naming the known ones.
bool flowKnowsMotion(const std::string& name);

/// Whether `name` is a row of the table that needs an argument, as files:FOLDER does.
bool flowNeedsArgument(const std::string& name);

/// The names of the table.
std::vector<std::string> flowSourceNames();

/// "flownet, dis, ...", those that need no argument.
std::string knownFlowSources();

/// The same with what each is, one a line.
std::string helpOfFlowSources();

/// The cells of `input`'s feature map.
CellGrid cellGridOf(const NetInput& input, const ModelSpec& spec);

std::unique_ptr<FlowSource> makeFlowNetSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeDisSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeDeepFlowSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeFarnebackSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeSparseSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeSearchSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeCodecSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeFilesSource(const ModelPtr& model, const std::string& argument);
std::unique_ptr<FlowSource> makeCopySource(const ModelPtr& model, const std::string& argument);

}  // namespace dff
