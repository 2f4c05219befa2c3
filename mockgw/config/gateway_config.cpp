#include "mockgw/config/gateway_config.h"

#include "mockgw/profiles/path_from.h"
#include "mockgw/profiles/profile_fields.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"
#include "shared/runtime/listen_address.h"

namespace mockgw {
namespace {

// How a document is read, whatever is in it.
struct Reading {
  bool is_instant = false;
  FileAccess files = FileAccess::allowed;
  std::optional<std::string> profile_of_flag{};  // May be a file whoever sends the rest.
};

// A key of the gateway file whose reading goes by, or changes, more than one member. Its member is
// the whole configuration.
class WholeType : public lab::ValueType {
 public:
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }

 protected:
  static GatewayConfig& config(void* member) { return *static_cast<GatewayConfig*>(member); }
  static const GatewayConfig& config(const void* member) {
    return *static_cast<const GatewayConfig*>(member);
  }
};

// The profile is loaded before everything else, which it has defaults for.
class ProfileNameType : public WholeType {
 public:
  void read(const lab::JsonValue& /*value*/, void* /*member*/) const override {}
  [[nodiscard]] lab::Json write(const void* member) const override {
    return config(member).profile_name;
  }
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return true; }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer,
                                 const void* /*member*/) const override {
    return printer.named("profile", [] {
      return lab::Json{
          {"description", "A built-in profile, or a profile file's path from here."},
          {"anyOf",
           {{{"enum", profile_names()}}, {{"type", "string"}, {"pattern", "/|\\.json$"}}}}};
    });
  }
};

class ModelsType : public WholeType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    GatewayConfig& c = config(member);
    c.models = read_models(value, c.latency, c.tokens);
  }
  // Of each model what the gateway's own latency and tokens do not say.
  [[nodiscard]] lab::Json write(const void* member) const override {
    const GatewayConfig& c = config(member);
    return write_models(c.models, c.latency, c.tokens);
  }
  [[nodiscard]] std::optional<lab::Json> write_change(const void* member,
                                                      const void* /*base*/) const override {
    const GatewayConfig& c = config(member);
    lab::Json models = write(member);
    if (models == write_models(default_models(c.latency, c.tokens), c.latency, c.tokens)) {
      return std::nullopt;
    }
    return models;
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer,
                                 const void* /*member*/) const override {
    const ModelConfig model;
    return lab::Json{
        {"type", "object"},
        {"minProperties", 1},
        {"additionalProperties", lab::StructType::of<ModelConfig>().schema(printer, &model)}};
  }
};

std::optional<CircuitBreakerConfig> breaker_of(const Profile& profile) {
  return circuit_breaker_preset(profile.circuit_breaker_preset);
}

class BreakerType : public WholeType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    GatewayConfig& c = config(member);
    c.circuit_breaker =
        read_circuit_breaker(lab::JsonObject(value), breaker_of(c.profile).value_or(Config{}));
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return to_json(config(member).circuit_breaker);
  }
  // The section is read over what an empty one gives, not over what there is without it.
  [[nodiscard]] std::optional<lab::Json> write_change(const void* member,
                                                      const void* base) const override {
    const GatewayConfig& c = config(member);
    if (to_json(c.circuit_breaker) == to_json(config(base).circuit_breaker)) return std::nullopt;
    const lab::Json none = lab::Json::object();
    lab::JsonProblems problems("");
    const Config empty = read_circuit_breaker(lab::JsonObject({none, "", problems}),
                                              breaker_of(c.profile).value_or(Config{}));
    return lab::StructType::of<Config>()
        .write_change(&c.circuit_breaker, &empty)
        .value_or(lab::Json::object());
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override {
    return lab::StructType::of<Config>().schema(printer, &config(member).circuit_breaker);
  }

 private:
  using Config = CircuitBreakerConfig;
};

