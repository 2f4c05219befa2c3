#include "loader/outputs/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "loader/outputs/descriptor.h"

namespace loader {
namespace {

/// From so much on it is written; what a crash can lose at most.
constexpr std::size_t kBufferBytes = 64 * 1024;
/// What is looked at in one go.
constexpr std::size_t kPieceBytesMax = 1024 * 1024;

std::string system_message(int error) { return std::generic_category().message(error); }

bool is_pipe(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

// Of a pipe with a name, which can be opened once somebody reads it; until then open() would wait,
// and nobody would know why.
int open_pipe(const std::string& path, const OutputFile::Tell& tell) {
  constexpr int kTries = 20;
  constexpr int kPauseMilliseconds = 50;
  for (int i = 0; i < kTries; ++i) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) (void)::fcntl(descriptor, F_SETFL, O_WRONLY);
    if (descriptor >= 0 || errno != ENXIO) return descriptor;
    (void)::poll(nullptr, 0, kPauseMilliseconds);
  }
  if (tell) tell(path + " is a pipe that nobody reads yet; waiting for a reader");
  return ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
}

int open_named(const std::string& path, const OutputFile::Tell& tell) {
  if (is_pipe(path)) return open_pipe(path, tell);
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
}

}  // namespace

bool is_standard_output(std::string_view place) {
  constexpr std::array<std::string_view, 4> kNames{"-", "/dev/stdout", "/dev/fd/1",
                                                   "/proc/self/fd/1"};
  return std::ranges::find(kNames, place) != kNames.end();
}

/// zlib's state, with its end.
struct OutputFile::Compression {
  // 16: with gzip's head and end.
  Compression()
      : is_good(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS,
                             MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) == Z_OK) {}
  ~Compression() {
    if (is_good) deflateEnd(&stream);
  }
  Compression(const Compression&) = delete;
  Compression& operator=(const Compression&) = delete;

  /// Appends what comes out of it.
  void add(std::string& out, std::string_view text, bool is_last) {
    std::array<unsigned char, 16 * 1024> block;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    do {
      stream.next_out = block.data();
      stream.avail_out = block.size();
      (void)deflate(&stream, is_last ? Z_FINISH : Z_NO_FLUSH);
      out.append(reinterpret_cast<const char*>(block.data()), block.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }

  z_stream stream{};
  bool is_good;
};

lab::Result<OutputFile> OutputFile::open(const std::string& path, const Tell& tell) {
  const bool is_named = !path.empty() && !is_standard_output(path);
  // A duplicate, because closing must leave the standard output open.
  const int descriptor = is_named ? open_named(path, tell) : ::dup(STDOUT_FILENO);
  std::string name = is_named ? path : "standard output";
  if (descriptor < 0) {
    return lab::Error{std::move(name), "can't be opened for writing: " + system_message(errno)};
  }
  auto compression = path.ends_with(".gz") ? std::make_unique<Compression>() : nullptr;
  if (compression && !compression->is_good) {
    ::close(descriptor);
    return lab::Error{std::move(name), "can't be written: " + system_message(ENOMEM)};
  }
  return OutputFile(std::move(name), is_named, descriptor, std::move(compression));
}

OutputFile::OutputFile(std::string name, bool is_named, int descriptor,
                       std::unique_ptr<Compression> compression)
    : name_(std::move(name)),
      is_named_(is_named),
      descriptor_(descriptor),
      compression_(std::move(compression)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      is_named_(other.is_named_),
      has_begun_(other.has_begun_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      compression_(std::move(other.compression_)),
      waiting_(std::move(other.waiting_)) {}

OutputFile::~OutputFile() {
  // What has begun is ended, or a compressed file would have no end.
  if (descriptor_ >= 0 && has_begun_) (void)close();
  give_up();
}

void OutputFile::begin() {
  // Of a pipe or a terminal there is nothing to cut off.
  if (!has_begun_ && is_named_) (void)::ftruncate(descriptor_, 0);
  has_begun_ = true;
}

lab::Result<void> OutputFile::write(std::string_view text) {
  if (text.empty()) return {};
  begin();
  if (!compression_) return write_plain(text);
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, kPieceBytesMax);
    text.remove_prefix(piece.size());
    compression_->add(waiting_, piece, false);
    if (waiting_.size() < kBufferBytes) continue;
    if (const auto written = write_waiting(); !written) return written;
  }
  return {};
}

// What is long enough for a write of its own is not copied.
lab::Result<void> OutputFile::write_plain(std::string_view text) {
  if (waiting_.size() + text.size() < kBufferBytes) {
    waiting_ += text;
    return {};
  }
  if (const auto written = write_waiting(); !written) return written;
  return write_out(text);
}

lab::Result<void> OutputFile::flush() {
  return compression_ ? lab::Result<void>() : write_waiting();
}

lab::Result<void> OutputFile::close() {
  begin();
  if (compression_) compression_->add(waiting_, {}, true);
  if (const auto written = write_waiting(); !written) return written;
  if (::close(std::exchange(descriptor_, -1)) == 0) return {};
  return lab::Error{name_, "can't be closed: " + system_message(errno)};
}

void OutputFile::give_up() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

lab::Result<void> OutputFile::write_waiting() {
  const auto written = write_out(waiting_);
  waiting_.clear();
  return written;
}

lab::Result<void> OutputFile::write_out(std::string_view bytes) {
  const int error = write_all(descriptor_, bytes);
  if (error == 0) return {};
  return lab::Error{name_, "can't be written: " + system_message(error)};
}

}  // namespace loader
