// The file form of fault rules.
#include <algorithm>
#include <array>
#include <span>

#include "mockgw/base/header_text.h"
#include "mockgw/base/named_list.h"
#include "mockgw/faults/fault_rules.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace mockgw {
namespace {

using Kind = FaultKind;

// In the order of FaultKind.
constexpr auto kKinds = std::to_array<lab::Kind>({
    {"status", "The upstream answers with another status than 200."},
    {"error", "A condition of the profile comes about, as if it had a cause."},
    {"latency", "The first token comes later."},
    {"slow_headers", "The head is held back; what was due meanwhile follows in a burst."},
    {"abort_before_headers", "The connection is reset instead of an answer."},
    {"reset_mid_stream",
     "The connection is reset in the middle of a stream, or of a buffered answer's body."},
    {"stream_error_event",
     "A stream fails as the profile's do; a buffered answer is its upstream_5xx."},
    {"truncate_no_done", "A stream ends cleanly, without finish chunk, usage and [DONE]."},
    {"stall", "A stream is silent for a while."},
    {"malformed_chunk", "An event that is not JSON; a buffered body is cut short."},
    {"duplicate_chunk", "A content chunk is sent twice."},
    {"empty_content", "An answer that says nothing."},
    {"missing_usage", "No usage where it was due."},
    {"missing_finish_reason", "No chunk with a finish_reason in a stream."},
    {"wrong_content_type", "The content type is another."},
    {"crlf_framing", "Events end in CR LF."},
    {"data_no_space", "\"data:{…}\", which the event-stream format allows."},
    {"split_utf8", "Writes end inside of characters."},
    {"keepalive_only",
     "Comments every second, then the end and no event; a buffered answer is empty, that much "
     "later."},
});
static_assert(kKinds.size() == static_cast<std::size_t>(Kind::keepalive_only) + 1);

// All but what comes after the head of a stream: for that there is the kind stream_error_event.
static_assert(kErrorConditions.back().second == ErrorCondition::stream_error);
constexpr auto kCausable = std::span(kErrorConditions).first(kErrorConditionCount - 1);

constexpr bool takes_delay(Kind kind) {
  return kind == Kind::latency || kind == Kind::slow_headers;
}
constexpr bool takes_duration(Kind kind) {
  return kind == Kind::stall || kind == Kind::keepalive_only;
}
constexpr bool takes_after_tokens(Kind kind) {
  return kind == Kind::reset_mid_stream || kind == Kind::stream_error_event ||
         kind == Kind::truncate_no_done || kind == Kind::stall || kind == Kind::malformed_chunk ||
         kind == Kind::duplicate_chunk;
}

constexpr bool takes_headers(Kind kind) { return kind == Kind::status || kind == Kind::error; }
constexpr bool takes_message(Kind kind) {
  return takes_headers(kind) || kind == Kind::stream_error_event;
}

// What has no meaning for an answer without tokens.
constexpr bool is_about_chat(Kind kind) {
  return takes_duration(kind) || (takes_after_tokens(kind) && kind != Kind::reset_mid_stream) ||
         kind == Kind::empty_content || kind == Kind::missing_usage ||
         kind == Kind::missing_finish_reason || kind == Kind::crlf_framing ||
         kind == Kind::data_no_space || kind == Kind::split_utf8;
}

constexpr std::string_view kChatPath = "/v1/chat/completions";

// RFC 9110, 15.3.5 and 15.4.5
constexpr bool may_have_body(unsigned status) { return status != 204 && status != 304; }

std::string header_text_problem(const std::string& text) { return header_value_problem(text); }
constexpr lab::TextRules kHeaderText{.problem = header_text_problem, .empty_is_unset = true};

std::string path_problem(const std::string& path) {
  if (path == "*" || path.starts_with('/')) return {};
  return "a path begins with \"/\", as \"/v1/models\"; \"/v1/*\" is every path below";
}

// A text as it is, anything else as JSON.
class BodyType : public lab::AnyType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    *static_cast<std::string*>(member) =
        value.json().is_string() ? value.as_string() : value.json().dump();
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return *static_cast<const std::string*>(member);
  }
};

// Whole seconds may be written as a number; any other value of the header (a date, nonsense) as a
// string.
class RetryAfterType : public lab::TextType {
 public:
  RetryAfterType() : TextType(kHeaderText) {}
  void read(const lab::JsonValue& value, void* member) const override {
    if (!value.json().is_number()) return TextType::read(value, member);
    *static_cast<std::string*>(member) = std::to_string(value.as_integer(0));
  }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    return lab::Json{{"anyOf", {{{"type", "integer"}, {"minimum", 0}}, {{"type", "string"}}}}};
  }
};

}  // namespace

