#include "loader/thresholds/threshold_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

/// The long form of a threshold; a text alone is the expression.
struct ThresholdForm {
  std::string expression;
  bool abort_on_fail = false;
  std::optional<lab::Duration> delay;
};
void fields(lab::Fields& f, ThresholdForm& c) {
  f.require("threshold", c.expression, lab::Says("What must hold.").such_as("\"p(95)<2000\""));
  f("abortOnFail", c.abort_on_fail, "Ends the run.");
  f.or_null("delayAbortEval", c.delay, "Not before.");
}

void read_threshold(const lab::JsonValue& value, const std::string& metric, ThresholdSet& set,
                    MetricRegistry& registry, WrongThresholds wrong) {
  ThresholdForm form;
  if (value.json().is_object()) {
    lab::read_fields(value, form);
  } else {
    form.expression = value.as_string();
  }
  // An empty text was not a string, or was missing: that problem is recorded already.
  if (form.expression.empty() && !(value.json().is_string())) return;
  const auto added =
      add_threshold(set, registry, metric, form.expression, form.abort_on_fail, form.delay);
  if (!added && wrong == WrongThresholds::are_problems) value.problem(added.error().what);
}

}  // namespace

ThresholdSet read_thresholds(const lab::JsonValue& value, MetricRegistry& registry,
                             WrongThresholds wrong) {
  ThresholdSet set;
  for (const auto& [metric, list] : value.as_object().members()) {
    const auto declared = registry.declare_reference(metric);
    if (!declared && wrong == WrongThresholds::are_problems) {
      list.problem(declared.error().what);
      continue;
    }
    const std::vector<lab::JsonValue> thresholds = list.as_array();
    // As in k6: who asks nothing of a metric wants to see it in the summary, whatever it has.
    if (thresholds.empty() && declared) set.push_back({.metric = *declared, .thresholds = {}});
    for (const lab::JsonValue& threshold : thresholds) {
      read_threshold(threshold, metric, set, registry, wrong);
    }
  }
  return set;
}

lab::Json thresholds_schema(lab::SchemaPrinter& printer) {
  return printer.named("thresholds", [&] {
    const ThresholdForm form;
    const lab::SchemaDialect dialect = printer.dialect();
    printer.set_dialect(
        lab::SchemaDialect::variables);  // As a whole k6's options are read loosely.
    const lab::Json one{
        {"anyOf",
         {{{"type", "string"}}, lab::StructType::of<ThresholdForm>().schema(printer, &form)}}};
    printer.set_dialect(dialect);
    return lab::Json{
        {"description",
         "By metric, such as http_req_duration{scenario:chat}: expressions that must hold."},
        {"type", "object"},
        {"additionalProperties", {{"type", "array"}, {"items", one}}},
        {"examples", lab::Json::array({{{"http_req_failed", lab::Json::array({"rate<0.05"})}}})}};
  });
}

}  // namespace loader
