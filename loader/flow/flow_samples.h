// Puts what a step measured into the metrics, under the names that k6 and the suites know.
#pragma once

#include "loader/flow/llm_result.h"
#include "loader/http/http_client.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// One finished request: http_reqs, the seven trends and http_req_failed, all at its end.
void add_http_samples(Metrics& metrics, const HttpOutcome& outcome, TagSetId tags);

/// The tags of a chat step's samples.
struct LlmTags {
  TagSetId answer;
  TagSetId failure;  ///< With the reason: llm_requests_error, llm_streaming_errors.
  TagSetId tokens;   ///< With the source: llm_tokens_generated, llm_total_tokens.
};

/// One chat step, after its retries.
void add_llm_samples(Metrics& metrics, const LlmResult& result, const LlmTags& tags,
                     lab::TimePoint at);

}  // namespace loader
