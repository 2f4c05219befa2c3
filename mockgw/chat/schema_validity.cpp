#include "mockgw/chat/schema_validity.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mockgw/chat/schema_view.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

constexpr int kValidityStepsMax = 100'000;
constexpr int kValidityLevelsMax = 64;
// How far from a whole number of steps a multiple may be, for what binary fractions cannot hold.
constexpr double kMultipleSlack = 1e-9;

bool has_type(const Json& type, const Json& value) {
  if (type.is_array()) {
    return std::ranges::any_of(type, [&](const Json& one) { return has_type(one, value); });
  }
  if (type == "integer") {
    return value.is_number() && std::floor(value.get<double>()) == value.get<double>();
  }
  if (type == "number") return value.is_number();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  return true;  // No type that there is.
}

// Code points, as JSON Schema counts them.
double length_of(const Json& text) {
  const auto& bytes = text.get_ref<const std::string&>();
  return static_cast<double>(std::ranges::count_if(
      bytes, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Whether `number` is within the bounds that the schema has under these names.
bool is_within(const Json& schema, double number, std::string_view low, std::string_view high) {
  const Json* min = member_of(schema, low);
  if (min && min->is_number() && number < min->get<double>()) return false;
  const Json* max = member_of(schema, high);
  return !max || !max->is_number() || number <= max->get<double>();
}

bool is_valid_number(const Json& schema, double number) {
  if (!is_within(schema, number, "minimum", "maximum")) return false;
  const Json* above = member_of(schema, "exclusiveMinimum");
  if (above && above->is_number() && number <= above->get<double>()) return false;
  const Json* below = member_of(schema, "exclusiveMaximum");
  if (below && below->is_number() && number >= below->get<double>()) return false;
  const Json* step = member_of(schema, "multipleOf");
  if (!step || !step->is_number() || step->get<double>() <= 0) return true;
  const double steps = number / step->get<double>();
  return std::abs(steps - std::round(steps)) <= kMultipleSlack * std::max(1.0, std::abs(steps));
}

class Check {
 public:
  explicit Check(const Json& root) : root_(root) {}

  bool is_valid(const Json& schema, const Json& value, int level) {
    if (++steps_ > kValidityStepsMax || level > kValidityLevelsMax) return true;
    if (schema.is_boolean()) return schema.get<bool>();
    if (!schema.is_object()) return true;
    return is_listed(schema, value) && is_of_kind(schema, value, level) &&
           is_combined(schema, value, level) && meets_condition(schema, value, level);
  }

 private:
  static bool is_listed(const Json& schema, const Json& value) {
    const Json* type = member_of(schema, "type");
    if (type && !has_type(*type, value)) return false;
    const Json* fixed = member_of(schema, "const");
    if (fixed && *fixed != value) return false;
    const Json* listed = member_of(schema, "enum");
    return !listed || !listed->is_array() || std::ranges::find(*listed, value) != listed->end();
  }

  bool is_of_kind(const Json& schema, const Json& value, int level) {
    if (value.is_number()) return is_valid_number(schema, value.get<double>());
    if (value.is_string()) return is_within(schema, length_of(value), "minLength", "maxLength");
    if (value.is_array()) return is_valid_array(schema, value, level);
    return !value.is_object() || is_valid_object(schema, value, level);
  }

  bool is_valid_array(const Json& schema, const Json& value, int level) {
    if (!is_within(schema, static_cast<double>(value.size()), "minItems", "maxItems")) return false;
    const Json* leading = member_of(schema, "prefixItems");
    const Json* items = member_of(schema, "items");
    const Json* contains = member_of(schema, "contains");
    const Json* unique = member_of(schema, "uniqueItems");
    double contained = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool is_leading = leading && leading->is_array() && i < leading->size();
      const Json* item = is_leading ? &(*leading)[i] : items;
      if (item && !is_valid(*item, value[i], level + 1)) return false;
      if (contains && is_valid(*contains, value[i], level + 1)) ++contained;
      const auto before = value.begin() + static_cast<std::ptrdiff_t>(i);
      const bool is_twice = std::find(value.begin(), before, value[i]) != before;
      if (is_twice && unique && *unique == Json(true)) return false;
    }
    if (!contains) return true;
    if (!member_of(schema, "minContains") && contained < 1) return false;
    return is_within(schema, contained, "minContains", "maxContains");
  }

  bool is_valid_object(const Json& schema, const Json& value, int level) {
    const auto size = static_cast<double>(value.size());
    if (!is_within(schema, size, "minProperties", "maxProperties")) return false;
    if (const Json* required = member_of(schema, "required"); required && required->is_array()) {
      for (const Json& name : *required) {
        if (name.is_string() && !value.contains(name.get_ref<const std::string&>())) return false;
      }
    }
    const Json* properties = member_of(schema, "properties");
    const Json* others = member_of(schema, "patternProperties")
                             ? nullptr
                             : member_of(schema, "additionalProperties");
    for (const auto& [name, member] : value.items()) {
      const Json* own =
          properties && properties->is_object() ? member_of(*properties, name) : nullptr;
      const Json* part = own ? own : others;
      if (part && !is_valid(*part, member, level + 1)) return false;
    }
    return true;
  }

  // How many of an anyOf or oneOf hold; -1 if there is none.
  int holding(const Json& schema, std::string_view key, const Json& value, int level) {
    const Json* parts = member_of(schema, key);
    if (!parts || !parts->is_array() || parts->empty()) return -1;
    return static_cast<int>(std::ranges::count_if(
        *parts, [&](const Json& part) { return is_valid(part, value, level + 1); }));
  }

  bool is_combined(const Json& schema, const Json& value, int level) {
    if (const Json* reference = member_of(schema, "$ref")) {
      const Json* target = referenced_schema(root_, *reference);
      if (target && !is_valid(*target, value, level + 1)) return false;
    }
    if (const Json* all = member_of(schema, "allOf"); all && all->is_array()) {
      const auto holds = [&](const Json& part) { return is_valid(part, value, level + 1); };
      if (!std::ranges::all_of(*all, holds)) return false;
    }
    const int one = holding(schema, "oneOf", value, level);
    return holding(schema, "anyOf", value, level) != 0 && (one == -1 || one == 1);
  }

  bool meets_condition(const Json& schema, const Json& value, int level) {
    if (const Json* excluded = member_of(schema, "not")) {
      if (is_valid(*excluded, value, level + 1)) return false;
    }
    const Json* condition = member_of(schema, "if");
    if (!condition) return true;
    const Json* branch =
        member_of(schema, is_valid(*condition, value, level + 1) ? "then" : "else");
    return !branch || is_valid(*branch, value, level + 1);
  }

  const Json& root_;
  int steps_ = 0;
};

}  // namespace

bool is_valid_for_schema(const Json& root, const Json& schema, const Json& value) {
  return Check(root).is_valid(schema, value, 0);
}

}  // namespace mockgw
