#include "loader/scenarios/k6_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/flags.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::array<std::string_view, 16> kNumbers{"vus",
                                                    "iterations",
                                                    "rate",
                                                    "startRate",
                                                    "startVUs",
                                                    "maxVUs",
                                                    "maxRate",
                                                    "preAllocatedVUs",
                                                    "target",
                                                    "rps",
                                                    "maxRedirects",
                                                    "batch",
                                                    "batchPerHost",
                                                    "step",
                                                    "responseBytesMax",
                                                    "metricSamplesBufferSize"};
constexpr std::array<std::string_view, 11> kDurations{"duration",
                                                      "startTime",
                                                      "gracefulStop",
                                                      "gracefulRampDown",
                                                      "maxDuration",
                                                      "timeUnit",
                                                      "stepDuration",
                                                      "setupTimeout",
                                                      "teardownTimeout",
                                                      "minIterationDuration",
                                                      "handleSummaryTimeout"};
constexpr std::array<std::string_view, 12> kSwitches{"paused",
                                                     "noSetup",
                                                     "noTeardown",
                                                     "insecureSkipTLSVerify",
                                                     "noConnectionReuse",
                                                     "noVUConnectionReuse",
                                                     "throw",
                                                     "noCookiesReset",
                                                     "discardResponseBodies",
                                                     "noColor",
                                                     "noUsageReport",
                                                     "linger"};
template <class List>
bool has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  // from_chars would take "inf" and "nan".
  if (text.find_first_not_of("0123456789.-eE+") != std::string_view::npos) return std::nullopt;
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

lab::Json stages_as_k6_reads(const lab::Json& stages) {
  if (!stages.is_array()) return stages;
  lab::Json read = lab::Json::array();
  for (const lab::Json& stage : stages) read.push_back(object_as_k6_reads(stage));
  return read;
}

// A text that is null is empty: what a script takes from __ENV may not be there.
lab::Json texts_as_k6_reads(const lab::Json& texts) {
  lab::Json read = texts;
  if (!read.is_object()) return read;
  for (auto& text : read) {
    if (text.is_null()) text = "";
  }
  return read;
}

// Members that are null say nothing.
lab::Json without_nulls(const lab::Json& value) {
  if (!value.is_structured()) return value;
  lab::Json read = value.is_object() ? lab::Json::object() : lab::Json::array();
  for (const auto& [key, member] : value.items()) {
    if (value.is_array()) {
      read.push_back(without_nulls(member));
    } else if (!member.is_null()) {
      read[key] = without_nulls(member);
    }
  }
  return read;
}

// A metric without thresholds is still one that has to be there.
lab::Json thresholds_as_k6_reads(const lab::Json& thresholds) {
  if (!thresholds.is_object()) return thresholds;
  lab::Json read = lab::Json::object();
  for (const auto& [metric, own] : thresholds.items()) {
    read[metric] = own.is_null() ? lab::Json::array() : without_nulls(own);
  }
  return read;
}

}  // namespace

lab::Json as_k6_reads(std::string_view key, const lab::Json& value) {
  if (key == "stages") return stages_as_k6_reads(value);
  if (key == "tags" || key == "env") return texts_as_k6_reads(value);
  if (key == "thresholds") return thresholds_as_k6_reads(value);
  if (key == "hosts" || key == "tlsVersion") return without_nulls(value);
  const auto* const text = value.get_ptr<const std::string*>();
  if (text == nullptr) return value;
  const bool is_number = has(kNumbers, key);
  const bool is_duration = has(kDurations, key);
  const bool is_switch = has(kSwitches, key);
  if ((is_number || is_duration || is_switch) && text->empty()) return nullptr;
  if (is_number) {
    if (const auto number = number_of<std::int64_t>(*text)) return *number;
  }
  if (is_duration) {
    if (const auto milliseconds = number_of<double>(*text)) return *milliseconds;
  }
  if (is_switch) {
    if (const auto is_on = lab::parse_switch(*text)) return *is_on;
  }
  return value;
}

lab::Json object_as_k6_reads(const lab::Json& object) {
  if (!object.is_object()) return object;
  lab::Json read = lab::Json::object();
  for (const auto& [key, value] : object.items()) {
    lab::Json member = as_k6_reads(key, value);
    if (!member.is_null()) read[key] = std::move(member);
  }
  return read;
}

}  // namespace loader
