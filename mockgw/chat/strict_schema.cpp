#include "mockgw/chat/strict_schema.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

// Those whose members are schemas, those whose elements are, and those that are one.
constexpr auto kMaps = std::to_array<std::string_view>({"properties", "$defs", "definitions"});
constexpr auto kLists = std::to_array<std::string_view>({"anyOf", "prefixItems"});
constexpr auto kSingles = std::to_array<std::string_view>({"items"});

struct Place {
  const Json* schema;
  std::vector<std::string> path;
};

// As Python writes a tuple: (), ('items',), ('properties', 'a').
std::string context_text(const std::vector<std::string>& path) {
  std::string text = "In context=(";
  for (std::size_t i = 0; i < path.size(); ++i) {
    text += (i > 0 ? ", '" : "'") + path[i] + "'";
  }
  if (path.size() == 1) text += ',';
  return text + "), ";
}

bool is_object_type(const Json& schema) {
  const auto type = schema.find("type");
  if (type == schema.end()) return schema.contains("properties");
  if (type->is_array()) return std::ranges::find(*type, Json("object")) != type->end();
  return *type == "object";
}

std::string object_problem(const Json& schema) {
  const auto additional = schema.find("additionalProperties");
  if (additional == schema.end() || *additional != false) {
    return "'additionalProperties' is required to be supplied and to be false.";
  }
  const auto properties = schema.find("properties");
  if (properties == schema.end() || !properties->is_object()) return {};
  const Json required = schema.value("required", Json::array());
  for (const auto& [name, property] : properties->items()) {
    const bool is_listed =
        required.is_array() && std::ranges::find(required, Json(name)) != required.end();
    if (!is_listed) {
      return "'required' is required to be supplied and to be an array including every key in "
             "properties. Missing '" +
             name + "'.";
    }
  }
  return {};
}

void add_inner(const Place& place, std::vector<Place>& places) {
  const auto add = [&](const Json& schema, std::vector<std::string> steps) {
    std::vector<std::string> path = place.path;
    path.insert(path.end(), std::make_move_iterator(steps.begin()),
                std::make_move_iterator(steps.end()));
    places.push_back({&schema, std::move(path)});
  };
  for (const auto& [keyword, value] : place.schema->items()) {
    const auto is = [&](const auto& names) {
      return std::ranges::find(names, std::string_view(keyword)) != names.end();
    };
    if (value.is_object() && is(kSingles)) add(value, {keyword});
    if ((value.is_object() && is(kMaps)) || (value.is_array() && is(kLists))) {
      for (const auto& [name, schema] : value.items()) add(schema, {keyword, name});
    }
  }
}

}  // namespace

std::string strict_schema_problem(const Json& schema) {
  if (!is_object_type(schema)) {
    const auto type = schema.find("type");
    const std::string got = type == schema.end() ? "\"None\"" : type->dump();
    return "schema must be a JSON Schema of 'type: \"object\"', got 'type: " + got + "'.";
  }
  // Outer schemas before inner ones.
  std::vector<Place> places{{&schema, {}}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place place = places[i];
    if (!place.schema->is_object()) continue;
    if (is_object_type(*place.schema)) {
      const std::string problem = object_problem(*place.schema);
      if (!problem.empty()) return context_text(place.path) + problem;
    }
    add_inner(place, places);
  }
  return {};
}

}  // namespace mockgw
