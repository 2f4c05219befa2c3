#include "loader/outputs/request_log.h"

#include <utility>

#include "shared/base/json_text.h"

namespace loader {
namespace {

/// Writes the members of one object.
class LineWriter {
 public:
  void text(std::string_view key, std::string_view value) {
    begin(key);
    lab::append_json_string(line_, value);
  }
  void number(std::string_view key, double value) {
    begin(key);
    lab::append_json_number_as_go(line_, value);
  }
  void count(std::string_view key, std::uint64_t value) {
    begin(key);
    line_ += std::to_string(value);
  }
  void nothing(std::string_view key) {
    begin(key);
    line_ += "null";
  }
  [[nodiscard]] std::string finish() && { return std::move(line_) + "}\n"; }

 private:
  // Keys are ours and need no escaping.
  void begin(std::string_view key) {
    line_ += line_.empty() ? "{\"" : ",\"";
    line_.append(key).append("\":");
  }

  std::string line_;
};

}  // namespace

std::string request_line(const RequestRecord& record, const TagTable& tags, RunClock clock) {
  LineWriter line;
  line.text("time", lab::format_rfc3339(clock.wall(record.start)));
  for (const char* const key : {"scenario", "phase", "group", "name", "method"}) {
    if (const auto value = tags.find(record.tags, key)) line.text(key, *value);
  }
  line.count("vu", record.vu);
  line.count("iteration", record.iteration);
  if (record.intended_start) {
    line.number("intended_start_ms", lab::to_milliseconds(*record.intended_start - clock.start));
  } else {
    line.nothing("intended_start_ms");
  }
  line.number("start_ms", lab::to_milliseconds(record.start - clock.start));
  line.number("duration_ms", lab::to_milliseconds(record.end - record.start));
  if (record.time_to_first_token) {
    line.number("ttft_ms", lab::to_milliseconds(*record.time_to_first_token));
  } else {
    line.nothing("ttft_ms");
  }
  if (record.chunks) {
    line.count("chunks", static_cast<std::uint64_t>(*record.chunks));
  } else {
    line.nothing("chunks");
  }
  line.count("status", record.status);
  line.text("outcome", record.outcome);
  line.count("error_code", record.error_code);
  return std::move(line).finish();
}

void RequestLog::add(const RequestRecord& record, const TagTable& tags) {
  std::string line = request_line(record, tags, clock_);
  const std::lock_guard lock(mutex_);
  lines_ += line;
  if (lines_.size() >= kBytesKept) write();
}

void RequestLog::write() {
  if (!error_) {
    const auto written = file_.write(lines_);
    if (!written) error_ = written.error();
  }
  lines_.clear();
}

lab::Result<void> RequestLog::finish() {
  const std::lock_guard lock(mutex_);
  write();
  const auto closed = file_.close();
  if (error_) return *error_;
  return closed;
}

std::string RequestLog::description() const { return "samples (" + file_.name() + ")"; }

}  // namespace loader
