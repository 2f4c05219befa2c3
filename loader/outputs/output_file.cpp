#include "loader/outputs/output_file.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace loader {
namespace {

/// zlib's buffer; what a crash can lose at most.
constexpr unsigned kBufferBytes = 64 * 1024;

std::string system_message(int error) { return std::generic_category().message(error); }

}  // namespace

void OutputFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

lab::Result<OutputFile> OutputFile::open(const std::string& path) {
  const bool is_standard_output = path.empty() || path == "-";
  const bool is_compressed = path.ends_with(".gz");
  // zlib writes plain files as well ("T"), so that there is one code path and one kind of error.
  const char* const mode = is_compressed ? "wbe" : "wbeT";
  errno = 0;
  gzFile_s* file = nullptr;
  if (is_standard_output) {
    // A duplicate, because closing must leave the standard output open.
    if (const int duplicate = ::dup(STDOUT_FILENO); duplicate >= 0) file = gzdopen(duplicate, mode);
  } else {
    file = gzopen(path.c_str(), mode);
  }
  std::string name = is_standard_output ? "standard output" : path;
  if (file == nullptr) {
    const int error = errno == 0 ? ENOMEM : errno;
    return lab::Error{std::move(name), "can't be opened for writing: " + system_message(error)};
  }
  gzbuffer(file, kBufferBytes);
  return OutputFile(std::move(name), is_compressed, file);
}

lab::Result<void> OutputFile::write(std::string_view text) {
  while (!text.empty()) {
    const auto size = static_cast<unsigned>(std::min<std::size_t>(text.size(), 1u << 30));
    if (gzwrite(file_.get(), text.data(), size) == 0) return last_error();
    text.remove_prefix(size);
  }
  return {};
}

lab::Result<void> OutputFile::flush() {
  if (is_compressed_) return {};
  if (gzflush(file_.get(), Z_SYNC_FLUSH) != Z_OK) return last_error();
  return {};
}

lab::Result<void> OutputFile::close() {
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
