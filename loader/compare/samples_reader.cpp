#include "loader/compare/samples_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "shared/base/json.h"

namespace loader {
namespace {

// No request's line is nearly that long.
constexpr std::size_t kLineBytesMax = std::size_t{1} << 20;

struct GzCloser {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzFile = std::unique_ptr<gzFile_s, GzCloser>;

/// The lines of a file, which zlib decompresses if it has to.
class LineFile {
 public:
  explicit LineFile(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {}
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  /// None at the end, or where the file is broken.
  std::optional<std::string_view> next() {
    line_.clear();
    while (gzgets(file_.get(), block_.data(), static_cast<int>(block_.size())) != nullptr) {
      line_ += block_.data();
      if (line_.ends_with('\n')) {
        line_.pop_back();
        return line_;
      }
      if (line_.size() > kLineBytesMax) return std::nullopt;
    }
    if (line_.empty()) return std::nullopt;
    return line_;
  }
  [[nodiscard]] bool is_broken() const {
    int error = Z_OK;
    (void)gzerror(file_.get(), &error);
    return error != Z_OK || line_.size() > kLineBytesMax;
  }

 private:
  GzFile file_;
  std::array<char, 1 << 16> block_{};
  std::string line_;
};

std::optional<double> milliseconds_in(const lab::Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  const double value = found->get<double>();
  constexpr double kMost = 1e12;  // Thirty years, which can be added up.
  if (!(std::abs(value) <= kMost)) return std::nullopt;
  return value;
}

std::string text_in(const lab::Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> count_in(const lab::Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

lab::Json line_in(std::string_view line) { return lab::Json::parse(line, nullptr, false); }

bool is_request(const lab::Json& json) {
  return json.is_object() && milliseconds_in(json, "start_ms") &&
         milliseconds_in(json, "duration_ms").value_or(-1) >= 0 && json.contains("outcome");
}

}  // namespace

lab::Result<void> SamplesReader::add(std::string_view line) {
  const lab::Json json = line_in(line);
  if (json.is_discarded()) return lab::Error{{}, "is cut short, or no JSON"};
  if (!is_request(json)) {
    return lab::Error{{}, "is no request: start_ms, duration_ms or outcome are missing"};
  }
  if (count_in(json, "vu").value_or(0) == 0) return {};
  const std::pair place(text_in(json, "scenario"), text_in(json, "phase"));
  auto tags = tag_sets_.find(place);
  if (tags == tag_sets_.end()) {
    const TagSetId made = tags_.intern({{"scenario", place.first}, {"phase", place.second}});
    tags = tag_sets_.emplace(place, made).first;
  }
  const std::string outcome = text_in(json, "outcome");
  const std::string reason = text_in(json, "reason");
  const std::string model = text_in(json, "model");
  const lab::Duration start = lab::from_milliseconds(*milliseconds_in(json, "start_ms"));
  const lab::Duration end = start + lab::from_milliseconds(*milliseconds_in(json, "duration_ms"));
  RequestRecord record{.tags = tags->second,
                       .start = lab::TimePoint(start),
                       .end = lab::TimePoint(end),
                       .status = static_cast<unsigned>(count_in(json, "status").value_or(0)),
                       .outcome = outcome,
                       .model = model,
                       .reason = reason,
                       .tokens_in = count_in(json, "tokens_in"),
                       .tokens_out = count_in(json, "tokens_out")};
  const auto first_token = milliseconds_in(json, "ttft_ms");
  if (first_token && *first_token >= 0) {
    record.time_to_first_token = lab::from_milliseconds(*first_token);
  }
  // Lines of several threads are a little out of order; windows don't go back.
  windows_.add(record, end);
  duration_ = std::max(duration_, end);
  return {};
}

SummaryData SamplesReader::summary() const {
  SummaryData summary;
  summary.duration = duration_;
  summary.over_time = windows_.over_time();
  return summary;
}

bool is_samples_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  LineFile file(path);
  if (!file.is_open()) return false;
  const auto line = file.next();
  return line && is_request(line_in(*line));
}

lab::Result<SummaryData> read_samples_file(const std::string& path) {
  LineFile file(path);
  if (!file.is_open()) return lab::Error{path, "can't be read"};
  SamplesReader reader;
  std::size_t number = 0;
  while (const auto line = file.next()) {
    ++number;
    if (line->empty()) continue;
    if (const auto added = reader.add(*line); !added) {
      return lab::Error{path, "line " + std::to_string(number) + " " + added.error().what};
    }
  }
  if (file.is_broken()) {
    return lab::Error{path, "is broken behind line " + std::to_string(number)};
  }
  return reader.summary();
}

}  // namespace loader
