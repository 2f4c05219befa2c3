// The keys of profile files, and of the gateway file's sections `errors` and `streaming`.
#include "mockgw/profiles/profile_fields.h"

#include <algorithm>
#include <string>

#include "mockgw/base/header_text.h"
#include "mockgw/breaker/circuit_breaker_config.h"
#include "mockgw/profiles/profile_envelope.h"
#include "shared/base/choices.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

using Streaming = StreamingBehaviour;

constexpr lab::Choices<Streaming::CommitHeaders, 2> kCommitHeaders{{
    {"immediate", Streaming::CommitHeaders::immediate},
    {"first_token", Streaming::CommitHeaders::first_token},
}};
constexpr lab::Choices<Streaming::PreTokenError, 2> kPreTokenErrors{{
    {"in_band", Streaming::PreTokenError::in_band},
    {"http_status", Streaming::PreTokenError::http_status},
}};
constexpr lab::Choices<Streaming::MidStreamError, 3> kMidStreamErrors{{
    {"event", Streaming::MidStreamError::event},
    {"close", Streaming::MidStreamError::close},
    {"reset", Streaming::MidStreamError::reset},
}};
constexpr lab::Choices<Streaming::Usage, 3> kUsages{{
    {"never", Streaming::Usage::never},
    {"last_chunk", Streaming::Usage::last_chunk},
    {"stream_options", Streaming::Usage::stream_options},
}};
constexpr lab::Choices<bool, 2> kNullOrOmit{{{"null", true}, {"omit", false}}};
constexpr lab::Choices<bool, 2> kToolCallStarts{{{"with_role", true}, {"separate", false}}};
constexpr lab::Choices<RequiredHeader::Format, 2> kHeaderFormats{{
    {"any", RequiredHeader::Format::any},
    {"uuid", RequiredHeader::Format::uuid},
}};
constexpr double kBodyBytesMax = 1 << 30;

// In the order of ErrorCondition.
constexpr auto kConditionSays = std::to_array<const char*>({
    "The body is not JSON.",
    "A field is missing, ill-typed or out of range.",
    "No key was sent.",
    "The key is unknown.",
    "The key is known and may not do this.",
    "No such model.",
    "The same, asked for at GET /v1/models/{id}.",
    "The limit of requests is used up.",
    "The limit of tokens is used up.",
    "One request costs more than the whole limit.",
    "Too many parallel requests.",
    "No place in the queue.",
    "Waited too long in the queue.",
    "The circuit breaker refuses.",
    "No healthy upstream is left.",
    "The upstream took too long.",
    "The upstream refused, or reset before its headers.",
    "The upstream refused the request.",
    "The upstream failed.",
    "The upstream answered 503.",
    "The upstream refused for its own limit.",
    "The body exceeds limits.max_body_bytes.",
    "The path takes another method.",
    "No such path.",
    "The budget is used up.",
    "A failure after the headers of a stream were sent.",
});
static_assert(kConditionSays.size() == kErrorConditionCount);

std::string to_lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string placeholder_problem(const std::string& text) { return template_problem(text); }
constexpr lab::TextRules kTemplate{.problem = placeholder_problem};
constexpr lab::TextRules kTemplateOrNull{.problem = placeholder_problem, .null_is_empty = true};

class StatusType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    auto& error = *static_cast<ErrorTemplate*>(member);
    error.status_of_upstream = value.json() == "upstream";
    if (error.status_of_upstream) return;
    if (value.json().is_string()) {
      value.problem("write a status from 200 to 599, or \"upstream\" for the upstream's own");
      return;
    }
    error.status = static_cast<unsigned>(
        value.as_integer(ErrorTemplate::kStatusMin, ErrorTemplate::kStatusMax, error.status));
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    const auto& error = *static_cast<const ErrorTemplate*>(member);
    return error.status_of_upstream ? lab::Json("upstream") : lab::Json(error.status);
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    return lab::Json{{"anyOf",
                      {{{"type", "integer"},
                        {"minimum", ErrorTemplate::kStatusMin},
                        {"maximum", ErrorTemplate::kStatusMax}},
                       {{"const", "upstream"}}}}};
  }
};

std::string header_template_problem(std::string_view name, std::string_view text) {
  std::string problem = template_problem(std::string(text));
  return problem.empty() ? header_problem(name, text) : problem;
}

// Header fields, whose names become lower case.
class HeaderTemplatesType : public lab::TextMapType {
 public:
  HeaderTemplatesType() : TextMapType(of<HeaderFields>({.problem = header_template_problem})) {}
  void read(const lab::JsonValue& value, void* member) const override {
    TextMapType::read(value, member);
    for (auto& [name, text] : *static_cast<HeaderFields*>(member)) name = to_lower(name);
  }
};

