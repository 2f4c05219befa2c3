// A chat request once all of it is read: the part of ChatRequestReader that reads the values kept
// as documents, and checks what only the whole can tell.
#include <utility>

#include "shared/base/json.h"
#include "shared/protocol/chat_request_reader.h"
#include "shared/protocol/chat_request_tools.h"
#include "shared/protocol/documented_members.h"
#include "shared/protocol/openai_checks.h"

namespace lab {

boost::system::result<ChatRequest, RequestProblem> ChatRequestReader::finish() {
  read_captured();
  if (rare_) read_rare();
  if (dialect_.checks_like_openai) check_captured();
  check_whole();
  if (problem_) return *std::move(problem_);
  return std::move(request_);
}

void ChatRequestReader::read_captured() {
  const auto take = [this](auto checked, auto& part) {
    checked ? static_cast<void>(part = *std::move(checked)) : refuse(checked.error());
  };
  request_.metadata = std::move(metadata_);
  if (!tools_.is_null()) take(read_tools(tools_), request_.tools);
  if (!tool_choice_.is_null()) take(read_tool_choice(tool_choice_), request_.tool_choice);
  if (allows_tools(tool_choice_)) take(read_allowed_tools(tool_choice_), unusual().allowed_tools);
  if (tool_choice_.is_object()) {
    note_unknown_inside(
        unknown_member(tool_choice_, "tool_choice", documented_tool_choice(tool_choice_)));
  }
  if (response_format_.is_null()) return;
  take(read_response_format(response_format_), request_.response_format);
  note_unknown_inside(unknown_member(response_format_, "response_format",
                                     documented_response_format(response_format_)));
}

void ChatRequestReader::read_rare() {
  for (const auto& [name, option] : rare_->options.items()) {
    note_unknown_inside(unknown_member(option, name, documented_option(name)));
  }
  if (!rare_->functions.is_null()) {
    auto functions = read_functions(rare_->functions);
    if (!functions) return refuse(functions.error());
    unusual().functions = *std::move(functions);
  }
  if (rare_->function_call.is_null()) return;
  const auto choice = read_function_call(rare_->function_call);
  if (!choice) return refuse(choice.error());
  unusual().function_call = *choice;
  unusual().has_function_call = true;
  if (!rare_->function_call.is_object()) return;
  note_unknown_inside(
      unknown_member(rare_->function_call, "function_call", documented_function_call()));
}

void ChatRequestReader::check_captured() {
  if (!request_.metadata->is_null()) refuse_if(check_metadata(*request_.metadata));
  check_tools();
  if (!response_format_.is_null()) {
    refuse_if(check_documented(response_format_, "response_format",
                               documented_response_format(response_format_)));
  }
  if (rare_) check_rare();
}

void ChatRequestReader::check_tools() {
  if (tools_.size() > kToolsMax) refuse(array_too_long("tools", kToolsMax, tools_.size()));
  for (std::size_t i = 0; i < tools_.size() && !problem_; ++i) {
    const std::string path = element_path("tools", i);
    refuse_if(check_documented(tools_[i], path, documented_tool(tools_[i])));
  }
}

void ChatRequestReader::check_rare() {
  const Json& options = rare_->options;
  if (!rare_->logit_bias.is_null()) refuse_if(check_logit_bias(rare_->logit_bias));
  if (!rare_->modalities.is_null()) {
    refuse_if(check_modalities(rare_->modalities, options.contains("audio")));
    if (has_audio_modality(rare_->modalities)) unusual().wants_audio = true;
  }
  for (const auto& [name, option] : options.items()) {
    refuse_if(check_documented(option, name, documented_option(name)));
  }
}

void ChatRequestReader::check_whole() {
  if (body_kind_ != kObject) {
    return refuse({RequestProblem::Kind::validation,
                   "Invalid request body: expected an object.",
                   {},
                   "invalid_type"});
  }
  if (request_.model.empty()) refuse(missing_parameter("model"));
  if (!has_messages_) refuse(missing_parameter("messages"));
  if (dialect_.checks_like_openai && max_completion_tokens_ && request_.max_tokens) {
    refuse(not_together("max_tokens", "max_completion_tokens"));
  }
  request_.is_max_completion_tokens = max_completion_tokens_.has_value();
  if (max_completion_tokens_) request_.max_tokens = max_completion_tokens_;
  if (has_stream_options_ && !request_.stream) {
    refuse(only_allowed_when("stream_options", "'stream' is enabled"));
  }
  if (request_.top_logprobs > 0 && !request_.logprobs) {
    refuse(only_allowed_when("top_logprobs", "'logprobs' is enabled"));
  }
  if (!tool_choice_.is_null() && tools_.is_null()) {
    refuse(only_allowed_with("tool_choice", "tools"));
  }
  check_sampling();
}

// The bounds of vLLM, in its words (vllm/sampling_params.py).
void ChatRequestReader::check_sampling() {
  const auto refuse_because = [this](const std::string& expected) {
    refuse({RequestProblem::Kind::validation,
            "min_tokens must be " + expected + ", got " + std::to_string(request_.min_tokens) + ".",
            {},
            {}});
  };
  if (request_.min_tokens < 0) return refuse_because("greater than or equal to 0");
  if (request_.max_tokens && request_.min_tokens > *request_.max_tokens) {
    refuse_because("less than or equal to max_tokens=" + std::to_string(*request_.max_tokens));
  }
}

}  // namespace lab
