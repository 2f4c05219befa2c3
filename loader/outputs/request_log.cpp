#include "loader/outputs/request_log.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "shared/base/json_text.h"

namespace loader {
namespace {

// A line is written for each request while the load goes on: what a double costs to print is more
// than all else, and nanoseconds are whole numbers.
void append_milliseconds(std::string& out, lab::Duration time) {
  constexpr std::int64_t kPerMillisecond = 1'000'000;
  const std::int64_t nanoseconds = time.count();
  if (nanoseconds < 0) out += '-';
  const std::int64_t magnitude = nanoseconds < 0 ? -nanoseconds : nanoseconds;
  lab::append_json_integer(out, magnitude / kPerMillisecond);
  std::int64_t rest = magnitude % kPerMillisecond;
  if (rest == 0) return;
  std::array<char, 7> digits{'.'};
  for (std::size_t i = digits.size() - 1; i > 0; --i, rest /= 10) {
    digits[i] = static_cast<char>('0' + rest % 10);
  }
  std::string_view fraction(digits.data(), digits.size());
  while (fraction.back() == '0') fraction.remove_suffix(1);
  out += fraction;
}

/// Writes members of one object, each with the comma before it. Keys are ours and need no escaping.
class LineWriter {
 public:
  explicit LineWriter(std::string& line) : line_(line) {}

  /// Empty: null.
  void text(std::string_view key, std::string_view value) {
    begin(key);
    value.empty() ? static_cast<void>(line_ += "null") : lab::append_json_string(line_, value);
  }
  void time(std::string_view key, lab::Duration value) {
    begin(key);
    append_milliseconds(line_, value);
  }
  void time(std::string_view key, const std::optional<lab::Duration>& value) {
    value ? time(key, *value) : nothing(key);
  }
  void count(std::string_view key, std::uint64_t value) {
    begin(key);
    lab::append_json_integer(line_, static_cast<std::int64_t>(value));
  }
  void count(std::string_view key, const std::optional<std::int64_t>& value) {
    value ? count(key, static_cast<std::uint64_t>(*value)) : nothing(key);
  }
  void flag(std::string_view key, bool value) {
    begin(key);
    line_ += value ? "true" : "false";
  }

 private:
  void begin(std::string_view key) { line_.append(",\"").append(key).append("\":"); }
  void nothing(std::string_view key) {
    begin(key);
    line_ += "null";
  }

  std::string& line_;
};

void append_times(LineWriter& line, const RequestRecord& record, RunClock clock) {
  std::optional<lab::Duration> intended;
  if (record.intended_start) intended = *record.intended_start - clock.start;
  line.time("intended_start_ms", intended);
  line.time("start_ms", record.start - clock.start);
  line.time("duration_ms", record.end - record.start);
  line.time("blocked_ms", record.phases.blocked);
  line.time("connecting_ms", record.phases.connecting);
  line.time("tls_handshaking_ms", record.phases.tls_handshaking);
  line.time("sending_ms", record.phases.sending);
  line.time("waiting_ms", record.phases.waiting);
  line.time("receiving_ms", record.phases.receiving);
  line.time("ttft_ms", record.time_to_first_token);
}

}  // namespace

RequestTagTexts request_tag_texts(const TagTable& tags, TagSetId set) {
  RequestTagTexts texts;
  for (const char* const key : {"scenario", "phase", "group", "name", "method"}) {
    const auto value = tags.find(set, key);
    texts.members.append("\"").append(key).append("\":");
    if (value) {
      lab::append_json_string(texts.members, *value);
    } else {
      texts.members += "null";
    }
    texts.members += ',';
  }
  const char* separator = "{";
  for (const auto& [key, value] : tags.tags(set)) {
    texts.object += std::exchange(separator, ",");
    lab::append_json_string(texts.object, key);
    texts.object += ':';
    lab::append_json_string(texts.object, value);
  }
  texts.object += texts.object.empty() ? "{}" : "}";
  return texts;
}

void append_request_line(std::string& out, const RequestRecord& record,
                         const RequestTagTexts& tag_texts, RunClock clock) {
  out.append(R"({"time":")").append(lab::format_rfc3339(clock.wall(record.start))).append("\",");
  out.append(tag_texts.members).append(R"("vu":)");
  lab::append_json_integer(out, static_cast<std::int64_t>(record.vu));
  LineWriter line(out);
  line.count("iteration", record.iteration);
  line.text("request_id", record.request_id);
  line.text("host", record.host);
  line.text("model", record.model);
  line.flag("stream", record.is_stream);
  append_times(line, record, clock);
  line.count("chunks", record.chunks);
  line.count("tokens_in", record.tokens_in);
  line.count("tokens_out", record.tokens_out);
  line.text("token_source", record.token_source);
  line.count("status", record.status);
  line.text("outcome", record.outcome);
  line.text("reason", record.reason);
  line.count("error_code", record.error_code);
  line.flag("failed", record.is_failed);
  out.append(R"(,"tags":)").append(tag_texts.object).append("}\n");
}

