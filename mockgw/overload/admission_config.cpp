#include "mockgw/overload/admission_config.h"

#include <string>
#include <utility>

#include "shared/base/choices.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

constexpr lab::Choices<AdmissionConfig::Discipline, 3> kDisciplines{{
    {"fifo", AdmissionConfig::Discipline::fifo},
    {"lifo", AdmissionConfig::Discipline::lifo},
    {"priority", AdmissionConfig::Discipline::priority},
}};
constexpr lab::Choices<AdmissionConfig::WhenFull, 2> kWhenFulls{{
    {"reject", AdmissionConfig::WhenFull::reject},
    {"wait", AdmissionConfig::WhenFull::wait},
}};
constexpr lab::Choices<AdmissionConfig::Shed, 3> kSheds{{
    {"none", AdmissionConfig::Shed::none},
    {"codel", AdmissionConfig::Shed::codel},
    {"gradient", AdmissionConfig::Shed::gradient},
}};

constexpr std::int64_t kConcurrencyMax = 10'000'000;
constexpr double kRateMin = 1e-3;
constexpr double kRateMax = 1e9;
constexpr double kToleranceMax = 100;

}  // namespace

void fields(lab::Fields& f, BatchServerConfig& c) {
  f("slots", c.slots, lab::between(1, kConcurrencyMax), "Requests that decode at once.");
  f("token_rate", c.token_rate, lab::between(kRateMin, kRateMax), "Tokens a second, all together.");
  f("max_rate_per_request", c.max_rate_per_request, lab::between(kRateMin, kRateMax),
    "Tokens a second of one request.");
}

namespace {

struct ServerModelForm {
  std::optional<BatchServerConfig> batch;
};
void fields(lab::Fields& f, ServerModelForm& c) {
  f("batch", c.batch, "A token rate that the running requests share.");
}

class ServerModelType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    ServerModelForm form;
    if (!value.json().is_string()) {
      lab::read_fields(value, form);
    } else if (value.json() != "fixed") {
      value.problem(R"(write "fixed" or {"batch": {…}})");
    }
    *static_cast<std::optional<BatchServerConfig>*>(member) = form.batch;
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    const auto& batch = *static_cast<const std::optional<BatchServerConfig>*>(member);
    if (!batch) return "fixed";
    return lab::write_fields(ServerModelForm{batch});
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer,
                                 const void* /*member*/) const override {
    const ServerModelForm form;
    return lab::Json{
        {"anyOf",
         {{{"const", "fixed"}}, lab::StructType::of<ServerModelForm>().schema(printer, &form)}}};
  }
};

}  // namespace

void fields(lab::Fields& f, CodelConfig& c) {
  f("target", c.target, "Waits above this are shed.");
  f("interval", c.interval, "So long must waits be above.");
}
void check(const lab::JsonValue& section, CodelConfig& c) {
  if (c.interval > lab::Duration::zero()) return;
  section.problem("interval must be longer than 0");
  c.interval = CodelConfig{}.interval;
}

void fields(lab::Fields& f, GradientConfig& c) {
  f("initial_limit", c.initial_limit, lab::between(1, kConcurrencyMax),
    "Concurrency at the start.");
  f("min_limit", c.min_limit, lab::between(1, kConcurrencyMax), "Never below.");
  f("queue_size", c.queue_size, lab::between(0, kConcurrencyMax), "On top of the limit.");
  f("tolerance", c.tolerance, lab::between(1, kToleranceMax),
    "Growth of latency that is accepted.");
  f("smoothing", c.smoothing, lab::between(0, 1), "Of changes of the limit.");
}

void fields(lab::Fields& f, AdmissionConfig& c) {
  f("max_concurrency", c.max_concurrency, lab::between(0, kConcurrencyMax),
    "Requests at once; 0 for no limit.");
  f("queue_size", c.queue_size, lab::between(0, AdmissionConfig::kWaitersMax),
    "Of those that wait.");
  f("queue_timeout", c.queue_timeout, "The longest wait; 0s for ever.");
  f("discipline", c.discipline, kDisciplines, "Who is next; priority reads x-priority.");
  f("when_full", c.when_full, kWhenFulls, "What happens to one more.");
  f("permits_bug_compat", c.permits_bug_compat,
    "As the reference gateway: as many as slots and queue together run at once.");
  f("shed", c.shed, kSheds, "Adaptive shedding.");
  f("codel", c.codel, "Of shed codel: controlled delay (RFC 8289).");
  f("gradient", c.gradient, "Of shed gradient: concurrency that follows latency.");
  f("server_model", c.batch, ServerModelType(),
    "\"fixed\": latencies as planned. batch: the model server shares its token rate among the "
    "running requests.");
}
void check(const lab::JsonValue& section, AdmissionConfig& c) {
  if (c.shed == AdmissionConfig::Shed::gradient && c.max_concurrency == 0) {
    section.problem("shed \"gradient\" needs max_concurrency as its upper limit");
  }
}

AdmissionConfig read_admission(const lab::JsonObject& section) {
  AdmissionConfig config;
  lab::read_fields(section.value(), config);
  return config;
}

lab::Json to_json(const AdmissionConfig& config) { return lab::write_fields(config); }

}  // namespace mockgw
