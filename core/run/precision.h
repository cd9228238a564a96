#pragma once
#include <span>
#include <string>

#include "core/base/job.h"
#include "core/model/package.h"

namespace dff {

/// What the networks compute in: all of both in float32 or bfloat16, or the feature network in 8 bits and the rest in
/// float32.
enum class Precision { Float32, BFloat16, Int8 };

/// "fp32", "bf16" or "int8".
const char* nameOf(Precision precision);
/// The words that an option takes, "auto" first, and the same as one text, "auto, fp32, ...".
std::span<const char* const> precisionNames();
std::string knownPrecisions();

/// What a processor multiplies without detours.
struct Processor {
  bool bfloat16 = false;
  bool bytes = false;  ///< four products of 8 bits at a time, their sum exact
  static Processor here();
};

/// Reads the word of an option. "auto" is bf16 where the processor multiplies it, else fp32; never int8, whose results
/// are not equal. `spread`: keys spread over so many frames, which bf16 does not know. Throws UsageError for an unknown
/// word or one that does not go with `spread`, Error for int8 where the processor has no instructions for it.
Precision choosePrecision(const std::string& word, int spread, const Processor& processor, const JobContext& job);

/// The package's networks, ready to run. Throws Error for int8 without the ranges that it needs.
ModelPtr networksOf(const Package& package, Precision precision);

}  // namespace dff
