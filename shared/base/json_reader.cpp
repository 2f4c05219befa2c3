#include "shared/base/json_reader.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "shared/base/json.h"

namespace lab {
namespace {

constexpr std::size_t kProblemsShown = 20;
// A third of what a time point holds: the time now, and the sum of two, still fit.
constexpr Duration kLongestDuration = std::chrono::hours(24 * 365 * 100);

std::string_view kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    default:
      return "a number";
  }
}

std::string plain(double value) { return Json(value).dump(); }
std::string plain(std::int64_t value) { return std::to_string(value); }

template <class Number>
std::string out_of_range(Number value, Number min, Number max, bool has_min, bool has_max) {
  std::string what = plain(value) + " is out of range: ";
  if (has_min && has_max) return what + plain(min) + " to " + plain(max) + " are allowed";
  return what + (has_min ? "at least " + plain(min) : "at most " + plain(max)) + " is allowed";
}

std::string member_path(const std::string& parent, std::string_view key) {
  // Keys such as "http_req_duration{scenario:a.b}" would be read as several steps.
  if (key.empty() || key.find_first_of(".[]") != std::string_view::npos) {
    return parent + "[\"" + std::string(key) + "\"]";
  }
  return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

std::string quoted_list(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += ", ";
    list.append(1, '"').append(name).append(1, '"');
  }
  return list;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto found = nearest(word, candidates);
  return found ? "; did you mean \"" + std::string(*found) + "\"?" : std::string(";");
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Edit distance with transpositions of neighbours (optimal string alignment), case ignored.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

void JsonProblems::add(const std::string& path, std::string what) {
  std::string where = file_;
  if (!path.empty()) where += (where.empty() ? "" : ": ") + path;
  errors_.push_back({std::move(where), std::move(what)});
}

std::string JsonProblems::to_string() const {
  std::string text;
  for (std::size_t i = 0; i < std::min(errors_.size(), kProblemsShown); ++i) {
    if (i > 0) text += '\n';
    text += errors_[i].to_string();
  }
  if (errors_.size() > kProblemsShown) {
    text += "\n… and " + std::to_string(errors_.size() - kProblemsShown) + " more problems";
  }
  return text;
}

namespace {

// What an absent value points at; its address is the mark.
const Json& absent_json() {
  static const Json json;
  return json;
}

}  // namespace

bool JsonValue::is_null() const { return value_->is_null(); }

bool JsonValue::is_present() const { return value_ != &absent_json(); }

JsonValue JsonValue::absent(std::string path, JsonProblems& problems) {
  return {absent_json(), std::move(path), problems};
}

const std::string* JsonValue::string_or_null() const {
  return value_->get_ptr<const std::string*>();
}

void JsonValue::problem_expected(std::string_view expected) const {
  problem("expected " + std::string(expected) + ", got " + std::string(kind_of(*value_)));
}

void JsonValue::problem_with_choices(std::span<const std::string_view> names) const {
  if (!value_->is_string()) return problem_expected("one of " + quoted_list(names));
  const auto& word = value_->get_ref<const std::string&>();
  problem("unknown value \"" + word + "\"" + did_you_mean(word, names) +
          " allowed: " + quoted_list(names));
}

std::string JsonValue::as_string(std::string fallback) const {
  if (value_->is_string()) return value_->get<std::string>();
  problem_expected("a string");
  return fallback;
}

bool JsonValue::as_bool(bool fallback) const {
  if (value_->is_boolean()) return value_->get<bool>();
  problem_expected("true or false");
  return fallback;
}

double JsonValue::as_number(double min, double max, double fallback) const {
  if (!value_->is_number()) {
    problem_expected("a number");
    return fallback;
  }
  const auto number = value_->get<double>();
  if (number >= min && number <= max) return number;
  problem(out_of_range(number, min, max, std::isfinite(min), std::isfinite(max)));
  return fallback;
}

std::int64_t JsonValue::as_integer(std::int64_t min, std::int64_t max,
                                   std::int64_t fallback) const {
  using Limits = std::numeric_limits<std::int64_t>;
  constexpr double kTooLarge = 0x1.0p63;
  if (!value_->is_number()) {
    problem_expected("a whole number");
    return fallback;
  }
  const auto real = value_->get<double>();
  if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > std::uint64_t{Limits::max()}) {
    problem("must be at most " + std::to_string(max) + ", got " + value_->dump());
    return fallback;
  }
  if (real != std::floor(real) || real >= kTooLarge || real < -kTooLarge) {
    problem("expected a whole number, got " + value_->dump());
    return fallback;
  }
  const auto number =
      value_->is_number_float() ? static_cast<std::int64_t>(real) : value_->get<std::int64_t>();
  if (number >= min && number <= max) return number;
  problem(out_of_range(number, min, max, min != Limits::min(), max != Limits::max()));
  return fallback;
}

