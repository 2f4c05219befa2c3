#include "shared/base/schema_printer.h"

#include <cmath>

#include "shared/base/json.h"

namespace lab {
namespace {

constexpr std::string_view kDurationPattern =
    "^(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d))+)$";

Json any_of(std::initializer_list<Json> alternatives) {
  Json list = Json::array();
  for (const Json& each : alternatives) list.push_back(each);
  return Json{{"anyOf", std::move(list)}};
}

// A string that is known when the variables are.
Json variable() {
  return Json{{"type", "string"}, {"pattern", "\\$\\{"}, {"examples", {"${NAME}"}}};
}

void add_bounds(Json& schema, const Bounds& bounds, bool is_whole) {
  const auto add = [&](const char* key, double bound) {
    if (!std::isfinite(bound)) return;
    if (is_whole || (bound == std::floor(bound) && std::abs(bound) < 1e15)) {
      schema[key] = static_cast<std::int64_t>(bound);
    } else {
      schema[key] = bound;
    }
  };
  add(bounds.not_min == nullptr ? "minimum" : "exclusiveMinimum", bounds.min);
  add("maximum", bounds.max);
}

/// Walks a table and notes its keys; of an object with kinds, those of one kind.
class ObjectPrinter final : public Fields {
 public:
  ObjectPrinter(SchemaPrinter& printer, std::size_t kind, bool shows_defaults)
      : printer_(printer), kind_(kind), shows_defaults_(shows_defaults) {}

  void ignored(const Field& field) override {
    const bool is_schema = field.key == "$schema";
    const Json schema = is_schema ? Json{{"type", "string"}} : Json::object();
    property(field) = described(schema, field);
  }
  void exactly_one(std::initializer_list<std::string_view> keys) override {
    for (const std::string_view key : keys) {
      rules_["oneOf"].push_back({{"required", Json::array({key})}});
    }
  }
  void at_least_one(std::initializer_list<std::string_view> keys) override {
    for (const std::string_view key : keys) {
      rules_["anyOf"].push_back({{"required", Json::array({key})}});
    }
  }
  void needs(std::string_view key, std::string_view other) override {
    rules_["dependentRequired"][std::string(key)] = Json::array({other});
  }
  void visit(const Field& field, const ValueType& type, void* member) override {
    Json schema = type.schema(printer_, member);
    if (printer_.dialect() == SchemaDialect::k6 && !field.is_required) {
      schema = any_of({std::move(schema), Json{{"type", "null"}}});
    }
    schema = described(schema, field);
    const bool has_default = shows_defaults_ && !field.is_required &&
                             field.says.default_is.empty() && type.has_default(member);
    if (has_default) schema["default"] = type.write(member);
    property(field) = std::move(schema);
  }
  void visit_kind(const Field& field, const KindType& type, void* member) override {
    kinds_ = type.kinds();
    type.set(member, kind_);
    property(field) = Json{{"description", field.says.text}, {"const", kinds_[kind_].word}};
  }

  [[nodiscard]] std::span<const Kind> kinds() const { return kinds_; }
  [[nodiscard]] Json take() {
    Json schema = Json::object();
    if (!kinds_.empty()) schema["description"] = kinds_[kind_].says;
    schema["type"] = "object";
    schema["additionalProperties"] = false;
    schema.update(rules_);
    if (!required_.empty()) schema["required"] = std::move(required_);
    schema["properties"] = std::move(properties_);
    return schema;
  }

 private:
  Json& property(const Field& field) {
    if (field.is_required) required_.push_back(field.key);
    return properties_[std::string(field.key)];
  }
  static Json described(const Json& schema, const Field& field) {
    std::string text(field.says.text);
    if (!field.says.default_is.empty()) {
      text += " By default " + std::string(field.says.default_is) + ".";
    }
    Json result{{"description", std::move(text)}};
    for (const auto& [key, value] : schema.items()) {
      if (key != "description") result[key] = value;
    }
    if (!field.says.sample.empty()) {
      result["examples"] = Json::array({Json::parse(field.says.sample)});
    }
    return result;
  }

  SchemaPrinter& printer_;
  std::size_t kind_;
  bool shows_defaults_;
  std::span<const Kind> kinds_;
  Json rules_ = Json::object();
  Json required_ = Json::array();
  Json properties_ = Json::object();
};

}  // namespace

SchemaPrinter::SchemaPrinter(SchemaDialect dialect)
    : dialect_(dialect), definitions_(std::make_shared<Json>(Json::object())) {}

Json SchemaPrinter::named(std::string_view name, const std::function<Json()>& make) {
  const std::string key(name);
  if (!definitions_->contains(key)) {
    (*definitions_)[key] = nullptr;  // It may name itself.
    Json made = make();
    (*definitions_)[key] = std::move(made);
  }
  return Json{{"$ref", "#/$defs/" + key}};
}

Json SchemaPrinter::document(std::string_view title, std::string_view about,
                             const Json& root) const {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", title},
              {"description", about}};
  Json definitions = *definitions_;
  const std::string reference = root.value("$ref", "");
  const std::string name = reference.substr(reference.rfind('/') + 1);
  const Json whole = reference.empty() ? root : definitions[name];
  for (const auto& [key, value] : whole.items()) {
    if (key != "description") schema[key] = value;
  }
  definitions.erase(name);
  if (!definitions.empty()) schema["$defs"] = std::move(definitions);
  return schema;
}

