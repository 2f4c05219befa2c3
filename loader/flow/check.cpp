#include "loader/flow/check.h"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace loader {
namespace {

namespace json = boost::json;

bool equal(const json::value& a, const lab::Json& b);

bool equal_numbers(const json::value& a, const lab::Json& b) {
  if (a.is_int64() && b.is_number_integer() && !b.is_number_unsigned()) {
    return a.get_int64() == b.get<std::int64_t>();
  }
  const double left = a.is_int64()    ? static_cast<double>(a.get_int64())
                      : a.is_uint64() ? static_cast<double>(a.get_uint64())
                                      : a.get_double();
  return left == b.get<double>();
}

bool equal_arrays(const json::array& a, const lab::Json& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal(a[i], b[i])) return false;
  }
  return true;
}

bool equal_objects(const json::object& a, const lab::Json& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : b.items()) {
    const json::value* const mine = a.if_contains(key);
    if (mine == nullptr || !equal(*mine, value)) return false;
  }
  return true;
}

// Recursion is bounded by the depth that both parsers accept.
bool equal(const json::value& a, const lab::Json& b) {
  if (a.is_number()) return b.is_number() && equal_numbers(a, b);
  switch (a.kind()) {
    case json::kind::null:
      return b.is_null();
    case json::kind::bool_:
      return b.is_boolean() && a.get_bool() == b.get<bool>();
    case json::kind::string: {
      if (!b.is_string()) return false;
      const auto& text = b.get_ref<const std::string&>();
      return std::string_view(a.get_string().data(), a.get_string().size()) == text;
    }
    case json::kind::array:
      return b.is_array() && equal_arrays(a.get_array(), b);
    case json::kind::object:
      return b.is_object() && equal_objects(a.get_object(), b);
    default:
      return false;
  }
}

bool is_empty(const json::value& value) {
  if (value.is_null()) return true;
  if (value.is_string()) return value.get_string().empty();
  if (value.is_array()) return value.get_array().empty();
  if (value.is_object()) return value.get_object().empty();
  return false;
}

std::string_view text_of(const json::string& text) { return {text.data(), text.size()}; }

bool contains(const json::value& value, std::string_view part) {
  if (value.is_string()) return text_of(value.get_string()).find(part) != std::string_view::npos;
  if (!value.is_array()) return false;
  return std::any_of(value.get_array().begin(), value.get_array().end(), [part](const auto& e) {
    return e.is_string() && text_of(e.get_string()) == part;
  });
}

bool fulfils(const json::value& value, const ValueCondition& condition) {
  if (condition.not_empty && is_empty(value)) return false;
  if (condition.equals && !equal(value, *condition.equals)) return false;
  if (condition.contains && !contains(value, *condition.contains)) return false;
  return condition.one_of.empty() ||
         std::any_of(condition.one_of.begin(), condition.one_of.end(),
                     [&value](const lab::Json& each) { return equal(value, each); });
}

bool header_fulfils(std::string_view value, const ValueCondition& condition) {
  const auto is_value = [value](const lab::Json& each) {
    return each.is_string() && each.get_ref<const std::string&>() == value;
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
  if (subject.headers != nullptr) {
    const auto type = subject.headers->find("Content-Type");
    if (type && type->starts_with("text/event-stream")) return true;
  }
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

struct JsonBody::State {
  // A chat completion's tree fits; longer ones go on to the heap.
  std::array<unsigned char, 8192> block;
  json::monotonic_resource memory{block.data(), block.size()};
  json::value root = json::value(json::storage_ptr(&memory));
  bool parsed = false;
};

JsonBody::JsonBody(std::string_view text) : text_(text) {}
JsonBody::~JsonBody() = default;

const void* JsonBody::find(std::string_view pointer) {
  if (!state_) {
    state_ = std::make_unique_for_overwrite<State>();  // Its block is not worth filling.
    json::parse_options options;
    options.max_depth = 64;
    json::error_code ec;
    state_->root = json::parse({text_.data(), text_.size()}, ec, &state_->memory, options);
    state_->parsed = !ec;
  }
  if (!state_->parsed) return nullptr;
  json::error_code ec;
  return state_->root.find_pointer({pointer.data(), pointer.size()}, ec);
}

bool JsonBody::holds(std::string_view pointer, const ValueCondition& condition) {
  const auto* const value = static_cast<const json::value*>(find(pointer));
  return value != nullptr && fulfils(*value, condition);
}

std::optional<std::int64_t> JsonBody::integer_at(std::string_view pointer) {
  const auto* const value = static_cast<const json::value*>(find(pointer));
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::optional<std::string_view> JsonBody::string_at(std::string_view pointer) {
  const auto* const value = static_cast<const json::value*>(find(pointer));
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return text_of(value->get_string());
}

bool evaluate(const Check& check, const CheckSubject& subject, JsonBody& json) {
  if (!check.statuses.empty() && !has_status(check, subject.status)) return false;
  if (check.duration && !holds_duration(*check.duration, subject.duration)) return false;
  if (check.sse && is_sse(subject) != *check.sse) return false;
  if (check.header && !header_holds(check, subject)) return false;
  if (check.body_contains && subject.body.find(*check.body_contains) == std::string_view::npos) {
    return false;
  }
  return !check.json_pointer || json.holds(*check.json_pointer, check.value);
}

bool needs_body(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(),
                     [](const Check& check) { return check.json_pointer || check.body_contains; });
}

}  // namespace loader
