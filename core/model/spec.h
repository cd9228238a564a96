#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/class_info.h"
#include "core/base/fields.h"
#include "core/model/detection_spec.h"

namespace dff {

/// The `kind` of a part that is a module of the package's own.
inline constexpr const char* kTorchScript = "torchscript";

/// A residual feature network (He et al. 2016, v1: stride on the first convolution of a bottleneck).
/// The defaults are the slim network of the shipped street model; ResNet-18/34/50/101 are other values of the same
/// fields.
struct FeatureSpec {
  std::string kind =
      "residual";    ///< or "torchscript": a module brought along (script_module.h), and the rest is unread
  std::string file;  ///< of the module, in the package's folder
  int stride = 0;    ///< of the module, input pixels a cell; 0: by the stages
  /// "patch": 2x2 pixels to channels, 3x3 / 2; "imagenet": 7x7 / 2, max-pool 3x3 / 2 padded by 1;
  /// "imagenet_ceil": the same pool without padding, sizes rounded up.
  std::string stem = "patch";
  std::string block = "basic";      ///< "basic" (3x3, 3x3) or "bottleneck" (1x1, 3x3, 1x1 with four times the width)
  std::string strideAt = "reduce";  ///< convolution of a bottleneck with the stride: "reduce" (1x1) or "spatial" (3x3)
  std::vector<int> widths = {48, 96, 192, 256};
  std::vector<int> depths = {2, 2, 2, 2};
  std::vector<int> strides = {1, 2, 2, 1};    ///< of each stage, after the stem's 4
  std::vector<int> dilations = {1, 1, 1, 2};  ///< of each stage's 3x3 convolutions
  bool context = true;                        ///< adds a projection of the global mean to the last stage's map
  int skipStage = 1;       ///< stage whose map is merged before the output, raising its resolution; -1: none
  int detailStage = -1;    ///< finer stage whose map is folded to that resolution and merged as well; -1: none
  int channels = 128;      ///< of the output
  int outputKernel = 3;    ///< side of the last convolution, 1 or 3
  int outputDilation = 1;  ///< of the last convolution (the paper's feat_conv_3x3: 6)
  bool outputNorm = true;  ///< batch normalisation after the last convolution; else it has a bias, as the paper's
};
template <class V>
void fields(FeatureSpec& s, V&& v) {
  v("kind", s.kind, "residual or torchscript");
  v("file", s.file, "TorchScript module");
  v("stride", s.stride, "stride of a TorchScript module; 0: by the stages", Bounds{0, 64});
  v("stem", s.stem, "patch, imagenet or imagenet_ceil");
  v("block", s.block, "basic or bottleneck");
  v("stride_at", s.strideAt, "convolution of a bottleneck with the stride: reduce or spatial");
  v("widths", s.widths, "channels of each stage");
  v("depths", s.depths, "blocks of each stage");
  v("strides", s.strides, "stride of each stage");
  v("dilations", s.dilations, "dilation of each stage");
  v("context", s.context, "global context");
  v("skip_stage", s.skipStage, "stage merged before the output", Bounds{-1, 3});
  v("detail_stage", s.detailStage, "finer stage folded into the output", Bounds{-1, 3});
  v("channels", s.channels, "channels of the feature map", Bounds{1, 4096});
  v("output_kernel", s.outputKernel, "side of the last convolution", Bounds{1, 3});
  v("output_dilation", s.outputDilation, "dilation of the last convolution", Bounds{1, 32});
  v("output_norm", s.outputNorm, "batch normalisation after the last convolution; else a bias");
}

/// A flow network with scale map.
struct FlowSpec {
  std::string kind = "pyramid";  ///< row of the table in flow_net.cpp
  std::string file;              ///< of a TorchScript module, in the package's folder
  double width = 1;              ///< multiplies every layer's channels
  int radius = 4;                ///< of the cost volumes, in cells of their level
  bool scaleMap = true;
  double inputDivisor = 1;  ///< of the feature network's input, for this network alone (the paper's FlowNet: 255)
  std::string source = "flownet";  ///< of motion that serves the model best: what --flow auto takes
};
template <class V>
void fields(FlowSpec& s, V&& v) {
  v("kind", s.kind, "kind of flow network");
  v("file", s.file, "TorchScript module");
  v("width", s.width, "multiplies the channels of every layer", Bounds{0.01, 8});
  v("radius", s.radius, "radius of the cost volumes, cells", Bounds{1, 16});
  v("scale_map", s.scaleMap, "predict a scale map");
  v("input_divisor", s.inputDivisor, "divides the feature network's input", Bounds{1e-3, 1e6});
  v("source", s.source, "flow source that is taken where none is named");
}

/// The segmentation head: one 1x1 convolution, whose channels are unfolded to a finer grid of logits (dense upsampling
/// convolution, Wang et al. 2018). At stride 8 a pole is narrower than a cell; its part of the cell can be told,
/// though. Or, as in DeepLab, one logit a cell, enlarged by a fixed bilinear deconvolution.
struct SegmentationSpec {
  std::string kind = "convolution";  ///< or "torchscript": a module brought along (script_module.h)
  std::string file;                  ///< of the module, in the package's folder
  int upscale = 1;                   ///< logits a feature cell, along each side
  int deconvolution = 0;             ///< stride of the deconvolution, whose kernel is twice as wide; 0: none
};
template <class V>
void fields(SegmentationSpec& s, V&& v) {
  v("kind", s.kind, "convolution or torchscript");
  v("file", s.file, "TorchScript module");
  v("upscale", s.upscale, "logits a feature cell, along each side", Bounds{1, 32});
  v("deconvolution", s.deconvolution, "stride of a fixed bilinear deconvolution; 0: none", Bounds{0, 32});
}

/// How a picture becomes the networks' input.
struct InputSpec {
  int shortSide = 360;                                      ///< pixels
  int longSideMax = 640;                                    ///< pixels
  int padMultiple = 16;                                     ///< padded right and below to a multiple of this
  std::array<float, 3> mean = {123.15f, 115.90f, 103.06f};  ///< R, G, B, 0..255
  std::array<float, 3> std = {58.4f, 57.1f, 57.4f};
  std::string channelOrder = "rgb";
  /// "area": to the rounded size, shrunk by area, in float; "factor": by one factor for both sides with OpenCV's
  /// bilinear on 8-bit values, as the paper's code does (reference section 1).
  std::string resize = "area";
};
template <class V>
void fields(InputSpec& s, V&& v) {
  v("short_side", s.shortSide, "short side, pixels", Bounds{16, 8192});
  v("long_side_max", s.longSideMax, "longest side, pixels", Bounds{16, 8192});
  v("pad_multiple", s.padMultiple, "sides are padded to a multiple of this", Bounds{1, 256});
  v("mean", s.mean, "mean of R, G, B, 0..255");
  v("std", s.std, "divisor of R, G, B");
  v("channel_order", s.channelOrder, "rgb or bgr");
  v("resize", s.resize, "area, or factor: as the paper's code resizes");
}

/// The whole of a model's shape.
struct ModelSpec {
  FeatureSpec feature;
  FlowSpec flow;
  InputSpec input;
  SegmentationSpec segmentation;
  std::vector<ClassInfo> classes;          ///< of the segmentation; a model that only detects has none
  std::optional<DetectionSpec> detection;  ///< a model may be without

  /// Pixels of the network's input that one cell of the feature map covers.
  int stride() const;
  /// Which parts are TorchScript modules.
  bool scriptsFeature() const { return feature.kind == kTorchScript; }
  bool scriptsFlow() const { return flow.kind == kTorchScript; }
  bool scriptsSegmentation() const { return !classes.empty() && segmentation.kind == kTorchScript; }
  bool hasScripts() const { return scriptsFeature() || scriptsFlow() || scriptsSegmentation(); }
};

/// {"feature": .., "flow": .., "input": .., "classes": [{"name", "display_color", "dataset_color"}]}; "segmentation"
/// may be left out, "detection" is there where a model detects; one of "classes" and "detection" must be; throws Error.
ModelSpec modelSpecFromJson(const nlohmann::json& object, const std::string& where);
nlohmann::json toJson(const ModelSpec& spec);

}  // namespace dff
