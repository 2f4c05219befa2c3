#include "loader/delivery/remote_write_plan.h"

#include <array>
#include <string_view>
#include <utility>

#include "loader/delivery/output_variables.h"
#include "loader/delivery/remote_write.h"
#include "loader/http/header_rules.h"

namespace loader {
namespace {

constexpr std::string_view kRemoteWriteFlag = "--out experimental-prometheus-rw";
constexpr const char* kServerUrl = "K6_PROMETHEUS_RW_SERVER_URL";
constexpr std::array<const char*, 3> kSignatures{"K6_PROMETHEUS_RW_SIGV4_REGION",
                                                 "K6_PROMETHEUS_RW_SIGV4_ACCESS_KEY",
                                                 "K6_PROMETHEUS_RW_SIGV4_SECRET_KEY"};

// `argument`, which k6 does not look at, wins over the variable.
void read_server(const std::string& argument, OutputVariables& variables, DeliveryTarget& target) {
  auto address =
      argument.empty()
          ? parse_output_address(
                variables.text_or(kServerUrl, "http://localhost:9090/api/v1/write"), kServerUrl)
          : parse_output_address(argument, std::string(kRemoteWriteFlag));
  if (!address) return variables.fail(address.error().where, address.error().what);
  target.url = address->url;
  std::string query;
  for (const auto& [key, value] : address->query) {
    query += (query.empty() ? "?" : "&") + percent_encoded(key) + "=" + percent_encoded(value);
    target.query_values.push_back(value);
  }
  target.url.target += query;
  if (!address->user) return;
  target.headers.set("Authorization",
                     basic_authorization(*address->user, address->password.value_or("")));
}

void add_header(OutputVariables& variables, DeliveryTarget& target, const std::string& name,
                const std::string& value, const std::string& variable) {
  const auto added = add_user_header(target.headers, name, value, variable);
  if (!added) variables.fail(added.error().where, added.error().what);
}

// "name:value,name:value".
void read_header_list(OutputVariables& variables, DeliveryTarget& target) {
  const std::string variable = "K6_PROMETHEUS_RW_HTTP_HEADERS";
  const auto text = variables.text(variable);
  if (!text) return;
  for (const std::string& pair : listed(*text)) {
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos) {
      return variables.fail(variable, "expected NAME:VALUE, several with commas");
    }
    const std::string name = trimmed(std::string_view(pair).substr(0, colon));
    const std::string value = trimmed(std::string_view(pair).substr(colon + 1));
    add_header(variables, target, name, value, variable);
  }
}

void read_credentials(OutputVariables& variables, DeliveryTarget& target) {
  const std::string token_variable = "K6_PROMETHEUS_RW_BEARER_TOKEN";
  if (const auto user = variables.text("K6_PROMETHEUS_RW_USERNAME")) {
    const std::string password = variables.text_or("K6_PROMETHEUS_RW_PASSWORD", "");
    target.headers.set("Authorization", basic_authorization(*user, password));
  }
  if (const auto token = variables.text(token_variable)) {
    add_header(variables, target, "Authorization", "Bearer " + *token, token_variable);
  }
  for (const char* const name : kSignatures) {
    if (!variables.text(name)) continue;
    variables.fail(name, "loader does not sign requests for AWS; use a proxy that does");
  }
}

void read_tls(OutputVariables& variables, DeliveryTarget& target) {
  const std::string variable = "K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION";
  target.client.insecure_skip_tls_verify =
      variables.is_on("K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY", false);
  const std::string version = variables.text_or(variable, "1.3");
  if (version != "1.2" && version != "1.3") variables.fail(variable, "use 1.2 or 1.3");
  target.client.tls.version_min =
      version == "1.2" ? lab::TlsVersion::tls1_2 : lab::TlsVersion::tls1_3;
  variables.read_certificate(target.client, "K6_PROMETHEUS_RW_CLIENT_CERTIFICATE",
                             "K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY");
}

RemoteWriteFormat read_format(OutputVariables& variables) {
  const std::string variable = "K6_PROMETHEUS_RW_TREND_STATS";
  RemoteWriteFormat format;
  format.has_native_histograms =
      variables.is_on("K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", false);
  format.has_stale_markers = variables.is_on("K6_PROMETHEUS_RW_STALE_MARKERS", false);
  if (const auto text = variables.text(variable)) format.trend_stats = listed(*text);
  for (const std::string& stat : format.trend_stats) {
    const auto known = check_remote_write_stat(stat);
    if (!known) variables.fail(variable, known.error().what);
  }
  return format;
}

}  // namespace

lab::Result<NetworkOutputPlan> plan_remote_write(const std::string& argument,
                                                 const OutputContext& context) {
  OutputVariables variables(context.variables);
  DeliveryTarget target;
  read_server(argument, variables, target);
  read_header_list(variables, target);
  for (const auto& [name, value] : variables.with_prefix("K6_PROMETHEUS_RW_HEADERS_")) {
    add_header(variables, target, name, value, "K6_PROMETHEUS_RW_HEADERS_" + name);
  }
  read_credentials(variables, target);
  read_tls(variables, target);
  target.interval = variables.interval("K6_PROMETHEUS_RW_PUSH_INTERVAL", std::chrono::seconds(5));
  RemoteWriteFormat format = read_format(variables);
  if (variables.error()) return *variables.error();
  target.headers.set("Content-Encoding", "snappy");
  target.headers.set("Content-Type", "application/x-protobuf");
  target.headers.set("X-Prometheus-Remote-Write-Version", "0.1.0");
  target.destination = origin_of(target.url) + target.url.target;
  target.description = "prometheus-rw (" + origin_of(target.url) + ")";
  NetworkOutputPlan plan{.target = std::move(target)};
  plan.encoder = std::make_unique<RemoteWrite>(context.registry, context.clock, std::move(format));
  return plan;
}

}  // namespace loader
