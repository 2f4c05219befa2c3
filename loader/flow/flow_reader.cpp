#include <algorithm>
#include <array>

#include "loader/flow/flow.h"
#include "loader/flow/llm_result.h"
#include "loader/flow/step_reader.h"
#include "loader/http/url.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr double kRepeatTimesMax = 1'000'000;
constexpr lab::Duration kTimeoutMax = std::chrono::hours(24);

/// A copy of `value` with ${NAME} replaced in all strings; problems are recorded where they are.
lab::Json expanded(const lab::JsonValue& value, const Environment& environment) {
  if (value.json().is_string()) {
    const auto text = expand(value.json().get_ref<const std::string&>(), environment);
    if (text.has_value()) return *text;
    value.problem(text.error().what);
    return "";
  }
  if (value.json().is_array()) {
    lab::Json copy = lab::Json::array();
    for (const lab::JsonValue& each : value.as_array()) {
      copy.push_back(expanded(each, environment));
    }
    return copy;
  }
  if (!value.json().is_object()) return value.json();
  lab::Json copy = lab::Json::object();
  for (const auto& [key, member] : value.as_object().members()) {
    copy[key] = expanded(member, environment);
  }
  return copy;
}

// A bare number is milliseconds elsewhere, as in k6's options; k6's sleep() takes seconds.
// Parameters of a distribution that are no durations have names of their own.
bool has_bare_duration(const lab::Json& json) {
  if (json.is_number()) return json != 0;
  if (!json.is_structured()) return false;
  for (const auto& [key, value] : json.items()) {
    if (key != "alpha" && key != "weight" && has_bare_duration(value)) return true;
  }
  return false;
}

/// Reads a list of steps; a step's own steps go the same way.
class StepsType : public lab::ValueType {
 public:
  explicit StepsType(const FlowSettings& settings) : settings_(&settings) {}
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* /*member*/) const override { return nullptr; }
  [[nodiscard]] bool is_set(const void* /*member*/) const override { return false; }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;

 private:
  [[nodiscard]] Step read_step(const lab::JsonValue& value) const;

  const FlowSettings* settings_;
};

/// What a step does: its key, and what is under that key.
struct Action {
  std::string_view key;
  const char* says;
  bool is_request;  ///< Has a request's options beside it.
  void (*read)(const lab::JsonValue& value, Step& step, const FlowSettings& settings);
  lab::Json (*schema)(lab::SchemaPrinter& printer, const FlowSettings& settings);
};

std::string group_name_problem(const std::string& name) {
  const bool is_wrong = name.empty() || name.find("::") != std::string::npos;
  return is_wrong ? "must not be empty or hold \"::\"" : "";
}

/// The members of a step, with what is needed to read the steps in them.
template <class Members>
struct WithSettings {
  const FlowSettings* settings;
  Members members{};
};
void fields(lab::Fields& f, WithSettings<GroupStep>& c) {
  f.require("name", c.members.name, lab::TextRules{.problem = group_name_problem, .pattern = "."},
            "Not empty, without \"::\".");
  f.require("steps", c.members.steps, StepsType(*c.settings), "What is in it.");
}
void fields(lab::Fields& f, WithSettings<RepeatStep>& c) {
  f.require("times", c.members.times, lab::between(1, kRepeatTimesMax), "How often.");
  f.require("steps", c.members.steps, StepsType(*c.settings), "What is done again and again.");
}
void fields(lab::Fields& f, WithSettings<PickStep::Branch>& c) {
  f("weight", c.members.weight, lab::between(0, 1e9), "Against the other weights.");
  f.require("steps", c.members.steps, StepsType(*c.settings), "What is done then.");
}

template <class Members>
void read_members(const lab::JsonValue& value, Step& step, const FlowSettings& settings) {
  WithSettings<Members> form{&settings};
  lab::read_fields(value, form);
  step.action = std::move(form.members);
}
template <class Members>
lab::Json members_schema(lab::SchemaPrinter& printer, const FlowSettings& settings) {
  const WithSettings<Members> form{&settings};
  return lab::StructType::of<WithSettings<Members>>().schema(printer, &form);
}

void read_sleep(const lab::JsonValue& value, Step& step, const FlowSettings& /*settings*/) {
  if (has_bare_duration(value.json())) {
    value.problem("a number alone does not say of what; write \"1s\" for k6's sleep(1)");
  }
  step.action = SleepStep{lab::read_duration_distribution(value)};
}

