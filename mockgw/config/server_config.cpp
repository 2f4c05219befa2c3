#include "mockgw/config/server_config.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "shared/base/choices.h"
#include "shared/base/fields.h"
#include "shared/base/json_reader.h"

namespace mockgw {
namespace {

using Status = HealthConfig::Status;
using Source = HealthConfig::Source;

constexpr lab::Choices<Status, 4> kStatuses{{
    {"healthy", Status::healthy},
    {"degraded", Status::degraded},
    {"unhealthy", Status::unhealthy},
    {"unknown", Status::unknown},
}};
constexpr lab::Choices<Source, 2> kSources{
    {{"static", Source::fixed}, {"breaker", Source::breaker}}};
constexpr lab::Choices<TimeoutsConfig::ClientHeader, 3> kClientHeaders{{
    {"none", TimeoutsConfig::ClientHeader::none},
    {"x-litellm-timeout", TimeoutsConfig::ClientHeader::litellm},
    {"x-portkey-request-timeout", TimeoutsConfig::ClientHeader::portkey},
}};

constexpr double kBodyBytesMax = 1 << 30;

std::string page_path_problem(const std::string& path) {
  const bool is_path = path.size() > 1 && path.starts_with('/') && !path.ends_with('/') &&
                       path.find_first_of("?# ") == std::string::npos;
  if (is_path) return {};
  return R"(takes a path that does not end in "/", such as "/metrics")";
}

// A name as the header Host has it, without a port.
std::string host_name_problem(const std::string& name) {
  if (!name.empty() && name.find_first_of(":/@[]* ") == std::string::npos) return {};
  return "takes a host's name without a port, such as \"mockgw\"";
}

std::string token_problem(const std::string& token) {
  return is_access_token(token) ? "" : "takes printable ASCII without spaces";
}

// The beginning of a metric's name, as Prometheus' data model has it.
std::string metric_name_problem(const std::string& text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
  };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  if (!text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_part)) return {};
  return "takes letters, digits and _, such as \"llm_gateway_llm_gateway\", or null";
}

void page_fields(lab::Fields& f, OperatorConfig& c) {
  f("enabled", c.is_enabled, "Whether the path is there.");
  f("path", c.path, lab::TextRules{.problem = page_path_problem, .pattern = "^/[^?# ]*[^?# /]$"},
    "Begins with a slash and does not end with one.");
}

}  // namespace

bool is_access_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

void fields(lab::Fields& f, AuthConfig& c) {
  f("keys", c.keys, "Let in; none: any key is.");
  f("required", c.required,
    lab::Says("A request without a key is refused.").by_default("true where keys are given"));
}
void check(const lab::JsonValue& section, AuthConfig& c) {
  lab::JsonObject object(section);
  if (object.find("keys") && !object.find("required")) c.required = !c.keys.empty();
}

void fields(lab::Fields& f, TimeoutsConfig& c) {
  f("idle", c.idle, "Between two requests of a connection.");
  f("header", c.header, "From a request's first byte to the end of its head.");
  f("body", c.body, "From there to the end of its body.");
  f("write", c.write, "For one write to make progress.");
  f("drain", c.drain, "For what is in flight, once the gateway stops.");
  f.or_null("request", c.request,
            "An answer that takes longer is upstream_timeout; null for none.");
  f.or_null("ttft", c.ttft, "The same for the first token.");
  f.or_null("stream_idle", c.stream_idle,
            "The same for an upstream that sends nothing of a stream for so long, from the call "
            "on.");
  f("client_header", c.client_header, kClientHeaders,
    "By which a client may ask for a shorter time-out; LiteLLM's is in seconds, Portkey's in "
    "milliseconds.");
}

void fields(lab::Fields& f, LimitsConfig& c) {
  f("max_body_bytes", c.max_body_bytes, lab::between(1, kBodyBytesMax),
    "Of a request; some profiles have a default of their own.");
  f("max_header_bytes", c.max_header_bytes, lab::between(256, 16 << 20), "Of a request's head.");
  f("max_header_fields", c.max_header_fields, lab::between(1, 100'000), "Of a request.");
  f("max_connections", c.max_connections, lab::between(1, 1'000'000),
    "A thread; further ones are closed at once.");
  f("max_answer_tokens", c.max_answer_tokens, lab::between(1, 256 << 10),
    "Of an answer, all its choices together; beyond, it ends with finish_reason length.");
}

void fields(lab::Fields& f, HealthConfig& c) {
  f("status", c.status, kStatuses, "What /health says.");
  f("source", c.source, kSources, "breaker: degraded while a circuit is not closed.");
  f("style", c.style, kHealthStyles,
    lab::Says("How it says so. Only documented has a 503.").by_default("the profile's"));
}

void fields(lab::Fields& f, AdminConfig& c) {
  page_fields(f, c.page);
  const lab::TextType host({.problem = host_name_problem, .pattern = "^[^:/@\\[\\]* ]+$"});
  f("hosts", c.hosts, lab::ListOf<std::string, lab::TextType>(host),
    lab::Says("Names by which the gateway may be called, besides its address and localhost.")
        .such_as(R"(["mockgw"])"));
  f("token", c.token,
    lab::TextRules{
        .problem = token_problem, .pattern = "^[!-~]+$", .null_is_empty = true, .is_secret = true},
    "What Authorization: Bearer must say; needed where other machines reach the listener. Never "
    "shown.");
}
void check(const lab::JsonValue& /*section*/, AdminConfig& c) {
  const auto lower = [](char x) { return x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x; };
  for (std::string& host : c.hosts) std::ranges::transform(host, host.begin(), lower);
}

void fields(lab::Fields& f, MetricsConfig& c) {
  page_fields(f, c.page);
  f("prefix", c.prefix,
    lab::TextRules{.problem = metric_name_problem,
                   .pattern = "^[A-Za-z_:][A-Za-z0-9_:]*$",
                   .null_is_empty = true},
    lab::Says("Of the reference gateway's families, beside mockgw's own, so that its dashboards "
              "work; null: without them.")
        .such_as(R"("llm_gateway_llm_gateway")"));
  f("fill_all", c.fill_all,
    "Of those, the ones too that the reference gateway declares and never writes.");
}

}  // namespace mockgw
