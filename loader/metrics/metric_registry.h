// All metrics, sub-metrics, groups and checks of a run. Filled before the run, then shared by all
// threads unchanged.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/metrics/check_tree.h"
#include "loader/metrics/metric.h"
#include "loader/metrics/metric_builtins.h"
#include "shared/base/error.h"

namespace loader {

/// Tags that a sample must have to belong to a sub-metric.
using TagPairs = std::vector<std::pair<std::string, std::string>>;

struct MetricInfo {
  std::string name;  ///< Of a sub-metric, the text as declared: "http_req_duration{status:200}".
  MetricType type = MetricType::counter;
  ValueKind kind = ValueKind::plain;
  std::optional<MetricId> parent;  ///< Set for sub-metrics.
  TagPairs tags;                   ///< What a sub-metric's samples must have, in the order written.
};

/// "name{k:v,k2:v2}" taken apart as k6 does: split at commas, each pair at its first colon, spaces
/// and quotes trimmed.
struct MetricReference {
  std::string name;
  TagPairs tags;
  bool is_submetric = false;
};
/// An Error names what is malformed.
[[nodiscard]] lab::Result<MetricReference> parse_metric_reference(std::string_view text);

/// k6's rule: a letter or underscore, then letters, digits, underscores; 2 to 129 characters.
[[nodiscard]] bool is_metric_name(std::string_view name);

/// How the predeclared metrics that k6 has not are called.
enum class MetricNames : std::uint8_t {
  suite,   ///< As metric_builtins.h has it: "llm_time_to_first_token".
  script,  ///< "llm.time_to_first_token": no metric of a script's own can have such a name.
};

class MetricRegistry {
 public:
  /// Holds the builtin metrics, and http_req_duration{expected_response:true}.
  explicit MetricRegistry(MetricNames names = MetricNames::suite);

  /// The metric `name`; the existing one if it was declared alike. An Error if the name is
  /// malformed or taken by another type, or if there are too many (kMetricsMax).
  lab::Result<MetricId> declare(std::string_view name, MetricType type,
                                ValueKind kind = ValueKind::plain);
  /// A metric or sub-metric as thresholds name it. A sub-metric comes into being here; its parent
  /// must exist.
  lab::Result<MetricId> declare_reference(std::string_view text);

  [[nodiscard]] std::optional<MetricId> find(std::string_view name) const;
  [[nodiscard]] const MetricInfo& info(MetricId id) const { return metrics_[id.index]; }
  [[nodiscard]] std::span<const MetricInfo> metrics() const { return metrics_; }
  /// The sub-metrics of a metric, in order of declaration.
  [[nodiscard]] std::span<const MetricId> submetrics(MetricId parent) const {
    return submetrics_[parent.index];
  }

  [[nodiscard]] CheckTree& checks() { return checks_; }
  [[nodiscard]] const CheckTree& checks() const { return checks_; }

  static constexpr std::size_t kMetricsMax = 4096;

 private:
  lab::Result<MetricId> add(MetricInfo info);

  std::vector<MetricInfo> metrics_;
  std::vector<std::vector<MetricId>> submetrics_;
  CheckTree checks_;
};

}  // namespace loader