void fields(lab::Fields& f, Fault& c) {
  f.kind("kind", c.kind, kKinds, "What goes wrong.");
  if (c.kind == Kind::status) {
    f.require("status", c.status, lab::between(200, 599), "Instead of the answer.");
    f("body", c.body, lab::OptionalOf<std::string, BodyType>({}, false),
      lab::Says("As it is sent; without it, the profile's error for such an upstream.")
          .such_as(R"({"oops":true})"));
  }
  if (c.kind == Kind::error) {
    f.require("condition", c.condition, kCausable,
              "What comes about, as if it had a cause; see errors.");
  }
  if (takes_headers(c.kind)) {
    f("retry_after", c.retry_after, RetryAfterType(), "The header's value.");
    f("headers", c.headers, lab::Says("Of the answer.").such_as(R"({"x-why":"maintenance"})"));
  }
  if (takes_message(c.kind)) {
    f("message", c.message, lab::TextRules{.empty_is_unset = true},
      "The upstream's words in the profile's error.");
  }
  if (takes_delay(c.kind)) f.require("delay", c.delay, lab::kDurations, "Added.");
  if (takes_duration(c.kind)) f("duration", c.duration, "How long.");
  if (takes_after_tokens(c.kind)) {
    f("after_tokens", c.after_tokens, lab::between(0, 1'000'000),
      "Content tokens before it happens.");
  }
  if (c.kind == Kind::wrong_content_type) {
    f("content_type", c.content_type, lab::TextRules{.problem = header_text_problem},
      "Instead of the right one.");
  }
}
void check(const lab::JsonValue& section, Fault& c) {
  lab::JsonObject object(section);
  const auto headers = object.find("headers");
  for (const auto& [name, text] : c.headers) {
    std::string problem = header_problem(name, text);
    if (headers && !problem.empty()) headers->problem(std::move(problem));
  }
  if (c.kind != Kind::status || may_have_body(c.status)) return;
  const auto body = object.find("body");
  if (body && c.body && !c.body->empty()) {
    body->problem("an answer with status " + std::to_string(c.status) + " has no body");
  }
  c.body.emplace();
}

void fields(lab::Fields& f, FaultMatch& c) {
  constexpr double kCountMax = 1'000'000'000;
  f("model", c.model, "Of the request.");
  f("path", c.path, lab::TextRules{.problem = path_problem, .pattern = "^(/.*|\\*)$"},
    lab::Says("Of the request; \"/v1/*\" is every path below, \"*\" any. Without it: chat "
              "completions only. On other routes a rule comes before everything else.")
        .such_as(R"("/v1/models")"));
  f("api_key", c.api_key, "Of the request.");
  f("stream", c.stream, "Asked for a stream.");
  f("header", c.headers, "Header fields and their values; an empty value asks for presence only.");
  f("percent", c.percent, lab::between(0, 100), "Of the requests that the above matches.");
  f("every_nth", c.every_nth, lab::between(1, kCountMax), "Of those, the nth, 2nth, ….");
  f("first_n", c.first_n, lab::between(0, kCountMax),
    "Of those, the first n only; 0 for no such bound.");
}

void fields(lab::Fields& f, FaultSchedule& c) {
  f("from", c.from, "After the gateway's start.");
  f("for", c.length, "How long; without it, for ever.");
  f("every", c.every, "Again and again; needs \"for\".");
  f("ramp", c.ramp, "So long from its start the percentage grows, from 0 to what match says.");
}
void check(const lab::JsonValue& section, FaultSchedule& c) {
  if (c.every && *c.every <= lab::Duration::zero()) {
    section.problem("\"every\" takes a duration above 0");
    c.every.reset();
  }
  if (c.every && !c.length) section.problem("\"every\" needs \"for\"");
}

namespace {

bool can_be_chat(const std::optional<std::string>& path) {
  if (!path || !path->ends_with('*')) return !path || *path == kChatPath;
  return kChatPath.starts_with(std::string_view(*path).substr(0, path->size() - 1));
}

}  // namespace

void fields(lab::Fields& f, FaultRule& c) {
  f("name", c.name, lab::Says("In metrics; unique.").by_default("fault-1 and so on"));
  f("match", c.match, "Which requests; everything given must hold.");
  f("active", c.active, "When, from the gateway's start on.");
  f.require("fault", c.fault, "What goes wrong.");
}
void check(const lab::JsonValue& section, FaultRule& c) {
  lab::JsonObject object(section);
  const auto fault = object.find("fault");
  if (fault && is_about_chat(c.fault.kind) && !can_be_chat(c.match.path)) {
    fault->problem("is about chat completions, and match.path is another path");
  }
}

const lab::ValueType& faults_type() {
  static const NamedListType<FaultRule> kType(
      "fault-", "another rule", {.max = 256, .too_many = "at most 256 rules are allowed"});
  return kType;
}

std::vector<FaultRule> read_faults(const lab::JsonValue& value) {
  std::vector<FaultRule> rules;
  faults_type().read(value, &rules);
  return rules;
}

lab::Json to_json(const std::vector<FaultRule>& rules) { return faults_type().write(&rules); }

}  // namespace mockgw
