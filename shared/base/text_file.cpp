#include "shared/base/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "shared/base/json_reader.h"

namespace lab {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something else";
}

Error not_regular(const std::string& path, std::string_view kind) {
  return {path, "is " + std::string(kind) + ", not a regular file"};
}

Error failed(const std::string& path, std::string_view what) {
  return {path, std::string(what) + ": " + std::strerror(errno)};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A name of something that this process was given open.
bool names_descriptor(std::string_view path) {
  if (path == "/dev/stdin") return true;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (path.starts_with(folder)) return is_number(path.substr(folder.size()));
  }
  return false;
}

Result<std::string> read_all(const std::string& path, int file) {
  std::string text;
  std::array<char, 1 << 16> block{};
  for (;;) {
    const ssize_t size = ::read(file, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(path, "cannot be read");
    if (size == 0) return Result<std::string>(boost::system::in_place_value, std::move(text));
    if (text.size() + static_cast<std::size_t>(size) > kTextFileBytesMax) {
      return Error{path, "is larger than 64 MiB"};
    }
    text.append(block.data(), static_cast<std::size_t>(size));
  }
}

// O_NONBLOCK: to open a pipe would wait for its other end, and a device may do anything. What was
// opened is looked at, not its name, which may be another file's by now.
Result<std::string> read_file(const std::string& path, bool may_be_pipe) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  // Only sockets, and devices and pipes that nobody serves.
  if (file.number() < 0 && errno == ENXIO) return not_regular(path, "a socket or a device");
  if (file.number() < 0) return failed(path, "cannot be opened");
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return failed(path, "cannot be read");
  const bool is_regular = S_ISREG(status.st_mode);
  const bool is_pipe = S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode);
  if (!is_regular && !(may_be_pipe && is_pipe)) return not_regular(path, kind_of(status.st_mode));
  // Now it may wait: for the command that writes into the pipe, or for who types.
  const int flags = ::fcntl(file.number(), F_GETFL);
  if (flags < 0 || ::fcntl(file.number(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
    return failed(path, "cannot be read");
  }
  return read_all(path, file.number());
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) { return read_file(path, false); }

Result<std::string> read_text_argument(const std::string& path) {
  return read_file(path, names_descriptor(path));
}

}  // namespace lab
