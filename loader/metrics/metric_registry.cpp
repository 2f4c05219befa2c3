#include "loader/metrics/metric_registry.h"

#include <algorithm>

#include "shared/base/json_reader.h"

namespace loader {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kTrimmed = " \t\r\n'\"";
  const auto begin = text.find_first_not_of(kTrimmed);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kTrimmed) - begin + 1);
}

lab::Result<TagPairs> parse_tags(std::string_view text) {
  TagPairs tags;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view pair = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto colon = pair.find(':');
    const std::string_view key = trimmed(pair.substr(0, colon));
    if (colon == std::string_view::npos || key.empty()) {
      return lab::Error{
          {}, "malformed tag " + in_quotes(pair) + "; write metric{tag:value,tag2:value2}"};
    }
    tags.emplace_back(key, trimmed(pair.substr(colon + 1)));
  }
  if (tags.empty()) return lab::Error{{}, "no tags between { and }; write metric{tag:value}"};
  return tags;
}

// Where no name is near: those that begin with the same word, or hold what was written.
std::string related(std::string_view word, const std::vector<std::string_view>& names) {
  const std::string_view family = word.substr(0, word.find('_') + 1);
  std::string text;
  for (const std::string_view name : names) {
    const bool is_related = (!family.empty() && name.starts_with(family)) ||
                            (word.size() > 2 && name.find(word) != std::string_view::npos);
    if (is_related) text += (text.empty() ? "; there are " : ", ") + std::string(name);
  }
  return text;
}

}  // namespace

bool is_metric_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 129 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

lab::Result<MetricReference> parse_metric_reference(std::string_view text) {
  const auto open = text.find('{');
  const auto close = text.rfind('}');
  if (open == std::string_view::npos && close == std::string_view::npos) {
    return MetricReference{.name = std::string(text), .tags = {}, .is_submetric = false};
  }
  if (open == std::string_view::npos || close != text.size() - 1) {
    return lab::Error{{}, "malformed metric " + in_quotes(text) + "; write metric{tag:value}"};
  }
  auto tags = parse_tags(text.substr(open + 1, close - open - 1));
  if (!tags)
    return lab::Error{{}, "malformed metric " + in_quotes(text) + ": " + tags.error().what};
  return MetricReference{
      .name = std::string(trimmed(text.substr(0, open))), .tags = *tags, .is_submetric = true};
}

// Those after it k6 has not.
constexpr std::uint16_t kLastOfK6 = BuiltinMetrics::http_req_receiving.index;

MetricRegistry::MetricRegistry(MetricNames names) {
  for (const BuiltinMetric& metric : builtin_metrics()) {
    std::string name(metric.name);
    if (names == MetricNames::script && metric.id.index > kLastOfK6) {
      name.replace(name.find('_'), 1, ".");
    }
    (void)add({.name = std::move(name),
               .type = metric.type,
               .kind = metric.kind,
               .parent = {},
               .tags = {}});
  }
  (void)declare_reference("http_req_duration{expected_response:true}");
}

lab::Result<MetricId> MetricRegistry::declare(std::string_view name, MetricType type,
                                              ValueKind kind) {
  if (!is_metric_name(name)) {
    return lab::Error{{},
                      "invalid metric name " + in_quotes(name) +
                          "; write a letter or _, then letters, digits or _, 2 to 129 in all"};
  }
  if (const auto existing = find(name)) {
    const MetricInfo& known = info(*existing);
    if (known.type == type && known.kind == kind) return *existing;
    return lab::Error{{},
                      "metric " + in_quotes(name) + " exists already as a " +
                          std::string(to_string(known.type)) + " of kind " +
                          std::string(to_string(known.kind))};
  }
  return add({.name = std::string(name), .type = type, .kind = kind, .parent = {}, .tags = {}});
}

lab::Result<MetricId> MetricRegistry::declare_reference(std::string_view text) {
  const auto reference = parse_metric_reference(text);
  if (!reference) return reference.error();
  const auto parent = find(reference->name);
  if (!parent) {
    std::vector<std::string_view> names;
    for (const MetricInfo& metric : metrics_) {
      if (!metric.parent) names.push_back(metric.name);
    }
    const auto near = lab::nearest(reference->name, names);
    return lab::Error{
        {},
        "no metric is named " + in_quotes(reference->name) +
            (near ? "; did you mean " + in_quotes(*near) + "?" : related(reference->name, names))};
  }
  if (!reference->is_submetric) return *parent;
  if (const auto existing = find(text)) return *existing;
  return add({.name = std::string(text),
              .type = info(*parent).type,
              .kind = info(*parent).kind,
              .parent = parent,
              .tags = reference->tags});
}

std::optional<MetricId> MetricRegistry::find(std::string_view name) const {
  const auto found = std::find_if(metrics_.begin(), metrics_.end(),
                                  [&](const MetricInfo& metric) { return metric.name == name; });
  if (found == metrics_.end()) return std::nullopt;
  return MetricId{static_cast<std::uint16_t>(found - metrics_.begin())};
}

lab::Result<MetricId> MetricRegistry::add(MetricInfo info) {
  if (metrics_.size() >= kMetricsMax) {
    return lab::Error{{}, "more than " + std::to_string(kMetricsMax) + " metrics"};
  }
  const MetricId id{static_cast<std::uint16_t>(metrics_.size())};
  if (info.parent) submetrics_[info.parent->index].push_back(id);
  metrics_.push_back(std::move(info));
  submetrics_.emplace_back();
  return id;
}

}  // namespace loader
