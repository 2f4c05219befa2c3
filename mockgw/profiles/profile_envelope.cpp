#include "mockgw/profiles/profile_envelope.h"

#include <array>
#include <string>

#include "shared/base/json.h"

namespace mockgw {
namespace {

struct Named {
  std::string_view name;
  Envelope::Kind kind;
  std::string_view body;
};

constexpr std::array<Named, 9> kEnvelopes{{
    {"openai", Envelope::Kind::json,
     R"({"error":{"message":"{message}","type":"{type}","param":"{param}","code":"{code}"}})"},
    // Fields that are None are skipped when the reference gateway serialises.
    {"refgw", Envelope::Kind::json,
     R"({"error":{"message":"{message}","type":"{type}","param?":"{param}","code?":"{code}"}})"},
    {"bifrost", Envelope::Kind::json,
     R"({"type?":"{type}","is_bifrost_error":true,"status_code":"{status:number}",)"
     R"("error":{"type?":"{type}","code?":"{code}","message":"{message}","param?":"{param}"},)"
     R"("extra_fields":{}})"},
    {"envoy", Envelope::Kind::json,
     R"({"type":"error","error":{"type":"{type}","code":"{status}","message":"{message}"}})"},
    {"kong", Envelope::Kind::json, R"({"message":"{message}","request_id":"{request_id}"})"},
    {"portkey", Envelope::Kind::json, R"({"status":"failure","message":"{message}"})"},
    {"execution_output", Envelope::Kind::json,
     R"({"execution_id":"{execution_id}","repo_span":{"span_id":"{span_id}",)"
     R"("parent_span_id":"{parent_span_id}","span_type":"repo","status":"failed",)"
     R"("name":"llm-inference-gateway","start_time":"{started_at}","end_time":"{ended_at}",)"
     R"("failure_reason":"{message}"},"agent_spans":[],"result":null,"success":false})"},
    {"text", Envelope::Kind::text, ""},
    {"empty", Envelope::Kind::empty, ""},
}};

}  // namespace

std::optional<Envelope> named_envelope(std::string_view name) {
  for (const Named& named : kEnvelopes) {
    if (named.name != name) continue;
    Envelope envelope{std::string(name), named.kind, {}};
    if (named.kind == Envelope::Kind::json) envelope.body = lab::Json::parse(named.body);
    return envelope;
  }
  return std::nullopt;
}

std::vector<std::string_view> envelope_names() {
  std::vector<std::string_view> names;
  for (const Named& named : kEnvelopes) names.push_back(named.name);
  return names;
}

}  // namespace mockgw
