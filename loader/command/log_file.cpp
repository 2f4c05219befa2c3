#include "loader/command/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "loader/outputs/descriptor.h"

namespace loader {
namespace {

constexpr std::size_t kWaitingMax = 4096;
constexpr int kNone = -1;

}  // namespace

lab::Result<void> LogFile::open(lab::Setting place) {
  place_ = std::move(place);
  constexpr mode_t kWhatUmaskLeaves = 0666;
  descriptor_ =
      ::open(place_.text.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kWhatUmaskLeaves);
  is_open_ = descriptor_ != kNone;
  if (is_open_) return {};
  return lab::Error{place_.source, place_.text + ": can't be written: " + std::strerror(errno)};
}

void LogFile::close() {
  write_waiting();
  const int descriptor = std::exchange(descriptor_, kNone);
  // Some file systems tell only here what became of it.
  if (descriptor != kNone && ::close(descriptor) != 0) tell_of(errno);
  is_open_ = false;
}

LogFile::int_type LogFile::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char character = traits_type::to_char_type(c);
  add({&character, 1});
  return c;
}

std::streamsize LogFile::xsputn(const char* text, std::streamsize size) {
  add({text, static_cast<std::size_t>(size)});
  return size;
}

int LogFile::sync() {
  write_waiting();
  return 0;
}

void LogFile::add(std::string_view text) {
  if (descriptor_ == kNone) return;
  waiting_ += text;
  if (waiting_.size() >= kWaitingMax) write_waiting();
}

void LogFile::write_waiting() {
  if (descriptor_ == kNone || waiting_.empty()) return;
  const int error = write_all_without_signal(descriptor_, std::exchange(waiting_, {}));
  if (error == 0) return;
  // That this fails as well is no second message.
  (void)::close(std::exchange(descriptor_, kNone));
  tell_of(error);
}

void LogFile::tell_of(int error) {
  tell_(place_.source + ": " + place_.text + ": can't be written: " + std::strerror(error) +
        "; nothing more is written there");
}

}  // namespace loader
