#include <utility>

#include "loader/flow/check.h"
#include "shared/base/json.h"

namespace loader {
namespace {

bool is_json_pointer(std::string_view text) { return text.empty() || text.starts_with('/'); }

// "<15s", "<= 500ms", ">0s"; without an operator the bound is one from above.
std::optional<DurationCondition> parse_duration_condition(std::string_view text) {
  using Operator = DurationCondition::Operator;
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"<=", Operator::less_equal},
      {">=", Operator::greater_equal},
      {"<", Operator::less},
      {">", Operator::greater},
  };
  DurationCondition condition;
  for (const auto& [sign, op] : kOperators) {
    if (!text.starts_with(sign)) continue;
    condition.op = op;
    text.remove_prefix(sign.size());
    break;
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto bound = lab::parse_duration(text);
  if (bound.has_error() || *bound < lab::Duration::zero()) return std::nullopt;
  condition.bound = *bound;
  return condition;
}

std::vector<unsigned> read_statuses(const lab::JsonValue& value) {
  std::vector<unsigned> statuses;
  if (!value.json().is_array()) {
    statuses.push_back(static_cast<unsigned>(value.as_integer(0, 599, 200)));
    return statuses;
  }
  for (const lab::JsonValue& each : value.as_array()) {
    statuses.push_back(static_cast<unsigned>(each.as_integer(0, 599, 200)));
  }
  if (statuses.empty()) value.problem("must name at least one status");
  return statuses;
}

ValueCondition read_value_condition(lab::JsonObject& object) {
  ValueCondition condition;
  condition.not_empty = object.boolean("not_empty", false);
  if (const auto equals = object.find("equals")) condition.equals = equals->json();
  if (const auto one_of = object.find("one_of")) {
    for (const lab::JsonValue& each : one_of->as_array()) condition.one_of.push_back(each.json());
    if (condition.one_of.empty()) one_of->problem("must name at least one value");
  }
  if (const auto contains = object.find("contains")) condition.contains = contains->as_string();
  return condition;
}

std::optional<std::string> read_pointer(lab::JsonObject& object) {
  const auto pointer = object.find("json");
  if (!pointer) return std::nullopt;
  std::string text = pointer->as_string();
  if (!is_json_pointer(text)) {
    pointer->problem("must be a JSON pointer such as \"/choices/0/message/content\" (RFC 6901)");
    text.clear();  // The whole body, which is one.
  }
  return text;
}

Check read_check(std::string name, const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  Check check;
  check.name = std::move(name);
  if (const auto status = object.find("status")) check.statuses = read_statuses(*status);
  check.json_pointer = read_pointer(object);
  if (const auto header = object.find("header")) check.header = header->as_string();
  check.value = read_value_condition(object);
  if (const auto part = object.find("body_contains")) check.body_contains = part->as_string();
  if (const auto duration = object.find("duration")) {
    check.duration = parse_duration_condition(duration->as_string("<1s"));
    if (!check.duration) {
      duration->problem("must be a comparison with a duration, such as \"<15s\" or \">= 250ms\"");
    }
  }
  if (const auto sse = object.find("sse")) check.sse = sse->as_bool();
  object.finish();
  if (check.json_pointer && check.header) {
    value.problem("json and header exclude each other; write two checks");
  } else if (!check.json_pointer && !check.header && !check.value.is_bare()) {
    value.problem("not_empty, equals, one_of and contains need a json or a header to look at");
  }
  return check;
}

bool asks_nothing(const Check& check) {
  return check.statuses.empty() && !check.json_pointer && !check.header && !check.body_contains &&
         !check.duration && !check.sse;
}

}  // namespace

std::vector<Check> read_checks(const lab::JsonValue& value) {
  std::vector<Check> checks;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, conditions] : object.members()) {
    checks.push_back(read_check(name, conditions));
    // It separates the parts of a check's path, from which its id is made; k6 refuses it too.
    if (name.find("::") != std::string::npos) {
      conditions.problem("a check's name must not hold \"::\"");
    }
    if (conditions.json().is_object() && conditions.json().empty() && asks_nothing(checks.back())) {
      conditions.problem(
          "asks nothing; write status, json, header, body_contains, duration or sse");
    }
  }
  return checks;
}

}  // namespace loader
