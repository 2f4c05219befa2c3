#include "mockgw/config/drift.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using TermKind = DriftTerm::Kind;

constexpr auto kKinds =
    std::to_array<std::pair<std::string_view, TermKind>>({{"linear", TermKind::linear},
                                                          {"step", TermKind::step},
                                                          {"ramp", TermKind::ramp},
                                                          {"spike", TermKind::spike}});

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

DriftTerm read_term(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  DriftTerm term;
  std::size_t found = 0;
  for (const auto& [name, kind] : kKinds) {
    const auto member = object.find(name);
    if (!member) continue;
    ++found;
    term.kind = kind;
    lab::JsonObject fields = member->as_object();
    term.percent = fields.require(percent_key(kind)).as_number(-100, 1e9);
    term.at = fields.duration("at", {});
    if (has_length(kind)) term.length = fields.require("for").as_duration();
    fields.finish();
  }
  object.finish();
  if (found != 1) value.problem("takes one of linear, step, ramp, spike");
  return term;
}

}  // namespace

double drift_factor(const Drift& drift, lab::Duration elapsed) {
  double percent = 0;
  for (const DriftTerm& term : drift) percent += term_percent(term, elapsed);
  return std::max(0.0, 1.0 + percent / 100.0);
}

Drift read_drift(const lab::JsonValue& value) {
  Drift drift;
  for (const lab::JsonValue& term : value.as_array()) drift.push_back(read_term(term));
  return drift;
}

lab::Json to_json(const Drift& drift) {
  lab::Json terms = lab::Json::array();
  for (const DriftTerm& term : drift) {
    lab::Json fields = lab::Json::object();
    fields[std::string(percent_key(term.kind))] = term.percent;
    fields["at"] = lab::format_duration(term.at);
    if (has_length(term.kind)) fields["for"] = lab::format_duration(term.length);
    for (const auto& [name, kind] : kKinds) {
      if (kind == term.kind) terms.push_back(lab::Json{{std::string(name), fields}});
    }
  }
  return terms;
}

}  // namespace mockgw
