#include "mockgw/config/timeline.h"

#include <array>
#include <string_view>

#include "mockgw/base/named_list.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr std::size_t kPhasesMax = 64;

// What is set up once, before the first phase.
constexpr auto kFixedSections =
    std::to_array<std::string_view>({"listen", "seed", "timeline", "limits", "timeouts"});

// What is wrong with a section is said when the phase is read as a file of its own.
class PhaseSetType : public lab::AnyType {
 public:
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    return lab::Json{{"$ref", "#/$defs/phase"}};  // By gateway_schema().
  }
};

bool contains(const TimelinePhase& phase, lab::Duration elapsed) {
  return elapsed >= phase.at && (!phase.length || elapsed - phase.at < *phase.length);
}

}  // namespace

void fields(lab::Fields& f, TimelinePhase& c) {
  f("name", c.name, lab::Says("In /admin/stats.").by_default("phase-1 and so on"));
  f("at", c.at, "After the gateway's start.");
  f("for", c.length, "How long; without it, for ever.");
  f.require("set", c.set, PhaseSetType(),
            lab::Says("Sections, merged into the file's (RFC 7396: null takes one away).")
                .such_as(R"({"latency":{"ttft":"3s"}})"));
}
void check(const lab::JsonValue& value, TimelinePhase& /*c*/) {
  lab::JsonObject object(value);
  const auto set = object.find("set");
  if (!set) return;
  lab::JsonObject sections(*set);
  for (const std::string_view section : kFixedSections) {
    if (!sections.find(section)) continue;
    set->problem("\"" + std::string(section) + "\" cannot change while the gateway runs");
  }
}

const lab::ValueType& timeline_type() {
  static const NamedListType<TimelinePhase> kType(
      "phase-", nullptr, {.max = kPhasesMax, .too_many = "at most 64 phases are allowed"});
  return kType;
}

std::vector<TimelinePhase> read_timeline(const lab::JsonValue& value) {
  std::vector<TimelinePhase> phases;
  timeline_type().read(value, &phases);
  return phases;
}
lab::Json to_json(const std::vector<TimelinePhase>& phases) {
  return timeline_type().write(&phases);
}

std::optional<std::size_t> phase_at(const std::vector<TimelinePhase>& phases,
                                    lab::Duration elapsed) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (!contains(phases[i], elapsed)) continue;
    if (!found || phases[i].at >= phases[*found].at) found = i;
  }
  return found;
}

}  // namespace mockgw
