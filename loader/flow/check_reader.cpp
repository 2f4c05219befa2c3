#include <utility>

#include "loader/flow/check.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

std::string pointer_problem(const std::string& text) {
  if (text.empty() || text.starts_with('/')) return {};
  return "must be a JSON pointer such as \"/choices/0/message/content\" (RFC 6901)";
}

// "<15s", "<= 500ms", ">0s"; without an operator the bound is one from above.
std::optional<DurationCondition> parse_duration_condition(std::string_view text) {
  using Operator = DurationCondition::Operator;
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"<=", Operator::less_equal},
      {">=", Operator::greater_equal},
      {"<", Operator::less},
      {">", Operator::greater},
  };
  DurationCondition condition;
  for (const auto& [sign, op] : kOperators) {
    if (!text.starts_with(sign)) continue;
    condition.op = op;
    text.remove_prefix(sign.size());
    break;
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto bound = lab::parse_duration(text);
  if (bound.has_error() || *bound < lab::Duration::zero()) return std::nullopt;
  condition.bound = *bound;
  return condition;
}

// A status alone is a list of one.
using Statuses = std::vector<unsigned>;
const lab::ListOf<unsigned, lab::IntegerType> kStatuses(
    lab::IntegerType::of<unsigned>(lab::between(0, 599)),
    {.min = 1, .too_few = "must name at least one status"});
const lab::ReadType<Statuses> kOneOrMoreStatuses(
    [](const lab::JsonValue& value, Statuses& statuses) {
      if (value.json().is_array()) return kStatuses.read(value, &statuses);
      statuses = {200};
      lab::IntegerType::of<unsigned>(lab::between(0, 599)).read(value, &statuses.front());
    },
    [](lab::SchemaPrinter& printer) {
      const lab::Json list = kStatuses.schema(printer, nullptr);
      return lab::Json{{"anyOf", {list["items"], list}}};
    });

const lab::ReadType<std::optional<DurationCondition>> kDurationCondition(
    [](const lab::JsonValue& value, std::optional<DurationCondition>& condition) {
      condition = parse_duration_condition(value.as_string("<1s"));
      if (condition) return;
      value.problem("must be a comparison with a duration, such as \"<15s\" or \">= 250ms\"");
    },
    [](lab::SchemaPrinter& /*printer*/) {
      return lab::Json{{"type", "string"},
                       {"pattern", "^((<=?|>=?)? *[0-9.].*|.*\\$\\{.*)$"},
                       {"examples", {"<15s"}}};
    });

const lab::ListOf<lab::OwnedJson, lab::AnyType> kValues(
    {}, {.min = 1, .too_few = "must name at least one value"});

}  // namespace

void fields(lab::Fields& f, Check& c) {
  f("status", c.statuses, kOneOrMoreStatuses, "One of these.");
  f("json", c.json_pointer, lab::TextRules{.problem = pointer_problem, .pattern = "^(/.*|)$"},
    lab::Says("A JSON pointer (RFC 6901) into the body; alone: is there.")
        .such_as(R"("/choices/0/message/content")"));
  f("header", c.header,
    lab::Says("A response header; alone: is there.").such_as(R"("content-type")"));
  f("not_empty", c.value.not_empty, "Of the json or header: is not null, \"\", [] or {}.");
  f("equals", c.value.equals, lab::Says("Of the json or header.").such_as(R"("stop")"));
  f("one_of", c.value.one_of, kValues,
    lab::Says("Of the json or header.").such_as(R"(["stop","length"])"));
  f("contains", c.value.contains, "Of the json or header.");
  f("body_contains", c.body_contains, "Anywhere in the body.");
  f("duration", c.duration, kDurationCondition, "How long the request took, against a bound.");
  f("sse", c.sse, "Is an event stream.");
}
void check(const lab::JsonValue& value, Check& c) {
  if (c.json_pointer && c.header) {
    value.problem("json and header exclude each other; write two checks");
  } else if (!c.json_pointer && !c.header && !c.value.is_bare()) {
    value.problem("not_empty, equals, one_of and contains need a json or a header to look at");
  }
}

namespace {

bool asks_nothing(const Check& check) {
  return check.statuses.empty() && !check.json_pointer && !check.header && !check.body_contains &&
         !check.duration && !check.sse;
}

}  // namespace

std::vector<Check> read_checks(const lab::JsonValue& value) {
  std::vector<Check> checks;
  lab::JsonObject object = value.as_object();
  for (const auto& [name, conditions] : object.members()) {
    Check& one = checks.emplace_back();
    one.name = name;
    lab::read_fields(conditions, one);
    // It separates the parts of a check's path, from which its id is made; k6 refuses it too.
    if (name.find("::") != std::string::npos) {
      conditions.problem("a check's name must not hold \"::\"");
    }
    if (conditions.json().is_object() && conditions.json().empty() && asks_nothing(checks.back())) {
      conditions.problem(
          "asks nothing; write status, json, header, body_contains, duration or sse");
    }
  }
  return checks;
}

lab::Json checks_schema(lab::SchemaPrinter& printer) {
  const Check one;
  lab::Json each = printer.named("check", [&] {
    lab::Json schema = lab::StructType::of<Check>().schema(printer, &one);
    schema["description"] = "What must hold; everything given.";
    schema["minProperties"] = 1;
    return schema;
  });
  return lab::Json{{"type", "object"},
                   {"propertyNames", {{"not", {{"pattern", "::"}}}}},
                   {"additionalProperties", std::move(each)}};
}

}  // namespace loader
