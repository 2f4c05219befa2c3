#include "tests/unit/mockgw/schema_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "shared/base/json.h"

namespace mockgw::test {
namespace {

using lab::Json;

bool is_whole(const Json& value) {
  return value.is_number() && value.get<double>() == std::floor(value.get<double>());
}

bool has_type(const Json& type, const Json& value) {
  if (type.is_array()) {
    return std::any_of(type.begin(), type.end(),
                       [&](const Json& one) { return has_type(one, value); });
  }
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

class SchemaCheck {
 public:
  explicit SchemaCheck(const Json& root) : root_(root) {}

  std::string problem(const Json& schema, const Json& value, const std::string& place) const {
    if (!schema.is_object()) return schema == Json(false) ? place + ": not allowed" : "";
    for (const auto& check :
         {&SchemaCheck::check_value, &SchemaCheck::check_number, &SchemaCheck::check_string,
          &SchemaCheck::check_array, &SchemaCheck::check_object, &SchemaCheck::check_combined}) {
      if (auto found = (this->*check)(schema, value, place); !found.empty()) return found;
    }
    return "";
  }

 private:
  std::string check_value(const Json& schema, const Json& value, const std::string& place) const {
    if (schema.contains("type") && !has_type(schema["type"], value)) {
      return place + ": " + value.dump() + " is no " + schema["type"].dump();
    }
    if (schema.contains("const") && schema["const"] != value) return place + ": not the const";
    if (!schema.contains("enum")) return "";
    const Json& listed = schema["enum"];
    const bool is_in = std::find(listed.begin(), listed.end(), value) != listed.end();
    return is_in ? "" : place + ": not of the enum";
  }

  std::string check_number(const Json& schema, const Json& value, const std::string& place) const {
    if (!value.is_number()) return "";
    const auto number = value.get<double>();
    const std::string shown = place + ": " + value.dump();
    constexpr double kNone = std::numeric_limits<double>::infinity();
    if (number < schema.value("minimum", -kNone)) return shown + " is below";
    if (number > schema.value("maximum", kNone)) return shown + " is above";
    if (number <= schema.value("exclusiveMinimum", -kNone)) return shown + " is not above";
    if (number >= schema.value("exclusiveMaximum", kNone)) return shown + " is not below";
    const double steps = number / schema.value("multipleOf", 1.0);
    const bool is_multiple = std::abs(steps - std::round(steps)) < 1e-9;
    return !schema.contains("multipleOf") || is_multiple ? "" : shown + " is no multiple";
  }

  std::string check_string(const Json& schema, const Json& value, const std::string& place) const {
    if (!value.is_string()) return "";
    const std::size_t size = value.get_ref<const std::string&>().size();
    if (size < schema.value("minLength", std::size_t{0})) return place + ": too short";
    if (size > schema.value("maxLength", size)) return place + ": too long";
    if (!schema.contains("pattern")) return "";
    const std::regex pattern(schema["pattern"].get<std::string>());
    const auto& text = value.get_ref<const std::string&>();
    return std::regex_search(text, pattern) ? "" : place + ": " + text + " is not as the pattern";
  }

  std::string check_contains(const Json& schema, const Json& value,
                             const std::string& place) const {
    if (!schema.contains("contains")) return "";
    const auto count = std::count_if(value.begin(), value.end(), [&](const Json& item) {
      return problem(schema["contains"], item, place).empty();
    });
    const bool is_enough = count >= schema.value("minContains", 1);
    return is_enough ? "" : place + ": contains too few of what it must";
  }

  std::string check_array(const Json& schema, const Json& value, const std::string& place) const {
    if (!value.is_array()) return "";
    if (value.size() < schema.value("minItems", std::size_t{0})) return place + ": too few";
    if (value.size() > schema.value("maxItems", value.size())) return place + ": too many";
    if (auto found = check_contains(schema, value, place); !found.empty()) return found;
    const Json leading = schema.value("prefixItems", Json::array());
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool is_twice = std::count(value.begin(), value.end(), value[i]) > 1 &&
                            schema.value("uniqueItems", false);
      if (is_twice) return place + ": twice " + value[i].dump();
      const Json item = i < leading.size() ? leading[i] : schema.value("items", Json(true));
      const std::string found = problem(item, value[i], place + "/" + std::to_string(i));
      if (!found.empty()) return found;
    }
    return "";
  }

  std::string check_object(const Json& schema, const Json& value, const std::string& place) const {
    if (!value.is_object()) return "";
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) return place + ": no " + name.dump();
    }
    if (value.size() < schema.value("minProperties", std::size_t{0})) return place + ": too few";
    if (value.size() > schema.value("maxProperties", value.size())) return place + ": too many";
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [name, member] : value.items()) {
      const Json part =
          properties.contains(name) ? properties[name] : schema_of_other_property(schema, name);
      const std::string found = problem(part, member, place + "/" + name);
      if (!found.empty()) return found;
    }
    return "";
  }

  static Json schema_of_other_property(const Json& schema, const std::string& name) {
    const Json patterns = schema.value("patternProperties", Json::object());
    for (const auto& [pattern, part] : patterns.items()) {
      if (std::regex_search(name, std::regex(pattern))) return part;
    }
    return schema.value("additionalProperties", Json(true));
  }

  std::string check_combined(const Json& schema, const Json& value,
                             const std::string& place) const {
    if (schema.contains("$ref")) {
      const std::string pointer = schema["$ref"].get<std::string>().substr(1);
      return problem(root_.at(Json::json_pointer(pointer)), value, place);
    }
    for (const Json& part : schema.value("allOf", Json::array())) {
      if (auto found = problem(part, value, place); !found.empty()) return found;
    }
    for (const char* key : {"anyOf", "oneOf"}) {
      const Json parts = schema.value(key, Json::array());
      const auto fits = [&](const Json& part) { return problem(part, value, place).empty(); };
      if (!parts.empty() && std::none_of(parts.begin(), parts.end(), fits)) {
        return place + ": none of " + key;
      }
    }
    return check_condition(schema, value, place);
  }

  std::string check_condition(const Json& schema, const Json& value,
                              const std::string& place) const {
    if (schema.contains("not") && problem(schema["not"], value, place).empty()) {
      return place + ": what it must not be";
    }
    if (!schema.contains("if")) return "";
    const bool holds = problem(schema["if"], value, place).empty();
    return problem(schema.value(holds ? "then" : "else", Json(true)), value, place);
  }

  const Json& root_;
};

}  // namespace

std::string schema_problem(const Json& schema, const Json& value) {
  return SchemaCheck(schema).problem(schema, value, "");
}

}  // namespace mockgw::test
