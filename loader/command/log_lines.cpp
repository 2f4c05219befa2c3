#include "loader/command/log_lines.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include "shared/base/json.h"

namespace loader {
namespace {

using Level = std::pair<std::string_view, ScriptLogLevel>;
constexpr std::array<Level, 3> kLevels{{{"warning: ", ScriptLogLevel::warning},
                                        {"error: ", ScriptLogLevel::error},
                                        {"loader: ", ScriptLogLevel::error}}};

std::string_view level_name(ScriptLogLevel level) {
  switch (level) {
    case ScriptLogLevel::debug:
      return "debug";
    case ScriptLogLevel::info:
      return "info";
    case ScriptLogLevel::warning:
      return "warning";
    case ScriptLogLevel::error:
      break;
  }
  return "error";
}

// With what says so.
Level level_of(std::string_view line) {
  for (const Level& level : kLevels) {
    if (line.starts_with(level.first)) return level;
  }
  return {"", ScriptLogLevel::info};
}

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
  const auto [prefix, said] = level_of(line);
  const std::string_view level = level_name(said);
  line.remove_prefix(prefix.size());
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

namespace {

// Sorted by name, as logrus has them; the source is one of them.
std::vector<std::pair<std::string, std::string>> fields_of(const ScriptLogLine& line) {
  auto fields = line.fields;
  if (!line.source.empty()) fields.emplace_back("source", line.source);
  std::sort(fields.begin(), fields.end());
  return fields;
}

bool is_continuation(std::string_view line) {
  return line.starts_with('\t') || line.starts_with(' ');
}

std::string field_text(std::string_view value) {
  return value.empty() || needs_quotes(value) ? quoted(value) : std::string(value);
}

}  // namespace

std::string script_log_line(const ScriptLogLine& line, LogFormat format) {
  if (format == LogFormat::raw) return line.text;
  const std::string time = lab::format_rfc3339(std::chrono::floor<std::chrono::seconds>(line.at));
  const std::string level(level_name(line.level));
  if (format == LogFormat::json) {
    lab::Json json{{"level", level}, {"msg", line.text}, {"time", time}};
    for (const auto& [name, value] : fields_of(line)) json[name] = value;
    return json.dump(-1, ' ', false, lab::Json::error_handler_t::replace);
  }
  std::string text = "time=\"" + time + "\" level=" + level;
  if (!line.text.empty()) text += " msg=" + field_text(line.text);
  for (const auto& [name, value] : fields_of(line)) text += " " + name + "=" + field_text(value);
  return text;
}

std::string script_log_line_of_terminal(const ScriptLogLine& line, lab::Duration since_start) {
  std::string level(level_name(line.level).substr(0, 4));
  for (char& c : level) c = static_cast<char>(c - 'a' + 'A');
  char seconds[24];
  std::snprintf(seconds, sizeof seconds, "[%04lld] ",
                static_cast<long long>(
                    std::chrono::duration_cast<std::chrono::seconds>(since_start).count()));
  std::string text = level + seconds + line.text;
  constexpr std::size_t kMessageColumns = 44;
  const auto fields = fields_of(line);
  const std::size_t width = text.size() - level.size() - std::string_view(seconds).size();
  if (!fields.empty() && width < kMessageColumns) text.append(kMessageColumns - width, ' ');
  for (const auto& [name, value] : fields) text += " " + name + "=" + field_text(value);
  return text;
}

LogBuffer::int_type LogBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  if (traits_type::to_char_type(c) != '\n') {
    line_ += traits_type::to_char_type(c);
  } else {
    take_line();
  }
  return c;
}

void LogBuffer::take_line() {
  if (line_.empty()) return;
  if (is_continuation(line_) && !message_.empty()) {
    message_ += '\n';
  } else {
    pass_on();
  }
  message_ += line_;
  line_.clear();
}

void LogBuffer::pass_on() {
  const bool is_shown = !message_.empty() && level_of(message_).second >= least_;
  if (is_shown) sink_ << log_line(message_, format_, now_()) << "\n";
  message_.clear();
}

int LogBuffer::sync() {
  if (!is_continuation(line_)) pass_on();
  sink_.flush();
  return sink_ ? 0 : -1;
}

}  // namespace loader
