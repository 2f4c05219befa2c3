#include "shared/runtime/http_message.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace lab {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

struct Phrase {
  unsigned status;
  std::string_view text;
};

constexpr auto kPhrases = std::to_array<Phrase>({
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {529, "Site is overloaded"},
});

}  // namespace

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  const std::size_t begin = spans_.empty() ? 0 : end_of(spans_.back());
  const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name.size()),
                  static_cast<std::uint32_t>(value.size())};
  if (bytes_.size() < end_of(span)) bytes_.resize(std::max(2 * bytes_.size(), end_of(span)));
  spans_.push_back(span);
  char* at = bytes_.data() + begin;
  at += name.copy(at, name.size());
  *at++ = ':';
  *at++ = ' ';
  at += value.copy(at, value.size());
  *at++ = '\r';
  *at++ = '\n';
}

void HttpHeaders::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

// The removed field's bytes stay in the buffer: fields are few and short-lived.
void HttpHeaders::remove(std::string_view name) {
  std::erase_if(spans_, [&](const Span& span) { return equals_ignore_case(name_of(span), name); });
}

void HttpHeaders::clear() { spans_.clear(); }

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  for (const Span& span : spans_) {
    if (equals_ignore_case(name_of(span), name)) return value_of(span);
  }
  return std::nullopt;
}

void HttpHeaders::append_to(std::string& out) const {
  // A run of fields between which none was removed is one copy.
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const Span& span : spans_) {
    if (span.offset != end) {
      out.append(bytes_, begin, end - begin);
      begin = span.offset;
    }
    end = end_of(span);
  }
  out.append(bytes_, begin, end - begin);
}

bool HttpHeaders::has_token(std::string_view name, std::string_view token) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const Field field = (*this)[i];
    if (!equals_ignore_case(field.name, name)) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(',');
      std::string_view item = trim(rest.substr(0, comma));
      item = trim(item.substr(0, item.find(';')));
      if (equals_ignore_case(item, token)) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

std::string_view target_path(std::string_view target) {
  // Not find_first_of(), which searches its set with a call for each character.
  const auto ends_path = [](char c) { return c == '?' || c == '#'; };
  const auto end = std::find_if(target.begin(), target.end(), ends_path);
  return target.substr(0, static_cast<std::size_t>(end - target.begin()));
}

std::string_view reason_phrase(unsigned status) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Unknown";
}

std::string format_http_date(WallTime t) {
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::weekday weekday{day};
  const auto second = std::chrono::floor<std::chrono::seconds>(t - day).count();
  std::string out;
  out.reserve(sizeof "Sun, 06 Nov 1994 08:49:37 GMT");
  const auto append_two = [&out](auto value, char after) {
    const auto v = static_cast<unsigned>(value);
    out += static_cast<char>('0' + v / 10 % 10);
    out += static_cast<char>('0' + v % 10);
    out += after;
  };
  out.append(kDays.substr(weekday.c_encoding() * 3, 3)).append(", ");
  append_two(static_cast<unsigned>(date.day()), ' ');
  out.append(kMonths.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3)).append(" ");
  out.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  append_two(second / 3600, ':');
  append_two(second / 60 % 60, ':');
  append_two(second % 60, ' ');
  return out += "GMT";
}

}  // namespace lab