// Without the section nothing is retried; with it, three times unless it says otherwise.
class RetriesType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    *static_cast<RetryConfig*>(member) = read_retries(value);
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return to_json(*static_cast<const RetryConfig*>(member));
  }
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] std::optional<lab::Json> write_change(const void* member,
                                                      const void* base) const override {
    if (write(member) == write(base)) return std::nullopt;
    RetryConfig section;
    section.max = RetryConfig::kCountOfSection;
    return lab::StructType::of<RetryConfig>()
        .write_change(member, &section)
        .value_or(lab::Json::object());
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override {
    return lab::StructType::of<RetryConfig>().schema(printer, member);
  }
};

std::string listen_problem(const std::string& text) {
  const auto endpoint = lab::parse_listen_address(text);
  return endpoint ? std::string() : endpoint.error().what;
}

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

// What the sections are read over.
GatewayConfig defaults_of(Profile profile) {
  GatewayConfig config;
  config.profile = std::move(profile);
  config.latency = LatencyConfig::healthy();
  config.tokens = TokensConfig::healthy();
  config.models = default_models(config.latency, config.tokens);
  if (config.profile.max_body_bytes) config.limits.max_body_bytes = *config.profile.max_body_bytes;
  config.rate_limits.headers = config.profile.rate_limit_headers;
  config.circuit_breaker = breaker_of(config.profile).value_or(default_circuit_breaker());
  config.health.style = config.profile.health;
  return config;
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
  const lab::JsonValue root(json, "", problems);
  lab::JsonObject object(root);
  GatewayConfig named;
  Profile profile = read_profile_name(object, reading, named);
  GatewayConfig config = defaults_of(std::move(profile));
  config.profile_name = std::move(named.profile_name);
  lab::read_fields(root, config);
  if (!object.find("models")) config.models = default_models(config.latency, config.tokens);
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

void fields(lab::Fields& f, GatewayConfig& c) {
  f.ignored({"$schema", "Names this schema, for editors."});
  f("profile", c, ProfileNameType(),
    lab::Says("Whose behaviour is imitated: a built-in one, or a profile file's path from here.")
        .such_as(R"("litellm")"));
  f("errors", c.profile.errors, ErrorsType(), "The profile's answers, condition by condition.");
  f("streaming", c.profile.streaming, "How streams look, where the profile's do not fit.");
  f("requests", c.profile.requests, "Which chat requests are refused with 400 that could be read.");
  f("latency", c.latency, "How long things take.");
  f("tokens", c.tokens, "What answers say and how long they are.");
  f("models", c, ModelsType(), "The models by name; \"*\" is what any other name gets.");
  f("rate_limits", c.rate_limits, RateLimitsType(),
    "Every rule that matches must admit a request.");
  f("circuit_breaker", c, BreakerType(),
    "Refuses calls to an upstream that fails. One that could never open is refused.");
  f("overload", c.overload, "What happens when more comes than can run.");
  f("timeouts", c.timeouts, "Of clients, and of the upstream that is imitated.");
  f("retries", c.retries, RetriesType(),
    "The gateway calls its upstream again instead of passing a failure on. Without this section "
    "it does not.");
  f("limits", c.limits, "What one client, and all together, can cost.");
  f("faults", c.faults, faults_type(), "Which requests go wrong, when, and how.");
  f("seed", c.seed, lab::at_least(0), "Of all randomness.");
  f("listen", c.listen,
    lab::TextRules{.problem = listen_problem, .pattern = "^(\\[.+\\]|[^:]*):[0-9]{1,5}$"},
    "ADDRESS:PORT; port 0 takes a free one.");
  f("auth", c.auth, "Who is let in.");
  f("health", c.health, "What /health says.");
  f("metrics", c.metrics, "Prometheus metrics. Never limited, faulted or counted.");
  f("admin", c.admin,
    "Shows and changes the running gateway: config, breakers, stats, reset. Never limited, "
    "faulted or counted.");
  f("timeline", c.timeline, timeline_type(), "Stretches of time with other settings.");
}

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

lab::Json to_json(const GatewayConfig& config) { return lab::write_fields(config); }

lab::Json changes_of(const GatewayConfig& config) {
  const auto profile = load_profile(config.profile_name);
  const GatewayConfig defaults = defaults_of(profile ? *profile : Profile());
  return lab::StructType::of<GatewayConfig>()
      .write_change(&config, &defaults)
      .value_or(lab::Json::object());
}

}  // namespace mockgw
