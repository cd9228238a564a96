#pragma once
#include <cstddef>
#include <cstdint>

namespace dff {

/// Whether the processor has instructions for SHA-256.
bool hasSha256Instructions();

/// Takes whole blocks of 64 bytes into the eight words of a SHA-256 state (FIPS 180-4, section 6.2.2), by the
/// processor's own instructions, eight times as fast as without; to be called only where it has them.
void sha256Blocks(uint32_t state[8], const uint8_t* bytes, size_t blocks);

}  // namespace dff
