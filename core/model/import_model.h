#pragma once
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"

namespace dff {

/// What becomes a package, and of which shape.
struct ImportOptions {
  std::string file;
  std::string output;          ///< folder of the package
  std::string as = "auto";     ///< one of paperModels(), a package's folder whose shape is taken, or auto: by the names
  bool partial = false;        ///< what the file does not have keeps random values
  std::string boxes = "auto";  ///< whether region corrections are scaled already: auto, folded or plain
};
template <class V>
void fields(ImportOptions& o, V&& v) {
  v("file", o.file, "weights: MXNet .params, PyTorch .pth or .safetensors");
  v("output", o.output, "folder of the package");
  v("as", o.as, "shape of the model: one of the paper's by name, a package whose shape is taken, or auto");
  v("partial", o.partial, "tensors that the file does not have keep random values, to be trained");
  v("boxes", o.boxes, "whether the file's box corrections are scaled already: auto, folded or plain");
}

/// What an import found.
struct ImportReport {
  std::string model, format, names;  ///< shape, kind of file, naming scheme
  int64_t tensors = 0, values = 0;   ///< taken over
  std::vector<std::string> missing;  ///< of ours, not in the file
  std::vector<std::string> unused;   ///< of the file's
  std::vector<std::string> remarks;
};

/// Makes a model package of another program's weights. They are kept as float32, value for value. Throws Error where
/// the file is damaged, a tensor has another shape or is not finite, or, unless `partial`, one is missing; then no
/// package is written.
ImportReport importModel(const ImportOptions& options, const JobContext& job);

}  // namespace dff
