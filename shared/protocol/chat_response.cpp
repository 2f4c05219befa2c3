#include "shared/protocol/chat_response.h"

#include <algorithm>
#include <array>

#include "shared/base/json_text.h"

namespace lab {
namespace {

constexpr std::string_view kPaddingBegin = R"(,"obfuscation":")";
// Texts of up to so many bytes make chunks of one size; most tokens are shorter.
constexpr std::size_t kPaddingBlock = 16;

// Fills the text of `text_bytes` up to a whole number of blocks, by one character at least.
void append_padding(std::string& out, std::size_t text_bytes, Rng& rng) {
  // 64 characters, so that six bits are one; that A and B come twice as often harms nobody.
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AB";
  constexpr std::size_t kPerDraw = 10;
  std::array<char, kPaddingBlock + 2> block;
  const std::size_t size = kPaddingBlock - text_bytes % kPaddingBlock;
  for (std::size_t i = 0; i < size;) {
    std::uint64_t bits = rng();
    for (const std::size_t end = std::min(size, i + kPerDraw); i < end; ++i, bits >>= 6) {
      block[i] = kAlphabet[bits % kAlphabet.size()];
    }
  }
  block[size] = '"';
  block[size + 1] = '}';
  out.append(block.data(), size + 2);
}

void append_optional(std::string& out, std::string_view name,
                     const std::optional<std::string>& text, bool omits_nulls) {
  if (!text && omits_nulls) return;
  out.append(",\"").append(name).append("\":");
  text ? append_json_string(out, *text) : static_cast<void>(out += "null");
}

// {"id":…,"object":…,"created":…,"model":…
void append_head(std::string& out, const AnswerHead& head, std::string_view object) {
  out += R"({"id":)";
  append_json_string(out, head.id);
  out.append(R"(,"object":")").append(object).append(R"(","created":)");
  append_json_integer(out, head.created);
  out += R"(,"model":)";
  append_json_string(out, head.model);
}

// OpenAI sends service_tier only when it has one, system_fingerprint always.
void append_origin(std::string& out, const AnswerHead& head) {
  append_optional(out, "service_tier", head.service_tier, true);
  append_optional(out, "system_fingerprint", head.system_fingerprint, head.omits_nulls);
}

void append_usage_object(std::string& out, const Usage& usage) {
  out += R"({"prompt_tokens":)";
  append_json_integer(out, usage.prompt_tokens);
  out += R"(,"completion_tokens":)";
  append_json_integer(out, usage.completion_tokens);
  out += R"(,"total_tokens":)";
  append_json_integer(out, usage.total_tokens());
  out += R"(,"prompt_tokens_details":{"cached_tokens":)";
  append_json_integer(out, usage.cached_tokens);
  out += R"(,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":)";
  append_json_integer(out, usage.reasoning_tokens);
  out += R"(,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}})";
}

// {"token":…,"logprob":…,"bytes":[…]
void append_token(std::string& out, std::string_view token, double logprob) {
  out += R"({"token":)";
  append_json_string(out, token);
  out += R"(,"logprob":)";
  append_json_number(out, logprob);
  out += R"(,"bytes":[)";
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (i > 0) out += ',';
    append_json_integer(out, static_cast<unsigned char>(token[i]));
  }
  out += ']';
}

constexpr std::string_view kLogprobsBegin = R"("logprobs":{"content":[)";
constexpr std::string_view kLogprobsEnd = R"(],"refusal":null})";

void append_logprob_entry(std::string& out, const TokenLogprob& entry) {
  append_token(out, entry.token, entry.logprob);
  out += R"(,"top_logprobs":[)";
  for (std::size_t i = 0; i < entry.top.size(); ++i) {
    if (i > 0) out += ',';
    append_token(out, entry.top[i].first, entry.top[i].second);
    out += '}';
  }
  out += "]}";
}

constexpr std::string_view arguments_key(CallForm form) {
  return form == CallForm::custom ? R"("input":)" : R"("arguments":)";
}

// {"name":…,"arguments":…}
void append_called(std::string& out, CallForm form, std::string_view name,
                   std::string_view arguments) {
  out += R"({"name":)";
  append_json_string(out, name);
  out.append(",").append(arguments_key(form));
  append_json_string(out, arguments);
  out += '}';
}

