#pragma once

namespace dff {

/// Networks and pictures allocate and free the same large blocks for every frame. Kept in the heap, they cost no page
/// faults: a third of the time of training and inference on some machines. For the start of a program.
void keepLargeBlocks();

}  // namespace dff