std::string allowed_envelopes() {
  std::string allowed;
  for (const std::string_view name : envelope_names()) allowed += " " + std::string(name) + ",";
  return allowed + " or an object that is the body";
}

class EnvelopeType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    auto& envelope = *static_cast<Envelope*>(member);
    if (value.json().is_object()) {
      std::string problem = template_problem(value.json());
      if (!problem.empty()) value.problem(std::move(problem));
      envelope = {"custom", Envelope::Kind::json, value.json()};
      return;
    }
    const std::string name = value.as_string(envelope.name);
    auto named = named_envelope(name);
    if (named) envelope = std::move(*named);
    if (!named) {
      value.problem("unknown envelope \"" + name + "\"; use one of" + allowed_envelopes());
    }
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    const auto& envelope = *static_cast<const Envelope*>(member);
    return envelope.name == "custom" ? *envelope.body : lab::Json(envelope.name);
  }
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer,
                                 const void* /*member*/) const override {
    return printer.named("envelope", [] {
      return lab::Json{
          {"description",
           "The shape of an error body: a named one, or the body itself with {placeholders}. A "
           "member \"name?\" is left out when its placeholder has no value."},
          {"anyOf", {{{"enum", envelope_names()}}, {{"type", "object"}}}}};
    });
  }
};

// At the top of `errors`: of all conditions, over which their own then go.
class EnvelopeOfAllType : public EnvelopeType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    auto& errors = *static_cast<ErrorTemplates*>(member);
    Envelope envelope = errors.front().envelope;
    EnvelopeType::read(value, &envelope);
    for (ErrorTemplate& error : errors) error.envelope = envelope;
  }
  [[nodiscard]] bool is_set(const void* /*member*/) const override { return false; }
};

/// The errors of a profile, wherever they are.
struct ErrorsForm {
  static constexpr std::string_view kSchemaName = "errors";
  ErrorTemplates* errors;
};
void fields(lab::Fields& f, ErrorsForm& c) {
  f("envelope", *c.errors, EnvelopeOfAllType(), "For every condition without one of its own.");
  for (const auto& [name, condition] : kErrorConditions) {
    const auto i = static_cast<std::size_t>(condition);
    f(name, (*c.errors)[i], kConditionSays[i]);
  }
}

ErrorsForm form_of(const void* errors) {
  // A table takes what may be changed; those that only look do not.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return {const_cast<ErrorTemplates*>(static_cast<const ErrorTemplates*>(errors))};
}

class TemplateBodyType : public lab::AnyType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    std::string problem = template_problem(value.json());
    if (!problem.empty()) value.problem(std::move(problem));
    AnyType::read(value, member);
  }
};

// An empty name takes away that of the profile that is extended.
std::string preset_problem(const std::string& name) {
  if (name.empty() || circuit_breaker_preset(name)) return {};
  std::string known;
  for (const std::string_view preset : circuit_breaker_preset_names()) {
    known += " " + std::string(preset);
  }
  return "no preset \"" + name + "\"; there are" + known;
}

class PresetNameType : public lab::TextType {
 public:
  PresetNameType() : TextType({.problem = preset_problem}) {}
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    lab::Json names = circuit_breaker_preset_names();
    names.push_back("");
    return lab::Json{{"enum", std::move(names)}};
  }
};

// What a profile extends is read before everything else.
class ExtendsType : public lab::TextType {
 public:
  void read(const lab::JsonValue& value, void* /*member*/) const override {
    (void)value.as_string();
  }
  [[nodiscard]] bool is_set(const void* /*member*/) const override { return false; }
};

}  // namespace

void ErrorsType::read(const lab::JsonValue& value, void* member) const {
  ErrorsForm form = form_of(member);
  lab::read_fields(value, form);
}
lab::Json ErrorsType::write(const void* member) const { return lab::write_fields(form_of(member)); }
lab::Json ErrorsType::schema(lab::SchemaPrinter& printer, const void* member) const {
  const ErrorsForm form = form_of(member);
  return lab::StructType::of<ErrorsForm>().schema(printer, &form);
}
std::optional<lab::Json> ErrorsType::write_change(const void* member, const void* base) const {
  const ErrorsForm form = form_of(member);
  const ErrorsForm over = form_of(base);
  return lab::StructType::of<ErrorsForm>().write_change(&form, &over);
}

std::string missing_errors_problem(const lab::Json& errors) {
  std::string missing;
  for (const auto& [name, condition] : kErrorConditions) {
    if (!errors.is_object() || !errors.contains(name)) missing += " " + std::string(name);
  }
  if (missing.empty()) return {};
  return "errors lacks" + missing +
         "; a profile gives every condition or extends one, as in \"extends\": \"openai\"";
}

std::string missing_envelope_problem() {
  return "errors.envelope is missing; use one of" + allowed_envelopes();
}

