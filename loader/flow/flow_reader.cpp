#include <algorithm>
#include <array>

#include "loader/flow/flow.h"
#include "loader/flow/llm_result.h"
#include "loader/flow/step_reader.h"
#include "loader/http/url.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::int64_t kRepeatTimesMax = 1'000'000;
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

class StepReader {
 public:
  explicit StepReader(const FlowSettings& settings) : settings_(settings) {}

  [[nodiscard]] std::vector<Step> read_steps(const lab::JsonValue& value) const {
    std::vector<Step> steps;
    const std::vector<lab::JsonValue> elements = value.as_array();
    for (const lab::JsonValue& each : elements) steps.push_back(read_step(each));
    // An iteration that does nothing would be started again and again without time passing.
    if (value.json().is_array() && elements.empty()) value.problem("must have at least one step");
    return steps;
  }

 private:
  [[nodiscard]] Step read_step(const lab::JsonValue& value) const {
    lab::JsonObject object = value.as_object();
    Step step;
    bool has_action = false;
    for (const auto& [key, reader] : kReaders) {
      const auto found = object.find(key);
      if (!found) continue;
      if (has_action) found->problem("a step does one thing; write a second step for this");
      has_action = true;
      (this->*reader)(step, *found);
    }
    if (!has_action && value.json().is_object()) {
      value.problem("must have one of chat, http, sleep, group, repeat, pick, abort");
    }
    if (std::holds_alternative<ChatStep>(step.action) ||
        std::holds_alternative<HttpStep>(step.action)) {
      read_request_options(step, object);
    }
    object.finish();
    return step;
  }

  void read_chat_action(Step& step, const lab::JsonValue& value) const {
    step.action = read_chat(value, settings_);
  }

  void read_http_action(Step& step, const lab::JsonValue& value) const {
    step.action = read_http(value);
  }

  void read_sleep_action(Step& step, const lab::JsonValue& value) const {
    if (has_bare_duration(value.json())) {
      value.problem("a number alone does not say of what; write \"1s\" for k6's sleep(1)");
    }
    step.action = SleepStep{lab::read_duration_distribution(value)};
  }

  void read_group_action(Step& step, const lab::JsonValue& value) const {
    lab::JsonObject object = value.as_object();
    GroupStep group;
    const lab::JsonValue name = object.require("name");
    group.name = name.as_string();
    if (name.json().is_string() &&
        (group.name.empty() || group.name.find("::") != std::string::npos)) {
      name.problem("must not be empty or hold \"::\"");
    }
    group.steps = read_steps(object.require("steps"));
    object.finish();
    step.action = std::move(group);
  }

  void read_repeat_action(Step& step, const lab::JsonValue& value) const {
    lab::JsonObject object = value.as_object();
    RepeatStep repeat;
    repeat.times =
        static_cast<std::uint32_t>(object.require("times").as_integer(1, kRepeatTimesMax, 1));
    repeat.steps = read_steps(object.require("steps"));
    object.finish();
    step.action = std::move(repeat);
  }

  void read_pick_action(Step& step, const lab::JsonValue& value) const {
    PickStep pick;
    for (const lab::JsonValue& each : value.as_array()) {
      lab::JsonObject object = each.as_object();
      PickStep::Branch branch;
      branch.weight = object.number("weight", 1, 0, 1e9);
      branch.steps = read_steps(object.require("steps"));
      object.finish();
      pick.branches.push_back(std::move(branch));
    }
    const bool any = std::any_of(pick.branches.begin(), pick.branches.end(),
                                 [](const PickStep::Branch& branch) { return branch.weight > 0; });
    if (value.json().is_array() && !any) value.problem("must have a branch of weight above 0");
    step.action = std::move(pick);
  }

  void read_abort_action(Step& step, const lab::JsonValue& value) const {
    step.action = AbortStep{value.as_string()};
  }

  static void read_request_options(Step& step, lab::JsonObject& object) {
    step.name = object.string("name");
    if (const auto tags = object.find("tags")) {
      for (const auto& [key, tag] : tags->as_object().members()) {
        step.tags.emplace_back(key, tag.as_string());
      }
    }
    step.timeout = object.duration("timeout", step.timeout);
    if (step.timeout <= lab::Duration::zero() || step.timeout > kTimeoutMax) {
      object.require("timeout").problem("must be above 0 and at most 24h");
    }
    if (const auto checks = object.find("checks")) step.checks = read_checks(*checks);
    ask_for_checks(step.checks, step.asked);
    if (const auto retry = object.find("retry")) step.retry = read_retry(*retry);
    if (const auto objectives = object.find("objectives")) {
      step.objectives = read_objectives(*objectives);
    }
    if (const auto statuses = object.find("expected_statuses")) {
      step.expected_statuses = read_status_ranges(*statuses);
    }
  }

  static Objectives read_objectives(const lab::JsonValue& value) {
    lab::JsonObject object = value.as_object();
    Objectives objectives;
    const auto read = [&object](std::string_view key) -> std::optional<lab::Duration> {
      const auto found = object.find(key);
      if (!found) return std::nullopt;
      return found->as_duration();
    };
    objectives.time_to_first_token = read("time_to_first_token");
    objectives.time_per_output_token = read("time_per_output_token");
    objectives.duration = read("duration");
    object.finish();
    return objectives;
  }

  using Reader = void (StepReader::*)(Step&, const lab::JsonValue&) const;
  static const std::array<std::pair<std::string_view, Reader>, 7> kReaders;

  const FlowSettings& settings_;
};

const std::array<std::pair<std::string_view, StepReader::Reader>, 7> StepReader::kReaders{{
    {"chat", &StepReader::read_chat_action},
    {"http", &StepReader::read_http_action},
    {"sleep", &StepReader::read_sleep_action},
    {"group", &StepReader::read_group_action},
    {"repeat", &StepReader::read_repeat_action},
    {"pick", &StepReader::read_pick_action},
    {"abort", &StepReader::read_abort_action},
}};

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

Flow read_flow(std::string name, const lab::JsonValue& value, const FlowSettings& settings) {
  const lab::Json json = expanded(value, settings.environment);
  return {.name = std::move(name),
          .steps = StepReader(settings).read_steps({json, value.path(), value.problems()})};
}

void declare_checks(Flow& flow, CheckTree& tree) { declare_in(flow.steps, GroupId{}, tree); }

void declare_checks_in_group(Flow& flow, CheckTree& tree) {
  const GroupId group = tree.declare_group(GroupId{}, flow.name);
  flow.group = tree.group(group).path;
  declare_in(flow.steps, group, tree);
}

}  // namespace loader
