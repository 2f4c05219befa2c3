#include "loader/outputs/csv_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "loader/metrics/metadata.h"
#include "loader/outputs/decimal.h"

namespace loader {
namespace {

constexpr std::array<std::pair<std::string_view, CsvTimeFormat>, 6> kTimeFormats{{
    {"unix", CsvTimeFormat::unix},
    {"unix_milli", CsvTimeFormat::unix_milli},
    {"unix_micro", CsvTimeFormat::unix_micro},
    {"unix_nano", CsvTimeFormat::unix_nano},
    {"rfc3339", CsvTimeFormat::rfc3339},
    {"rfc3339_nano", CsvTimeFormat::rfc3339_nano},
}};

// RFC 4180, and as Go's writer does it also where a field begins with a space.
std::string field(std::string_view text) {
  const auto is_special = [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; };
  if (std::none_of(text.begin(), text.end(), is_special) && !text.starts_with(' ')) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string timestamp(lab::WallTime time, CsvTimeFormat format) {
  const auto since_epoch = time.time_since_epoch();
  switch (format) {
    case CsvTimeFormat::unix:
      return std::to_string(std::chrono::floor<std::chrono::seconds>(since_epoch).count());
    case CsvTimeFormat::unix_milli:
      return std::to_string(std::chrono::floor<std::chrono::milliseconds>(since_epoch).count());
    case CsvTimeFormat::unix_micro:
      return std::to_string(std::chrono::floor<std::chrono::microseconds>(since_epoch).count());
    case CsvTimeFormat::unix_nano:
      return std::to_string(since_epoch.count());
    case CsvTimeFormat::rfc3339:
      return lab::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    case CsvTimeFormat::rfc3339_nano:
      return lab::format_rfc3339(time);
  }
  return {};
}

lab::Error bad_argument(std::string what) { return {"--out csv", std::move(what)}; }

// As extra_tags: "k=v&k=v".
std::string metadata_column(std::string_view metadata) {
  std::string text;
  for_each_metadata(metadata, [&text](std::string_view name, std::string_view value) {
    text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
  });
  return text;
}

}  // namespace

lab::Result<CsvArgument> parse_csv_argument(std::string_view text) {
  CsvArgument argument;
  if (text.empty()) return argument;
  if (text.find('=') == std::string_view::npos) {
    argument.file_name = text;
    return argument;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view pair = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::string_view key = pair.substr(0, pair.find('='));
    const std::string_view value = pair.substr(std::min(pair.size(), key.size() + 1));
    if (key == "fileName") {
      if (value.empty()) {
        return bad_argument("fileName is empty; name a file, or write - for standard output");
      }
      argument.file_name = value;
    } else if (key == "timeFormat") {
      const auto format = std::find_if(kTimeFormats.begin(), kTimeFormats.end(),
                                       [&](const auto& known) { return known.first == value; });
      if (format == kTimeFormats.end()) {
        return bad_argument("unknown timeFormat \"" + std::string(value) +
                            "\"; use unix, unix_milli, unix_micro, unix_nano, rfc3339 or "
                            "rfc3339_nano");
      }
      argument.time_format = format->second;
    } else if (key == "saveInterval") {
      if (const auto interval = lab::parse_duration(value); !interval) {
        return bad_argument("saveInterval: " + interval.error().what);
      }
    } else {
      return bad_argument("unknown option \"" + std::string(key) +
                          "\"; use fileName, timeFormat or saveInterval");
    }
  }
  return argument;
}

CsvFormat::CsvFormat(const MetricRegistry& registry, RunClock clock, CsvTimeFormat time_format,
                     std::vector<std::string> columns)
    : registry_(&registry),
      clock_(clock),
      time_format_(time_format),
      columns_(std::move(columns)) {}

std::string CsvFormat::head() {
  std::string line = "metric_name,timestamp,metric_value,";
  for (const std::string& column : columns_) line += column + ",";
  return line + "extra_tags,metadata\n";
}

// The columns of the tags, and extra_tags.
std::string CsvFormat::tags_text(const TagTexts& tags) const {
  std::vector<std::string_view> columns(columns_.size());
  std::string extra;
  for (const auto& [key, value] : tags) {
    const auto column = std::find(columns_.begin(), columns_.end(), key);
    if (column != columns_.end()) {
      columns[static_cast<std::size_t>(column - columns_.begin())] = value;
    } else {
      extra += (extra.empty() ? "" : "&") + key + "=" + value;
    }
  }
  std::string text = ",";
  for (const std::string_view column : columns) text += field(column) + ",";
  return text + field(extra) + ",";
}

void CsvFormat::append_end(std::string& out, std::string_view metadata) const {
  out.append(field(metadata_column(metadata))).append("\n");
}

void CsvFormat::append_begin(std::string& out, const HandedSample& sample) {
  if (last_at_ != sample.at) {
    last_at_ = sample.at;
    time_ = "," + timestamp(clock_.wall(sample.at), time_format_) + ",";
  }
  out.append(registry_->info(sample.metric).name).append(time_);
  append_six_places(out, sample.value);
}

}  // namespace loader