void fields(lab::Fields& f, ErrorTemplate& c) {
  f("status", c, StatusType(), "200 to 599, or \"upstream\" for the upstream's own.");
  f("type", c.type, kTemplateOrNull, "May hold {placeholders}.");
  f.or_null("code", c.code, "May hold {placeholders}. null: null in the body.", kTemplate);
  f.or_null("param", c.param, "May hold {placeholders}. null: null in the body.", kTemplate);
  f("message", c.message, kTemplate, "May hold {placeholders}.");
  f("headers", c.headers, HeaderTemplatesType(),
    lab::Says("By name, sent with it. May hold {placeholders}.")
        .such_as(R"({"retry-after":"{retry_after_seconds}"})"));
  f("envelope", c.envelope, EnvelopeType(), "The shape of the body.");
}

void fields(lab::Fields& f, StreamingBehaviour& c) {
  f("commit_headers", c.commit_headers, kCommitHeaders,
    "When the headers of a stream are sent: before the upstream has answered, or with the first "
    "token.");
  f("pre_token_error", c.pre_token_error, kPreTokenErrors,
    "A failure before the first token: 200 and an error event, or the condition's own status.");
  f("mid_stream_error", c.mid_stream_error, kMidStreamErrors, "A failure after it.");
  f("error_event", c.error_event, "The name of error events; empty for none.");
  f("done_after_error", c.done_after_error, "[DONE] follows an error event.");
  f("role_chunk", c.role_chunk, "A first chunk with the role and no content.");
  f("finish_reason_null", c.finish_reason_null, kNullOrOmit,
    "finish_reason before the last chunk.");
  f("usage", c.usage, kUsages,
    "When a stream tells its usage; stream_options: when the request asks.");
  f("keepalive", c.keepalive, "Between comments while nothing is sent; \"0s\" for none.");
  f("keepalive_comment", c.keepalive_comment, "What follows the colon of such a comment.");
  f("trailer_event", c.trailer_event, "The name of an event after [DONE]; empty for none.");
  f("obfuscation", c.obfuscation,
    "Chunks have random padding, unless stream_options.include_obfuscation is false.");
  f("tool_call_start", c.tool_call_with_role, kToolCallStarts,
    "Whether a call's id and name come in one chunk with the role.");
}

void fields(lab::Fields& f, RequiredHeader& c) {
  f.require("name", c.name, "Of the header.");
  f("format", c.format, kHeaderFormats, "What its value must be.");
  f("message", c.detail, lab::Says("Of the refusal.").by_default("that the header is missing"));
}
void check(const lab::JsonValue& section, RequiredHeader& c) {
  c.name = to_lower(c.name);
  lab::JsonObject object(section);
  if (!object.find("message")) c.detail = "Missing header " + c.name;
}

void fields(lab::Fields& f, Profile& c) {
  f.at_least_one({"extends", "errors"});
  f.ignored({"$schema", "Names this schema, for editors."});
  f("extends", c, ExtendsType(),
    lab::Says("A built-in profile, or the path of a file from here; what is left out is as there. "
              "Without it, every condition is given.")
        .such_as(R"("openai")"));
  f("name", c.name, lab::Says("In messages.").by_default("the file's"));
  f("errors", c.errors, ErrorsType(), "The answer for each condition.");
  f("streaming", c.streaming, "How streams look.");
  f("headers", c.identity_headers, HeaderTemplatesType(),
    lab::Says("On every answer. May hold {placeholders}.")
        .such_as(R"({"x-request-id":"{request_id}"})"));
  f("rate_limit_headers", c.rate_limit_headers, "How the rate limits are told.");
  f("required_header", c.required_header,
    "Without it, POST /v1/chat/completions is a validation failure.");
  f("requests", c.requests, "Which chat requests are refused with 400 that could be read.");
  f("short_paths", c.has_short_paths,
    "Chats and models are also at /chat/completions, /models and /models/{id}.");
  f("key_header", c.key_header,
    lab::Says("A header of its own that a key is taken from before all others; empty for none.")
        .such_as(R"("x-litellm-api-key")"));
  f.or_null("cors", c.cors,
            "What pages of other origins are told (never at the operator's routes); null for "
            "nothing.");
  f("message_annotations", c.message_annotations, "A buffered message says \"annotations\": [].");
  f("success_envelope", c.success_envelope, TemplateBodyType(),
    lab::Says("A body that wraps each successful completion, with {placeholders}; null for none.")
        .such_as(R"({"result":"{completion:json}"})"));
  f("health", c.health, kHealthStyles, "What GET /health answers.");
  f("max_body_bytes", c.max_body_bytes, lab::between(1, kBodyBytesMax),
    lab::Says("The default of the gateway file's limits.max_body_bytes.").such_as("2097152"));
  f("circuit_breaker_preset", c.circuit_breaker_preset, PresetNameType(),
    "The breaker of this gateway; empty for none.");
}

}  // namespace mockgw
