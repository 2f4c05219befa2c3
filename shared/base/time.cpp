#include "shared/base/time.h"

#include <array>
#include <cmath>
#include <limits>

namespace lab {
namespace {

struct TimeUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Longest name first where one is a prefix of another; both spellings of micro that Go accepts.
constexpr std::array kUnits{
    TimeUnit{"ns", 1},
    TimeUnit{"us", 1'000},
    TimeUnit{"\u00b5s", 1'000},
    TimeUnit{"\u03bcs", 1'000},
    TimeUnit{"ms", 1'000'000},
    TimeUnit{"s", 1'000'000'000},
    TimeUnit{"m", 60'000'000'000},
    TimeUnit{"h", 3'600'000'000'000},
    TimeUnit{"d", 86'400'000'000'000},
};

Error bad_duration(std::string_view text) {
  return {{},
          "invalid duration \"" + std::string(text) +
              "\"; write a number and a unit (ns, us, ms, s, m, h, d), for example \"1m30s\" or "
              "\"250ms\""};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads "12.5" from the front of `rest`; false if there is no digit.
bool take_number(std::string_view& rest, long double& value) {
  bool any = false;
  value = 0;
  while (!rest.empty() && is_digit(rest.front())) {
    value = value * 10 + (rest.front() - '0');
    rest.remove_prefix(1);
    any = true;
  }
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    long double scale = 0.1L;
    while (!rest.empty() && is_digit(rest.front())) {
      value += scale * (rest.front() - '0');
      scale /= 10;
      rest.remove_prefix(1);
      any = true;
    }
  }
  return any;
}

const TimeUnit* take_unit(std::string_view& rest) {
  for (const TimeUnit& unit : kUnits) {
    if (!rest.starts_with(unit.name)) continue;
    // "m" must not take the front of "ms".
    if (unit.name == "m" && rest.starts_with("ms")) continue;
    rest.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

void append_two_digits(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

// Writes value / 10^digits with trailing zeros (and a bare point) dropped.
std::string decimal(std::uint64_t value, int digits) {
  std::uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  std::string out = std::to_string(value / scale);
  std::uint64_t rest = value % scale;
  if (rest == 0) return out;
  std::string fraction = std::to_string(rest);
  fraction.insert(0, static_cast<std::size_t>(digits) - fraction.size(), '0');
  while (fraction.back() == '0') fraction.pop_back();
  return out + "." + fraction;
}

}  // namespace

Duration from_seconds(double seconds) {
  if (std::isnan(seconds)) return Duration::zero();
  const double ns = seconds * 1e9;
  constexpr double kLimit = 9.2e18;
  if (ns >= kLimit) return Duration::max();
  if (ns <= -kLimit) return Duration::min();
  // As std::round does, half away from zero, without a call: this is done for every token.
  const auto whole = static_cast<std::int64_t>(ns);
  const double rest = ns - static_cast<double>(whole);
  return Duration(whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0));
}

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return bad_duration(text);
  long double total = 0;
  bool first = true;
  while (!rest.empty()) {
    long double value = 0;
    if (!take_number(rest, value)) return bad_duration(text);
    const TimeUnit* unit = take_unit(rest);
    if (unit == nullptr || (unit->name == "d" && !first)) return bad_duration(text);
    total += value * static_cast<long double>(unit->nanoseconds);
    first = false;
  }
  if (total > static_cast<long double>(std::numeric_limits<std::int64_t>::max())) {
    return bad_duration(text);
  }
  const auto count = static_cast<std::int64_t>(std::round(total));
  return Duration(negative ? -count : count);
}

std::string format_duration(Duration d) {
  if (d == Duration::zero()) return "0s";
  const bool negative = d.count() < 0;
  const std::uint64_t ns =
      negative ? 0 - static_cast<std::uint64_t>(d.count()) : static_cast<std::uint64_t>(d.count());
  std::string out = negative ? "-" : "";
  if (ns < 1'000) return out + std::to_string(ns) + "ns";
  if (ns < 1'000'000) return out + decimal(ns, 3) + "\u00b5s";
  if (ns < 1'000'000'000) return out + decimal(ns, 6) + "ms";
  const std::uint64_t minutes = ns / 60'000'000'000;
  const std::uint64_t hours = minutes / 60;
  if (hours > 0) out += std::to_string(hours) + "h";
  if (minutes > 0) out += std::to_string(minutes % 60) + "m";
  return out + decimal(ns % 60'000'000'000, 9) + "s";
}

std::string format_rfc3339(WallTime t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const auto since_midnight = static_cast<std::uint64_t>((t - day).count());
  const auto seconds = since_midnight / 1'000'000'000;
  std::string out = std::to_string(static_cast<int>(date.year()));
  out += '-';
  append_two_digits(out, static_cast<unsigned>(date.month()));
  out += '-';
  append_two_digits(out, static_cast<unsigned>(date.day()));
  out += 'T';
  append_two_digits(out, static_cast<unsigned>(seconds / 3600));
  out += ':';
  append_two_digits(out, static_cast<unsigned>(seconds / 60 % 60));
  out += ':';
  append_two_digits(out, static_cast<unsigned>(seconds % 60));
  const std::uint64_t fraction = since_midnight % 1'000'000'000;
  if (fraction != 0) out += decimal(fraction, 9).substr(1);
  return out + "Z";
}

namespace {

/// Takes a text apart from its front; after the first thing that is not there nothing is.
class TextParts {
 public:
  explicit TextParts(std::string_view text) : rest_(text) {}

  // So many digits, a number of at most `max`.
  std::int64_t number(std::size_t digits, std::int64_t max) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    if (value > max) is_good_ = false;
    return value;
  }
  void sign(std::string_view allowed) {
    is_good_ = is_good_ && !rest_.empty() && allowed.find(rest_.front()) != std::string_view::npos;
    if (is_good_) rest_.remove_prefix(1);
  }
  // ".25" in nanoseconds; 0 where there is none.
  std::int64_t fraction() {
    if (!rest_.starts_with('.')) return 0;
    rest_.remove_prefix(1);
    std::int64_t value = digit();
    int digits = 1;
    for (; digits < 9 && !rest_.empty() && is_digit(rest_.front()); ++digits) {
      value = value * 10 + digit();
    }
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool is_good() const { return is_good_; }

 private:
  std::int64_t digit() {
    is_good_ = is_good_ && !rest_.empty() && is_digit(rest_.front());
    if (!is_good_) return 0;
    const std::int64_t value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool is_good_ = true;
};

// "Z", or an offset from UTC like "+01:00".
Duration take_offset(TextParts& parts) {
  if (parts.rest() == "Z" || parts.rest() == "z") {
    parts.sign("Zz");
    return Duration::zero();
  }
  const bool is_west = parts.rest().starts_with('-');
  parts.sign("+-");
  const std::chrono::hours hours(parts.number(2, 23));
  parts.sign(":");
  const Duration offset = hours + std::chrono::minutes(parts.number(2, 59));
  return is_west ? -offset : offset;
}

}  // namespace

Result<WallTime> parse_rfc3339(std::string_view text) {
  TextParts parts(text);
  const std::chrono::year year(static_cast<int>(parts.number(4, 2199)));
  parts.sign("-");
  const std::chrono::month month(static_cast<unsigned>(parts.number(2, 12)));
  parts.sign("-");
  const std::chrono::day day(static_cast<unsigned>(parts.number(2, 31)));
  parts.sign("Tt ");
  const std::chrono::hours hours(parts.number(2, 23));
  parts.sign(":");
  const std::chrono::minutes minutes(parts.number(2, 59));
  parts.sign(":");
  const std::chrono::seconds seconds(parts.number(2, 59));
  const std::chrono::nanoseconds fraction(parts.fraction());
  const Duration offset = take_offset(parts);
  const std::chrono::year_month_day date = year / month / day;
  const bool is_date = date.ok() && year >= std::chrono::year(2000);
  if (!parts.is_good() || !parts.rest().empty() || !is_date) {
    return Error{{},
                 "\"" + std::string(text) +
                     "\" is no time; write it as 2026-01-31T12:00:00Z, or with an offset instead "
                     "of Z: 2026-01-31T13:00:00+01:00"};
  }
  return WallTime(std::chrono::sys_days(date)) + hours + minutes + seconds + fraction - offset;
}

}  // namespace lab
