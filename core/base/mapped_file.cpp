#include "core/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "core/base/error.h"

namespace dff {

MappedFile::MappedFile(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path))
    fail("cannot read ", path.string(), ": ", std::filesystem::exists(path) ? "it is no file" : std::strerror(ENOENT));
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("cannot read ", path.string(), ": ", std::strerror(errno));
  size_ = size_t(std::filesystem::file_size(path));
  if (size_ > 0) data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
  const int error = errno;
  ::close(file);
  if (data_ == MAP_FAILED) fail("cannot read ", path.string(), ": ", std::strerror(error));
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

void MappedFile::release(std::string_view part) const {
  const auto page = uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<uintptr_t>(part.data()) + page - 1) / page * page;  // whole pages alone
  const auto end = reinterpret_cast<uintptr_t>(part.data() + part.size()) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // a hint: may fail
}

}  // namespace dff
