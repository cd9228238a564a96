#include <algorithm>
#include <array>

#include "core/base/file.h"
#include "core/base/sha256_blocks.h"

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/sha.h>
}

namespace dff {
namespace {

constexpr size_t kBlock = 64;
using Digest = std::array<uint8_t, 32>;

/// SHA-256 by the processor's instructions: whole blocks as they come, the rest held till it is one.
class Blocks {
 public:
  void add(std::string_view bytes) {
    length_ += bytes.size();
    if (held_ > 0 || bytes.size() < kBlock) {
      const auto head = bytes.substr(0, kBlock - held_);
      std::copy(head.begin(), head.end(), rest_.begin() + std::ptrdiff_t(held_));
      held_ += head.size();
      bytes.remove_prefix(head.size());
      if (held_ < kBlock) return;
      sha256Blocks(state_.data(), rest_.data(), 1);
      held_ = 0;
    }
    sha256Blocks(state_.data(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size() / kBlock);
    const auto tail = bytes.substr(bytes.size() / kBlock * kBlock);
    std::copy(tail.begin(), tail.end(), rest_.begin());
    held_ = tail.size();
  }
  Digest end() {
    std::string padding(1 + (2 * kBlock - 9 - held_) % kBlock, '\0');
    padding[0] = '\x80';
    for (int shift = 56; shift >= 0; shift -= 8) padding += char(8 * length_ >> shift);
    add(padding);
    Digest digest;
    for (size_t i = 0; i < digest.size(); ++i) digest[i] = uint8_t(state_[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
  }

 private:
  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, kBlock> rest_;
  size_t held_ = 0;
  uint64_t length_ = 0;
};

/// By FFmpeg, for processors without them.
class Plain {
 public:
  Plain() { av_sha_init(sha_.get(), 256); }
  void add(std::string_view bytes) {
    av_sha_update(sha_.get(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  Digest end() {
    Digest digest;
    av_sha_final(sha_.get(), digest.data());
    return digest;
  }

 private:
  std::unique_ptr<AVSHA, decltype([](AVSHA* s) { av_free(s); })> sha_{av_sha_alloc()};
};

}  // namespace

struct Sha256::State {
  Blocks blocks;
  Plain plain;
  bool byInstructions = hasSha256Instructions();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  if (state_->byInstructions)
    state_->blocks.add(bytes);
  else
    state_->plain.add(bytes);
}

std::string Sha256::hex() {
  std::string hex;
  for (const uint8_t byte : state_->byInstructions ? state_->blocks.end() : state_->plain.end()) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

}  // namespace dff