std::string_view RequestPiece::kept(std::string_view text) {
  const std::size_t begin = text_.size();
  text_ += text;
  return std::string_view(text_).substr(begin);
}

bool RequestPiece::add(const RequestRecord& record, const RequestTagTexts& tag_texts) {
  const std::size_t bytes = record.outcome.size() + record.request_id.size() + record.model.size() +
                            record.host.size() + record.reason.size() + record.token_source.size();
  if (entries_.empty()) {
    entries_.reserve(kEntriesMax);
    text_.reserve(std::max(kTextBytes, bytes));
  }
  if (entries_.size() == kEntriesMax || text_.capacity() - text_.size() < bytes) return false;
  RequestRecord& kept_record = entries_.emplace_back(Entry{record, &tag_texts}).record;
  for (std::string_view* const text :
       {&kept_record.outcome, &kept_record.request_id, &kept_record.model, &kept_record.host,
        &kept_record.reason, &kept_record.token_source}) {
    *text = kept(*text);
  }
  kept_record.inter_token_latencies = {};
  return true;
}

void RequestPiece::clear() {
  entries_.clear();
  text_.clear();
}

RequestLog::RequestLog(OutputFile file, RunClock clock)
    : pool_(kRecordsMax / RequestPiece::kEntriesMax),
      piece_(pool_.take()),
      file_(std::move(file), {},
            [clock](std::string& lines, const RequestPiece& piece) {
              for (const RequestPiece::Entry& entry : piece.entries()) {
                append_request_line(lines, entry.record, *entry.tag_texts, clock);
              }
            },
            {.waiting_max = kRecordsMax, .wake_from = kRecordsAtOnce}) {}

void RequestLog::add(const RequestRecord& record, const TagTable& tags) {
  const std::lock_guard lock(mutex_);
  const RequestTagTexts& tag_texts = texts_of(record.tags, tags);
  if (piece_->add(record, tag_texts)) return;
  hand_on();
  const bool is_added = piece_->add(record, tag_texts);
  assert(is_added);
  static_cast<void>(is_added);
}

const RequestTagTexts& RequestLog::texts_of(TagSetId set, const TagTable& tags) {
  auto& known = tag_texts_[&tags];
  if (set.index >= known.size()) known.resize(tags.size());
  std::unique_ptr<const RequestTagTexts>& texts = known[set.index];
  if (!texts) texts = std::make_unique<RequestTagTexts>(request_tag_texts(tags, set));
  return *texts;
}

void RequestLog::hand_on() {
  if (piece_->size() == 0) return;
  note(file_.give(std::exchange(piece_, pool_.take())));
}

void RequestLog::note(const lab::Result<void>& done) {
  if (done || std::exchange(is_given_up_, true)) return;
  warning_ = given_up(done.error());
}

std::optional<std::string> RequestLog::take_warning() {
  const std::lock_guard lock(mutex_);
  return std::exchange(warning_, std::nullopt);
}

void RequestLog::flush() {
  const std::lock_guard lock(mutex_);
  hand_on();
  note(file_.flush());
}

lab::Result<void> RequestLog::finish() {
  const std::lock_guard lock(mutex_);
  hand_on();
  return file_.finish();
}

std::string RequestLog::description() const { return "samples (" + file_.name() + ")"; }

}  // namespace loader
