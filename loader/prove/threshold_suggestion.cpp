#include "loader/prove/threshold_suggestion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace loader {
namespace {

struct Candidate {
  SuggestedThreshold threshold;
  int rank = 0;        ///< Of the metric, the better known first.
  double clarity = 0;  ///< How far apart sound and broken are.
};

std::string_view base_of(std::string_view metric) { return metric.substr(0, metric.find('{')); }

// What people know and can explain comes first; what depends on how much was run comes last.
int rank_of(std::string_view metric, std::string_view statistic) {
  constexpr std::array<std::string_view, 12> kOrder{
      "http_req_failed",         "llm_success_rate",
      "llm_streaming_success",   "checks",
      "llm_time_to_first_token", "llm_time_per_output_token",
      "llm_inter_token_latency", "llm_stream_stall_max",
      "llm_latency_drift_low",   "llm_tokens_generated",
      "http_req_duration",       "llm_response_time"};
  const std::string_view name = base_of(metric);
  const auto place = std::find(kOrder.begin(), kOrder.end(), name);
  int rank = static_cast<int>(place - kOrder.begin()) * 2;
  if (place == kOrder.end()) rank += name.starts_with("llm_") ? 0 : 20;
  // A part of the samples is a threshold that has to be kept up to date.
  if (name.size() != metric.size()) rank += 1;
  if (statistic == "min" || statistic == "max") rank += 6;
  if (statistic == "count" || statistic == "value") rank += 10;
  return rank;
}

// Of how long the run is and how many take part; of the machine's clock.
bool is_of_use(std::string_view metric, std::string_view statistic) {
  constexpr std::array<std::string_view, 6> kUseless{
      "vus", "vus_max", "data_sent", "iterations", "data_received", "llm_hourly_latency"};
  const std::string_view name = base_of(metric);
  if (std::find(kUseless.begin(), kUseless.end(), name) != kUseless.end()) return false;
  return statistic != "count" || !name.starts_with("llm_total_tokens");
}

// With two digits, if that is a number between the two.
std::optional<double> limit_between(double sound, double broken) {
  const bool is_ratio =
      sound > 0 && broken > 0 && std::max(sound, broken) > 2 * std::min(sound, broken);
  const double middle = is_ratio ? std::sqrt(sound * broken) : (sound + broken) / 2;
  for (const int digits : {2, 3, 4}) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*g", digits, middle);
    const double limit = std::strtod(text, nullptr);
    if (limit > std::min(sound, broken) && limit < std::max(sound, broken)) return limit;
  }
  return std::nullopt;
}

std::string text_of(double limit) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", limit);
  if (std::string_view(text).find('e') != std::string_view::npos) {
    std::snprintf(text, sizeof text, "%.0f", limit);
  }
  return text;
}

/// Compares the values of one statistic.
std::optional<Candidate> candidate_of(const std::string& value, ValueRanges::Range sound,
                                      const ValueRanges::Range& held_out,
                                      const ValueRanges::Range& mutant) {
  const std::size_t colon = value.rfind(": ");
  const std::string metric = value.substr(0, colon);
  const std::string statistic = value.substr(colon + 2);
  if (!is_of_use(metric, statistic)) return std::nullopt;
  const std::uint64_t runs = sound.runs + held_out.runs;
  const double spread = sound.high - sound.low;
  sound.low = std::min(sound.low, held_out.low);
  sound.high = std::max(sound.high, held_out.high);
  const bool is_above = mutant.low > sound.high;
  if (!is_above && mutant.high >= sound.low) return std::nullopt;
  const double nearest_sound = is_above ? sound.high : sound.low;
  const double nearest_broken = is_above ? mutant.low : mutant.high;
  const double gap = std::abs(nearest_broken - nearest_sound);
  // Less than that, and the next control run may cross it.
  if (gap < spread || gap < 0.02 * std::abs(nearest_sound)) return std::nullopt;
  const auto limit = limit_between(nearest_sound, nearest_broken);
  if (!limit) return std::nullopt;
  Candidate candidate;
  candidate.threshold = {.metric = metric,
                         .expression = statistic + (is_above ? "<" : ">") + text_of(*limit),
                         .sound_low = sound.low,
                         .sound_high = sound.high,
                         .mutant_low = mutant.low,
                         .mutant_high = mutant.high,
                         .control_runs = runs};
  candidate.rank = rank_of(metric, statistic);
  candidate.clarity = gap / (spread + 0.01 * std::abs(nearest_sound) + 1e-9);
  return candidate;
}

}  // namespace

std::vector<SuggestedThreshold> suggest_thresholds(const MetricRegistry& registry,
                                                   const ValueRanges& sound,
                                                   const ValueRanges& held_out,
                                                   const ValueRanges& mutant) {
  std::vector<Candidate> candidates;
  ValueRanges names = sound;
  names.merge(mutant);
  for (const auto& [value, range] : names.all()) {
    const auto in_sound = sound.find(value);
    const auto in_held_out = held_out.find(value);
    const auto in_mutant = mutant.find(value);
    if (!in_sound || !in_held_out || !in_mutant) continue;
    auto candidate = candidate_of(value, *in_sound, *in_held_out, *in_mutant);
    if (!candidate) continue;
    const auto known = registry.find(candidate->threshold.metric);
    if (known) candidates.push_back(*std::move(candidate));
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.rank != b.rank ? a.rank < b.rank : a.clarity > b.clarity;
                   });
  std::vector<SuggestedThreshold> chosen;
  for (Candidate& each : candidates) {
    const bool is_told = std::any_of(chosen.begin(), chosen.end(), [&each](const auto& other) {
      return base_of(other.metric) == base_of(each.threshold.metric);
    });
    if (is_told) continue;
    chosen.push_back(std::move(each.threshold));
    if (chosen.size() == kSuggestionsMax) break;
  }
  return chosen;
}

}  // namespace loader
