#include "shared/protocol/request_problems.h"

#include "shared/base/json.h"
#include "shared/base/json_text.h"

namespace lab {
namespace {

RequestProblem validation(std::string message, std::string param, const char* code) {
  return {RequestProblem::Kind::validation, std::move(message), std::move(param), code};
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string number_text(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

std::string_view with_article(JsonKind kind) {
  switch (kind) {
    case kString:
      return "a string";
    case kInteger:
      return "an integer";
    case kDecimal:
      return "a decimal number";
    case kBoolean:
      return "a boolean";
    case kObject:
      return "an object";
    case kArray:
      return "an array";
    case kNull:
      return "null";
  }
  return "null";
}

}  // namespace

JsonKind kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return kObject;
    case Json::value_t::array:
      return kArray;
    case Json::value_t::string:
      return kString;
    case Json::value_t::boolean:
      return kBoolean;
    case Json::value_t::number_float:
      return kDecimal;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return kInteger;
    default:
      return kNull;
  }
}

std::string element_path(std::string_view array, std::size_t index) {
  return std::string(array) + "[" + std::to_string(index) + "]";
}

RequestProblem invalid_json(std::string_view why) {
  return {RequestProblem::Kind::invalid_json, std::string(why) + ".", {}, {}};
}

RequestProblem missing_parameter(std::string param) {
  std::string message = "Missing required parameter: " + in_quotes(param) + ".";
  return validation(std::move(message), std::move(param), "missing_required_parameter");
}

RequestProblem invalid_type(std::string param, std::string_view expected, JsonKind got) {
  std::string message = "Invalid type for " + in_quotes(param) + ": expected ";
  message.append(expected).append(", but got ").append(with_article(got)).append(" instead.");
  return validation(std::move(message), std::move(param), "invalid_type");
}

RequestProblem invalid_value(std::string param, std::string_view value,
                             std::string_view supported) {
  std::string message = "Invalid value: " + in_quotes(value) + ". Supported values are: ";
  message.append(supported).append(".");
  return validation(std::move(message), std::move(param), "invalid_value");
}

RequestProblem below_minimum(std::string param, double minimum, double got, JsonKind kind) {
  const bool is_integer = kind == kInteger;
  std::string message = "Invalid " + in_quotes(param) + ": " +
                        (is_integer ? "integer" : "decimal") +
                        " below minimum value. Expected a value >= " + number_text(minimum) +
                        ", but got " + number_text(got) + " instead.";
  return validation(std::move(message), std::move(param),
                    is_integer ? "integer_below_min_value" : "decimal_below_min_value");
}

RequestProblem above_maximum(std::string param, double maximum, double got, JsonKind kind) {
  const bool is_integer = kind == kInteger;
  std::string message = "Invalid " + in_quotes(param) + ": " +
                        (is_integer ? "integer" : "decimal") +
                        " above maximum value. Expected a value <= " + number_text(maximum) +
                        ", but got " + number_text(got) + " instead.";
  return validation(std::move(message), std::move(param),
                    is_integer ? "integer_above_max_value" : "decimal_above_max_value");
}

RequestProblem invalid_url(std::string param) {
  std::string message = "Invalid " + in_quotes(param) +
                        ". Expected a valid URL, but got a value with an invalid format.";
  return validation(std::move(message), std::move(param), "invalid_value");
}

RequestProblem empty_array(std::string param) {
  std::string message = "Invalid " + in_quotes(param) +
                        ": empty array. Expected an array with minimum length 1, but got an empty "
                        "array instead.";
  return validation(std::move(message), std::move(param), "empty_array");
}

RequestProblem array_too_long(std::string param, std::size_t maximum, std::size_t got) {
  std::string message = "Invalid " + in_quotes(param) +
                        ": array too long. Expected an array with maximum length " +
                        std::to_string(maximum) + ", but got an array with length " +
                        std::to_string(got) + " instead.";
  return validation(std::move(message), std::move(param), "array_above_max_length");
}

RequestProblem string_too_long(std::string param, std::size_t maximum, std::size_t got) {
  std::string message = "Invalid " + in_quotes(param) +
                        ": string too long. Expected a string with maximum length " +
                        std::to_string(maximum) + ", but got a string with length " +
                        std::to_string(got) + " instead.";
  return validation(std::move(message), std::move(param), "string_above_max_length");
}

RequestProblem pattern_not_matched(std::string param, std::string_view pattern) {
  std::string message = "Invalid " + in_quotes(param) +
                        ": string does not match pattern. Expected a string that matches the "
                        "pattern " +
                        in_quotes(pattern) + ".";
  return validation(std::move(message), std::move(param), "invalid_value");
}

RequestProblem too_many_members(std::string param, std::size_t maximum, std::size_t got) {
  std::string message = "Invalid " + in_quotes(param) +
                        ": too many properties. Expected an object with at most " +
                        std::to_string(maximum) + " properties, but got an object with " +
                        std::to_string(got) + " properties instead.";
  return validation(std::move(message), std::move(param), "object_above_max_properties");
}

RequestProblem member_name_too_long(std::string param, std::size_t maximum, std::size_t got) {
  std::string message = "Invalid property name in " + in_quotes(param) +
                        ": string too long. Expected a property name with maximum length " +
                        std::to_string(maximum) + ", but got a property name with length " +
                        std::to_string(got) + " instead.";
  return validation(std::move(message), std::move(param), "string_above_max_length");
}

RequestProblem only_allowed_when(std::string param, std::string_view condition) {
  std::string message = "The " + in_quotes(param) + " parameter is only allowed when ";
  message.append(condition).append(".");
  return {RequestProblem::Kind::validation, std::move(message), std::move(param), {}};
}

RequestProblem not_together(std::string param, std::string_view other) {
  std::string message = "Setting " + in_quotes(param) + " and " + in_quotes(other) +
                        " at the same time is not supported.";
  return validation(std::move(message), std::move(param), "invalid_parameter_combination");
}

RequestProblem only_allowed_with(std::string param, std::string_view other) {
  std::string message = "Invalid value for " + in_quotes(param) + ": " + in_quotes(param) +
                        " is only allowed when " + in_quotes(other) + " are specified.";
  return {RequestProblem::Kind::validation, std::move(message), std::move(param), {}};
}

}  // namespace lab
