#pragma once
#include <memory>

namespace dff {

struct DffModel;  // core/model/dff_model.h, which includes torch

/// The networks of a model, shared by what reads them.
using ModelPtr = std::shared_ptr<DffModel>;

}  // namespace dff
