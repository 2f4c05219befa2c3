#include "mockgw/limits/admission_config.h"

#include "mockgw/limits/choices.h"

#include <string>
#include <utility>

#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr Choices<AdmissionConfig::Discipline, 3> kDisciplines{{
    {"fifo", AdmissionConfig::Discipline::fifo},
    {"lifo", AdmissionConfig::Discipline::lifo},
    {"priority", AdmissionConfig::Discipline::priority},
}};
constexpr Choices<AdmissionConfig::WhenFull, 2> kWhenFulls{{
    {"reject", AdmissionConfig::WhenFull::reject},
    {"wait", AdmissionConfig::WhenFull::wait},
}};
constexpr Choices<AdmissionConfig::Shed, 3> kSheds{{
    {"none", AdmissionConfig::Shed::none},
    {"codel", AdmissionConfig::Shed::codel},
    {"gradient", AdmissionConfig::Shed::gradient},
}};

constexpr std::int64_t kConcurrencyMax = 10'000'000;
constexpr double kRateMin = 1e-3;
constexpr double kRateMax = 1e9;
constexpr double kToleranceMax = 100;

CodelConfig read_codel(lab::JsonObject object) {
  CodelConfig codel;
  codel.target = object.duration("target", codel.target);
  codel.interval = object.duration("interval", codel.interval);
  if (codel.interval <= lab::Duration::zero()) {
    object.value().problem("interval must be longer than 0");
    codel.interval = CodelConfig{}.interval;
  }
  object.finish();
  return codel;
}

GradientConfig read_gradient(lab::JsonObject object) {
  GradientConfig gradient;
  gradient.initial_limit =
      object.integer("initial_limit", gradient.initial_limit, 1, kConcurrencyMax);
  gradient.min_limit = object.integer("min_limit", gradient.min_limit, 1, kConcurrencyMax);
  gradient.queue_size = object.integer("queue_size", gradient.queue_size, 0, kConcurrencyMax);
  gradient.tolerance = object.number("tolerance", gradient.tolerance, 1, kToleranceMax);
  gradient.smoothing = object.number("smoothing", gradient.smoothing, 0, 1);
  object.finish();
  return gradient;
}

BatchServerConfig read_batch(lab::JsonObject object) {
  BatchServerConfig batch;
  batch.slots = object.integer("slots", batch.slots, 1, kConcurrencyMax);
  batch.token_rate = object.number("token_rate", batch.token_rate, kRateMin, kRateMax);
  batch.max_rate_per_request =
      object.number("max_rate_per_request", batch.max_rate_per_request, kRateMin, kRateMax);
  object.finish();
  return batch;
}

std::optional<BatchServerConfig> read_server_model(const lab::JsonValue& value) {
  if (value.json().is_string()) {
    if (value.json() != "fixed") value.problem(R"(write "fixed" or {"batch": {…}})");
    return std::nullopt;
  }
  lab::JsonObject object = value.as_object();
  std::optional<BatchServerConfig> batch;
  if (const auto found = object.find("batch")) batch = read_batch(found->as_object());
  object.finish();
  return batch;
}

lab::Json server_model(const std::optional<BatchServerConfig>& batch) {
  if (!batch) return "fixed";
  return {{"batch",
           {{"slots", batch->slots},
            {"token_rate", batch->token_rate},
            {"max_rate_per_request", batch->max_rate_per_request}}}};
}

}  // namespace

AdmissionConfig read_admission(lab::JsonObject section) {
  AdmissionConfig config;
  config.max_concurrency =
      section.integer("max_concurrency", config.max_concurrency, 0, kConcurrencyMax);
  config.queue_size =
      section.integer("queue_size", config.queue_size, 0, AdmissionConfig::kWaitersMax);
  config.queue_timeout = section.duration("queue_timeout", config.queue_timeout);
  config.discipline = choose(section, "discipline", kDisciplines, config.discipline);
  config.when_full = choose(section, "when_full", kWhenFulls, config.when_full);
  config.permits_bug_compat = section.boolean("permits_bug_compat", config.permits_bug_compat);
  config.shed = choose(section, "shed", kSheds, config.shed);
  if (const auto value = section.find("codel")) config.codel = read_codel(value->as_object());
  if (const auto value = section.find("gradient")) {
    config.gradient = read_gradient(value->as_object());
  }
  if (const auto value = section.find("server_model")) config.batch = read_server_model(*value);
  section.finish();
  if (config.shed == AdmissionConfig::Shed::gradient && config.max_concurrency == 0) {
    section.value().problem("shed \"gradient\" needs max_concurrency as its upper limit");
  }
  return config;
}

lab::Json to_json(const AdmissionConfig& config) {
  return {{"max_concurrency", config.max_concurrency},
          {"queue_size", config.queue_size},
          {"queue_timeout", lab::format_duration(config.queue_timeout)},
          {"discipline", name_of(kDisciplines, config.discipline)},
          {"when_full", name_of(kWhenFulls, config.when_full)},
          {"permits_bug_compat", config.permits_bug_compat},
          {"shed", name_of(kSheds, config.shed)},
          {"codel",
           {{"target", lab::format_duration(config.codel.target)},
            {"interval", lab::format_duration(config.codel.interval)}}},
          {"gradient",
           {{"initial_limit", config.gradient.initial_limit},
            {"min_limit", config.gradient.min_limit},
            {"queue_size", config.gradient.queue_size},
            {"tolerance", config.gradient.tolerance},
            {"smoothing", config.gradient.smoothing}}},
          {"server_model", server_model(config.batch)}};
}

}  // namespace mockgw