Json BoolType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  Json plain{{"type", "boolean"}};
  if (printer.dialect() != SchemaDialect::k6) return plain;
  return printer.named("switch", [&] {
    return any_of({plain, Json{{"type", "string"},
                               {"pattern", "^([01tTfF]|true|True|TRUE|false|False|FALSE)$"}}});
  });
}

Json NumberType::schema(SchemaPrinter& /*printer*/, const void* /*member*/) const {
  Json schema{{"type", "number"}};
  add_bounds(schema, bounds_, false);
  return schema;
}

Json IntegerType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  Json schema{{"type", "integer"}};
  if (printer.dialect() == SchemaDialect::k6) {
    schema = Json{{"type", {"integer", "string"}}, {"pattern", "^[0-9]+$"}};
  }
  add_bounds(schema, bounds_, true);
  return schema;
}

Json TextType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  Json schema{{"type", "string"}};
  if (rules_.null_is_empty) schema["type"] = {"string", "null"};
  if (rules_.pattern.empty()) return schema;
  schema["pattern"] = rules_.pattern;
  if (printer.dialect() != SchemaDialect::variables) return schema;
  return any_of({std::move(schema), variable()});
}

Json DurationType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  Json duration = printer.named("duration", [&] {
    Json schema = any_of({Json{{"type", "string"}, {"pattern", kDurationPattern}},
                          Json{{"type", "number"}, {"minimum", 0}}});
    if (printer.dialect() != SchemaDialect::plain) {
      schema["anyOf"].push_back(variable());
    }
    schema["description"] =
        "A number and a unit (ns, us, ms, s, m, h, d), such as \"250ms\" or \"1m30s\"; a bare "
        "number is milliseconds.";
    return schema;
  });
  if (printer.dialect() != SchemaDialect::k6) return duration;
  return printer.named("k6Duration", [&] {
    return any_of({duration, Json{{"type", "string"}, {"pattern", "^[0-9]+(\\.[0-9]+)?$"}}});
  });
}

Json AnyType::schema(SchemaPrinter& /*printer*/, const void* /*member*/) const {
  return Json::object();
}

Json WordType::schema(SchemaPrinter& /*printer*/, const void* /*member*/) const {
  return Json{{"enum", words_}};
}

Json KindType::schema(SchemaPrinter& /*printer*/, const void* /*member*/) const {
  Json words = Json::array();
  for (const Kind& kind : kinds_) words.push_back(kind.word);
  return Json{{"enum", std::move(words)}};
}

Json TextMapType::schema(SchemaPrinter& /*printer*/, const void* /*member*/) const {
  Json text{{"type", "string"}};
  if (!rules_.text_pattern.empty()) text["pattern"] = rules_.text_pattern;
  if (rules_.name_pattern.empty()) {
    return Json{{"type", "object"}, {"additionalProperties", std::move(text)}};
  }
  return Json{{"type", "object"},
              {"additionalProperties", false},
              {"patternProperties", {{std::string(rules_.name_pattern), std::move(text)}}}};
}

Json StructType::schema(SchemaPrinter& printer, const void* member) const {
  const auto make = [&] {
    // Of each kind a copy, since the walk sets the kind.
    const auto print = [&](std::size_t kind) {
      ObjectPrinter object(printer, kind, !defaults_vary_);
      table_(object, copy_(member).get());
      return std::pair(object.kinds().size(), object.take());
    };
    auto [count, schema] = print(0);
    if (count == 0) return std::move(schema);
    Json kinds = Json::array({std::move(schema)});
    for (std::size_t kind = 1; kind < count; ++kind) kinds.push_back(print(kind).second);
    return Json{{"anyOf", std::move(kinds)}};
  };
  return name_.empty() ? make() : printer.named(name_, make);
}

Json OptionalType::schema(SchemaPrinter& printer, const void* member) const {
  const void* const there = get(member);
  Json schema = inner().schema(printer, there == nullptr ? fresh() : there);
  return takes_null_ ? any_of({std::move(schema), Json{{"type", "null"}}}) : schema;
}

Json ListType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  Json schema{{"type", "array"}, {"items", inner().schema(printer, fresh())}};
  if (rules_.min > 0) schema["minItems"] = rules_.min;
  if (rules_.max < std::numeric_limits<std::size_t>::max()) schema["maxItems"] = rules_.max;
  return schema;
}

}  // namespace lab
