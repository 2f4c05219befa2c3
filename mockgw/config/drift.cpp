#include "mockgw/config/drift.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

using TermKind = DriftTerm::Kind;

struct TermWord {
  std::string_view word;
  TermKind kind;
  const char* says;
};
constexpr auto kWords = std::to_array<TermWord>({
    {"linear", TermKind::linear, "Grows for ever from \"at\" on."},
    {"step", TermKind::step, "From \"at\" on."},
    {"ramp", TermKind::ramp, "Grows over \"for\", then stays."},
    {"spike", TermKind::spike, "During \"for\" only."},
});

constexpr std::string_view percent_key(TermKind kind) {
  return kind == TermKind::linear ? "percent_per_hour" : "percent";
}

constexpr bool has_length(TermKind kind) {
  return kind == TermKind::ramp || kind == TermKind::spike;
}

double term_percent(const DriftTerm& term, lab::Duration elapsed) {
  if (elapsed < term.at) return 0;
  const lab::Duration since = elapsed - term.at;
  switch (term.kind) {
    case TermKind::linear:
      return term.percent * lab::to_seconds(since) / 3600.0;
    case TermKind::step:
      return term.percent;
    case TermKind::ramp:
      if (since >= term.length) return term.percent;
      return term.percent * lab::to_seconds(since) / lab::to_seconds(term.length);
    case TermKind::spike:
      return since < term.length ? term.percent : 0;
  }
  return 0;
}

/// What is under one word.
struct TermForm {
  DriftTerm term;
};
void fields(lab::Fields& f, TermForm& c) {
  f.require(percent_key(c.term.kind), c.term.percent, lab::between(-100, 1e9),
            "Added to latencies: 100 doubles them, -50 halves them.");
  f("at", c.term.at, "After the gateway's start.");
  if (has_length(c.term.kind)) f.require("for", c.term.length, "How long.");
}

class TermType : public lab::ValueType {
 public:
  explicit TermType(TermKind kind) : kind_(kind) {}
  void read(const lab::JsonValue& value, void* member) const override {
    TermForm form{{.kind = kind_}};
    lab::read_fields(value, form);
    *static_cast<DriftTerm*>(member) = form.term;
  }
  [[nodiscard]] bool is_set(const void* member) const override {
    return static_cast<const DriftTerm*>(member)->kind == kind_;
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return lab::write_fields(TermForm{*static_cast<const DriftTerm*>(member)});
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer,
                                 const void* /*member*/) const override {
    const TermForm form{{.kind = kind_}};
    return lab::StructType::of<TermForm>().schema(printer, &form);
  }
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }

 private:
  TermKind kind_;
};

}  // namespace

double drift_factor(const Drift& drift, lab::Duration elapsed) {
  double percent = 0;
  for (const DriftTerm& term : drift) percent += term_percent(term, elapsed);
  return std::max(0.0, 1.0 + percent / 100.0);
}

void fields(lab::Fields& f, DriftTerm& c) {
  f.exactly_one({"linear", "step", "ramp", "spike"});
  for (const TermWord& each : kWords) f(each.word, c, TermType(each.kind), each.says);
}
void check(const lab::JsonValue& value, DriftTerm& /*c*/) {
  lab::JsonObject object(value);
  const auto found = std::ranges::count_if(
      kWords, [&](const TermWord& each) { return object.find(each.word).has_value(); });
  if (found != 1) value.problem("takes one of linear, step, ramp, spike");
}

Drift read_drift(const lab::JsonValue& value) {
  Drift drift;
  lab::type_of<Drift>().read(value, &drift);
  return drift;
}
lab::Json to_json(const Drift& drift) { return lab::type_of<Drift>().write(&drift); }

}  // namespace mockgw
