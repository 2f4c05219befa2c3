#include "mockgw/chat/schema_view.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

// References that lead round in a circle end here.
constexpr std::size_t kLayersMax = 64;

// RFC 6901: ~1 is a slash, ~0 a tilde.
std::string unescaped(std::string_view step) {
  std::string text;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool is_escape = step[i] == '~' && i + 1 < step.size();
    text += !is_escape ? step[i] : step[++i] == '1' ? '/' : '~';
  }
  return text;
}

const Json* element_of(const Json& array, const std::string& step) {
  std::size_t index = 0;
  const char* end = step.data() + step.size();
  const auto read = std::from_chars(step.data(), end, index);
  return read.ec == std::errc() && read.ptr == end && index < array.size() ? &array[index]
                                                                           : nullptr;
}

const Json* referenced(const Json& root, std::string_view reference) {
  if (!reference.starts_with('#')) return nullptr;
  reference.remove_prefix(1);
  const Json* place = &root;
  while (place && reference.starts_with('/')) {
    reference.remove_prefix(1);
    const std::size_t end = std::min(reference.find('/'), reference.size());
    const std::string step = unescaped(reference.substr(0, end));
    reference.remove_prefix(end);
    place = place->is_object()  ? member_of(*place, step)
            : place->is_array() ? element_of(*place, step)
                                : nullptr;
  }
  return reference.empty() ? place : nullptr;
}

bool names_null(const Json& type) {
  if (type.is_string()) return type == "null";
  return type.is_array() && std::find(type.begin(), type.end(), Json("null")) != type.end();
}

// How many levels a value is likely to need; an estimate, without following references.
int levels_of(const Json& schema) {
  constexpr int kUnknown = 4;
  if (!schema.is_object()) return kUnknown;
  if (schema.contains("const") || schema.contains("enum")) return 0;
  const Json* type = member_of(schema, "type");
  if (!type) return kUnknown;
  if (names_null(*type)) return 0;
  if (*type == "object") return 3;
  return *type == "array" ? 2 : 1;
}

const Json& alternative_of(const Json& alternatives, SchemaAlternative which) {
  if (which == SchemaAlternative::first) return alternatives.front();
  return *std::min_element(
      alternatives.begin(), alternatives.end(),
      [](const Json& a, const Json& b) { return levels_of(a) < levels_of(b); });
}

}  // namespace

const Json* member_of(const Json& object, std::string_view key) {
  // Looked for here: find() would make a string of the key, two dozen times for every value.
  if (!object.is_object()) return nullptr;
  for (const auto& [name, member] : object.get_ref<const Json::object_t&>()) {
    if (name == key) return &member;
  }
  return nullptr;
}

SchemaView::SchemaView(const Json& root, const Json& schema, SchemaAlternative alternative)
    : root_(root), alternative_(alternative) {
  collect(schema);
}

const Json* SchemaView::find(std::string_view key) const {
  for (const Json* layer : layers_) {
    if (const Json* member = member_of(*layer, key)) return member;
  }
  return nullptr;
}

void SchemaView::collect(const Json& schema) {
  if (!schema.is_object() || layers_.size() >= kLayersMax) return;
  layers_.push_back(&schema);
  if (const Json* reference = member_of(schema, "$ref")) {
    if (const Json* target = referenced_schema(root_, *reference)) collect(*target);
  }
  if (const Json* all = member_of(schema, "allOf"); all && all->is_array()) {
    for (const Json& part : *all) collect(part);
  }
  collect_member(schema, "anyOf");
  collect_member(schema, "oneOf");
}

void SchemaView::collect_member(const Json& schema, std::string_view combination) {
  const Json* alternatives = member_of(schema, combination);
  if (!alternatives || !alternatives->is_array() || alternatives->empty()) return;
  collect(alternative_of(*alternatives, alternative_));
}

const Json* referenced_schema(const Json& root, const Json& reference) {
  if (!reference.is_string()) return nullptr;
  return referenced(root, reference.get_ref<const std::string&>());
}

}  // namespace mockgw
