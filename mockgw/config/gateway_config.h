// A gateway file, read and resolved: every section with its defaults filled in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/breaker/circuit_breaker_config.h"
#include "mockgw/config/file_access.h"
#include "mockgw/config/latency_config.h"
#include "mockgw/config/models_config.h"
#include "mockgw/config/retry_policy.h"
#include "mockgw/config/server_config.h"
#include "mockgw/config/timeline.h"
#include "mockgw/config/tokens_config.h"
#include "mockgw/faults/fault_rules.h"
#include "mockgw/overload/admission_config.h"
#include "mockgw/profiles/profile.h"
#include "mockgw/rate_limit/rate_limit_config.h"
#include "shared/base/error.h"
#include "shared/base/fields.h"

namespace mockgw {

/// A file `{}` gives the healthy gateway.
struct GatewayConfig {
  std::string profile_name = "openai";  ///< Or a profile file's absolute path.
  Profile profile;  ///< With the file's `errors`, `streaming` and `requests` on top.
  std::uint64_t seed = 1;
  std::string listen = "127.0.0.1:8080";
  AuthConfig auth;
  LatencyConfig latency;
  TokensConfig tokens;
  ModelsConfig models;
  RateLimitConfig rate_limits;
  CircuitBreakerConfig circuit_breaker;  ///< Not given: the profile's, if it has one.
  AdmissionConfig overload;
  TimeoutsConfig timeouts;
  RetryConfig retries;
  LimitsConfig limits;
  std::vector<FaultRule> faults;
  HealthConfig health;
  MetricsConfig metrics;
  AdminConfig admin;
  std::vector<TimelinePhase> timeline;
  /// The whole gateway as it is in each phase of the timeline. Never changed, so that copies share
  /// it.
  std::vector<std::shared_ptr<const GatewayConfig>> phases;
};

/// What flags and the environment put over the file.
struct ConfigOverrides {
  std::optional<std::string> profile{};
  std::optional<std::string> listen{};
  std::optional<std::uint64_t> seed{};
  std::optional<std::string> admin_token{};
  bool instant = false;  ///< All latencies zero, those of models too.
};

void fields(lab::Fields& f, GatewayConfig& c);

/// Reads a file's text. The error holds all problems, one a line, each with its path; `file` is its
/// path, and the file's own paths are meant from its folder, if `files` lets it have any.
[[nodiscard]] lab::Result<GatewayConfig> read_gateway_config(
    std::string_view text, std::string_view file, const ConfigOverrides& overrides = {},
    FileAccess files = FileAccess::allowed);
/// Every key (--print-full-config, GET /admin/config); reading it back gives the same gateway, but
/// for admin.token, which is never shown.
[[nodiscard]] lab::Json to_json(const GatewayConfig& config);
/// The same with what differs from the profile's and the file's defaults only (--print-config).
[[nodiscard]] lab::Json changes_of(const GatewayConfig& config);

}  // namespace mockgw
