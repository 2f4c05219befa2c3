// A file that messages are appended to, for as long as that works: the flags --log-output and
// --console-output.
#pragma once

#include <functional>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

/// The buffer of a stream that leads there; what is waiting gets to the file when the stream is
/// flushed. Not synchronised.
class LogFile final : public std::streambuf {
 public:
  /// Takes a sentence for people.
  using Tell = std::function<void(const std::string& text)>;

  /// `tell` is given one when writing or closing fails, once: nothing is written from then on,
  /// since a file with holes looks like a whole one. It may be called until the destructor is over.
  explicit LogFile(Tell tell) : tell_(std::move(tell)) {}
  ~LogFile() override { close(); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// As in k6 it goes on where the file ended before. `place` is the file's name and which flag or
  /// variable said it; both are in the Error.
  [[nodiscard]] lab::Result<void> open(lab::Setting place);
  [[nodiscard]] bool is_open() const { return is_open_; }  ///< Also if nothing can be written.
  void close();

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  void add(std::string_view text);
  void write_waiting();
  void tell_of(int error);

  Tell tell_;
  lab::Setting place_;
  bool is_open_ = false;
  int descriptor_ = -1;  ///< -1: not open, or given up.
  std::string waiting_;
};

}  // namespace loader
