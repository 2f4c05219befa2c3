#include "loader/command/log_lines.h"

#include <array>
#include <utility>

#include "shared/base/json.h"

namespace loader {
namespace {

using Level = std::pair<std::string_view, std::string_view>;
constexpr std::array<Level, 3> kLevels{
    {{"warning: ", "warning"}, {"error: ", "error"}, {"loader: ", "error"}}};

std::string quoted(std::string_view text) {
  return lab::Json(text).dump(-1, ' ', false, lab::Json::error_handler_t::replace);
}

// As logrus, whose format k6's is.
bool needs_quotes(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/@^+";
  return text.find_first_not_of(kPlain) != std::string_view::npos;
}

}  // namespace

std::optional<LogFormat> parse_log_format(std::string_view name) {
  if (name == "text") return LogFormat::text;
  if (name == "json") return LogFormat::json;
  if (name == "raw") return LogFormat::raw;
  return std::nullopt;
}

std::string log_line(std::string_view line, LogFormat format, lab::WallTime at) {
  if (format == LogFormat::plain) return std::string(line);
  std::string_view level = "info";
  for (const auto& [prefix, name] : kLevels) {
    if (!line.starts_with(prefix)) continue;
    level = name;
    line.remove_prefix(prefix.size());
    break;
  }
  if (format == LogFormat::raw) return std::string(line);
  // logrus tells whole seconds.
  const std::string time = lab::format_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
  if (format == LogFormat::json) {
    return "{\"level\":\"" + std::string(level) + "\",\"msg\":" + quoted(line) + ",\"time\":\"" +
           time + "\"}";
  }
  const std::string message = needs_quotes(line) ? quoted(line) : std::string(line);
  return "time=\"" + time + "\" level=" + std::string(level) +
         (message.empty() ? "" : " msg=" + message);
}

LogBuffer::int_type LogBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  if (traits_type::to_char_type(c) != '\n') {
    line_ += traits_type::to_char_type(c);
  } else {
    if (!line_.empty()) sink_ << log_line(line_, format_, now_()) << "\n";
    line_.clear();
  }
  return c;
}

int LogBuffer::sync() {
  sink_.flush();
  return sink_ ? 0 : -1;
}

}  // namespace loader
