#include "core/run/precision.h"

#include <algorithm>
#include <iterator>

#include "core/base/error.h"
#include "core/model/dff_model.h"
#include "core/model/int8_ranges.h"

namespace dff {
namespace {

constexpr const char* kNames[] = {"auto", "fp32", "bf16", "int8"};  // after the first in the order of Precision

}  // namespace

const char* nameOf(Precision precision) { return kNames[1 + size_t(precision)]; }

std::span<const char* const> precisionNames() { return kNames; }

std::string knownPrecisions() {
  std::string known;
  for (const char* name : kNames) known += std::string(known.empty() ? "" : ", ") + name;
  return known;
}

Processor Processor::here() {
  return {bool(__builtin_cpu_supports("avx512bf16")), bool(__builtin_cpu_supports("avx512vnni"))};
}

Precision choosePrecision(const std::string& word, int spread, const Processor& processor, const JobContext& job) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), word);
  if (found == std::end(kNames)) throw UsageError("unknown precision \"" + word + "\"; known: " + knownPrecisions());
  if (word == "bf16" && spread > 0) throw UsageError("--spread goes with --precision fp32 or int8, not bf16");
  if (word == "int8" && !processor.bytes)
    fail("--precision int8 needs a processor with AVX-512 VNNI, which this one has not; use --precision fp32");
  const Precision best = processor.bfloat16 && spread == 0 ? Precision::BFloat16 : Precision::Float32;
  const Precision chosen = word == "auto" ? best : Precision(found - std::begin(kNames) - 1);
  job.log(text("precision ", nameOf(chosen), ": asked for ", word, ", the processor ",
               processor.bfloat16 ? "multiplies" : "does not multiply", " bfloat16"));
  return chosen;
}

ModelPtr networksOf(const Package& package, Precision precision) {
  if (precision == Precision::Int8) return int8ForInference(package);
  return forInference(*package.model, precision == Precision::BFloat16);
}

}  // namespace dff
