// Puts what a step measured into the metrics, under the names that k6 and the suites know.
#pragma once

#include <string_view>

#include "loader/flow/flow_tags.h"
#include "loader/flow/gateway_client.h"
#include "loader/flow/llm_result.h"
#include "loader/flow/run_context.h"
#include "loader/http/http_client.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// The X-Request-ID that a request has; empty: none. Valid until its headers change.
[[nodiscard]] std::string_view request_id_of(const lab::HttpRequest& request);

/// One finished request: http_reqs, the seven trends and, if it `is_judged`, http_req_failed, all
/// at its end.
void add_http_samples(Metrics& metrics, const HttpOutcome& outcome, TagSetId tags,
                      bool is_judged = true);

/// The tags of a chat step's samples.
struct LlmTags {
  TagSetId answer;
  TagSetId failure;  ///< With the reason: llm_requests_error, llm_streaming_errors.
  TagSetId tokens;   ///< With the source: llm_tokens_generated, llm_total_tokens.
};

/// `answer` are those of the answer's own samples.
[[nodiscard]] LlmTags llm_tags(FlowTags& all, const LlmResult& result, TagSetId answer);

/// One chat step, after its retries.
void add_llm_samples(Metrics& metrics, const LlmResult& result, const LlmTags& tags,
                     lab::TimePoint at);

/// A request that is over, redirects included.
struct FinishedRequest {
  const GatewayCall& call;
  const GatewayResponse& response;
  std::string_view model{};              ///< That was asked for; of a chat.
  const AnswerReport* answer = nullptr;  ///< Of a chat; null for other requests.
};

/// Tells whoever asks for each request, unless it is of those that are not measured. `of_iteration`
/// has what all its requests have in common.
void record_request(RunContext& context, const RequestRecord& of_iteration,
                    const FinishedRequest& request);

}  // namespace loader
