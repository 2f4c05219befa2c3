#include "mockgw/chat/schema_json.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mockgw/chat/pattern_text.h"
#include "mockgw/chat/schema_conditions.h"
#include "mockgw/chat/schema_scalars.h"
#include "mockgw/chat/schema_validity.h"
#include "mockgw/chat/schema_view.h"
#include "mockgw/chat/tokenizer.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

constexpr unsigned kLevelsFull = 6;
constexpr unsigned kWrittenLevelsMax = 32;
constexpr std::size_t kBytesFull = std::size_t{64} << 10;
// For each token, with room for those that a value begins and is cut in.
constexpr std::uint64_t kStepsPerToken = 2;
constexpr std::uint64_t kStepsMin = 2'000;
constexpr std::size_t kBytesMin = 1024;
// What a value without a text of its own is taken to add to the document.
constexpr std::size_t kValueBytes = 8;
constexpr std::size_t kItemsUsual = 3;
constexpr std::size_t kPropertiesMax = 100'000;
constexpr std::size_t kContainedMax = 10'000;
constexpr std::size_t kNameBytesMax = 64;
// Enough to draw the last of a dozen values of an enum.
constexpr int kUniqueTries = 256;
// Enough for a `not` that excludes most of what is drawn.
constexpr int kConditionTries = 32;
// To compare two values takes a small part of what it takes to look at a member.
constexpr std::size_t kComparedInAStep = 16;

// Of several types the first that says something; `null` where the value is to be short.
std::string_view type_of(const SchemaView& schema, bool is_short) {
  const Json* type = schema.find("type");
  if (type && type->is_string()) return type->get_ref<const std::string&>();
  if (type && type->is_array()) {
    std::string_view found = "null";
    for (const Json& name : *type) {
      if (!name.is_string()) continue;
      const std::string_view text = name.get_ref<const std::string&>();
      if (is_short && text == "null") return text;
      if (found == "null") found = text;
    }
    return found;
  }
  const auto has = [&](std::string_view key) { return schema.find(key) != nullptr; };
  if (has("properties") || has("required") || has("additionalProperties")) return "object";
  if (has("items") || has("prefixItems") || has("minItems")) return "array";
  const bool is_number = has("minimum") || has("maximum") || has("exclusiveMinimum") ||
                         has("exclusiveMaximum") || has("multipleOf");
  if (is_number) return "number";
  return "string";
}

std::set<std::string_view> required_in(const SchemaView& schema) {
  std::set<std::string_view> names;
  for (const Json* layer : schema.layers()) {
    const auto required = layer->find("required");
    if (required == layer->end() || !required->is_array()) continue;
    for (const Json& name : *required) {
      if (name.is_string()) names.insert(name.get_ref<const std::string&>());
    }
  }
  return names;
}

class SchemaValues {
 public:
  SchemaValues(const Json& root, lab::Rng rng, SchemaBudget& budget)
      : root_(root), rng_(rng), budget_(budget) {}

  Json value(const Json& schema, unsigned level) {
    written_ += kValueBytes;
    if (is_over(level)) return nullptr;
    const bool is_short = level >= kLevelsFull || written_ > kBytesFull;
    const SchemaView view(root_, schema,
                          is_short ? SchemaAlternative::shortest : SchemaAlternative::first);
    for (const Json* layer : view.layers()) budget_.steps += 1 + layer->size();
    if (has_conditions(view)) return conditional(schema, view, {level, is_short});
    return plain(view, {level, is_short});
  }

 private:
  struct Place {
    unsigned level = 0;
    bool is_short = false;
  };

  // Drafts until what its own conditions make of a draft is valid.
  Json conditional(const Json& schema, const SchemaView& view, Place place) {
    Json value;
    for (int tries = kConditionTries; tries > 0 && !is_over(place.level); --tries) {
      const Json draft = plain(view, place);
      const Json narrowed = narrowed_schema(root_, schema, view, draft);
      const auto alternative =
          place.is_short ? SchemaAlternative::shortest : SchemaAlternative::first;
      value = plain(SchemaView(root_, narrowed, alternative), place);
      if (is_valid_for_schema(root_, schema, value)) return value;
    }
    return value;
  }

  // A value for a schema whose conditions are taken care of.
  Json plain(const SchemaView& view, Place place) {
    const bool is_short = place.is_short;
    if (const Json* fixed = view.find("const")) return given(*fixed);
    const Json* listed = view.find("enum");
    if (listed && listed->is_array() && !listed->empty()) {
      return given((*listed)[is_short ? 0 : rng_.below(listed->size())]);
    }
    return typed(type_of(view, is_short), view, place);
  }

  [[nodiscard]] bool is_over(unsigned level) const {
    return level > kWrittenLevelsMax || written_ > budget_.bytes_max ||
           budget_.steps > budget_.steps_max;
  }

  Json given(const Json& fixed) {
    written_ += fixed.dump().size();
    return fixed;
  }

  Json typed(std::string_view type, const SchemaView& schema, Place place) {
    if (type == "object") return object(schema, place);
    if (type == "array") return array(schema, place);
    if (type == "integer") return integer_for_schema(schema, rng_);
    if (type == "number") return number_for_schema(schema, rng_);
    if (type == "boolean") return rng_.below(2) == 0;
    if (type == "null") return nullptr;
    std::string text = string_for_schema(schema, rng_);
    written_ += text.size();
    return text;
  }