// "id":…,"type":"function","function":{…}}
void append_identified(std::string& out, CallForm form, std::string_view id, std::string_view name,
                       std::string_view arguments) {
  out += R"("id":)";
  append_json_string(out, id);
  out += form == CallForm::custom ? R"(,"type":"custom","custom":)"
                                  : R"(,"type":"function","function":)";
  append_called(out, form, name, arguments);
  out += '}';
}

void append_calls(std::string& out, std::span<const ToolCall> calls) {
  const ToolCall& first = calls.front();
  if (first.form == CallForm::function) {
    out += R"(,"function_call":)";
    return append_called(out, first.form, first.name, first.arguments);
  }
  out += R"(,"tool_calls":[)";
  for (const ToolCall& call : calls) {
    out += &call == &first ? "{" : ",{";
    append_identified(out, call.form, call.id, call.name, call.arguments);
  }
  out += ']';
}

// The member of a delta that begins a call.
void append_call_start(std::string& out, ToolCallPlace place, std::string_view id,
                       std::string_view name) {
  if (place.form == CallForm::function) {
    out += R"("function_call":)";
    return append_called(out, place.form, name, {});
  }
  out += R"("tool_calls":[{"index":)";
  append_json_integer(out, place.tool_call);
  out += ',';
  append_identified(out, place.form, id, name, {});
  out += ']';
}

void append_message(std::string& out, const CompletionChoice& choice, const AnswerHead& head) {
  const bool omits_nulls = head.omits_nulls;
  const bool has_annotations = head.has_annotations;
  out += R"(,"message":{"role":"assistant")";
  const bool is_null = choice.content.empty() && !choice.tool_calls.empty();
  if (!is_null) {
    out += R"(,"content":)";
    append_json_string(out, choice.content);
  } else if (!omits_nulls) {
    out += R"(,"content":null)";
  }
  if (!choice.tool_calls.empty()) append_calls(out, choice.tool_calls);
  if (!omits_nulls) out += R"(,"refusal":null)";
  out += has_annotations ? R"(,"annotations":[]})" : "}";
}

}  // namespace

std::string_view to_string(FinishReason reason) {
  switch (reason) {
    case FinishReason::stop:
      return "stop";
    case FinishReason::length:
      return "length";
    case FinishReason::tool_calls:
      return "tool_calls";
    case FinishReason::content_filter:
      return "content_filter";
    case FinishReason::function_call:
      return "function_call";
  }
  return "stop";
}

void CompletionWriter::begin(std::string& out) const {
  append_head(out, head_, "chat.completion");
  out += R"(,"choices":[)";
}

void CompletionWriter::begin_choice(std::string& out, std::size_t index,
                                    const CompletionChoice& choice, bool has_logprobs) const {
  out += index > 0 ? R"(,{"index":)" : R"({"index":)";
  append_json_integer(out, static_cast<std::int64_t>(index));
  append_message(out, choice, head_);
  if (has_logprobs) {
    out.append(",").append(kLogprobsBegin);
  } else if (!head_.omits_nulls) {
    out += R"(,"logprobs":null)";
  }
}

void CompletionWriter::append_logprob(std::string& out, const TokenLogprob& logprob,
                                      bool is_first) const {
  if (!is_first) out += ',';
  append_logprob_entry(out, logprob);
}

void CompletionWriter::end_choice(std::string& out, FinishReason reason, bool has_logprobs) const {
  if (has_logprobs) out += kLogprobsEnd;
  out.append(R"(,"finish_reason":")").append(to_string(reason)).append("\"}");
}

void CompletionWriter::end(std::string& out, const std::optional<Usage>& usage) const {
  out += ']';
  if (usage) {
    out += R"(,"usage":)";
    append_usage_object(out, *usage);
  }
  append_origin(out, head_);
  out += '}';
}

void append_chat_completion(std::string& out, const AnswerHead& head,
                            std::span<const CompletionChoice> choices, const Usage& usage) {
  const CompletionWriter writer(head);
  writer.begin(out);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const auto& logprobs = choices[i].logprobs;
    writer.begin_choice(out, i, choices[i], logprobs.has_value());
    for (std::size_t token = 0; logprobs && token < logprobs->size(); ++token) {
      writer.append_logprob(out, (*logprobs)[token], token == 0);
    }
    writer.end_choice(out, choices[i].finish_reason, logprobs.has_value());
  }
  writer.end(out, usage);
}

