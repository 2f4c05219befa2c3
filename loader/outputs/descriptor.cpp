#include "loader/outputs/descriptor.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace loader {
namespace {

constexpr std::size_t kWaitingMax = 4096;

void wait_until_writable(int descriptor) {
  pollfd wanted{.fd = descriptor, .events = POLLOUT, .revents = 0};
  constexpr int kNoLimit = -1;
  // Whatever comes of it, the next write tells.
  (void)::poll(&wanted, 1, kNoLimit);
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_writable(descriptor);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

int write_all_without_signal(int descriptor, std::string_view bytes) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const int error = write_all(descriptor, bytes);
  if (error == EPIPE) {
    // This thread's own, which would end the process as soon as it may.
    constexpr timespec kAtOnce{};
    (void)sigtimedwait(&pipe, nullptr, &kAtOnce);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char character = traits_type::to_char_type(c);
  return add({&character, 1}) ? c : traits_type::eof();
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize size) {
  return add({text, static_cast<std::size_t>(size)}) ? size : 0;
}

int DescriptorBuffer::sync() {
  const std::lock_guard lock(mutex_);
  return write_waiting() ? 0 : -1;
}

bool DescriptorBuffer::add(std::string_view text) {
  const std::lock_guard lock(mutex_);
  waiting_ += text;
  return waiting_.size() < kWaitingMax || write_waiting();
}

bool DescriptorBuffer::write_waiting() {
  return write_all(descriptor_, std::exchange(waiting_, {})) == 0;
}

}  // namespace loader
