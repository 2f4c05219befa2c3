#include "loader/compare/samples_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
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

/// The members of a request's line. What is null or missing is none; what is of another kind than
/// --samples writes makes the line a bad one.
class LineMembers {
 public:
  explicit LineMembers(const lab::Json& json) : json_(json) {}

  std::optional<double> milliseconds(const char* key) {
    const lab::Json* const found = find(key);
    if (found == nullptr) return std::nullopt;
    constexpr double kMost = 1e12;  // Thirty years, which can be added up.
    const bool is_good = found->is_number() && std::abs(found->get<double>()) <= kMost;
    return is_good ? std::optional(found->get<double>()) : refuse<double>(key, "milliseconds");
  }
  std::optional<std::int64_t> count(const char* key) {
    const lab::Json* const found = find(key);
    if (found == nullptr) return std::nullopt;
    const bool is_good = found->is_number_integer() && found->get<std::int64_t>() >= 0;
    return is_good ? std::optional(found->get<std::int64_t>())
                   : refuse<std::int64_t>(key, "a whole number");
  }
  std::string text(const char* key) {
    const lab::Json* const found = find(key);
    if (found == nullptr) return {};
    if (!found->is_string()) return refuse<std::string>(key, "a text").value_or("");
    return found->get<std::string>();
  }
  /// Those that every request has.
  std::optional<double> needed_milliseconds(const char* key) {
    const auto value = milliseconds(key);
    return value ? value : refuse<double>(key, "milliseconds");
  }
  std::string needed_text(const char* key) {
    std::string value = text(key);
    if (value.empty()) (void)refuse<std::string>(key, "a text");
    return value;
  }

  /// What is wrong with the first bad one; empty: all are good.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  [[nodiscard]] const lab::Json* find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  template <class T>
  std::optional<T> refuse(const char* key, const char* kind) {
    if (problem_.empty()) {
      problem_ = "is no request as --samples writes them: " + std::string(key) + " is not " + kind;
    }
    return std::nullopt;
  }

  const lab::Json& json_;
  std::string problem_;
};

lab::Json line_in(std::string_view line) { return lab::Json::parse(line, nullptr, false); }

bool is_request(const lab::Json& json) {
  return json.is_object() && json.contains("start_ms") && json.contains("duration_ms") &&
         json.contains("outcome");
}

}  // namespace

lab::Result<void> SamplesReader::add(std::string_view line) {
  const lab::Json json = line_in(line);
  if (json.is_discarded()) return lab::Error{{}, "is cut short, or no JSON"};
  if (!json.is_object()) return lab::Error{{}, "is no request, which is an object"};
  LineMembers members(json);
  const std::string outcome = members.needed_text("outcome");
  const std::string reason = members.text("reason");
  const std::string model = members.text("model");
  const auto start_ms = members.needed_milliseconds("start_ms");
  const auto duration_ms = members.needed_milliseconds("duration_ms");
  const auto first_token = members.milliseconds("ttft_ms");
  const auto vu = members.count("vu");
  const auto status = members.count("status");
  const auto tokens_in = members.count("tokens_in");
  const auto tokens_out = members.count("tokens_out");
  const std::pair place(members.text("scenario"), members.text("phase"));
  if (!members.problem().empty()) return lab::Error{{}, members.problem()};
  if (*duration_ms < 0) return lab::Error{{}, "is no request: duration_ms is below 0"};
  remember(line);
  if (vu.value_or(0) == 0) return {};
  auto tags = tag_sets_.find(place);
  if (tags == tag_sets_.end()) {
    const TagSetId made = tags_.intern({{"scenario", place.first}, {"phase", place.second}});
    tags = tag_sets_.emplace(place, made).first;
  }
  const lab::Duration start = lab::from_milliseconds(*start_ms);
  const lab::Duration end = start + lab::from_milliseconds(*duration_ms);
  RequestRecord record{.tags = tags->second,
                       .start = lab::TimePoint(start),
                       .end = lab::TimePoint(end),
                       .status = static_cast<unsigned>(status.value_or(0)),
                       .outcome = outcome,
                       .model = model,
                       .reason = reason,
                       .tokens_in = tokens_in,
                       .tokens_out = tokens_out};
  if (first_token && *first_token >= 0) {
    record.time_to_first_token = lab::from_milliseconds(*first_token);
  }
  // Lines of several threads are a little out of order; windows don't go back.
  windows_.add(record, end);
  duration_ = std::max(duration_, end);
  return {};
}

void SamplesReader::remember(std::string_view line) {
  const std::size_t hash = std::hash<std::string_view>()(line);
  if (lines_.contains(hash)) {
    ++repeated_;
  } else if (lines_.size() < kLinesRemembered) {
    lines_.insert(hash);
  }
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

lab::Result<SamplesFile> read_samples_file(const std::string& path) {
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
  return SamplesFile{.summary = reader.summary(), .repeated = reader.repeated()};
}

}  // namespace loader
