// Walks every condition of every profile: the promises of gateway-compatible answers, in one table.
#include <gtest/gtest.h>

#include <algorithm>

#include "mockgw/profiles/profile.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// The members of bodies, in order; members of objects in parentheses.
constexpr const char* kOpenAi = "error(message,type,param,code)";
constexpr const char* kRefgw = "error(message,type)";
constexpr const char* kRefgwRate = "error(type,message,retry_after_seconds)";
constexpr const char* kExecution =
    "execution_id,repo_span(span_id,parent_span_id,span_type,status,name,start_time,end_time,"
    "failure_reason),agent_spans,result,success";
constexpr const char* kBifrost =
    "type,is_bifrost_error,status_code,error(type,message),extra_fields()";
constexpr const char* kBifrostUpstream =
    "is_bifrost_error,status_code,error(type,message),extra_fields(provider)";
constexpr const char* kBifrostUpstreamCode =
    "is_bifrost_error,status_code,error(type,code,message),extra_fields(provider)";
constexpr const char* kBifrostStream =
    "error(is_bifrost_error,status_code,error(type,message),extra_fields())";
constexpr const char* kEnvoy = "type,error(type,code,message)";
constexpr const char* kKong = "message,request_id";
constexpr const char* kKongAi = "error(message)";
constexpr const char* kPortkey = "status,message";
constexpr const char* kPortkeyNotFound = "message,ok";
constexpr const char* kDetail = "detail";
constexpr const char* kText = "text";
constexpr const char* kEmpty = "";

struct ConditionRow {
  const char* profile;
  Condition condition;
  unsigned status;
  const char* shape;
  const char* type;  // Of the error object; "" when null or absent.
  const char* code;  // The same.
};

