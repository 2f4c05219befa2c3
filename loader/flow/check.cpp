#include "loader/flow/check.h"

#include <algorithm>
#include <cassert>

#include "loader/http/event_stream.h"
#include "shared/base/json.h"

namespace loader {
namespace {

// Whether the value itself is needed, and not only what kind it is.
bool compares(const ValueCondition& condition) {
  return condition.equals || condition.contains || !condition.one_of.empty();
}

// Members may stand in any order. Recursion is bounded by the depth that both parsers accept.
bool equal(const lab::Json& a, const lab::Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    return std::all_of(b.items().begin(), b.items().end(), [&a](const auto& member) {
      const auto mine = a.find(member.key());
      return mine != a.end() && equal(*mine, member.value());
    });
  }
  if (!a.is_array() || !b.is_array()) return a == b;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

bool contains(const lab::Json& value, std::string_view part) {
  if (value.is_string()) {
    return value.get_ref<const std::string&>().find(part) != std::string::npos;
  }
  if (!value.is_array()) return false;
  return std::any_of(value.begin(), value.end(), [part](const lab::Json& each) {
    return each.is_string() && each.get_ref<const std::string&>() == part;
  });
}

bool fulfils(const JsonFinding& finding, const ValueCondition& condition) {
  if (condition.not_empty && finding.is_empty) return false;
  if (!compares(condition)) return true;
  assert(finding.value);
  const lab::Json& value = **finding.value;
  if (condition.equals && !equal(value, **condition.equals)) return false;
  if (condition.contains && !contains(value, *condition.contains)) return false;
  return condition.one_of.empty() ||
         std::any_of(condition.one_of.begin(), condition.one_of.end(),
                     [&value](const lab::OwnedJson& each) { return equal(value, *each); });
}

bool header_fulfils(std::string_view value, const ValueCondition& condition) {
  const auto is_value = [value](const lab::OwnedJson& each) {
    return each->is_string() && each->get_ref<const std::string&>() == value;
  };
  if (condition.not_empty && value.empty()) return false;
  if (condition.equals && !is_value(*condition.equals)) return false;
  if (condition.contains && value.find(*condition.contains) == std::string_view::npos) return false;
  return condition.one_of.empty() ||
         std::any_of(condition.one_of.begin(), condition.one_of.end(), is_value);
}

bool holds_duration(const DurationCondition& condition, lab::Duration duration) {
  switch (condition.op) {
    case DurationCondition::Operator::less:
      return duration < condition.bound;
    case DurationCondition::Operator::less_equal:
      return duration <= condition.bound;
    case DurationCondition::Operator::greater:
      return duration > condition.bound;
    case DurationCondition::Operator::greater_equal:
      return duration >= condition.bound;
  }
  return false;
}

bool is_sse(const CheckSubject& subject) {
  if (subject.headers != nullptr && is_event_stream(*subject.headers)) return true;
  return subject.body.starts_with("data:") ||
         subject.body.find("\ndata:") != std::string_view::npos;
}

bool header_holds(const Check& check, const CheckSubject& subject) {
  if (subject.headers == nullptr) return false;
  const auto value = subject.headers->find(*check.header);
  return value && header_fulfils(*value, check.value);
}

bool has_status(const Check& check, unsigned status) {
  return std::find(check.statuses.begin(), check.statuses.end(), status) != check.statuses.end();
}

}  // namespace

bool evaluate(const Check& check, const CheckSubject& subject, JsonBody& json) {
  if (!check.statuses.empty() && !has_status(check, subject.status)) return false;
  if (check.duration && !holds_duration(*check.duration, subject.duration)) return false;
  if (check.sse && is_sse(subject) != *check.sse) return false;
  if (check.header && !header_holds(check, subject)) return false;
  if (check.body_contains && subject.body.find(*check.body_contains) == std::string_view::npos) {
    return false;
  }
  if (!check.json_pointer) return true;
  const JsonFinding* const finding = json.find(*check.json_pointer);
  return finding != nullptr && fulfils(*finding, check.value);
}

void ask_for_checks(const std::vector<Check>& checks, JsonPointers& asked) {
  for (const Check& check : checks) {
    if (check.json_pointer) asked.add(*check.json_pointer, compares(check.value));
  }
}

bool needs_body(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(),
                     [](const Check& check) { return check.json_pointer || check.body_contains; });
}

}  // namespace loader
