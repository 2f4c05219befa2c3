#include "mockgw/config/tokens_config.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "mockgw/config/answer_fixtures.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using ContentKind = ContentConfig::Kind;

constexpr auto kPlainKinds = std::to_array<std::pair<std::string_view, ContentKind>>(
    {{"lorem", ContentKind::lorem}, {"echo", ContentKind::echo}});

constexpr std::int64_t kParallelMax = 32;

ContentConfig read_content(const lab::JsonValue& value, FileAccess files);

ContentConfig read_fixtures(const lab::JsonValue& value,
                            const std::optional<lab::JsonValue>& fallback, FileAccess files) {
  auto fixtures = std::make_shared<AnswerFixtures>(read_answer_fixtures(value, files));
  if (fallback) fixtures->fallback = read_content(*fallback, files);
  return {ContentKind::fixtures, {}, std::move(fixtures)};
}

ContentConfig read_content(const lab::JsonValue& value, FileAccess files) {
  if (!value.json().is_object()) {
    return {value.as_enum<ContentKind>(kPlainKinds, ContentKind::lorem)};
  }
  lab::JsonObject object = value.as_object();
  const auto fixed = object.find("fixed");
  const auto pattern = object.find("template");
  const auto fixtures = object.find("fixtures");
  const auto fallback = object.find("fallback");
  object.finish();
  if (fixed.has_value() + pattern.has_value() + fixtures.has_value() != 1) {
    value.problem(
        R"(takes "lorem", "echo", {"fixed":text}, {"template":text} or {"fixtures":file})");
    return {};
  }
  if (fallback && !fixtures) fallback->problem("only \"fixtures\" has a fallback");
  if (fixtures) return read_fixtures(*fixtures, fallback, files);
  return {fixed ? ContentKind::fixed : ContentKind::template_,
          (fixed ? fixed : pattern)->as_string()};
}

lab::Json write_content(const ContentConfig& content) {
  switch (content.kind) {
    case ContentKind::lorem:
      return "lorem";
    case ContentKind::echo:
      return "echo";
    case ContentKind::fixed:
      return lab::Json{{"fixed", content.text}};
    case ContentKind::template_:
      return lab::Json{{"template", content.text}};
    case ContentKind::fixtures:
      return lab::Json{{"fixtures", to_json(*content.fixtures)},
                       {"fallback", write_content(content.fixtures->fallback)}};
  }
  return nullptr;
}

ToolCallsConfig read_tool_calls(const lab::JsonValue& value, ToolCallsConfig base) {
  lab::JsonObject object = value.as_object();
  base.probability = object.number("probability", base.probability, 0, 1);
  const auto parallel = static_cast<std::int64_t>(base.parallel);
  base.parallel = static_cast<std::size_t>(object.integer("parallel", parallel, 1, kParallelMax));
  object.finish();
  return base;
}

}  // namespace

TokensConfig TokensConfig::healthy() {
  TokensConfig tokens;
  // p50 55, p99 180: the mean is then 62 tokens.
  tokens.output = lab::Distribution::Kind(
      lab::Distribution::Lognormal{std::log(55.0), std::log(180.0 / 55.0) / 2.3263478740408408});
  return tokens;
}

TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base, FileAccess files) {
  lab::JsonObject object = value.as_object();
  if (const auto v = object.find("output")) base.output = lab::read_number_distribution(*v);
  if (const auto v = object.find("content")) base.content = read_content(*v, files);
  if (const auto v = object.find("tool_calls")) {
    base.tool_calls = read_tool_calls(*v, base.tool_calls);
  }
  object.finish();
  return base;
}

lab::Json to_json(const TokensConfig& tokens) {
  return lab::Json{
      {"output", lab::write_number_distribution(tokens.output)},
      {"content", write_content(tokens.content)},
      {"tool_calls",
       {{"probability", tokens.tool_calls.probability}, {"parallel", tokens.tool_calls.parallel}}}};
}

}  // namespace mockgw