constexpr ConditionRow kRows[] = {
    {"openai", Condition::invalid_json, 400, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::validation, 400, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::auth_missing, 401, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::auth_invalid, 401, kOpenAi, "invalid_request_error", "invalid_api_key"},
    {"openai", Condition::forbidden, 403, kOpenAi, "invalid_request_error", "model_not_found"},
    {"openai", Condition::model_not_found, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"openai", Condition::model_not_listed, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"openai", Condition::rate_limited_requests, 429, kOpenAi, "requests", "rate_limit_exceeded"},
    {"openai", Condition::rate_limited_tokens, 429, kOpenAi, "tokens", "rate_limit_exceeded"},
    {"openai", Condition::rate_limited_too_large, 429, kOpenAi, "tokens", "rate_limit_exceeded"},
    {"openai", Condition::concurrency_limited, 429, kOpenAi, "rate_limit_error", "slow_down"},
    {"openai", Condition::queue_full, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"openai", Condition::queue_timeout, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"openai", Condition::circuit_open, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"openai", Condition::no_backend, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"openai", Condition::upstream_timeout, 504, kOpenAi, "server_error", ""},
    {"openai", Condition::upstream_connect, 502, kOpenAi, "server_error", ""},
    {"openai", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::upstream_5xx, 500, kOpenAi, "server_error", ""},
    {"openai", Condition::upstream_overloaded, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"openai", Condition::upstream_429, 429, kOpenAi, "requests", "rate_limit_exceeded"},
    {"openai", Condition::body_too_large, 413, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::method_not_allowed, 405, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::not_found, 404, kOpenAi, "invalid_request_error", ""},
    {"openai", Condition::budget_exceeded, 429, kOpenAi, "insufficient_quota",
     "insufficient_quota"},
    {"openai", Condition::stream_error, 500, kOpenAi, "server_error", ""},
    {"refgw", Condition::invalid_json, 400, kRefgw, "invalid_request_error", ""},
    {"refgw", Condition::validation, 400, kRefgw, "invalid_request_error", ""},
    {"refgw", Condition::auth_missing, 401, kRefgw, "authentication_required", ""},
    {"refgw", Condition::auth_invalid, 401, kRefgw, "invalid_api_key", ""},
    {"refgw", Condition::forbidden, 403, kRefgw, "insufficient_scope", ""},
    {"refgw", Condition::model_not_found, 503, kRefgw, "server_error", ""},
    {"refgw", Condition::model_not_listed, 404, kRefgw, "not_found_error", ""},
    {"refgw", Condition::rate_limited_requests, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw", Condition::rate_limited_tokens, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw", Condition::rate_limited_too_large, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw", Condition::concurrency_limited, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::queue_full, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::queue_timeout, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::circuit_open, 503, kRefgw, "server_error", ""},
    {"refgw", Condition::no_backend, 503, kRefgw, "server_error", ""},
    {"refgw", Condition::upstream_timeout, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::upstream_connect, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::upstream_4xx, 500, kRefgw, "server_error", ""},
    {"refgw", Condition::upstream_5xx, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::upstream_overloaded, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::upstream_429, 502, kRefgw, "upstream_error", ""},
    {"refgw", Condition::body_too_large, 400, kRefgw, "invalid_request_error", ""},
    {"refgw", Condition::method_not_allowed, 405, kEmpty, "", ""},
    {"refgw", Condition::not_found, 404, kEmpty, "", ""},
    {"refgw", Condition::budget_exceeded, 429, kRefgw, "rate_limit_exceeded", ""},
    {"refgw", Condition::stream_error, 502, kRefgw, "stream_error", ""},
    {"refgw-head", Condition::invalid_json, 400, kRefgw, "invalid_request_error", ""},
    {"refgw-head", Condition::validation, 400, kRefgw, "invalid_request_error", ""},
    {"refgw-head", Condition::auth_missing, 401, kRefgw, "authentication_required", ""},
    {"refgw-head", Condition::auth_invalid, 401, kRefgw, "invalid_api_key", ""},
    {"refgw-head", Condition::forbidden, 403, kRefgw, "insufficient_scope", ""},
    {"refgw-head", Condition::model_not_found, 200, kExecution, "", ""},
    {"refgw-head", Condition::model_not_listed, 404, kRefgw, "not_found_error", ""},
    {"refgw-head", Condition::rate_limited_requests, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw-head", Condition::rate_limited_tokens, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw-head", Condition::rate_limited_too_large, 429, kRefgwRate, "rate_limit_exceeded", ""},
    {"refgw-head", Condition::concurrency_limited, 200, kExecution, "", ""},
    {"refgw-head", Condition::queue_full, 200, kExecution, "", ""},
    {"refgw-head", Condition::queue_timeout, 200, kExecution, "", ""},
    {"refgw-head", Condition::circuit_open, 200, kExecution, "", ""},
    {"refgw-head", Condition::no_backend, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_timeout, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_connect, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_4xx, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_5xx, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_overloaded, 200, kExecution, "", ""},
    {"refgw-head", Condition::upstream_429, 200, kExecution, "", ""},
    {"refgw-head", Condition::body_too_large, 400, kRefgw, "invalid_request_error", ""},
    {"refgw-head", Condition::method_not_allowed, 405, kEmpty, "", ""},
    {"refgw-head", Condition::not_found, 404, kEmpty, "", ""},
    {"refgw-head", Condition::budget_exceeded, 429, kRefgw, "rate_limit_exceeded", ""},
    {"refgw-head", Condition::stream_error, 502, kRefgw, "stream_error", ""},
    {"refgw-documented", Condition::invalid_json, 400, kRefgw, "invalid_request_error", ""},
    {"refgw-documented", Condition::validation, 400, kRefgw, "invalid_request_error", ""},
    {"refgw-documented", Condition::auth_missing, 401, kRefgw, "authentication_error", ""},
    {"refgw-documented", Condition::auth_invalid, 401, kRefgw, "authentication_error", ""},
    {"refgw-documented", Condition::forbidden, 403, kRefgw, "permission_error", ""},
    {"refgw-documented", Condition::model_not_found, 404, kRefgw, "not_found_error", ""},
    {"refgw-documented", Condition::model_not_listed, 404, kRefgw, "not_found_error", ""},
    {"refgw-documented", Condition::rate_limited_requests, 429, kRefgw, "rate_limit_error", ""},
    {"refgw-documented", Condition::rate_limited_tokens, 429, kRefgw, "rate_limit_error", ""},
    {"refgw-documented", Condition::rate_limited_too_large, 429, kRefgw, "rate_limit_error", ""},
    {"refgw-documented", Condition::concurrency_limited, 503, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::queue_full, 503, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::queue_timeout, 503, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::circuit_open, 503, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::no_backend, 503, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::upstream_timeout, 504, kRefgw, "timeout_error", ""},
    {"refgw-documented", Condition::upstream_connect, 502, kRefgw, "upstream_error", ""},
    {"refgw-documented", Condition::upstream_4xx, 500, kRefgw, "server_error", ""},
    {"refgw-documented", Condition::upstream_5xx, 502, kRefgw, "upstream_error", ""},
    {"refgw-documented", Condition::upstream_overloaded, 502, kRefgw, "upstream_error", ""},
    {"refgw-documented", Condition::upstream_429, 429, kRefgw, "rate_limit_error", ""},
    {"refgw-documented", Condition::body_too_large, 413, kRefgw, "invalid_request_error", ""},
    {"refgw-documented", Condition::method_not_allowed, 405, kEmpty, "", ""},
    {"refgw-documented", Condition::not_found, 404, kEmpty, "", ""},
    {"refgw-documented", Condition::budget_exceeded, 429, kRefgw, "rate_limit_error", ""},
    {"refgw-documented", Condition::stream_error, 502, kRefgw, "stream_error", ""},
    {"litellm", Condition::invalid_json, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::validation, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::auth_missing, 401, kOpenAi, "auth_error", "401"},
    {"litellm", Condition::auth_invalid, 401, kOpenAi, "token_not_found_in_db", "401"},
    {"litellm", Condition::forbidden, 403, kOpenAi, "key_model_access_denied", "403"},
    {"litellm", Condition::model_not_found, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::model_not_listed, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::rate_limited_requests, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::rate_limited_tokens, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::rate_limited_too_large, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::concurrency_limited, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::queue_full, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::queue_timeout, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::circuit_open, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::no_backend, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::upstream_timeout, 408, kOpenAi, "timeout_error", "408"},
    {"litellm", Condition::upstream_connect, 500, kOpenAi, "internal_server_error", "500"},
    {"litellm", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", "400"},
    {"litellm", Condition::upstream_5xx, 500, kOpenAi, "internal_server_error", "500"},
    {"litellm", Condition::upstream_overloaded, 503, kOpenAi, "internal_server_error", "503"},
    {"litellm", Condition::upstream_429, 429, kOpenAi, "throttling_error", "429"},
    {"litellm", Condition::body_too_large, 413, kOpenAi, "invalid_request_error", "413"},
    {"litellm", Condition::method_not_allowed, 405, kDetail, "", ""},
    {"litellm", Condition::not_found, 404, kDetail, "", ""},
    {"litellm", Condition::budget_exceeded, 429, kOpenAi, "budget_exceeded", "429"},
    {"litellm", Condition::stream_error, 500, kOpenAi, "internal_server_error", "500"},
    {"portkey", Condition::invalid_json, 400, kPortkey, "", ""},
    {"portkey", Condition::validation, 400, kOpenAi, "invalid_request_error", ""},
    {"portkey", Condition::auth_missing, 401, kOpenAi, "invalid_request_error", ""},
    {"portkey", Condition::auth_invalid, 401, kOpenAi, "invalid_request_error", "invalid_api_key"},
    {"portkey", Condition::forbidden, 403, kOpenAi, "invalid_request_error", "model_not_found"},
    {"portkey", Condition::model_not_found, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"portkey", Condition::model_not_listed, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"portkey", Condition::rate_limited_requests, 429, kPortkey, "", ""},
    {"portkey", Condition::rate_limited_tokens, 429, kPortkey, "", ""},
    {"portkey", Condition::rate_limited_too_large, 429, kPortkey, "", ""},
    {"portkey", Condition::concurrency_limited, 429, kPortkey, "", ""},
    {"portkey", Condition::queue_full, 503, kPortkey, "", ""},
    {"portkey", Condition::queue_timeout, 503, kPortkey, "", ""},
    {"portkey", Condition::circuit_open, 503, kPortkey, "", ""},
    {"portkey", Condition::no_backend, 503, kPortkey, "", ""},
    {"portkey", Condition::upstream_timeout, 408, kOpenAi, "timeout_error", ""},
    {"portkey", Condition::upstream_connect, 503, kPortkey, "", ""},
    {"portkey", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", ""},
    {"portkey", Condition::upstream_5xx, 500, kOpenAi, "server_error", ""},
    {"portkey", Condition::upstream_overloaded, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"portkey", Condition::upstream_429, 429, kOpenAi, "requests", "rate_limit_exceeded"},
    {"portkey", Condition::body_too_large, 413, kPortkey, "", ""},
    {"portkey", Condition::method_not_allowed, 404, kPortkeyNotFound, "", ""},
    {"portkey", Condition::not_found, 404, kPortkeyNotFound, "", ""},
    {"portkey", Condition::budget_exceeded, 412, kPortkey, "", ""},
    {"portkey", Condition::stream_error, 500, kOpenAi, "server_error", ""},
    {"bifrost", Condition::invalid_json, 400, kBifrost, "invalid_request", ""},
    {"bifrost", Condition::validation, 400, kBifrost, "invalid_request", ""},
    {"bifrost", Condition::auth_missing, 401, kBifrost, "virtual_key_required", ""},
    {"bifrost", Condition::auth_invalid, 403, kBifrost, "virtual_key_not_found", ""},
    {"bifrost", Condition::forbidden, 403, kBifrost, "virtual_key_blocked", ""},
    {"bifrost", Condition::model_not_found, 403, kBifrost, "model_blocked", ""},
    {"bifrost", Condition::model_not_listed, 403, kBifrost, "model_blocked", ""},
    {"bifrost", Condition::rate_limited_requests, 429, kBifrost, "request_limited", ""},
    {"bifrost", Condition::rate_limited_tokens, 429, kBifrost, "token_limited", ""},
    {"bifrost", Condition::rate_limited_too_large, 429, kBifrost, "rate_limited", ""},
    {"bifrost", Condition::concurrency_limited, 503, kBifrost, "request_dropped", ""},
    {"bifrost", Condition::queue_full, 503, kBifrost, "request_dropped", ""},
    {"bifrost", Condition::queue_timeout, 504, kBifrost, "request_timed_out", ""},
    {"bifrost", Condition::circuit_open, 502, kBifrost, "upstream_credentials_exhausted", ""},
    {"bifrost", Condition::no_backend, 502, kBifrost, "upstream_credentials_exhausted", ""},
    {"bifrost", Condition::upstream_timeout, 504, kBifrost, "request_timed_out", ""},
    {"bifrost", Condition::upstream_connect, 502, kBifrost, "upstream_connect", ""},
    {"bifrost", Condition::upstream_4xx, 400, kBifrostUpstream, "invalid_request_error", ""},
    {"bifrost", Condition::upstream_5xx, 500, kBifrostUpstream, "server_error", ""},
    {"bifrost", Condition::upstream_overloaded, 503, kBifrostUpstreamCode,
     "service_unavailable_error", "server_is_overloaded"},
    {"bifrost", Condition::upstream_429, 429, kBifrostUpstreamCode, "requests",
     "rate_limit_exceeded"},
    {"bifrost", Condition::body_too_large, 413, kBifrost, "invalid_request", ""},
    {"bifrost", Condition::method_not_allowed, 405, kBifrost, "invalid_request_error", ""},
    {"bifrost", Condition::not_found, 404, kBifrost, "invalid_request_error", ""},
    {"bifrost", Condition::budget_exceeded, 402, kBifrost, "budget_exceeded", ""},
    {"bifrost", Condition::stream_error, 500, kBifrostStream, "stream_error", ""},
    {"envoy", Condition::invalid_json, 400, kEnvoy, "BadRequest", "400"},
    {"envoy", Condition::validation, 422, kEnvoy, "UnprocessableEntity", "422"},
    {"envoy", Condition::auth_missing, 401, kText, "", ""},
    {"envoy", Condition::auth_invalid, 401, kText, "", ""},
    {"envoy", Condition::forbidden, 403, kText, "", ""},
    {"envoy", Condition::model_not_found, 404, kText, "", ""},
    {"envoy", Condition::model_not_listed, 404, kText, "", ""},
    {"envoy", Condition::rate_limited_requests, 429, kEmpty, "", ""},
    {"envoy", Condition::rate_limited_tokens, 429, kEmpty, "", ""},
    {"envoy", Condition::rate_limited_too_large, 429, kEmpty, "", ""},
    {"envoy", Condition::concurrency_limited, 503, kText, "", ""},
    {"envoy", Condition::queue_full, 503, kText, "", ""},
    {"envoy", Condition::queue_timeout, 504, kText, "", ""},
    {"envoy", Condition::circuit_open, 503, kText, "", ""},
    {"envoy", Condition::no_backend, 503, kText, "", ""},
    {"envoy", Condition::upstream_timeout, 504, kText, "", ""},
    {"envoy", Condition::upstream_connect, 503, kText, "", ""},
    {"envoy", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", ""},
    {"envoy", Condition::upstream_5xx, 500, kOpenAi, "server_error", ""},
    {"envoy", Condition::upstream_overloaded, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"envoy", Condition::upstream_429, 429, kOpenAi, "requests", "rate_limit_exceeded"},
    {"envoy", Condition::body_too_large, 413, kText, "", ""},
    {"envoy", Condition::method_not_allowed, 404, kEmpty, "", ""},
    {"envoy", Condition::not_found, 404, kEmpty, "", ""},
    {"envoy", Condition::budget_exceeded, 429, kEmpty, "", ""},
    {"envoy", Condition::stream_error, 500, kOpenAi, "server_error", ""},
    {"kong", Condition::invalid_json, 400, kKongAi, "", ""},
    {"kong", Condition::validation, 400, kKongAi, "", ""},
    {"kong", Condition::auth_missing, 401, kKong, "", ""},
    {"kong", Condition::auth_invalid, 401, kKong, "", ""},
    {"kong", Condition::forbidden, 403, kKong, "", ""},
    {"kong", Condition::model_not_found, 400, kKongAi, "", ""},
    {"kong", Condition::model_not_listed, 400, kKongAi, "", ""},
    {"kong", Condition::rate_limited_requests, 429, kKong, "", ""},
    {"kong", Condition::rate_limited_tokens, 429, kKong, "", ""},
    {"kong", Condition::rate_limited_too_large, 429, kKong, "", ""},
    {"kong", Condition::concurrency_limited, 503, kKong, "", ""},
    {"kong", Condition::queue_full, 503, kKong, "", ""},
    {"kong", Condition::queue_timeout, 504, kKong, "", ""},
    {"kong", Condition::circuit_open, 503, kKong, "", ""},
    {"kong", Condition::no_backend, 503, kKong, "", ""},
    {"kong", Condition::upstream_timeout, 504, kKong, "", ""},
    {"kong", Condition::upstream_connect, 502, kKong, "", ""},
    {"kong", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", ""},
    {"kong", Condition::upstream_5xx, 500, kOpenAi, "server_error", ""},
    {"kong", Condition::upstream_overloaded, 503, kOpenAi, "service_unavailable_error",
     "server_is_overloaded"},
    {"kong", Condition::upstream_429, 429, kOpenAi, "requests", "rate_limit_exceeded"},
    {"kong", Condition::body_too_large, 413, kKong, "", ""},
    {"kong", Condition::method_not_allowed, 404, kKong, "", ""},
    {"kong", Condition::not_found, 404, kKong, "", ""},
    {"kong", Condition::budget_exceeded, 429, kKong, "", ""},
    {"kong", Condition::stream_error, 502, kKong, "", ""},
    {"helicone", Condition::invalid_json, 400, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::validation, 400, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::auth_missing, 401, kOpenAi, "invalid_request_error", "invalid_api_key"},
    {"helicone", Condition::auth_invalid, 401, kOpenAi, "invalid_request_error", "invalid_api_key"},
    {"helicone", Condition::forbidden, 403, kOpenAi, "invalid_request_error", "model_not_found"},
    {"helicone", Condition::model_not_found, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"helicone", Condition::model_not_listed, 404, kOpenAi, "invalid_request_error",
     "model_not_found"},
    {"helicone", Condition::rate_limited_requests, 429, kOpenAi, "rate_limit_exceeded", ""},
    {"helicone", Condition::rate_limited_tokens, 429, kOpenAi, "rate_limit_exceeded", ""},
    {"helicone", Condition::rate_limited_too_large, 429, kOpenAi, "rate_limit_exceeded", ""},
    {"helicone", Condition::concurrency_limited, 429, kOpenAi, "rate_limit_exceeded", ""},
    {"helicone", Condition::queue_full, 503, kOpenAi, "server_error", ""},
    {"helicone", Condition::queue_timeout, 503, kOpenAi, "server_error", ""},
    {"helicone", Condition::circuit_open, 503, kOpenAi, "server_error", ""},
    {"helicone", Condition::no_backend, 503, kOpenAi, "server_error", ""},
    {"helicone", Condition::upstream_timeout, 500, kOpenAi, "server_error", ""},
    {"helicone", Condition::upstream_connect, 500, kOpenAi, "server_error", ""},
    {"helicone", Condition::upstream_4xx, 400, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::upstream_5xx, 500, kOpenAi, "server_error", ""},
    {"helicone", Condition::upstream_overloaded, 500, kOpenAi, "server_error", ""},
    {"helicone", Condition::upstream_429, 429, kOpenAi, "rate_limit_exceeded", ""},
    {"helicone", Condition::body_too_large, 413, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::method_not_allowed, 405, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::not_found, 404, kOpenAi, "invalid_request_error", ""},
    {"helicone", Condition::budget_exceeded, 429, kOpenAi, "insufficient_quota",
     "insufficient_quota"},
    {"helicone", Condition::stream_error, 500, kOpenAi, "server_error", ""},
};

std::string shape_of(const lab::Json& body) {
  std::string shape;
  for (const auto& [key, value] : body.items()) {
    if (!shape.empty()) shape += ',';
    shape += key;
    if (value.is_object()) shape += "(" + shape_of(value) + ")";
  }
  return shape;
}

// The object that holds type, code and message; Bifrost's stream errors hold one in another.
const lab::Json& error_object(const lab::Json& body) {
  if (!body.contains("error")) return body;
  const lab::Json& error = body["error"];
  return error.contains("error") ? error["error"] : error;
}

std::string text_or_empty(const lab::Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string content_type_of(std::string_view shape) {
  if (shape == kEmpty) return "";
  return shape == kText ? "text/plain" : "application/json";
}

PlaceholderValues values_of(std::string_view limit_kind) {
  PlaceholderValues values;
  values.set(Placeholder::limit_kind, std::string(limit_kind));
  values.set(Placeholder::retry_after_seconds, "4");
  return values;
}

void expect_row(const Profile& profile, const ConditionRow& row) {
  SCOPED_TRACE(std::string(row.profile) + " " + std::string(to_string(row.condition)));
  const RenderedError error = render_error(profile, row.condition, values_of("tokens"));
  EXPECT_EQ(error.status, row.status);
  EXPECT_EQ(error.content_type, content_type_of(row.shape));
  if (error.content_type != "application/json") {
    EXPECT_EQ(error.body.empty(), row.shape == std::string_view(kEmpty));
    return;
  }
  const auto body = lab::Json::parse(error.body);
  EXPECT_EQ(shape_of(body), row.shape);
  EXPECT_EQ(text_or_empty(error_object(body), "type"), row.type);
  EXPECT_EQ(text_or_empty(error_object(body), "code"), row.code);
}

TEST(ProfileConditions, EveryOneAnswersAsItsGatewayDoes) {
  for (const ConditionRow& row : kRows) expect_row(load_profile(row.profile).value(), row);
}

TEST(ProfileConditions, NoneIsLeftOutOfTheTable) {
  for (const std::string_view profile : profile_names()) {
    for (const auto& [name, condition] : kConditions) {
      const auto is_row = [&](const ConditionRow& row) {
        return row.profile == profile && row.condition == condition;
      };
      EXPECT_EQ(std::ranges::count_if(kRows, is_row), 1) << profile << " " << name;
    }
  }
}

}  // namespace
}  // namespace mockgw
