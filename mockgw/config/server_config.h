// The gateway file's sections about connections and access: auth, timeouts, limits, health; and
// about its operator: metrics, admin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/profiles/profile.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace mockgw {

struct AuthConfig {
  static constexpr std::string_view kSchemaName = "auth";

  /// Keys that are let in; none configured: any key is.
  std::vector<std::string> keys;
  /// Whether a request without a key is refused. Default: when keys are configured.
  bool required = false;
};

/// Of the client's side (idle, header, body, write, drain), and of the upstream that is imitated
/// (request, ttft, stream_idle, client_header). Those of the upstream count for each attempt.
struct TimeoutsConfig {
  /// The header by which a client may ask for a time-out that is shorter than the gateway's.
  enum class ClientHeader {
    none,
    litellm,  ///< x-litellm-timeout, in seconds: of the request.
    portkey,  ///< x-portkey-request-timeout, in milliseconds: until the upstream's head is there.
  };
  lab::Duration idle = std::chrono::seconds(75);  ///< Between two requests of a connection.
  lab::Duration header =
      std::chrono::seconds(10);  ///< From a request's first byte to the end of its head.
  lab::Duration body = std::chrono::seconds(30);   ///< From there to the end of its body.
  lab::Duration write = std::chrono::seconds(30);  ///< For one write to make progress.
  lab::Duration drain =
      std::chrono::seconds(30);          ///< For what is in flight, once the gateway stops.
  std::optional<lab::Duration> request;  ///< An answer that takes longer is `upstream_timeout`.
  std::optional<lab::Duration> ttft;     ///< The same for the first token.
  /// The same for an upstream that sends nothing of a stream for so long, from the call on.
  std::optional<lab::Duration> stream_idle;
  ClientHeader client_header = ClientHeader::none;
};

/// Of an access token: what a header can hold after "Bearer " (RFC 6750, 2.1, and a little more).
[[nodiscard]] bool is_access_token(std::string_view text);

/// What one client, and all together, can cost.
struct LimitsConfig {
  std::uint64_t max_body_bytes = 10 * 1024 * 1024;
  std::uint32_t max_header_bytes = 64 * 1024;
  std::size_t max_header_fields = 256;
  std::size_t max_connections = 20000;  ///< A thread; further ones are closed at once.
  /// Of an answer, all its choices together: beyond, it ends with finish_reason `length`. The
  /// default is gpt-4o's own.
  std::uint64_t max_answer_tokens = 16 * 1024;
};

struct HealthConfig {
  static constexpr std::string_view kSchemaName = "health";

  enum class Status { healthy, degraded, unhealthy, unknown };
  enum class Source { fixed, breaker };
  Status status = Status::healthy;
  Source source = Source::breaker;          ///< breaker: degraded while a circuit is not closed.
  HealthStyle style = HealthStyle::simple;  ///< Not given: the profile's.
};

/// Where the operator looks and acts. These paths come before the gateway's own: what is asked
/// there is never refused, limited, delayed, faulted or counted.
struct OperatorConfig {
  bool is_enabled = true;
  std::string path;  ///< Begins with a slash and does not end with one.
};

/// The routes that change things, and who may use them; see operator_access.h.
struct AdminConfig {
  static constexpr std::string_view kSchemaName = "admin";

  OperatorConfig page{.path = "/admin"};
  std::vector<std::string> hosts{};  ///< Names that the gateway has in a network, in lower case.
  std::string token{};               ///< Empty: none is asked for.
};

/// Where Prometheus looks, and which families it finds beside mockgw's own.
struct MetricsConfig {
  static constexpr std::string_view kSchemaName = "metrics";

  OperatorConfig page{.path = "/metrics"};
  /// Before the names of the reference gateway's families, so that its dashboards and alerts work;
  /// empty: they are left out.
  std::string prefix{};
  bool fill_all = true;  ///< Those too that the reference gateway declares and never writes.
};

void fields(lab::Fields& f, AuthConfig& c);
void check(const lab::JsonValue& section, AuthConfig& c);
void fields(lab::Fields& f, TimeoutsConfig& c);
void fields(lab::Fields& f, LimitsConfig& c);
void fields(lab::Fields& f, HealthConfig& c);
void fields(lab::Fields& f, AdminConfig& c);
void check(const lab::JsonValue& section, AdminConfig& c);
void fields(lab::Fields& f, MetricsConfig& c);

}  // namespace mockgw
