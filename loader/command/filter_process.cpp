#include "loader/command/filter_process.h"

#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>

extern char** environ;  // POSIX; no header declares it.

namespace loader {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

lab::ErrorCode system_code(int code) { return {code, boost::system::system_category()}; }

/// A file in memory: neither side waits for the other, as they would at the ends of a pipe.
class MemoryFile {
 public:
  MemoryFile() : number_(::memfd_create("filter", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (number_ >= 0) ::close(number_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] int number() const { return number_; }

  /// To be read from the beginning.
  [[nodiscard]] bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(number_, text.data(), text.size());
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::lseek(number_, 0, SEEK_SET) == 0;
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    std::array<char, kReadBytes> bytes{};
    while (true) {
      const ssize_t count =
          ::pread(number_, bytes.data(), bytes.size(), static_cast<off_t>(text.size()));
      if (count <= 0) return text;
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int number_;
};

/// The files of a child.
class Redirections {
 public:
  Redirections() { posix_spawn_file_actions_init(&actions_); }
  ~Redirections() { posix_spawn_file_actions_destroy(&actions_); }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;

  void add(const MemoryFile& file, int number) {
    posix_spawn_file_actions_adddup2(&actions_, file.number(), number);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

int reaped(pid_t id) {
  int status = 0;
  while (::waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Its status; none: it was killed at the timeout.
lab::IoResult<int> wait_for(pid_t id, lab::Duration timeout) {
  const int file = static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
  pollfd waiting{file, POLLIN, 0};
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
  const bool has_ended = ::poll(&waiting, 1, static_cast<int>(milliseconds)) > 0;
  if (!has_ended) ::kill(id, SIGKILL);
  const int status = reaped(id);
  if (file >= 0) ::close(file);
  if (!has_ended) return lab::make_error_code(lab::Errc::timeout);
  return status;
}

}  // namespace

lab::IoResult<FilterEnd> run_filter(const std::vector<std::string>& words, std::string_view input,
                                    lab::Duration timeout) {
  const MemoryFile in;
  const MemoryFile out;
  const MemoryFile errors;
  if (std::min({in.number(), out.number(), errors.number()}) < 0) return system_code(errno);
  if (!in.write(input)) return system_code(errno);
  Redirections files;
  files.add(in, STDIN_FILENO);
  files.add(out, STDOUT_FILENO);
  files.add(errors, STDERR_FILENO);
  std::vector<std::string> texts = words;
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  pid_t id = 0;
  const int failed =
      ::posix_spawnp(&id, arguments.front(), files.get(), nullptr, arguments.data(), environ);
  if (failed != 0) return system_code(failed);
  const auto status = wait_for(id, timeout);
  if (!status) return status.error();
  return FilterEnd{WIFEXITED(*status) && WEXITSTATUS(*status) == 0, out.text(), errors.text()};
}

}  // namespace loader
