#include "shared/protocol/sse.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace lab {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// True if one of eight bytes is a control character up to CR, by arithmetic on all at once: each
// that is below borrows from its top bit, and a byte that had that bit itself is none.
bool has_low_byte(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kTops = 0x8080808080808080;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return ((word - kOnes * ('\r' + 1)) & ~word & kTops) != 0;
}

// The place of the first CR or LF, or the size. Hardly any byte of a stream is below CR.
std::size_t find_line_end(std::string_view bytes) {
  constexpr std::size_t kStep = 8;
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (i + kStep <= bytes.size() && !has_low_byte(bytes.data() + i)) {
      i += kStep;
      continue;
    }
    const std::size_t end = std::min(i + kStep, bytes.size());
    for (; i < end; ++i) {
      if (bytes[i] == '\n' || bytes[i] == '\r') return i;
    }
  }
  return i;
}

bool is_all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void append_sse_data(std::string& out, std::string_view data) {
  for (;;) {
    const std::size_t end = find_line_end(data);
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  out += '\n';
}

void append_sse_event(std::string& out, std::string_view event, std::string_view data) {
  out.append("event: ").append(event).append("\n");
  append_sse_data(out, data);
}

void append_sse_comment(std::string& out, std::string_view text) {
  out.append(text.empty() ? ":" : ": ").append(text).append("\n\n");
}

bool SseDecoder::take_line(std::string_view& bytes) {
  if (has_failed_) return false;
  if (!is_started_) skip_byte_order_mark(bytes);
  if (bytes.empty()) return false;
  if (skip_lf_) {
    skip_lf_ = false;
    if (bytes.front() == '\n') bytes.remove_prefix(1);
  }
  const std::size_t end = find_line_end(bytes);
  if (!fits(end)) return false;
  const bool is_whole = end < bytes.size();
  if (is_whole && partial_line_.empty()) {
    line_ = bytes.substr(0, end);
  } else {
    line_ = partial_line_.append(bytes.substr(0, end));
  }
  if (is_whole) skip_lf_ = bytes[end] == '\r';
  bytes.remove_prefix(is_whole ? end + 1 : end);
  return is_whole;
}

void SseDecoder::skip_byte_order_mark(std::string_view& bytes) {
  while (!bytes.empty() && mark_bytes_ < kByteOrderMark.size()) {
    if (bytes.front() != kByteOrderMark[mark_bytes_]) {
      partial_line_ = kByteOrderMark.substr(0, mark_bytes_);
      is_started_ = true;
      return;
    }
    bytes.remove_prefix(1);
    ++mark_bytes_;
  }
  is_started_ = mark_bytes_ == kByteOrderMark.size();
}

bool SseDecoder::fits(std::size_t more) {
  const std::size_t kept = partial_line_.size() + data_.size() + event_.size();
  if (kept + more <= event_bytes_max_) return true;
  has_failed_ = true;
  return false;
}

bool SseDecoder::end_line() {
  if (line_.empty()) {
    // An event without data is not dispatched, but its name is forgotten.
    if (!has_data_) start_event();
    return has_data_;
  }
  if (line_.front() == ':') {
    ++comment_count_;
  } else if (const std::size_t colon = line_.find(':'); colon == std::string_view::npos) {
    field(line_, {});
  } else {
    std::string_view value = line_.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line_.substr(0, colon), value);
  }
  partial_line_.clear();
  return false;
}

void SseDecoder::field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (name == "event") {
    event_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "retry" && is_all_digits(value)) {
    std::int64_t milliseconds = 0;
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (error == std::errc{}) retry_ = std::chrono::milliseconds(milliseconds);
  }
}

void SseDecoder::start_event() {
  data_.clear();
  event_.clear();
  has_data_ = false;
}

}  // namespace lab
