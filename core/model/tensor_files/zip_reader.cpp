#include "core/model/tensor_files/zip_reader.h"

#include <array>
#include <functional>

#include "core/base/error.h"
#include "core/model/tensor_files/foreign_file.h"

namespace dff {
namespace {

constexpr uint32_t kEndMagic = 0x06054b50, kEnd64Magic = 0x06064b50, kEnd64LocatorMagic = 0x07064b50;
constexpr uint32_t kDirectoryMagic = 0x02014b50, kMemberMagic = 0x04034b50;
constexpr size_t kEndSize = 22, kLocatorSize = 20, kLongestComment = 65535;
constexpr uint64_t kLeastEntryBytes = 46;
constexpr uint32_t kIn64 = 0xFFFFFFFF;
constexpr uint16_t kZip64Field = 1;

struct Directory {
  uint64_t entries, offset;
};

ByteReader readerAt(std::string_view archive, uint64_t offset, const std::string& where) {
  if (offset > archive.size()) fail(where, " is damaged: its directory points to byte ", offset, ", behind its end");
  return ByteReader(archive.substr(offset), where);
}

Directory directory64(std::string_view archive, uint64_t offset, const std::string& where) {
  ByteReader in = readerAt(archive, offset, where);
  if (in.value<uint32_t>("the zip64 directory's end") != kEnd64Magic) fail(where, " has a damaged zip64 directory");
  in.take(28, "the zip64 directory's end");
  const auto entries = in.value<uint64_t>("the zip64 directory's end");
  in.take(8, "the zip64 directory's end");
  return {entries, in.value<uint64_t>("the zip64 directory's end")};
}

Directory findDirectory(std::string_view archive, const std::string& where) {
  if (archive.size() < kEndSize) fail(where, " is too short to be a zip archive");
  const size_t last = archive.size() - kEndSize, first = last - std::min(last, kLongestComment);
  for (size_t at = last + 1; at-- > first;) {
    ByteReader in(archive.substr(at), where);
    if (in.value<uint32_t>("the directory's end") != kEndMagic) continue;
    in.take(6, "the directory's end");
    const auto entries = in.value<uint16_t>("the directory's end");
    in.take(4, "the directory's end");
    const auto offset = in.value<uint32_t>("the directory's end");
    if (at >= kLocatorSize && (offset == kIn64 || entries == 0xFFFF)) {
      ByteReader locator(archive.substr(at - kLocatorSize), where);
      if (locator.value<uint32_t>("zip64") == kEnd64LocatorMagic) {
        locator.take(4, "zip64");
        return directory64(archive, locator.value<uint64_t>("zip64"), where);
      }
    }
    return {entries, offset};
  }
  fail(where, " is truncated: it begins as a zip archive, but has no directory at its end");
}

/// What the directory says of a member.
struct Entry {
  std::string name;
  uint64_t packed, size, offset;
  uint32_t crc;
  bool asItIs;
};

/// Sizes that did not fit into 32 bits stand in an extra field, in this order.
void readZip64Field(std::string_view extra, Entry& entry, const std::string& where) {
  ByteReader in(extra, where);
  while (in.left() >= 4) {
    const auto id = in.value<uint16_t>("an extra field"), length = in.value<uint16_t>("an extra field");
    ByteReader field(in.take(length, "an extra field"), where);
    if (id != kZip64Field) continue;
    for (uint64_t* value : {&entry.size, &entry.packed, &entry.offset})
      if (*value == kIn64) *value = field.value<uint64_t>("a zip64 field");
  }
}

Entry readEntry(ByteReader& in, const std::string& where) {
  const std::string what = "the directory";
  if (in.value<uint32_t>(what) != kDirectoryMagic) fail(where, " has a damaged directory");
  in.take(4, what);
  const auto flags = in.value<uint16_t>(what), method = in.value<uint16_t>(what);
  in.take(4, what);
  Entry entry;
  entry.crc = in.value<uint32_t>(what);
  entry.packed = in.value<uint32_t>(what);
  entry.size = in.value<uint32_t>(what);
  const auto nameLength = in.value<uint16_t>(what), extraLength = in.value<uint16_t>(what),
             commentLength = in.value<uint16_t>(what);
  in.take(8, what);
  entry.offset = in.value<uint32_t>(what);
  entry.name = in.take(nameLength, what);
  readZip64Field(in.take(extraLength, what), entry, where);
  in.take(commentLength, what);
  entry.asItIs = method == 0 && !(flags & 1) && entry.packed == entry.size;
  return entry;
}

std::string_view bytesOf(std::string_view archive, const Entry& entry, const std::string& where) {
  ByteReader in = readerAt(archive, entry.offset, where);
  if (in.value<uint32_t>(entry.name) != kMemberMagic)
    fail(where, ": the member ", entry.name, " is not where the directory says");
  in.take(22, entry.name);
  const auto nameLength = in.value<uint16_t>(entry.name), extraLength = in.value<uint16_t>(entry.name);
  in.take(uint64_t(nameLength) + extraLength, entry.name);
  return in.take(entry.size, entry.name);
}

/// Hands every entry of the directory to `take`.
void readDirectory(std::string_view archive, const std::string& where, const std::function<void(Entry)>& take) {
  const Directory directory = findDirectory(archive, where);
  ByteReader in = readerAt(archive, directory.offset, where);
  if (directory.entries > in.left() / kLeastEntryBytes)
    fail(where, ": the directory claims ", directory.entries, " members, more than the file can hold");
  for (uint64_t i = 0; i < directory.entries; ++i) take(readEntry(in, where));
}

}  // namespace

std::vector<ZipMember> readZip(std::string_view archive, const std::string& where) {
  std::vector<ZipMember> members;
  readDirectory(archive, where, [&](Entry entry) {
    if (!entry.asItIs)
      fail(where, ": the member ", entry.name, " is compressed or encrypted; PyTorch stores members as they are");
    const auto bytes = bytesOf(archive, entry, where);
    members.push_back({std::move(entry.name), bytes});
  });
  return members;
}

std::vector<ZipSum> zipSums(std::string_view archive, const std::string& where) {
  std::vector<ZipSum> sums;
  readDirectory(archive, where, [&](Entry entry) { sums.push_back({std::move(entry.name), entry.crc}); });
  return sums;
}

uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    constexpr uint32_t kPolynomial = 0xEDB88320;
    std::array<uint32_t, 256> all{};
    for (uint32_t i = 0; i < all.size(); ++i) {
      all[i] = i;
      for (int bit = 0; bit < 8; ++bit) all[i] = (all[i] >> 1) ^ (all[i] & 1 ? kPolynomial : 0);
    }
    return all;
  }();
  uint32_t crc = ~0u;
  for (const char byte : bytes) crc = table[(crc ^ uint8_t(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

}  // namespace dff
