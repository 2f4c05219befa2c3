#include "loader/run/error_tally.h"

#include <algorithm>
#include <map>
#include <string>

#include "loader/http/url.h"

namespace loader {
namespace {

// Its request is fine, so what is wrong is its end.
bool is_broken_stream(TagSetId set, const TagTable& tags) {
  return tags.find(set, "expected_response") == "true";
}

// k6's texts don't say who was not to be reached.
std::string unreached(std::string_view error, std::string_view url, const std::string& gateway) {
  // A redirect's error says itself where it led.
  if (error.ends_with(')')) return std::string(error);
  const auto known = parse_url(url);
  const std::string host = known ? known->authority() : gateway;
  return std::string(error) + (host.empty() ? host : " (" + host + ")");
}

std::string error_text(TagSetId set, const TagTable& tags, const std::string& gateway) {
  if (is_broken_stream(set, tags)) {
    return "stream: " + std::string(tags.find(set, "reason").value_or("unknown"));
  }
  if (const auto error = tags.find(set, "error"); error && !error->empty()) {
    if (error->starts_with("dial: ") || error->starts_with("lookup: ")) {
      return unreached(*error, tags.find(set, "url").value_or(""), gateway);
    }
    return std::string(*error);
  }
  return "status " + std::string(tags.find(set, "status").value_or("0"));
}

std::vector<ErrorTally> sorted(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<ErrorTally> list;
  for (const auto& [text, count] : counts) list.push_back({text, count});
  std::stable_sort(list.begin(), list.end(),
                   [](const ErrorTally& a, const ErrorTally& b) { return a.count > b.count; });
  return list;
}

}  // namespace

void ErrorTallies::observe(const Sample& sample, const TagTable& tags) {
  if (sample.value == 0) return;
  // A stream whose request failed is counted as that request.
  const bool counts = sample.metric == BuiltinMetrics::http_req_failed ||
                      (sample.metric == BuiltinMetrics::llm_streaming_errors &&
                       is_broken_stream(sample.tags, tags));
  if (!counts) return;
  if (count_of_set_.size() <= sample.tags.index) count_of_set_.resize(sample.tags.index + 1);
  ++count_of_set_[sample.tags.index];
}

std::vector<ErrorTally> ErrorTallies::list(const TagTable& tags) const {
  std::map<std::string, std::uint64_t> counts;
  for (std::uint32_t i = 0; i < count_of_set_.size(); ++i) {
    if (count_of_set_[i] > 0) counts[error_text(TagSetId{i}, tags, gateway_)] += count_of_set_[i];
  }
  return sorted(counts);
}

std::vector<ErrorTally> merged(const std::vector<std::vector<ErrorTally>>& lists) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& list : lists) {
    for (const ErrorTally& tally : list) counts[tally.text] += tally.count;
  }
  return sorted(counts);
}

}  // namespace loader