void read_pick(const lab::JsonValue& value, Step& step, const FlowSettings& settings) {
  PickStep pick;
  for (const lab::JsonValue& each : value.as_array()) {
    WithSettings<PickStep::Branch> branch{&settings};
    lab::read_fields(each, branch);
    pick.branches.push_back(std::move(branch.members));
  }
  const bool any = std::any_of(pick.branches.begin(), pick.branches.end(),
                               [](const PickStep::Branch& branch) { return branch.weight > 0; });
  if (value.json().is_array() && !any) value.problem("must have a branch of weight above 0");
  step.action = std::move(pick);
}

constexpr auto kActions = std::to_array<Action>({
    {"chat", "Asks a model: POST to a chat endpoint.", true,
     [](const lab::JsonValue& value, Step& step, const FlowSettings& settings) {
       step.action = read_chat(value, settings);
     },
     [](lab::SchemaPrinter& printer, const FlowSettings& /*settings*/) {
       return chat_schema(printer);
     }},
    {"http", "Sends any request.", true,
     [](const lab::JsonValue& value, Step& step, const FlowSettings& /*settings*/) {
       step.action = read_http(value);
     },
     [](lab::SchemaPrinter& printer, const FlowSettings& /*settings*/) {
       const HttpStep http;
       return printer.named("http",
                            [&] { return lab::StructType::of<HttpStep>().schema(printer, &http); });
     }},
    {"sleep", "Time to think, with its unit.", false, read_sleep,
     [](lab::SchemaPrinter& printer, const FlowSettings& /*settings*/) {
       const lab::Json time = lab::kDurations.schema(printer, nullptr);
       const lab::Json bare{{"type", "number"}, {"exclusiveMinimum", 0}};
       return lab::Json{{"allOf", {time, {{"not", bare}}}}, {"examples", {"1s"}}};
     }},
    {"group", "Steps under a name, which their samples have as a tag.", false,
     read_members<GroupStep>, members_schema<GroupStep>},
    {"repeat", "Steps again and again.", false, read_members<RepeatStep>,
     members_schema<RepeatStep>},
    {"pick", "One branch at random, by weight.", false, read_pick,
     [](lab::SchemaPrinter& printer, const FlowSettings& settings) {
       return lab::Json{{"type", "array"},
                        {"minItems", 1},
                        {"items", members_schema<PickStep::Branch>(printer, settings)}};
     }},
    {"abort", "Ends the run, for this reason.", false,
     [](const lab::JsonValue& value, Step& step, const FlowSettings& /*settings*/) {
       step.action = AbortStep{value.as_string()};
     },
     [](lab::SchemaPrinter& /*printer*/, const FlowSettings& /*settings*/) {
       return lab::Json{{"type", "string"}};
     }},
});

const lab::ReadType<std::vector<Check>> kChecks(
    [](const lab::JsonValue& value, std::vector<Check>& checks) { checks = read_checks(value); },
    checks_schema);

const lab::ReadType<RetryPolicy> kRetry([](const lab::JsonValue& value,
                                           RetryPolicy& policy) { policy = read_retry(value); },
                                        [](lab::SchemaPrinter& printer) {
                                          const RetryPolicy policy = RetryPolicy::asked_for();
                                          return lab::StructType::of<RetryPolicy>().schema(printer,
                                                                                           &policy);
                                        });

void StepsType::read(const lab::JsonValue& value, void* member) const {
  auto& steps = *static_cast<std::vector<Step>*>(member);
  const std::vector<lab::JsonValue> elements = value.as_array();
  for (const lab::JsonValue& each : elements) steps.push_back(read_step(each));
  // An iteration that does nothing would be started again and again without time passing.
  if (value.json().is_array() && elements.empty()) value.problem("must have at least one step");
}

Step StepsType::read_step(const lab::JsonValue& value) const {
  lab::JsonObject object = value.as_object();
  Step step;
  bool has_action = false;
  bool is_request = true;  // All that there could be is listed for one that does nothing.
  for (const Action& action : kActions) {
    const auto found = object.find(action.key);
    if (!found) continue;
    if (has_action) found->problem("a step does one thing; write a second step for this");
    has_action = true;
    is_request = action.is_request;
    action.read(*found, step, *settings_);
  }
  if (!has_action && value.json().is_object()) {
    value.problem("must have one of chat, http, sleep, group, repeat, pick, abort");
  }
  if (is_request) {
    lab::StructType::of<Step>().read_keys(object, &step);
    if (step.timeout <= lab::Duration::zero() || step.timeout > kTimeoutMax) {
      object.require("timeout").problem("must be above 0 and at most 24h");
    }
    ask_for_checks(step.checks, step.asked);
  }
  object.finish();
  return step;
}

