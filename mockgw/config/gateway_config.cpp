#include "mockgw/config/gateway_config.h"

#include "mockgw/config/listen_address.h"
#include "mockgw/profiles/path_from.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// Runs `read(member)` if the file has the section.
template <class Read>
void section(lab::JsonObject& object, std::string_view key, Read read) {
  if (const auto member = object.find(key)) read(*member);
}

// How a document is read, whatever is in it.
struct Reading {
  bool is_instant = false;
  FileAccess files = FileAccess::allowed;
  std::optional<std::string> profile_of_flag{};  // May be a file whoever sends the rest.
};

Profile read_profile_name(lab::JsonObject& object, const Reading& reading, GatewayConfig& config) {
  const auto member = object.find("profile");
  if (member) config.profile_name = member->as_string(config.profile_name);
  if (member && is_profile_path(config.profile_name)) {
    const bool is_of_flag = config.profile_name == reading.profile_of_flag;
    if (reading.files == FileAccess::refused && !is_of_flag) {
      member->problem(std::string(kFileRefused) + "; give a built-in profile's name");
      return {};
    }
    config.profile_name = path_from(member->problems().file(), config.profile_name);
  }
  auto profile = load_profile(config.profile_name);
  if (profile) return std::move(*profile);
  // Only a name that the file or a flag gave can be wrong.
  if (member) member->problem(profile.error().to_string());
  return {};
}

// What other sections take their defaults from comes first.
void read_profile_sections(lab::JsonObject& object, const Reading& reading, GatewayConfig& config) {
  config.profile = read_profile_name(object, reading, config);
  section(object, "errors", [&](const lab::JsonValue& v) {
    config.errors = v.json();
    read_error_overrides(v.as_object(), config.profile);
  });
  section(object, "streaming", [&](const lab::JsonValue& v) {
    config.streaming = v.json();
    read_streaming_overrides(v.as_object(), config.profile.streaming);
  });
  section(object, "requests", [&](const lab::JsonValue& v) {
    config.requests = v.json();
    read_request_rules(v.as_object(), config.profile.requests);
  });
}

void read_answer_sections(lab::JsonObject& object, GatewayConfig& config) {
  config.latency = LatencyConfig::healthy();
  config.tokens = TokensConfig::healthy();
  section(object, "latency", [&](const lab::JsonValue& v) { lab::read_fields(v, config.latency); });
  section(object, "tokens", [&](const lab::JsonValue& v) { lab::read_fields(v, config.tokens); });
  config.models = default_models(config.latency, config.tokens);
  section(object, "models", [&](const lab::JsonValue& v) {
    config.models = read_models(v, config.latency, config.tokens);
  });
}

void read_limit_sections(lab::JsonObject& object, GatewayConfig& config) {
  if (config.profile.max_body_bytes) config.limits.max_body_bytes = *config.profile.max_body_bytes;
  config.rate_limits.headers = config.profile.rate_limit_headers;
  section(object, "rate_limits", [&](const lab::JsonValue& v) {
    config.rate_limits = read_rate_limits(v, config.profile.rate_limit_headers);
  });
  const auto preset = circuit_breaker_preset(config.profile.circuit_breaker_preset);
  config.circuit_breaker = preset.value_or(default_circuit_breaker());
  section(object, "circuit_breaker", [&](const lab::JsonValue& v) {
    config.circuit_breaker =
        read_circuit_breaker(v.as_object(), preset.value_or(CircuitBreakerConfig{}));
  });
  section(object, "overload",
          [&](const lab::JsonValue& v) { config.overload = read_admission(v.as_object()); });
  section(object, "timeouts",
          [&](const lab::JsonValue& v) { lab::read_fields(v, config.timeouts); });
  section(object, "retries", [&](const lab::JsonValue& v) { config.retries = read_retries(v); });
  section(object, "limits", [&](const lab::JsonValue& v) { lab::read_fields(v, config.limits); });
  section(object, "faults", [&](const lab::JsonValue& v) { config.faults = read_faults(v); });
}

void read_listen(lab::JsonObject& object, GatewayConfig& config) {
  section(object, "listen", [&](const lab::JsonValue& v) {
    config.listen = v.as_string(config.listen);
    const auto endpoint = parse_listen_address(config.listen);
    if (!endpoint) v.problem(endpoint.error().what);
  });
}

