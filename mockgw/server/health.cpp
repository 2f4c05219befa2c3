#include "mockgw/server/health.h"

#include <string_view>

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
  }
  return "unknown";
}

double score_of(Status status) {
  if (status == Status::healthy) return 1.0;
  return status == Status::degraded ? 0.5 : 0.0;
}

HealthAnswer documented(Status status, lab::WallTime now) {
  const lab::Json body{
      {"status", name_of(status)},
      {"components", lab::Json::array({{{"name", "upstream"}, {"status", name_of(status)}}})},
      {"health_score", score_of(status)},
      {"timestamp", lab::format_rfc3339(now)}};
  return {status == Status::unhealthy ? 503u : 200u, "application/json", body.dump()};
}

}  // namespace

HealthAnswer health_answer(HealthStyle style, Status status, lab::WallTime now) {
  switch (style) {
    case HealthStyle::simple:
      return {
          200, "application/json",
          R"({"status":")" + std::string(name_of(status)) + R"(","version":")" LAB_VERSION R"("})"};
    case HealthStyle::documented:
      return documented(status, now);
    case HealthStyle::text:
      return {200, "text/plain; charset=utf-8", "I'm alive!"};
    case HealthStyle::empty:
      return {};
  }
  return {};
}

}  // namespace mockgw
