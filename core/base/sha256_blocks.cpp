#include "core/base/sha256_blocks.h"

#include <cpuid.h>
#include <immintrin.h>

namespace dff {
namespace {

/// The fractions of the cube roots of the first 64 primes.
alignas(16) constexpr uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define DFF_SHA __attribute__((target("sha,sse4.1")))

/// The state as the instructions hold it.
struct Halves {
  __m128i abef, cdgh;
};

DFF_SHA inline __m128i loadAt(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }

DFF_SHA inline Halves halvesOf(const uint32_t state[8]) {
  const __m128i cdab = _mm_shuffle_epi32(loadAt(state), 0xB1), efgh = _mm_shuffle_epi32(loadAt(state + 4), 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

DFF_SHA inline void store(const Halves& h, uint32_t state[8]) {
  const __m128i feba = _mm_shuffle_epi32(h.abef, 0x1B), dchg = _mm_shuffle_epi32(h.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

DFF_SHA inline void fourRounds(Halves& h, __m128i words, int round) {
  const __m128i sum = _mm_add_epi32(words, _mm_load_si128(reinterpret_cast<const __m128i*>(kRound + 4 * round)));
  h.cdgh = _mm_sha256rnds2_epu32(h.cdgh, h.abef, sum);
  h.abef = _mm_sha256rnds2_epu32(h.abef, h.cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

DFF_SHA inline void addBlock(Halves& h, const uint8_t* bytes) {
  const __m128i bigEndian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  const Halves before = h;
  __m128i w[16];
  for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(loadAt(bytes + 16 * i), bigEndian);
  for (int i = 0; i < 12; ++i) {
    const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i], w[i + 1]), _mm_alignr_epi8(w[i + 3], w[i + 2], 4));
    w[i + 4] = _mm_sha256msg2_epu32(sum, w[i + 3]);
  }
  for (int i = 0; i < 16; ++i) fourRounds(h, w[i], i);
  h = {_mm_add_epi32(h.abef, before.abef), _mm_add_epi32(h.cdgh, before.cdgh)};
}

}  // namespace

bool hasSha256Instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) && __builtin_cpu_supports("sse4.1");
}

DFF_SHA void sha256Blocks(uint32_t state[8], const uint8_t* bytes, size_t blocks) {
  Halves h = halvesOf(state);
  for (; blocks > 0; --blocks, bytes += 64) addBlock(h, bytes);
  store(h, state);
}

}  // namespace dff
