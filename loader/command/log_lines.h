// The program's messages in k6's log formats: the flag --log-format.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "loader/script/script_log.h"
#include "shared/base/time.h"

namespace loader {

enum class LogFormat : std::uint8_t {
  plain,  ///< As people read it: "warning: …".
  text,   ///< time="…" level=warning msg="…"
  json,   ///< {"level":"warning","msg":"…","time":"…"}
  raw,    ///< The message alone.
};
/// "text", "json" or "raw".
[[nodiscard]] std::optional<LogFormat> parse_log_format(std::string_view name);

/// A plain line in another format: what stands before its first ": " says its level, anything but
/// "warning", "error" and "loader" is an info.
[[nodiscard]] std::string log_line(std::string_view line, LogFormat format, lab::WallTime at);

/// A script's line, as k6 writes it; plain is k6's text. On a terminal the time is what has passed
/// since the run began.
[[nodiscard]] std::string script_log_line(const ScriptLogLine& line, LogFormat format);
/// The same for a terminal: "INFO[0003] hello                    source=console".
[[nodiscard]] std::string script_log_line_of_terminal(const ScriptLogLine& line,
                                                      lab::Duration since_start);

/// Passes messages of at least a level on, each in its format: a line, and those behind it that
/// begin with white space, such as the frames of a stack. A message is whole when another begins or
/// the stream is flushed at the end of a line. Not synchronised.
class LogBuffer : public std::streambuf {
 public:
  /// `sink` outlives it.
  LogBuffer(std::ostream& sink, LogFormat format, std::function<lab::WallTime()> now,
            ScriptLogLevel least = ScriptLogLevel::debug)
      : sink_(sink), format_(format), now_(std::move(now)), least_(least) {}

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  void take_line();
  void pass_on();

  std::ostream& sink_;
  LogFormat format_;
  std::function<lab::WallTime()> now_;
  ScriptLogLevel least_;
  std::string message_;  ///< Its lines so far, none after pass_on().
  std::string line_;     ///< Not yet ended.
};

}  // namespace loader
