#include "loader/delivery/otlp_plan.h"

#include <array>
#include <string_view>
#include <utility>

#include "loader/delivery/otlp.h"
#include "loader/delivery/output_variables.h"
#include "loader/http/header_rules.h"

namespace loader {
namespace {

constexpr std::string_view kOtlpFlag = "--out opentelemetry";
constexpr std::string_view kNoGrpc =
    "loader sends OTLP over HTTP; set it to http/protobuf, which collectors take on port 4318";

// K6_OTEL_EXPORTER_TYPE is the older name, with other words.
void check_protocol(OutputVariables& variables) {
  for (const char* const name : {"K6_OTEL_EXPORTER_PROTOCOL", "K6_OTEL_EXPORTER_TYPE"}) {
    const std::string protocol = variables.text_or(name, "http/protobuf");
    if (protocol == "http/protobuf" || protocol == "http") continue;
    variables.fail(name, protocol == "grpc" ? std::string(kNoGrpc)
                                            : "\"" + protocol +
                                                  "\" is no protocol; use "
                                                  "http/protobuf");
  }
  for (const char* const name :
       {"K6_OTEL_GRPC_EXPORTER_ENDPOINT", "K6_OTEL_GRPC_EXPORTER_INSECURE"}) {
    if (!variables.text(name)) continue;
    variables.fail(name, "loader sends OTLP over HTTP; set K6_OTEL_HTTP_EXPORTER_" +
                             std::string(std::string_view(name).substr(22)));
  }
}

void read_endpoint(OutputVariables& variables, DeliveryTarget& target) {
  const std::string variable = "K6_OTEL_HTTP_EXPORTER_ENDPOINT";
  const std::string path_variable = "K6_OTEL_HTTP_EXPORTER_URL_PATH";
  const bool is_insecure = variables.is_on("K6_OTEL_HTTP_EXPORTER_INSECURE", false);
  const std::string endpoint = variables.text_or(variable, "localhost:4318");
  if (endpoint.find_first_of("/@?#") != std::string::npos) {
    return variables.fail(variable,
                          "expected HOST:PORT; K6_OTEL_HTTP_EXPORTER_INSECURE chooses http, and " +
                              path_variable + " the path");
  }
  std::string path = variables.text_or(path_variable, "/v1/metrics");
  if (!path.starts_with('/')) path = "/" + path;
  const auto address =
      parse_output_address((is_insecure ? "http://" : "https://") + endpoint, variable);
  if (!address) return variables.fail(variable, "expected HOST:PORT");
  target.url = address->url;
  const auto whole = join_url(target.url, path);
  if (!whole) return variables.fail(path_variable, "not a path");
  target.url = *whole;
}

// "name=value,name=value", percent-encoded.
void read_headers(OutputVariables& variables, DeliveryTarget& target) {
  const std::string variable = "K6_OTEL_HEADERS";
  const auto text = variables.text(variable);
  if (text) {
    for (const std::string& pair : listed(*text)) {
      const std::size_t border = pair.find('=');
      const auto name = percent_decoded(pair.substr(0, border));
      const auto value =
          percent_decoded(border == std::string::npos ? "" : pair.substr(border + 1));
      if (border == std::string::npos || !name || !value) {
        return variables.fail(variable,
                              "expected NAME=VALUE, several with commas, both "
                              "percent-encoded");
      }
      const auto added = add_user_header(target.headers, *name, *value, variable);
      if (!added) variables.fail(added.error().where, added.error().what);
    }
  }
  if (const auto user = variables.text("K6_OTEL_HTTP_EXPORTER_USERNAME")) {
    const std::string password = variables.text_or("K6_OTEL_HTTP_EXPORTER_PASSWORD", "");
    target.headers.set("Authorization", basic_authorization(*user, password));
  }
}

OtlpFormat read_format_of_otlp(OutputVariables& variables) {
  OtlpFormat format;
  format.service_name = variables.text_or(
      "K6_OTEL_SERVICE_NAME", variables.text_or("OTEL_SERVICE_NAME", format.service_name));
  format.service_version = variables.text_or("K6_OTEL_SERVICE_VERSION", format.service_version);
  format.metric_prefix = variables.text_or("K6_OTEL_METRIC_PREFIX", "");
  format.has_single_counter_for_rate =
      variables.is_on("K6_OTEL_SINGLE_COUNTER_FOR_RATE", format.has_single_counter_for_rate);
  return format;
}

}  // namespace

lab::Result<NetworkOutputPlan> plan_otlp(const std::string& argument,
                                         const OutputContext& context) {
  if (!argument.empty()) {
    return lab::Error{std::string(kOtlpFlag),
                      "it takes nothing behind \"=\"; set K6_OTEL_HTTP_EXPORTER_ENDPOINT"};
  }
  OutputVariables variables(context.variables);
  DeliveryTarget target;
  target.client.proxies = context.proxies;
  check_protocol(variables);
  read_endpoint(variables, target);
  read_headers(variables, target);
  target.client.insecure_skip_tls_verify =
      variables.is_on("K6_OTEL_TLS_INSECURE_SKIP_VERIFY", false);
  target.client.authority_file = variables.text_or("K6_OTEL_TLS_CERTIFICATE", "");
  variables.read_certificate(target.client, "K6_OTEL_TLS_CLIENT_CERTIFICATE",
                             "K6_OTEL_TLS_CLIENT_KEY");
  target.interval = variables.interval("K6_OTEL_EXPORT_INTERVAL", std::chrono::seconds(10));
  // How often samples are put together, which here is all the time.
  (void)variables.interval("K6_OTEL_FLUSH_INTERVAL", std::chrono::seconds(1));
  OtlpFormat format = read_format_of_otlp(variables);
  if (variables.error()) return *variables.error();
  target.headers.set("Content-Type", "application/x-protobuf");
  target.description = "opentelemetry (" + origin_of(target.url) + ")";
  target.destination = origin_of(target.url) + target.url.target;
  target.left_out = otlp_left_out;
  NetworkOutputPlan plan{.target = std::move(target)};
  plan.encoder = std::make_unique<Otlp>(context.registry, context.clock, std::move(format));
  return plan;
}

}  // namespace loader