  Json object(const SchemaView& schema, Place place) {
    Json result = Json::object();
    const std::set<std::string_view> required = required_in(schema);
    budget_.steps += required.size();
    std::size_t optional_left = count_in_schema(schema, "maxProperties", kPropertiesMax);
    optional_left -= std::min(optional_left, required.size());
    std::set<std::string_view> seen;
    const auto add = [&](std::string_view name, const Json& member) {
      written_ += name.size();
      // Not by its name, which would be looked for among all before it: `seen` knows that it is
      // new.
      result.get_ref<Json::object_t&>().push_back(
          {std::string(name), value(member, place.level + 1)});
    };
    for (const Json* layer : schema.layers()) {
      const auto properties = layer->find("properties");
      if (properties == layer->end() || !properties->is_object()) continue;
      for (const auto& [name, member] : properties->items()) {
        if (is_over(place.level)) return result;
        ++budget_.steps;
        const bool is_required = required.count(name) > 0;
        const bool is_wanted = is_required || (!is_short(place) && optional_left > 0);
        if (!is_required && member == Json(false)) seen.insert(name);
        if (!is_wanted || !seen.insert(name).second) continue;
        if (!is_required) --optional_left;
        add(name, member);
      }
    }
    const Json* additional = schema.find("additionalProperties");
    for (const std::string_view name : required) {
      if (is_over(place.level)) return result;
      ++budget_.steps;
      if (seen.count(name) == 0) add(name, additional ? *additional : Json());
    }
    add_properties(schema, result, place);
    return result;
  }

  // As many as minProperties asks for beyond those that have a name.
  void add_properties(const SchemaView& schema, Json& object, Place place) {
    const std::size_t min = count_in_schema(schema, "minProperties", 0);
    const Json anything;
    const Json* patterns = schema.find("patternProperties");
    const bool has_pattern = patterns && patterns->is_object() && !patterns->empty();
    const Json* additional = schema.find("additionalProperties");
    const Json& member = has_pattern ? patterns->front() : (additional ? *additional : anything);
    for (int tries = kUniqueTries; object.size() < min && tries > 0; --tries) {
      if (is_over(place.level)) return;
      std::optional<std::string> name = "property_" + std::to_string(object.size() + 1);
      if (has_pattern) name = text_for_pattern(patterns->begin().key(), {1, kNameBytesMax}, rng_);
      if (!name || object.contains(*name)) continue;
      written_ += name->size();
      object[*name] = value(member, place.level + 1);
    }
  }

  // The budget may have run out since the value was begun.
  [[nodiscard]] bool is_short(Place place) const { return place.is_short || written_ > kBytesFull; }

  std::size_t item_count(const SchemaView& schema, const Json* leading, Place place) {
    const std::size_t usual = leading ? leading->size() : 1 + rng_.below(kItemsUsual);
    const std::size_t min = count_in_schema(schema, "minItems", 0);
    const std::size_t max = count_in_schema(schema, "maxItems", std::max(min, usual));
    return place.is_short ? min : std::clamp(usual, min, std::max(min, max));
  }

  static std::size_t contained_count(const SchemaView& schema) {
    if (!schema.find("contains")) return 0;
    return std::min(count_in_schema(schema, "minContains", 1), kContainedMax);
  }

  static Json both(const Json* items, const Json& contains) {
    if (!items) return contains;
    return Json{{"allOf", Json::array({contains, *items})}};
  }

  Json array(const SchemaView& schema, Place place) {
    const Json* items = schema.find("items");
    const Json* leading = schema.find("prefixItems");
    if (leading && !leading->is_array()) leading = nullptr;
    const Json* unique = schema.find("uniqueItems");
    const int tries = unique && *unique == Json(true) ? kUniqueTries : 1;
    Json result = Json::array();
    const std::size_t contained = contained_count(schema);
    const std::size_t first_contained = leading ? leading->size() : 0;
    const std::size_t count = std::max(item_count(schema, leading, place),
                                       contained > 0 ? first_contained + contained : 0);
    const Json contains = contained > 0 ? both(items, *schema.find("contains")) : Json();
    while (result.size() < count && !is_over(place.level)) {
      const bool is_leading = leading && result.size() < leading->size();
      const Json anything;
      const bool is_contained = result.size() < first_contained + contained;
      const Json& item = is_leading     ? (*leading)[result.size()]
                         : is_contained ? contains
                         : items        ? *items
                                        : anything;
      result.push_back(fresh_item(item, result, place.level + 1, tries));
    }
    return result;
  }

  // An item that differs from those before it, if that takes no more tries than allowed.
  Json fresh_item(const Json& schema, const Json& before, unsigned level, int tries) {
    Json item = value(schema, level);
    if (tries > 1) budget_.steps += before.size() / kComparedInAStep;
    while (--tries > 0 && !is_over(level) &&
           std::find(before.begin(), before.end(), item) != before.end()) {
      item = value(schema, level);
      budget_.steps += before.size() / kComparedInAStep;
    }
    return item;
  }

  const Json& root_;
  lab::Rng rng_;
  SchemaBudget& budget_;
  std::size_t written_ = 0;
};

}  // namespace

SchemaBudget SchemaBudget::of_tokens(std::uint64_t tokens) {
  SchemaBudget budget;
  budget.bytes_max = std::min(budget.bytes_max, kBytesMin + tokens * kWholeTokenBytesMax);
  budget.steps_max = std::min(budget.steps_max, kStepsMin + tokens * kStepsPerToken);
  return budget;
}

Json value_for_schema(const Json& schema, lab::Rng rng, SchemaBudget& budget) {
  return SchemaValues(schema, rng, budget).value(schema, 0);
}

}  // namespace mockgw
