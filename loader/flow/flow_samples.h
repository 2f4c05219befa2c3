// Puts what a step measured into the metrics, under the names that k6 and the suites know.
#pragma once

#include "loader/flow/llm_result.h"
#include "loader/http/http_client.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// k6's rule for http_req_failed and the tag expected_response.
[[nodiscard]] inline bool is_expected(unsigned status) { return status >= 200 && status < 400; }

/// One finished request: http_reqs, the seven trends and http_req_failed, all at its end.
void add_http_samples(Metrics& metrics, const HttpOutcome& outcome, TagSetId tags);

/// One chat step, after its retries. `failure_tags` is `tags` with the reason, for
/// llm_streaming_errors.
void add_llm_samples(Metrics& metrics, const LlmResult& result, TagSetId tags,
                     TagSetId failure_tags, lab::TimePoint at);

}  // namespace loader
