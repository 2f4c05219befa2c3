#include "mockgw/chat/schema_conditions.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "mockgw/chat/schema_validity.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

// Branches with conditions of their own, in turn.
constexpr int kNestedMax = 16;

class Narrowing {
 public:
  Narrowing(const Json& root, const Json& draft) : root_(root), draft_(draft) {}

  void add(const SchemaView& view, int nested) {
    for (const Json* layer : view.layers()) {
      add_required(*layer);
      if (const Json* excluded = member_of(*layer, "not")) exclude(*excluded);
      const Json* condition = member_of(*layer, "if");
      if (!condition || nested >= kNestedMax) continue;
      pin(*condition);
      const bool holds = is_valid_for_schema(root_, *condition, draft_);
      const Json* branch = member_of(*layer, holds ? "then" : "else");
      if (!branch || !branch->is_object()) continue;
      branches_.push_back(branch);
      add(SchemaView(root_, *branch, SchemaAlternative::first), nested + 1);
    }
  }

  [[nodiscard]] Json schema(const Json& base, const SchemaView& base_view) const {
    Json all = Json::array();
    Json first{{"properties", properties(base_view)}};
    if (first["properties"].empty()) first.erase("properties");
    if (!type_.empty() && !base_view.find("type")) first["type"] = type_;
    all.push_back(std::move(first));
    for (const Json* branch : branches_) all.push_back(*branch);
    all.push_back(base);
    return Json{{"allOf", std::move(all)}};
  }

 private:
  void add_required(const Json& layer) {
    const Json* required = member_of(layer, "required");
    if (!required || !required->is_array()) return;
    for (const Json& name : *required) {
      if (name.is_string()) required_.insert(name.get<std::string>());
    }
  }

  // What a condition looks at must not be drawn anew.
  void pin(const Json& condition) {
    if (!condition.is_object() || !draft_.is_object()) return;
    const SchemaView view(root_, condition, SchemaAlternative::first);
    for (const Json* layer : view.layers()) {
      const Json* properties = member_of(*layer, "properties");
      if (!properties || !properties->is_object()) continue;
      for (const auto& [name, part] : properties->items()) {
        if (draft_.contains(name)) pins_.insert(name);
      }
    }
  }

  // Of `not` what cannot be left to chance: a property that must not be there, and a type.
  void exclude(const Json& excluded) {
    if (!excluded.is_object()) return;
    if (const Json* any = member_of(excluded, "anyOf"); any && any->is_array()) {
      for (const Json& part : *any) exclude(part);
    }
    if (const Json* type = member_of(excluded, "type"); type && excluded.size() == 1) {
      for (const char* other : {"string", "integer", "boolean"}) {
        const bool is_excluded =
            *type == other || (type->is_array() && std::ranges::count(*type, Json(other)) > 0);
        if (!is_excluded && type_.empty()) type_ = other;
      }
    }
    const Json* required = member_of(excluded, "required");
    if (!required || !required->is_array()) return;
    for (const Json& name : *required) {
      if (!name.is_string() || required_.contains(name.get<std::string>())) continue;
      absent_.insert(name.get<std::string>());
      return;  // One that is not there is enough.
    }
  }

  // Those that differ from the schema's own; where both say something, both hold.
  [[nodiscard]] Json properties(const SchemaView& base) const {
    Json merged = Json::object();
    for (const std::string& name : pins_) merged[name] = {{"const", draft_[name]}};
    const auto add_from = [&](const Json& layer, bool is_base) {
      const Json* properties = member_of(layer, "properties");
      if (!properties || !properties->is_object()) return;
      for (const auto& [name, part] : properties->items()) {
        if (pins_.contains(name) || (is_base && !merged.contains(name))) continue;
        Json& own = merged[name];
        if (own == Json(false)) continue;
        if (part == Json(false)) {
          own = false;
        } else {
          own["allOf"].push_back(part);
        }
      }
    };
    for (const Json* branch : branches_) {
      const SchemaView view(root_, *branch, SchemaAlternative::first);
      for (const Json* layer : view.layers()) add_from(*layer, false);
    }
    for (const Json* layer : base.layers()) add_from(*layer, true);
    for (const std::string& name : absent_) merged[name] = false;
    return merged;
  }

  const Json& root_;
  const Json& draft_;
  std::vector<const Json*> branches_;
  std::set<std::string> required_;
  std::set<std::string> pins_;
  std::set<std::string> absent_;
  std::string type_;
};

}  // namespace

bool has_conditions(const SchemaView& schema) {
  return std::ranges::any_of(schema.layers(), [](const Json* layer) {
    return layer->contains("if") || layer->contains("not");
  });
}

Json narrowed_schema(const Json& root, const Json& schema, const SchemaView& view,
                     const Json& draft) {
  Narrowing narrowing(root, draft);
  narrowing.add(view, 0);
  return narrowing.schema(schema, view);
}

}  // namespace mockgw
