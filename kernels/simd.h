#pragma once

/// DFF_SIMD on a function (no template, no lambda inside) has the compiler build it for AVX-512, for AVX2 with FMA and
/// for any x86-64, and the loader pick. What it calls must be DFF_INLINE to be built along with it. Sanitizer builds go
/// without: their run time is not up yet when the loader asks.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(DFF_SANITIZE)
#define DFF_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DFF_SIMD
#endif

#define DFF_INLINE inline __attribute__((always_inline))
