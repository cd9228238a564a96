#pragma once
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

}  // namespace dff
