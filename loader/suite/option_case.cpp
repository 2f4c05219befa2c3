#include "loader/suite/option_case.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loader/suite/k6_options.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::array<std::string_view, 19> kScenarioFields{
    "executor",        "startTime", "gracefulStop", "env",        "exec",      "tags",
    "options",         "vus",       "rate",         "iterations", "duration",  "startVUs",
    "maxDuration",     "stages",    "timeUnit",     "maxVUs",     "startRate", "preAllocatedVUs",
    "gracefulRampDown"};
constexpr std::array<std::string_view, 2> kStageFields{"duration", "target"};

bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

using Names = std::span<const std::string_view>;

lab::Json renamed(const lab::Json& object, Names names) {
  if (!object.is_object()) return object;
  lab::Json spelled = lab::Json::object();
  for (const auto& [key, member] : object.items()) {
    const auto known = std::ranges::find_if(
        names, [&key](std::string_view name) { return is_same_name(name, key); });
    const bool is_to_rename =
        known != names.end() && *known != key && !object.contains(std::string(*known));
    spelled[is_to_rename ? std::string(*known) : key] = member;
  }
  return spelled;
}

void rename_stages(lab::Json& of) {
  if (!of.is_object() || !of.contains("stages") || !of["stages"].is_array()) return;
  for (lab::Json& stage : of["stages"]) stage = renamed(stage, kStageFields);
}

}  // namespace

lab::Json with_k6_case(lab::Json options) {
  std::vector<std::string_view> names;
  for (const K6Option& option : k6_options()) {
    if (!option.option.empty()) names.push_back(option.option);
  }
  options = renamed(options, names);
  rename_stages(options);
  if (!options.is_object() || !options.contains("scenarios")) return options;
  lab::Json& scenarios = options["scenarios"];
  if (!scenarios.is_object()) return options;
  for (auto& [name, scenario] : scenarios.items()) {
    scenario = renamed(scenario, kScenarioFields);
    rename_stages(scenario);
  }
  return options;
}

}  // namespace loader
