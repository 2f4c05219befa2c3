// docs/metrics.md is what the registry of metrics says. UPDATE_GOLDEN=1 writes it anew.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "golden_file.h"
#include "loader/metrics/metric_builtins.h"

namespace loader {
namespace {

struct Moment {
  std::string_view when;
  std::string_view tags;
};
constexpr std::string_view kRequestTags =
    "those of the iteration, and `method`, `name`, `url`, `status`, `expected_response`, `error`, "
    "`error_code`, `proto`, `tls_version`, the step's own";

// In the order of MetricMoment.
constexpr auto kMoments = std::to_array<Moment>({
    {"now and then", "the run's own"},
    {"at the end of each window of the run", "the run's own"},
    {"when an iteration cannot start", "`scenario`, the scenario's own"},
    {"at the end of an iteration", "`scenario`, `group`, `phase`, the scenario's own"},
    {"at the end of an iteration of an arrival rate",
     "`scenario`, `group`, `phase`, the scenario's own"},
    {"at the end of a group step", "those of the iteration"},
    {"at the end of a request", kRequestTags},
    {"when a step's checks are evaluated", "those of the iteration, `check`, the step's own"},
    {"at the end of a chat step", "those of a request, `model`"},
    {"at the end of a chat step whose tokens are known",
     "those of a request, `model`, `token_source` (usage or counted)"},
    {"at the end of a chat step that failed", "those of a request, `model`, `reason`"},
    {"at the end of a chat step that streams", "those of a request, `model`"},
    {"at the end of a step with retries", "those of the iteration, the step's own"},
});
static_assert(kMoments.size() == static_cast<std::size_t>(MetricMoment::retry) + 1);

std::string unit_of(const BuiltinMetric& metric) {
  if (metric.kind == ValueKind::time) return "ms";
  if (metric.kind == ValueKind::data) return "bytes";
  return std::string(metric.unit);
}

TEST(MetricsPage, ShowsEveryMetricOfTheRegistry) {
  std::string page =
      "# Metrics of loader\n\nEvery run has these. A tag can be asked for in a threshold, as in "
      "`http_req_duration{scenario:chat}`; the option `tags` and a scenario's or step's `tags` add "
      "to them. A counter is a sum, a gauge the last value, a rate a share, a trend a "
      "distribution.\n\n| metric | type | unit | | emitted | tags |\n|---|---|---|---|---|---|\n";
  for (const BuiltinMetric& metric : builtin_metrics()) {
    const Moment& moment = kMoments[static_cast<std::size_t>(metric.moment)];
    page += "| `" + std::string(metric.name) + "` | " + std::string(to_string(metric.type)) +
            " | " + unit_of(metric) + " | " + std::string(metric.says) + " | " +
            std::string(moment.when) + " | " + std::string(moment.tags) + " |\n";
  }
  lab::expect_golden_file(LAB_SOURCE_FOLDER "/docs/metrics.md", page);
}

}  // namespace
}  // namespace loader
