#pragma once
#include <array>
#include <cstdint>

namespace dff {

/// A colour as R, G, B.
using Rgb = std::array<uint8_t, 3>;

/// The program's own colours on a picture: one meaning each, here and in the window.
namespace colors {
inline constexpr Rgb kKeyFrame = {0xf2, 0xb0, 0x4a};    ///< whatever is or comes from a key frame
inline constexpr Rgb kPropagated = {0x4c, 0xc2, 0xd6};  ///< whatever came by flow and warp
inline constexpr Rgb kText = {0xe4, 0xe7, 0xeb};
inline constexpr Rgb kPlate = {0x16, 0x18, 0x1c};  ///< ground of what is written over a picture
inline constexpr Rgb kShade = {0x0d, 0x0e, 0x10};  ///< laid over places of low trust
}  // namespace colors

}  // namespace dff
