#define ONNX_ML 1
#define ONNX_NAMESPACE onnx
#include "core/model/onnx_export.h"

#include <onnx/onnx_pb.h>
#include <torch/torch.h>

#include "core/base/file.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

using Shape = std::vector<int64_t>;

class Writer {
 public:
  explicit Writer(const Shape& picture) {
    model_.set_ir_version(7);
    model_.set_producer_name("DFF Studio");
    model_.add_opset_import()->set_version(13);
    model_.mutable_graph()->set_name("features");
    declare(model_.mutable_graph()->add_input(), "picture", picture);
    maps_.push_back({"picture", picture});
  }

  void write(const FusedGraph& graph) {
    maps_.resize(size_t(graph.maps));
    for (const auto& step : graph.steps) add(step);
    const Map& feature = maps_[size_t(graph.outputs.front())];
    result("feature", feature);
  }

  /// A 1x1 convolution whose channels are unfolded to a finer grid.
  void writeHead(const FusedGraph& graph, const SegmentationHead& head) {
    const Map& feature = maps_[size_t(graph.outputs.front())];
    auto* conv = node("Conv", {feature.name, constant(head->weight), constant(head->bias)});
    auto* shuffle = node("DepthToSpace", {conv->output(0)});
    attribute(shuffle, "blocksize", int64_t(head->upscale));
    attribute(shuffle, "mode", "CRD");
    const int64_t u = head->upscale, classes = head->weight.size(0) / (u * u);
    result("logits", {shuffle->output(0), {1, classes, feature.shape[2] * u, feature.shape[3] * u}});
  }

  std::string bytes() const { return model_.SerializeAsString(); }

 private:
  struct Map {
    std::string name;
    Shape shape;
  };

  static void declare(onnx::ValueInfoProto* value, const std::string& name, const Shape& shape) {
    value->set_name(name);
    auto* type = value->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int64_t size : shape) type->mutable_shape()->add_dim()->set_dim_value(size);
  }

  onnx::NodeProto* node(const std::string& kind, const std::vector<std::string>& inputs) {
    auto* n = model_.mutable_graph()->add_node();
    n->set_op_type(kind);
    n->set_name(kind + "_" + std::to_string(++named_));
    for (const auto& input : inputs) n->add_input(input);
    n->add_output("map_" + std::to_string(named_));
    return n;
  }

  static void attribute(onnx::NodeProto* n, const std::string& name, const Shape& values) {
    auto* a = n->add_attribute();
    a->set_name(name);
    a->set_type(onnx::AttributeProto::INTS);
    for (const int64_t v : values) a->add_ints(v);
  }
  static void attribute(onnx::NodeProto* n, const std::string& name, int64_t value) {
    auto* a = n->add_attribute();
    a->set_name(name);
    a->set_type(onnx::AttributeProto::INT);
    a->set_i(value);
  }
  static void attribute(onnx::NodeProto* n, const std::string& name, const char* value) {
    auto* a = n->add_attribute();
    a->set_name(name);
    a->set_type(onnx::AttributeProto::STRING);
    a->set_s(value);
  }

  std::string constant(const at::Tensor& values) {
    const at::Tensor plain = values.detach().contiguous();
    const bool whole = plain.scalar_type() == torch::kLong;
    auto* t = model_.mutable_graph()->add_initializer();
    t->set_name("constant_" + std::to_string(++named_));
    t->set_data_type(whole ? onnx::TensorProto::INT64 : onnx::TensorProto::FLOAT);
    for (const int64_t size : plain.sizes()) t->add_dims(size);
    t->set_raw_data(plain.data_ptr(), plain.nbytes());
    return t->name();
  }

  void result(const std::string& name, const Map& map) {
    node("Identity", {map.name})->set_output(0, name);
    declare(model_.mutable_graph()->add_output(), name, map.shape);
  }

  void add(const FusedStep& s) {
    const Map from = maps_[size_t(s.from)];
    Map& to = maps_[size_t(s.to)];
    switch (s.kind) {
      case FusedStep::Kind::Convolution:
        return convolve(s, from, to);
      case FusedStep::Kind::MaxPool:
        return maxPool(s, from, to);
      case FusedStep::Kind::Resize:
        return resize(from, maps_[size_t(s.like)], to);
      case FusedStep::Kind::Copy:
        to = from;
        return;
      case FusedStep::Kind::Mean:
        to = {node("GlobalAveragePool", {from.name})->output(0), {1, from.shape[1], 1, 1}};
        return;
      case FusedStep::Kind::AddEverywhere:
        to.name = node("Add", {to.name, from.name})->output(0);
        return;
      default:
        fail("a feature network has a step that cannot be exported");  // steps of flow networks alone
    }
  }

  void convolve(const FusedStep& s, const Map& from, Map& to) {
    auto* n = node("Conv", {from.name, constant(s.weight), constant(s.bias)});
    attribute(n, "strides", Shape{s.stride, s.stride});
    attribute(n, "dilations", Shape{s.dilation, s.dilation});
    attribute(n, "pads", Shape(4, s.padding));
    std::string name = n->output(0);
    if (s.accumulate) name = node("Add", {to.name, name})->output(0);
    if (s.slope == 0) name = node("Relu", {name})->output(0);
    to = {name, {1, s.weight.size(0), s.outputSize(from.shape[2]), s.outputSize(from.shape[3])}};
  }

  void maxPool(const FusedStep& s, const Map& from, Map& to) {
    const int64_t h = s.outputSize(from.shape[2]), w = s.outputSize(from.shape[3]), p = s.padding;
    auto* n = node("MaxPool", {from.name});
    attribute(n, "kernel_shape", Shape{3, 3});
    attribute(n, "strides", Shape{2, 2});
    attribute(n, "pads", Shape{p, p, 2 * h + 1 - from.shape[2] - p, 2 * w + 1 - from.shape[3] - p});
    to = {n->output(0), {1, from.shape[1], h, w}};
  }

  void resize(const Map& from, const Map& like, Map& to) {
    const Shape shape = {1, from.shape[1], like.shape[2], like.shape[3]};
    auto* n = node("Resize", {from.name, "", "", constant(at::tensor(shape, torch::kLong))});
    attribute(n, "mode", "linear");
    attribute(n, "coordinate_transformation_mode", "half_pixel");
    to = {n->output(0), shape};
  }

  onnx::ModelProto model_;
  std::vector<Map> maps_;
  int named_ = 0;
};

}  // namespace

void exportOnnx(const Package& package, cv::Size size, const std::filesystem::path& file) {
  if (package.spec.scriptsFeature() || package.spec.scriptsSegmentation())
    fail("the package ", package.name(),
         " has TorchScript modules, which cannot be written as ONNX; export them where "
         "they were made");
  const ModelPtr model = forInference(*package.model, false);
  const FusedGraph graph = featureGraph(*model);
  const auto padded = [m = package.spec.input.padMultiple](int64_t side) { return (side + m - 1) / m * m; };
  Writer writer({1, 3, padded(size.height), padded(size.width)});
  writer.write(graph);
  writer.writeHead(graph, model->segmentation);
  writeFileAtomically(file, writer.bytes());
}

}  // namespace dff
