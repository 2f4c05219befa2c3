#include "mockgw/answer/health.h"

#include <string_view>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using Status = HealthConfig::Status;

std::string_view name_of(Status status) {
  switch (status) {
    case Status::healthy:
      return "healthy";
    case Status::degraded:
      return "degraded";
    case Status::unhealthy:
      return "unhealthy";
    case Status::unknown:
      return "unknown";
  }
  return "unknown";
}

Status status_of(CircuitState state) {
  switch (state) {
    case CircuitState::closed:
      return Status::healthy;
    case CircuitState::half_open:
      return Status::degraded;
    case CircuitState::open:
      return Status::unhealthy;
  }
  return Status::healthy;
}

double score_of(Status status) {
  if (status == Status::healthy) return 1.0;
  return status == Status::degraded ? 0.5 : 0.0;
}

HealthAnswer documented(const HealthReport& report, lab::WallTime now) {
  const Status status = report.status;
  lab::Json components = lab::Json::array();
  for (const auto& [name, each] : report.upstreams) {
    components.push_back({{"name", name}, {"status", name_of(each)}});
  }
  if (components.empty()) {
    components.push_back({{"name", "upstream"}, {"status", name_of(status)}});
  }
  const lab::Json body{{"status", name_of(status)},
                       {"components", std::move(components)},
                       {"health_score", score_of(status)},
                       {"timestamp", lab::format_rfc3339(now)}};
  const bool is_serving = status == Status::healthy || status == Status::degraded;
  return {is_serving ? 200u : 503u, "application/json", body.dump()};
}

}  // namespace

HealthReport report_of(const std::vector<std::pair<std::string, CircuitSnapshot>>& breakers) {
  HealthReport report;
  for (const auto& [upstream, breaker] : breakers) {
    report.upstreams.emplace_back(upstream, status_of(breaker.state));
    if (breaker.state != CircuitState::closed) report.status = Status::degraded;
  }
  return report;
}

HealthAnswer health_answer(HealthStyle style, const HealthReport& report, lab::WallTime now) {
  const Status status = report.status;
  switch (style) {
    case HealthStyle::simple:
      return {
          200, "application/json",
          R"({"status":")" + std::string(name_of(status)) + R"(","version":")" LAB_VERSION R"("})"};
    case HealthStyle::documented:
      return documented(report, now);
    case HealthStyle::text:
      return {200, "text/plain; charset=utf-8", "I'm alive!"};
    case HealthStyle::empty:
      return {};
  }
  return {};
}

}  // namespace mockgw