Duration JsonValue::as_duration(Duration fallback) const {
  Duration duration{};
  if (value_->is_number()) {
    duration = from_milliseconds(value_->get<double>());
  } else if (value_->is_string()) {
    const Result<Duration> parsed = parse_duration(value_->get_ref<const std::string&>());
    if (!parsed) {
      problem(parsed.error().what);
      return fallback;
    }
    duration = *parsed;
  } else {
    problem_expected("a duration such as \"250ms\"");
    return fallback;
  }
  if (duration < Duration::zero()) {
    problem("a negative duration is not allowed");
    return fallback;
  }
  if (duration <= kLongestDuration) return duration;
  problem("longer than a hundred years; the longest duration is " +
          format_duration(kLongestDuration));
  return fallback;
}

JsonObject JsonValue::as_object() const {
  if (value_->is_object()) return JsonObject(*this);
  problem_expected("an object");
  return JsonObject(absent(path_, *problems_));
}

std::vector<JsonValue> JsonValue::as_array() const {
  std::vector<JsonValue> elements;
  if (!value_->is_array()) {
    problem_expected("an array");
    return elements;
  }
  elements.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    elements.emplace_back((*value_)[i], path_ + "[" + std::to_string(i) + "]", *problems_);
  }
  return elements;
}

std::vector<std::string> JsonValue::as_string_array() const {
  std::vector<std::string> strings;
  for (const JsonValue& element : as_array()) strings.push_back(element.as_string());
  return strings;
}

std::optional<JsonValue> JsonObject::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  const Json& json = value_.json();
  if (!json.is_object()) return std::nullopt;
  const auto member = json.find(key);
  if (member == json.end()) return std::nullopt;
  return JsonValue(*member, member_path(path(), key), value_.problems());
}

JsonValue JsonObject::require(std::string_view key) {
  if (auto found = find(key)) return *std::move(found);
  value_.problem("missing required key \"" + std::string(key) + "\"");
  return JsonValue::absent(member_path(path(), key), value_.problems());
}

std::vector<std::pair<std::string, JsonValue>> JsonObject::members() {
  std::vector<std::pair<std::string, JsonValue>> all;
  if (!value_.json().is_object()) return all;
  for (const auto& [key, member] : value_.json().items()) {
    known_.push_back(key);
    all.emplace_back(key, JsonValue(member, member_path(path(), key), value_.problems()));
  }
  return all;
}

std::string JsonObject::string(std::string_view key, std::string fallback) {
  const auto found = find(key);
  return found ? found->as_string(std::move(fallback)) : fallback;
}

bool JsonObject::boolean(std::string_view key, bool fallback) {
  const auto found = find(key);
  return found ? found->as_bool(fallback) : fallback;
}

double JsonObject::number(std::string_view key, double fallback, double min, double max) {
  const auto found = find(key);
  return found ? found->as_number(min, max, fallback) : fallback;
}

std::int64_t JsonObject::integer(std::string_view key, std::int64_t fallback, std::int64_t min,
                                 std::int64_t max) {
  const auto found = find(key);
  return found ? found->as_integer(min, max, fallback) : fallback;
}

Duration JsonObject::duration(std::string_view key, Duration fallback) {
  const auto found = find(key);
  return found ? found->as_duration(fallback) : fallback;
}

void JsonObject::finish() {
  if (!value_.json().is_object()) return;
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [key, member] : value_.json().items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    value_.problem("unknown key \"" + key + "\"" + did_you_mean(key, known) +
                   " allowed: " + quoted_list(known));
  }
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  // A third of the letters may be wrong: "stagez" means "stages", "abc" does not mean "vus".
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3);
  std::optional<std::string_view> best;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance || (!best && distance == best_distance)) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace lab
