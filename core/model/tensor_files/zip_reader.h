#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dff {

/// One file of a zip archive that is stored as it is.
struct ZipMember {
  std::string name;
  std::string_view bytes;
};

/// The members of a zip archive by its central directory; zip64 included. Every offset is checked. Throws Error naming
/// `where`, also where a member is compressed or encrypted.
std::vector<ZipMember> readZip(std::string_view archive, const std::string& where);

/// What the directory says of a member's content, packed or not: its CRC-32.
struct ZipSum {
  std::string name;
  uint32_t crc = 0;
};

/// Of every member. Throws Error as readZip() does, but takes packed members.
std::vector<ZipSum> zipSums(std::string_view archive, const std::string& where);

/// CRC-32 as zip archives use it.
uint32_t crc32(std::string_view bytes);

}  // namespace dff