void read_server_sections(lab::JsonObject& object, GatewayConfig& config) {
  config.seed =
      static_cast<std::uint64_t>(object.integer("seed", static_cast<std::int64_t>(config.seed), 0));
  read_listen(object, config);
  section(object, "auth", [&](const lab::JsonValue& v) { lab::read_fields(v, config.auth); });
  config.health.style = config.profile.health;
  section(object, "health", [&](const lab::JsonValue& v) { lab::read_fields(v, config.health); });
  section(object, "metrics", [&](const lab::JsonValue& v) { lab::read_fields(v, config.metrics); });
  section(object, "admin", [&](const lab::JsonValue& v) { lab::read_fields(v, config.admin); });
}

void make_instant(GatewayConfig& config) {
  config.latency = config.latency.made_instant();
  for (ModelConfig& model : config.models.models) model.latency = model.latency.made_instant();
  for (ModelConfig& model : config.models.any) model.latency = model.latency.made_instant();
}

// One document, its phases not yet resolved.
lab::Result<GatewayConfig> read_document(const lab::Json& json, std::string_view file,
                                         const Reading& reading) {
  lab::JsonProblems problems(std::string(file), reading.files == FileAccess::allowed);
  lab::JsonObject object = lab::JsonValue(json, "", problems).as_object();
  (void)object.find("$schema");  // For editors.
  GatewayConfig config;
  read_profile_sections(object, reading, config);
  read_answer_sections(object, config);
  read_limit_sections(object, config);
  read_server_sections(object, config);
  section(object, "timeline", [&](const lab::JsonValue& v) { config.timeline = read_timeline(v); });
  object.finish();
  if (!problems.empty()) return lab::Error{"", problems.to_string()};
  if (reading.is_instant) make_instant(config);
  return config;
}

// Each phase is the whole file with the phase's sections merged in, read as a file of its own.
lab::Result<void> resolve_phases(const lab::Json& json, std::string_view file,
                                 const Reading& reading, GatewayConfig& config) {
  for (std::size_t i = 0; i < config.timeline.size(); ++i) {
    lab::Json merged = json;
    merged.erase("timeline");
    merged.merge_patch(*config.timeline[i].set);
    const std::string place = std::string(file) + ": timeline[" + std::to_string(i) + "].set";
    auto phase = read_document(merged, place, reading);
    if (!phase) return phase.error();
    config.phases.push_back(std::make_shared<const GatewayConfig>(std::move(*phase)));
  }
  return {};
}

// A path on the command line is meant from the working directory, wherever the gateway file is.
std::string profile_of_flag(const std::string& name) {
  return is_profile_path(name) ? path_from("", name) : name;
}

}  // namespace

lab::Result<GatewayConfig> read_gateway_config(std::string_view text, std::string_view file,
                                               const ConfigOverrides& overrides, FileAccess files) {
  lab::Result<lab::Json> json = lab::parse_json(text, file);
  if (!json) return json.error();
  Reading reading{.is_instant = overrides.instant, .files = files};
  if (json->is_object()) {
    if (overrides.profile) {
      reading.profile_of_flag = profile_of_flag(*overrides.profile);
      (*json)["profile"] = *reading.profile_of_flag;
    }
    if (overrides.listen) (*json)["listen"] = *overrides.listen;
    if (overrides.seed) (*json)["seed"] = *overrides.seed;
  }
  auto config = read_document(*json, file, reading);
  if (!config) return config.error();
  const auto resolved = resolve_phases(*json, file, reading, *config);
  if (!resolved) return resolved.error();
  if (overrides.admin_token) config->admin.token = *overrides.admin_token;
  return config;
}

lab::Json to_json(const GatewayConfig& config) {
  return lab::Json{{"profile", config.profile_name},
                   {"seed", config.seed},
                   {"listen", config.listen},
                   {"auth", lab::write_fields(config.auth)},
                   {"models", to_json(config.models)},
                   {"latency", lab::write_fields(config.latency)},
                   {"tokens", to_json(config.tokens)},
                   {"rate_limits", to_json(config.rate_limits)},
                   {"circuit_breaker", to_json(config.circuit_breaker)},
                   {"overload", to_json(config.overload)},
                   {"timeouts", lab::write_fields(config.timeouts)},
                   {"retries", to_json(config.retries)},
                   {"limits", lab::write_fields(config.limits)},
                   {"errors", *config.errors},
                   {"streaming", *config.streaming},
                   {"requests", *config.requests},
                   {"faults", to_json(config.faults)},
                   {"timeline", to_json(config.timeline)},
                   {"health", lab::write_fields(config.health)},
                   {"metrics", lab::write_fields(config.metrics)},
                   {"admin", lab::write_fields(config.admin)}};
}

}  // namespace mockgw
