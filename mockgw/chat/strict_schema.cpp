#include "mockgw/chat/strict_schema.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <vector>

#include "mockgw/chat/python_text.h"
#include "mockgw/chat/schema_view.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

// Those whose members are schemas, those whose elements are, and those that are one.
constexpr auto kMaps = std::to_array<std::string_view>({"properties", "$defs", "definitions"});
constexpr auto kLists = std::to_array<std::string_view>({"anyOf", "prefixItems", "allOf", "oneOf"});
constexpr auto kSingles = std::to_array<std::string_view>({"items"});
// What a strict schema may not have anywhere.
constexpr auto kNotPermitted =
    std::to_array<std::string_view>({"allOf", "dependentRequired", "dependentSchemas", "else", "if",
                                     "not", "oneOf", "patternProperties", "then"});

// What the parameters of a function may not have beside their type.
constexpr auto kNotAtTheTop =
    std::to_array<std::string_view>({"oneOf", "anyOf", "allOf", "enum", "not"});
// One of them tells which values a strict schema is about.
constexpr auto kTelling = std::to_array<std::string_view>(
    {"type", "anyOf", "$ref", "enum", "const", "properties", "items"});
constexpr auto kFormats = std::to_array<std::string_view>(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"});

// A schema inside another one. Its path is only put together where there is a problem.
struct Place {
  const Json* schema;
  const Place* outer = nullptr;
  std::string_view keyword{};
  std::string name{};  // Of a property or the like, or an index.
};

// As Python writes a tuple: (), ('items',), ('properties', 'a').
std::string context_text(const Place& place) {
  std::vector<std::string_view> path;
  for (const Place* at = &place; at->outer; at = at->outer) {
    if (!at->name.empty()) path.push_back(at->name);
    path.push_back(at->keyword);
  }
  std::string text = "In context=(";
  for (std::size_t i = path.size(); i-- > 0;) {
    text.append("'").append(path[i]).append(i > 0 ? "', " : "'");
  }
  if (path.size() == 1) text += ',';
  return text + "), ";
}

bool has_type(const Json& schema, const char* name) {
  const auto type = schema.find("type");
  if (type == schema.end()) return false;
  if (type->is_array()) return std::ranges::find(*type, Json(name)) != type->end();
  return *type == name;
}

bool is_object_type(const Json& schema) {
  return schema.contains("type") ? has_type(schema, "object") : schema.contains("properties");
}

// OpenAI calls a type that is missing by two names.
std::string root_problem(const Json& schema, std::string_view missing) {
  const auto type = schema.find("type");
  const std::string got = type == schema.end() ? std::string(missing) : type->dump();
  return "schema must be a JSON Schema of 'type: \"object\"', got 'type: " + got + "'.";
}

std::string array_problem(const Json& schema) {
  const bool is_bare = has_type(schema, "array") && !schema.contains("items");
  return is_bare ? "array schema missing items." : "";
}

std::string top_problem(const Json& schema) {
  if (!has_type(schema, "object")) return root_problem(schema, "null");
  const auto is_there = [&](std::string_view keyword) { return schema.contains(keyword); };
  if (std::ranges::any_of(kNotAtTheTop, is_there)) {
    return "schema must have type 'object' and not have "
           "'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.";
  }
  return is_there("properties") ? "" : "In context=(), object schema missing properties.";
}

std::string keyword_problem(const Json& schema) {
  const auto is_there = [&](std::string_view keyword) { return schema.contains(keyword); };
  if (std::ranges::none_of(kTelling, is_there)) return "schema must have a 'type' key.";
  const auto format = schema.find("format");
  if (format == schema.end() || !format->is_string()) return {};
  const auto& name = format->get_ref<const std::string&>();
  const bool is_known = std::ranges::find(kFormats, name) != kFormats.end();
  return is_known ? "" : "'" + name + "' is not a valid format.";
}

std::string extra_key_problem(const Json& required, const Json& properties) {
  if (!required.is_array()) return {};
  for (const Json& key : required) {
    const bool is_property =
        key.is_string() && properties.contains(key.get_ref<const std::string&>());
    if (is_property) continue;
    return "'required' is required to be supplied and to be an array including every key in "
           "properties. Extra required key '" +
           (key.is_string() ? key.get<std::string>() : key.dump()) + "' supplied.";
  }
  return {};
}

std::string object_problem(const Json& schema) {
  const auto additional = schema.find("additionalProperties");
  if (additional == schema.end() || *additional != false) {
    return "'additionalProperties' is required to be supplied and to be false.";
  }
  const Json required = schema.value("required", Json::array());
  const auto properties = schema.find("properties");
  if (properties == schema.end() || !properties->is_object()) {
    return extra_key_problem(required, Json::object());
  }
  for (const auto& [name, property] : properties->items()) {
    const bool is_listed =
        required.is_array() && std::ranges::find(required, Json(name)) != required.end();
    if (!is_listed) {
      return "'required' is required to be supplied and to be an array including every key in "
             "properties. Missing '" +
             name + "'.";
    }
  }
  return extra_key_problem(required, *properties);
}

std::string strict_problem(const Json& root, const Json& schema) {
  for (const std::string_view keyword : kNotPermitted) {
    if (schema.contains(keyword)) return "'" + std::string(keyword) + "' is not permitted.";
  }
  const auto reference = schema.find("$ref");
  if (reference != schema.end() && !referenced_schema(root, *reference)) {
    const std::string name =
        reference->is_string() ? reference->get<std::string>() : reference->dump();
    return "reference to component '" + name + "' which was not found in the schema.";
  }
  return is_object_type(schema) ? object_problem(schema) : std::string();
}

// A deque, because places point to those around them.
void add_inner(const Place& place, std::deque<Place>& places) {
  for (const auto& [keyword, value] : place.schema->get_ref<const Json::object_t&>()) {
    const auto is = [&](const auto& names) {
      return std::ranges::find(names, std::string_view(keyword)) != names.end();
    };
    if (value.is_object() && is(kSingles)) places.push_back({&value, &place, keyword, {}});
    if ((value.is_object() && is(kMaps)) || (value.is_array() && is(kLists))) {
      for (const auto& [name, schema] : value.items()) {
        places.push_back({&schema, &place, keyword, name});
      }
    }
  }
}

// Of the schema and all that are inside it, outer ones before inner ones.
template <class Check>
std::string first_problem(const Json& schema, Check check) {
  std::deque<Place> places{{&schema}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    if (!place.schema->is_object()) continue;
    std::string problem = check(place);
    if (!problem.empty()) return problem;
    add_inner(place, places);
  }
  return {};
}

// What is no JSON schema at all is told without its place.
std::string items_problem(const Place& place) {
  const auto items = place.schema->find("items");
  if (items == place.schema->end() || !items->is_array()) return {};
  return python_text(*items) + " is not of type 'object', 'boolean'.";
}

std::string in_context(const Place& place, const std::string& problem) {
  return problem.empty() ? problem : context_text(place) + problem;
}

}  // namespace

std::string strict_schema_problem(const Json& schema) {
  if (!is_object_type(schema)) return root_problem(schema, R"("None")");
  if (std::string problem = first_problem(schema, items_problem); !problem.empty()) return problem;
  return first_problem(schema, [&](const Place& place) {
    std::string problem = strict_problem(schema, *place.schema);
    if (problem.empty()) problem = array_problem(*place.schema);
    if (problem.empty()) problem = keyword_problem(*place.schema);
    return in_context(place, problem);
  });
}

std::string open_schema_problem(const Json& schema) {
  if (schema.empty()) return {};
  if (std::string problem = top_problem(schema); !problem.empty()) return problem;
  if (std::string problem = first_problem(schema, items_problem); !problem.empty()) return problem;
  return first_problem(
      schema, [](const Place& place) { return in_context(place, array_problem(*place.schema)); });
}

}  // namespace mockgw
