#include "mockgw/config/tokens_config.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "mockgw/config/answer_fixtures.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

using ContentKind = ContentConfig::Kind;

constexpr auto kPlainKinds = std::to_array<std::pair<std::string_view, ContentKind>>(
    {{"lorem", ContentKind::lorem}, {"echo", ContentKind::echo}});

constexpr double kParallelMax = 32;

/// Reads and writes both forms of the key `content`: a word, or an object.
class ContentType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* member) const override;
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;
};

struct ContentForm {
  std::optional<std::string> fixed{};
  std::optional<std::string> pattern{};
  std::optional<AnswerFixtures> fixtures{};
  std::optional<ContentConfig> fallback{};

  [[nodiscard]] int count() const {
    return fixed.has_value() + pattern.has_value() + fixtures.has_value();
  }
};
void fields(lab::Fields& f, ContentForm& c) {
  f.exactly_one({"fixed", "template", "fixtures"});
  f("fixed", c.fixed, "This text.");
  f("template", c.pattern,
    "This text, with ${model}, ${prompt}, ${request_id} and ${user} filled in.");
  f("fixtures", c.fixtures, lab::OptionalOf<AnswerFixtures, AnswerFixturesType>({}, false),
    lab::Says("Written answers, or the file that holds them: the first that fits is taken.")
        .such_as(R"([{"match":{"contains":"weather"},"text":"Sunny."}])"));
  f.needs("fallback", "fixtures");
  f("fallback", c.fallback, lab::OptionalOf<ContentConfig, ContentType>({}, false),
    "When none fits.");
}
void check(const lab::JsonValue& value, ContentForm& c) {
  if (c.count() != 1) {
    value.problem(
        R"(takes "lorem", "echo", {"fixed":text}, {"template":text} or {"fixtures":file})");
    return;
  }
  lab::JsonObject object(value);
  const auto fallback = object.find("fallback");
  if (fallback && !c.fixtures) fallback->problem("only \"fixtures\" has a fallback");
}

ContentConfig content_of(ContentForm form) {
  if (form.fixed) return {ContentKind::fixed, *std::move(form.fixed)};
  if (form.pattern) return {ContentKind::template_, *std::move(form.pattern)};
  if (!form.fixtures) return {};
  if (form.fallback) form.fixtures->fallback = *form.fallback;
  return {ContentKind::fixtures, {}, std::make_shared<AnswerFixtures>(*std::move(form.fixtures))};
}

ContentForm form_of(const ContentConfig& content) {
  if (content.kind == ContentKind::fixed) return {.fixed = content.text};
  if (content.kind == ContentKind::template_) return {.pattern = content.text};
  return {.fixtures = *content.fixtures, .fallback = content.fixtures->fallback};
}

void ContentType::read(const lab::JsonValue& value, void* member) const {
  auto& content = *static_cast<ContentConfig*>(member);
  if (!value.json().is_object()) {
    content = {value.as_enum<ContentKind>(kPlainKinds, ContentKind::lorem)};
    return;
  }
  ContentForm form;
  lab::read_fields(value, form);
  content = content_of(std::move(form));
}

lab::Json ContentType::write(const void* member) const {
  const auto& content = *static_cast<const ContentConfig*>(member);
  for (const auto& [word, kind] : kPlainKinds) {
    if (content.kind == kind) return word;
  }
  return lab::write_fields(form_of(content));
}

lab::Json ContentType::schema(lab::SchemaPrinter& printer, const void* /*member*/) const {
  return printer.named("content", [&] {
    const ContentForm form;
    return lab::Json{{"description", "What an answer says."},
                     {"anyOf",
                      {{{"enum", {"lorem", "echo"}}},
                       lab::StructType::of<ContentForm>().schema(printer, &form)}}};
  });
}

}  // namespace

TokensConfig TokensConfig::healthy() {
  TokensConfig tokens;
  // p50 55, p99 180: the mean is then 62 tokens.
  tokens.output = lab::Distribution::Kind(
      lab::Distribution::Lognormal{std::log(55.0), std::log(180.0 / 55.0) / 2.3263478740408408});
  return tokens;
}

void fields(lab::Fields& f, ToolCallsConfig& c) {
  f("probability", c.probability, lab::between(0, 1),
    "That tool_choice \"auto\" calls a tool, of a user's message.");
  f("parallel", c.parallel, lab::between(1, kParallelMax),
    "Calls in one choice, if parallel_tool_calls allows several.");
}

void fields(lab::Fields& f, TokensConfig& c) {
  f("output", c.output, lab::kNumbers,
    "Natural length of an answer in tokens; max_tokens cuts it.");
  f("content", c.content, ContentType(), "What an answer says.");
  f("tool_calls", c.tool_calls, "How requests that offer tools are answered.");
}

TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base) {
  lab::read_fields(value, base);
  return base;
}
lab::Json to_json(const TokensConfig& tokens) { return lab::write_fields(tokens); }

}  // namespace mockgw
