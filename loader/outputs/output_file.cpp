#include "loader/outputs/output_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace loader {
namespace {

/// zlib's buffer; what a crash can lose at most.
constexpr unsigned kBufferBytes = 64 * 1024;

std::string system_message(int error) { return std::generic_category().message(error); }

}  // namespace

bool is_standard_output(std::string_view place) {
  constexpr std::array<std::string_view, 4> kNames{"-", "/dev/stdout", "/dev/fd/1",
                                                   "/proc/self/fd/1"};
  return std::ranges::find(kNames, place) != kNames.end();
}

void OutputFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

lab::Result<OutputFile> OutputFile::open(const std::string& path) {
  const bool is_named = !path.empty() && !is_standard_output(path);
  // A duplicate, because closing must leave the standard output open.
  const int descriptor =
      is_named ? ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : ::dup(STDOUT_FILENO);
  std::string name = is_named ? path : "standard output";
  if (descriptor < 0) {
    return lab::Error{std::move(name), "can't be opened for writing: " + system_message(errno)};
  }
  return OutputFile(std::move(name), is_named, path.ends_with(".gz"), descriptor);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      is_named_(other.is_named_),
      is_compressed_(other.is_compressed_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      file_(std::move(other.file_)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

lab::Result<void> OutputFile::begin() {
  if (descriptor_ < 0) return {};
  // Of a pipe or a terminal there is nothing to cut off.
  if (is_named_) (void)::ftruncate(descriptor_, 0);
  // zlib writes plain files as well ("T"), so that there is one code path and one kind of error.
  gzFile_s* const file = gzdopen(descriptor_, is_compressed_ ? "wb" : "wbT");
  if (file == nullptr) {
    return lab::Error{name_, "can't be written: " + system_message(ENOMEM)};
  }
  descriptor_ = -1;
  gzbuffer(file, kBufferBytes);
  file_.reset(file);
  return {};
}

lab::Result<void> OutputFile::write(std::string_view text) {
  if (text.empty()) return {};
  if (const auto begun = begin(); !begun) return begun;
  while (!text.empty()) {
    const auto size = static_cast<unsigned>(std::min<std::size_t>(text.size(), 1u << 30));
    if (gzwrite(file_.get(), text.data(), size) == 0) return last_error();
    text.remove_prefix(size);
  }
  return {};
}

lab::Result<void> OutputFile::flush() {
  if (is_compressed_ || file_ == nullptr) return {};
  if (gzflush(file_.get(), Z_SYNC_FLUSH) != Z_OK) return last_error();
  return {};
}

lab::Result<void> OutputFile::close() {
  if (const auto begun = begin(); !begun) return begun;
  // The cause is gone with the handle, so it is looked up before: flushing fails where closing
  // would.
  if (gzflush(file_.get(), Z_FINISH) != Z_OK) return last_error();
  if (gzclose(file_.release()) != Z_OK) {
    return lab::Error{name_, "can't be closed: " + system_message(errno)};
  }
  return {};
}

lab::Error OutputFile::last_error() const {
  const int system_error = errno;
  int code = Z_OK;
  const char* const message = gzerror(file_.get(), &code);
  return {name_, "can't be written: " +
                     (code == Z_ERRNO ? system_message(system_error) : std::string(message))};
}

}  // namespace loader
