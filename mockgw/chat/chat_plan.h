// What a chat request will be answered, and when, decided before anything is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mockgw/chat/completion.h"
#include "mockgw/chat/logprobs.h"
#include "mockgw/chat/token_schedule.h"
#include "mockgw/config/models_config.h"
#include "mockgw/faults/fault_rules.h"
#include "shared/base/rng.h"
#include "shared/protocol/chat_request.h"
#include "shared/protocol/chat_response.h"
#include "shared/protocol/usage.h"

namespace mockgw {

/// More choices than this would let one request cost what it likes; OpenAI's own bound.
inline constexpr std::int64_t kChoicesMax = 128;
/// Tokens of all choices together, whatever limits.max_answer_tokens says; each choice gets an
/// equal share at most. An answer is planned in one go, so this bounds how long one request keeps
/// its thread from all others.
inline constexpr std::uint64_t kChoicesTokensMax = 256 * 1024;

struct ChatPlan {
  lab::AnswerHead head;
  std::vector<Completion> choices;
  lab::Usage usage;
  TokenSchedule schedule;
  lab::Duration head_held_until{};         ///< By a fault: nothing goes out before.
  std::optional<LogprobsPlan> logprobs{};  ///< If the request asks for them.
  std::optional<lab::Rng> padding{};       ///< Of a stream's chunks, if they have any.
  std::size_t schema_steps = 0;            ///< What its JSON took, see SchemaBudget.
  bool is_call_named = false;              ///< See names_its_call().

  [[nodiscard]] lab::FinishReason finish_reason(std::size_t choice) const {
    if (choices[choice].cut_by_length) return lab::FinishReason::length;
    const auto& calls = choices[choice].tool_calls();
    if (calls.empty()) return lab::FinishReason::stop;
    // A model that had no choice has not stopped in order to call: OpenAI says so of functions.
    const bool is_custom = calls.front().form == lab::CallForm::custom;
    if (is_call_named && !is_custom) return lab::FinishReason::stop;
    return calls.front().form == lab::CallForm::function ? lab::FinishReason::function_call
                                                         : lab::FinishReason::tool_calls;
  }
};

struct ChatPlanRequest {
  const lab::ChatRequest& request;
  const ModelConfig& model;
  std::string_view request_id{};
  std::int64_t created = 0;        ///< Unix seconds.
  lab::Duration elapsed{};         ///< Since the gateway's start, for drift.
  std::int64_t prompt_tokens = 0;  ///< See count_prompt_tokens().
  std::int64_t cached_tokens = 0;  ///< Of the prompt's; not more than it has.
  lab::Duration delay{};           ///< Before the model begins: queueing.
  bool tokens_at_once = false;     ///< See ScheduleRequest.
  bool head_at_once = false;       ///< See StreamingBehaviour::CommitHeaders.
  bool omits_nulls = false;
  bool has_annotations = false;                  ///< See Profile::message_annotations.
  bool pads_chunks = false;                      ///< See StreamingBehaviour::obfuscation.
  std::uint64_t tokens_max = kChoicesTokensMax;  ///< Of all choices together.
};

/// Plans over `plan`, whose buffers are reused. All randomness is of `rng`, the request's own; a
/// request with `seed` gets the content that its seed and messages alone decide.
void plan_chat(const ChatPlanRequest& request, const FaultPlan& faults, const lab::Rng& rng,
               ChatPlan& plan);

}  // namespace mockgw