lab::Json StepsType::schema(lab::SchemaPrinter& printer, const void* /*member*/) const {
  const auto step = [&] {
    const Step defaults;
    const lab::Json options = lab::StructType::of<Step>().schema(printer, &defaults);
    lab::Json actions = lab::Json::array();
    for (const Action& action : kActions) {
      lab::Json properties = lab::Json::object();
      lab::Json& one = properties[std::string(action.key)] = {{"description", action.says}};
      const lab::Json schema = action.schema(printer, *settings_);
      for (const auto& [key, member] : schema.items()) one[key] = member;
      if (action.is_request) properties.update(options["properties"]);
      actions.push_back({{"description", action.says},
                         {"type", "object"},
                         {"additionalProperties", false},
                         {"required", {action.key}},
                         {"properties", std::move(properties)}});
    }
    return lab::Json{{"description", "One thing that a user does."}, {"anyOf", std::move(actions)}};
  };
  return printer.named("steps", [&] {
    return lab::Json{{"type", "array"}, {"minItems", 1}, {"items", printer.named("step", step)}};
  });
}

void declare_in(std::vector<Step>& steps, GroupId group, CheckTree& tree) {
  for (Step& step : steps) {
    for (Check& check : step.checks) check.id = tree.declare_check(group, check.name);
    if (auto* const inner = std::get_if<GroupStep>(&step.action)) {
      const GroupId id = tree.declare_group(group, inner->name);
      inner->path = tree.group(id).path;
      declare_in(inner->steps, id, tree);
    } else if (auto* const repeat = std::get_if<RepeatStep>(&step.action)) {
      declare_in(repeat->steps, group, tree);
    } else if (auto* const pick = std::get_if<PickStep>(&step.action)) {
      for (PickStep::Branch& branch : pick->branches) declare_in(branch.steps, group, tree);
    }
  }
}

}  // namespace

void fields(lab::Fields& f, Objectives& c) {
  f("time_to_first_token", c.time_to_first_token, "At most.");
  f("time_per_output_token", c.time_per_output_token, "At most.");
  f("duration", c.duration, "At most; as the caller waits, retries included.");
}

void fields(lab::Fields& f, Step& c) {
  f("name", c.name, lab::Says("In metrics.").by_default("the URL").such_as(R"("ask")"));
  f("tags", c.tags, lab::Says("Names and values, on its samples.").such_as(R"({"kind":"short"})"));
  f("timeout", c.timeout, "Of one attempt, connecting included; above 0, at most 24h.");
  f("checks", c.checks, kChecks,
    lab::Says("By name: what must hold.").such_as(R"({"status is 200":{"status":200}})"));
  f("retry", c.retry, kRetry,
    lab::Says("When it is sent again.").by_default("never").such_as(R"({"attempts":3})"));
  f("objectives", c.objectives, "Requests that keep these count as llm_goodput.");
  f("expected_statuses", c.expected_statuses, status_ranges_type(),
    lab::Says("Statuses that are no failure.").by_default("200-399").such_as(R"([404,"200-399"])"));
}

Flow read_flow(std::string name, const lab::JsonValue& value, const FlowSettings& settings) {
  const lab::Json json = expanded(value, settings.environment);
  Flow flow{.name = std::move(name), .steps = {}};
  StepsType(settings).read({json, value.path(), value.problems()}, &flow.steps);
  return flow;
}
lab::Json flow_schema(lab::SchemaPrinter& printer) {
  return StepsType(FlowSettings{}).schema(printer, nullptr);
}

void declare_checks(Flow& flow, CheckTree& tree) { declare_in(flow.steps, GroupId{}, tree); }

void declare_checks_in_group(Flow& flow, CheckTree& tree) {
  const GroupId group = tree.declare_group(GroupId{}, flow.name);
  flow.group = tree.group(group).path;
  declare_in(flow.steps, group, tree);
}

}  // namespace loader
