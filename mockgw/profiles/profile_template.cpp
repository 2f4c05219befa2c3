#include "mockgw/profiles/profile_template.h"

#include <array>
#include <charconv>

#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace mockgw {
namespace {

constexpr auto kPlaceholders = std::to_array<std::pair<std::string_view, Placeholder>>({
    {"detail", Placeholder::detail},
    {"param", Placeholder::param},
    {"code", Placeholder::code},
    {"model", Placeholder::model},
    {"first_model", Placeholder::first_model},
    {"provider", Placeholder::provider},
    {"api_key", Placeholder::api_key},
    {"organization", Placeholder::organization},
    {"method", Placeholder::method},
    {"path", Placeholder::path},
    {"allow", Placeholder::allow},
    {"timeout_ms", Placeholder::timeout_ms},
    {"upstream_status", Placeholder::upstream_status},
    {"upstream_message", Placeholder::upstream_message},
    {"cause_message", Placeholder::cause_message},
    {"limit", Placeholder::limit},
    {"used", Placeholder::used},
    {"requested", Placeholder::requested},
    {"remaining", Placeholder::remaining},
    {"limit_unit", Placeholder::limit_unit},
    {"limit_kind", Placeholder::limit_kind},
    {"limit_scope", Placeholder::limit_scope},
    {"limit_subject", Placeholder::limit_subject},
    {"retry_after_seconds", Placeholder::retry_after_seconds},
    {"retry_after_text", Placeholder::retry_after_text},
    {"reset_at", Placeholder::reset_at},
    {"request_id", Placeholder::request_id},
    {"processing_ms", Placeholder::processing_ms},
    {"retry_count", Placeholder::retry_count},
    {"retry_count_or_exhausted", Placeholder::retry_count_or_exhausted},
    {"execution_id", Placeholder::execution_id},
    {"span_id", Placeholder::span_id},
    {"parent_span_id", Placeholder::parent_span_id},
    {"started_at", Placeholder::started_at},
    {"ended_at", Placeholder::ended_at},
    {"version", Placeholder::version},
    {"completion", Placeholder::completion},
    {"status", Placeholder::status},
    {"type", Placeholder::type},
    {"message", Placeholder::message},
});

// What a lone placeholder of a body becomes.
constexpr std::string_view kNumberSuffix = ":number";
constexpr std::string_view kJsonSuffix = ":json";

std::string_view without_suffix(std::string_view name) {
  for (const std::string_view suffix : {kNumberSuffix, kJsonSuffix}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

std::optional<Placeholder> placeholder_named(std::string_view name) {
  for (const auto& [known, placeholder] : kPlaceholders) {
    if (known == name) return placeholder;
  }
  return std::nullopt;
}

// A text is a sequence of literals and names: next_piece() takes one from the front of `rest`.
struct Piece {
  std::string_view text;
  bool is_name = false;
};

Piece next_piece(std::string_view& rest) {
  const std::size_t brace = rest.find('{');
  if (brace != 0) {
    const Piece literal{rest.substr(0, brace)};
    rest.remove_prefix(literal.text.size());
    return literal;
  }
  if (rest.starts_with("{{")) {
    const Piece literal{rest.substr(0, 1)};
    rest.remove_prefix(2);
    return literal;
  }
  const std::size_t end = rest.find('}');
  const Piece name{rest.substr(1, end == rest.npos ? rest.npos : end - 1), true};
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return name;
}

struct Rendered {
  std::string text;
  bool is_complete = true;
};

Rendered render(std::string_view text, const PlaceholderValues& values) {
  Rendered out;
  while (!text.empty()) {
    const Piece piece = next_piece(text);
    if (!piece.is_name) {
      out.text += piece.text;
      continue;
    }
    const auto placeholder = placeholder_named(piece.text);
    const auto value = placeholder ? values.find(*placeholder) : std::nullopt;
    if (value) {
      out.text += *value;
    } else {
      out.is_complete = false;
    }
  }
  return out;
}

// The name in a text that is one placeholder alone, such as "{code}" or "{status:number}".
std::optional<std::string_view> lone_name(std::string_view text) {
  if (!text.starts_with('{') || text.starts_with("{{")) return std::nullopt;
  const Piece piece = next_piece(text);
  return text.empty() ? std::optional(piece.text) : std::nullopt;
}

lab::Json to_number(std::string_view text) {
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, whole).ptr == end && !text.empty()) return whole;
  double real = 0;
  if (std::from_chars(text.data(), end, real).ptr == end && !text.empty()) return real;
  return nullptr;
}

lab::Json render_string(std::string_view text, const PlaceholderValues& values) {
  const auto name = lone_name(text);
  if (!name) return render_text(text, values);
  const auto placeholder = placeholder_named(without_suffix(*name));
  const auto value = placeholder ? values.find(*placeholder) : std::nullopt;
  if (!value) return nullptr;
  if (name->ends_with(kNumberSuffix)) return to_number(*value);
  if (!name->ends_with(kJsonSuffix)) return *value;
  lab::Json json = lab::Json::parse(*value, nullptr, false);
  return json.is_discarded() ? lab::Json() : json;
}

std::string unknown_placeholder(std::string_view name) {
  std::string problem = "unknown placeholder {" + std::string(name) + "}";
  std::vector<std::string_view> names;
  for (const auto& known : kPlaceholders) names.push_back(known.first);
  if (const auto meant = lab::nearest(name, names)) {
    return problem + "; did you mean {" + std::string(*meant) + "}?";
  }
  return problem + "; write {{ for a brace";
}

std::string text_problem(std::string_view text) {
  while (!text.empty()) {
    const Piece piece = next_piece(text);
    if (piece.is_name && !placeholder_named(piece.text)) return unknown_placeholder(piece.text);
  }
  return {};
}

std::string body_text_problem(std::string_view text) {
  const auto name = lone_name(text);
  if (!name) return text_problem(text);
  const std::string_view plain = without_suffix(*name);
  return placeholder_named(plain) ? std::string() : unknown_placeholder(plain);
}

// The recursion is bounded by parse_json's nesting limit.
std::string body_problem(const lab::Json& body) {
  if (body.is_string()) return body_text_problem(body.get_ref<const std::string&>());
  if (!body.is_structured()) return {};
  for (const lab::Json& element : body) {
    std::string problem = body_problem(element);
    if (!problem.empty()) return problem;
  }
  return {};
}

}  // namespace

