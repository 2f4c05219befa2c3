#include "loader/prove/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>

extern char** environ;  // POSIX; no header declares it.

namespace loader {
namespace {

constexpr int kLookEveryMs = 100;
constexpr lab::Duration kPatience = std::chrono::seconds(2);

lab::Error system_error(const std::string& where, int code) { return {where, std::strerror(code)}; }

std::vector<std::string> merged_environment(
    const std::vector<std::pair<std::string, std::string>>& over) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : over) variables[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

/// The settings of a child: its group, its files.
class SpawnSettings {
 public:
  explicit SpawnSettings(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    // Ours are caught and blocked as a run needs it; the child's are as it expects them.
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ})
      sigaddset(&defaults, number);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &files_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// A child that has been started, and its group.
class Child {
 public:
  explicit Child(pid_t id) : id_(id), file_(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))) {}

  ChildEnd wait(lab::Duration timeout, const ChildWatch& watch) {
    const lab::TimePoint deadline = lab::later(watch.now(), timeout);
    while (!has_ended()) {
      if (watch.is_cancelled()) return end_group(ChildEnd::How::cancelled, watch);
      if (watch.now() >= deadline) return end_group(ChildEnd::How::timed_out, watch);
    }
    const int status = reap();
    // What it has left behind would go on against the next gateway.
    ::kill(-id_, SIGKILL);
    if (WIFSIGNALED(status)) return {ChildEnd::How::killed_by_signal, WTERMSIG(status)};
    return {ChildEnd::How::exited, WEXITSTATUS(status)};
  }

 private:
  // Waits a little.
  [[nodiscard]] bool has_ended() const {
    pollfd waiting{file_.number(), POLLIN, 0};
    return ::poll(&waiting, 1, kLookEveryMs) > 0;
  }
  int reap() const {
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
  ChildEnd end_group(ChildEnd::How how, const ChildWatch& watch) {
    ::kill(-id_, SIGTERM);
    const lab::TimePoint deadline = watch.now() + kPatience;
    while (!has_ended() && watch.now() < deadline) {
    }
    ::kill(-id_, SIGKILL);
    reap();
    return {how, 0};
  }

  pid_t id_;
  File file_;
};

}  // namespace

lab::Result<ChildEnd> run_child(const ChildCommand& command, const ChildWatch& watch) {
  const File output(::open(command.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (output.number() < 0) return system_error(command.output, errno);
  std::vector<std::string> entries = merged_environment(command.environment);
  std::vector<char*> environment;
  for (std::string& entry : entries) environment.push_back(entry.data());
  environment.push_back(nullptr);
  std::string shell = "sh";
  std::string flag = "-c";
  std::string text = command.command;
  std::array<char*, 4> arguments{shell.data(), flag.data(), text.data(), nullptr};
  const SpawnSettings settings(output.number());
  pid_t id = 0;
  const int failed = ::posix_spawn(&id, "/bin/sh", settings.files(), settings.attributes(),
                                   arguments.data(), environment.data());
  if (failed != 0) return system_error("/bin/sh", failed);
  return Child(id).wait(command.timeout, watch);
}

}  // namespace loader
