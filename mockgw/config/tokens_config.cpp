#include "mockgw/config/tokens_config.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace mockgw {
namespace {

using Kind = ContentConfig::Kind;

constexpr auto kPlainKinds = std::to_array<std::pair<std::string_view, Kind>>(
    {{"lorem", Kind::lorem}, {"echo", Kind::echo}});

ContentConfig read_content(const lab::JsonValue& value) {
  ContentConfig content;
  if (!value.json().is_object()) {
    content.kind = value.as_enum<Kind>(kPlainKinds, Kind::lorem);
    return content;
  }
  lab::JsonObject object = value.as_object();
  const auto fixed = object.find("fixed");
  const auto pattern = object.find("template");
  object.finish();
  if (fixed.has_value() == pattern.has_value()) {
    value.problem(R"(takes "lorem", "echo", {"fixed":text} or {"template":text})");
    return content;
  }
  content.kind = fixed ? Kind::fixed : Kind::template_;
  content.text = (fixed ? fixed : pattern)->as_string();
  return content;
}

lab::Json write_content(const ContentConfig& content) {
  switch (content.kind) {
    case Kind::lorem:
      return "lorem";
    case Kind::echo:
      return "echo";
    case Kind::fixed:
      return lab::Json{{"fixed", content.text}};
    case Kind::template_:
      return lab::Json{{"template", content.text}};
  }
  return nullptr;
}

}  // namespace

TokensConfig TokensConfig::healthy() {
  TokensConfig tokens;
  // p50 55, p99 180: the mean is then 62 tokens.
  tokens.output = lab::Distribution::Kind(
      lab::Distribution::Lognormal{std::log(55.0), std::log(180.0 / 55.0) / 2.3263478740408408});
  return tokens;
}

TokensConfig read_tokens(const lab::JsonValue& value, TokensConfig base) {
  lab::JsonObject object = value.as_object();
  if (const auto v = object.find("output")) base.output = lab::read_number_distribution(*v);
  if (const auto v = object.find("content")) base.content = read_content(*v);
  object.finish();
  return base;
}

lab::Json to_json(const TokensConfig& tokens) {
  return lab::Json{{"output", lab::write_number_distribution(tokens.output)},
                   {"content", write_content(tokens.content)}};
}

}  // namespace mockgw