void PlaceholderValues::set(Placeholder placeholder, std::string value) {
  for (auto& [known, old] : entries_) {
    if (known == placeholder) {
      old = std::move(value);
      return;
    }
  }
  entries_.emplace_back(placeholder, std::move(value));
}

std::optional<std::string_view> PlaceholderValues::find(Placeholder placeholder) const {
  for (const auto& [known, value] : entries_) {
    if (known == placeholder) return value;
  }
  return std::nullopt;
}

std::optional<std::string> render_text_if_complete(std::string_view text,
                                                   const PlaceholderValues& values) {
  Rendered rendered = render(text, values);
  if (!rendered.is_complete) return std::nullopt;
  return std::move(rendered.text);
}

std::string render_text(std::string_view text, const PlaceholderValues& values) {
  return render(text, values).text;
}

lab::Json render_body(const lab::Json& body, const PlaceholderValues& values) {
  if (body.is_string()) return render_string(body.get_ref<const std::string&>(), values);
  if (body.is_array()) {
    lab::Json out = lab::Json::array();
    for (const lab::Json& element : body) out.push_back(render_body(element, values));
    return out;
  }
  if (!body.is_object()) return body;
  lab::Json out = lab::Json::object();
  for (const auto& [key, member] : body.items()) {
    lab::Json value = render_body(member, values);
    const bool is_optional = key.ends_with('?');
    if (is_optional && value.is_null()) continue;
    out[is_optional ? key.substr(0, key.size() - 1) : key] = std::move(value);
  }
  return out;
}

std::string template_problem(const lab::Json& text_or_body) {
  if (text_or_body.is_string()) {
    return text_problem(text_or_body.get_ref<const std::string&>());
  }
  return body_problem(text_or_body);
}

}  // namespace mockgw
