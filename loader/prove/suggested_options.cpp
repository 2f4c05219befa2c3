#include "loader/prove/suggested_options.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "loader/thresholds/threshold_expression.h"
#include "shared/base/json.h"

namespace loader {
namespace {

std::string quoted(const std::string& text) { return lab::Json(text).dump(); }

bool is_upper(const ThresholdExpression& expression) {
  return expression.comparison == Comparison::less ||
         expression.comparison == Comparison::less_equal;
}

bool is_lower(const ThresholdExpression& expression) {
  return expression.comparison == Comparison::greater ||
         expression.comparison == Comparison::greater_equal;
}

// Neither: they are about different values, or in different directions.
enum class Stricter { neither, first, second };

Stricter stricter_of(const std::string& a, const std::string& b) {
  const auto first = parse_threshold_expression(a);
  const auto second = parse_threshold_expression(b);
  if (a == b) return Stricter::first;
  if (!first || !second || first->comparison != second->comparison ||
      aggregation_key(*first) != aggregation_key(*second)) {
    return Stricter::neither;
  }
  const bool is_first_lower = first->limit <= second->limit;
  if (is_upper(*first)) return is_first_lower ? Stricter::first : Stricter::second;
  if (is_lower(*first)) return is_first_lower ? Stricter::second : Stricter::first;
  return Stricter::neither;
}

void add_expression(std::vector<std::string>& expressions, const std::string& expression) {
  for (std::string& each : expressions) {
    const Stricter stricter = stricter_of(each, expression);
    if (stricter == Stricter::second) each = expression;
    if (stricter != Stricter::neither) return;
  }
  expressions.push_back(expression);
}

// "metric": ["rate<0.1"], a line each.
std::string members(const ThresholdsByMetric& thresholds, const std::string& indentation) {
  std::string text;
  for (const auto& [metric, expressions] : thresholds) {
    std::string list;
    for (const std::string& each : expressions) list += (list.empty() ? "" : ", ") + quoted(each);
    text += (text.empty() ? "" : ",\n") + indentation + quoted(metric) + ": [" + list + "]";
  }
  return text + "\n";
}

bool is_of_k6(const std::string& metric) {
  constexpr std::string_view kPrefixes[]{"http_",  "iteration", "vus",   "data_",
                                         "checks", "dropped_",  "group_"};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&metric](std::string_view prefix) { return metric.starts_with(prefix); });
}

}  // namespace

ThresholdsByMetric by_metric(const std::vector<SuggestedThreshold>& suggestions) {
  ThresholdsByMetric all;
  for (const SuggestedThreshold& each : suggestions) {
    auto place = std::find_if(all.begin(), all.end(),
                              [&each](const auto& metric) { return metric.first == each.metric; });
    if (place == all.end()) {
      place = all.insert(place, {each.metric, {}});
    }
    add_expression(place->second, each.expression);
  }
  return all;
}

std::vector<SuggestedThreshold> best_suggestions(const Proof& proof) {
  std::vector<SuggestedThreshold> best;
  for (const FamilyProof* family : survivors(proof)) {
    if (!family->suggestions.empty()) best.push_back(family->suggestions.front());
  }
  return best;
}

std::string suite_json(const ThresholdsByMetric& thresholds) {
  return "{\n  \"options\": {\n    \"thresholds\": {\n" + members(thresholds, "      ") +
         "    }\n  }\n}\n";
}

std::string k6_options(const ThresholdsByMetric& thresholds) {
  std::string text =
      "export const options = {\n  thresholds: {\n" + members(thresholds, "    ") + "  },\n};\n";
  std::set<std::string> names;
  for (const auto& [metric, expressions] : thresholds) {
    if (!is_of_k6(metric)) names.insert(metric.substr(0, metric.find('{')));
  }
  std::string own;
  for (const std::string& name : names) own += (own.empty() ? "" : ", ") + name;
  // k6 ends with an error where a threshold is of a metric that no script has made.
  if (own.empty()) return text;
  return "// Metrics that the script itself must make: " + own + "\n" + text;
}

}  // namespace loader
