#pragma once
#include <ATen/core/Tensor.h>

#include "core/model/net_input.h"

namespace dff {

/// The networks' picture averaged over the cells that it covers: [rows,columns,3] float, grey levels less the model's
/// mean. Made once a frame; a key keeps it.
at::Tensor cellPicture(const NetInput& input, const InputSpec& spec);

/// How far each cell's propagation can be believed, [1,1,h,w] float in 0.001 .. 1.001 for keyFromCur [1,2,h,w]:
///     inside * exp(-(r / 10)^2) + 0.001,
/// r the mean absolute difference in grey levels of the current cells and the key's warped along the flow, then a 3x3
/// mean; inside: bilinear share of p + flow(p) within the key picture. Cells of the padding have 0.001.
at::Tensor trustMap(const at::Tensor& keyCells, const at::Tensor& curCells, const at::Tensor& keyFromCur);

}  // namespace dff