ChunkWriter::ChunkWriter(const AnswerHead& head, bool include_usage, std::optional<Rng> padding)
    : close_(include_usage ? R"(],"usage":null)" : "]"),
      padding_(padding),
      omits_nulls_(head.omits_nulls) {
  close_ += padding_ ? kPaddingBegin : "}";
  append_head(head_, head, "chat.completion.chunk");
  append_origin(head_, head);
  head_ += R"(,"choices":[)";
  tail_ = (omits_nulls_ ? "}}" : R"(},"logprobs":null,"finish_reason":null})") + close_;
}

void ChunkWriter::begin_delta(std::string& out, int choice) const {
  out.append(head_).append(R"({"index":)");
  append_json_integer(out, choice);
  out += R"(,"delta":{)";
}

void ChunkWriter::end_delta(std::string& out, std::size_t text_bytes) {
  out += tail_;
  end_chunk(out, text_bytes);
}

// After close_.
void ChunkWriter::end_chunk(std::string& out, std::size_t text_bytes) {
  if (padding_) append_padding(out, text_bytes, *padding_);
}

void ChunkWriter::append_role(std::string& out, int choice, bool has_content) {
  begin_delta(out, choice);
  out += R"("role":"assistant")";
  if (has_content) out += R"(,"content":"")";
  if (!has_content && !omits_nulls_) out += R"(,"content":null)";
  if (!omits_nulls_) out += R"(,"refusal":null)";
  end_delta(out, 0);
}

void ChunkWriter::append_role_with_tool_call(std::string& out, ToolCallPlace place,
                                             std::string_view id, std::string_view name) {
  begin_delta(out, place.choice);
  out += R"("role":"assistant",)";
  if (!omits_nulls_) out += R"("content":null,)";
  append_call_start(out, place, id, name);
  if (!omits_nulls_) out += R"(,"refusal":null)";
  end_delta(out, name.size());
}

void ChunkWriter::append_content(std::string& out, int choice, std::string_view text,
                                 const TokenLogprob* logprob) {
  begin_delta(out, choice);
  out += R"("content":)";
  const std::size_t begin = out.size();
  append_json_string(out, text);
  if (!logprob) return end_delta(out, out.size() - begin);
  out.append("},").append(kLogprobsBegin);
  append_logprob_entry(out, *logprob);
  out += kLogprobsEnd;
  const std::size_t bytes = out.size() - begin;
  out.append(omits_nulls_ ? "}" : R"(,"finish_reason":null})").append(close_);
  end_chunk(out, bytes);
}

void ChunkWriter::append_tool_call_start(std::string& out, ToolCallPlace place, std::string_view id,
                                         std::string_view name) {
  begin_delta(out, place.choice);
  append_call_start(out, place, id, name);
  end_delta(out, name.size());
}

void ChunkWriter::append_tool_call_arguments(std::string& out, ToolCallPlace place,
                                             std::string_view piece) {
  begin_delta(out, place.choice);
  const bool is_function = place.form == CallForm::function;
  if (is_function) {
    out += R"("function_call":{)";
  } else {
    out += R"("tool_calls":[{"index":)";
    append_json_integer(out, place.tool_call);
    out += place.form == CallForm::custom ? R"(,"custom":{)" : R"(,"function":{)";
  }
  out += arguments_key(place.form);
  const std::size_t begin = out.size();
  append_json_string(out, piece);
  const std::size_t bytes = out.size() - begin;
  out += is_function ? "}" : "}}]";
  end_delta(out, bytes);
}

void ChunkWriter::append_finish(std::string& out, int choice, FinishReason reason) {
  begin_delta(out, choice);
  out += omits_nulls_ ? "}" : R"(},"logprobs":null)";
  out.append(R"(,"finish_reason":")").append(to_string(reason)).append("\"}").append(close_);
  end_chunk(out, 0);
}

void ChunkWriter::append_usage(std::string& out, const Usage& usage) {
  out.append(head_).append(R"(],"usage":)");
  append_usage_object(out, usage);
  if (!padding_) {
    out += '}';
    return;
  }
  out += kPaddingBegin;
  end_chunk(out, 0);
}

}  // namespace lab
