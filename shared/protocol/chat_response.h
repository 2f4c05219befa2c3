// The answers to a chat completion request, written without a document in between: buffered, and
// chunk by chunk.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/rng.h"
#include "shared/protocol/call_form.h"
#include "shared/protocol/usage.h"

namespace lab {

enum class FinishReason { stop, length, tool_calls, content_filter, function_call };
[[nodiscard]] std::string_view to_string(FinishReason reason);

/// What is the same in a whole answer.
struct AnswerHead {
  std::string id{};          ///< "chatcmpl-…"
  std::int64_t created = 0;  ///< Unix time in seconds.
  std::string model{};
  std::optional<std::string> system_fingerprint{};
  std::optional<std::string> service_tier{};
  /// Some gateways leave out members that OpenAI sends as null (finish_reason, logprobs, refusal,
  /// system_fingerprint).
  bool omits_nulls = false;
  bool has_annotations = false;  ///< A whole message says that it has none.
};

struct TokenLogprob {
  std::string token{};
  double logprob = 0;
  std::vector<std::pair<std::string, double>>
      top{};  ///< Tokens and their logprobs, likeliest first.
};

struct ToolCall {
  std::string id{};  ///< "call_…"
  std::string name{};
  std::string arguments{};  ///< JSON text; of a custom tool any.
  CallForm form = CallForm::tool;
};

struct CompletionChoice {
  std::string content{};  ///< null on the wire if empty and there are tool calls.
  std::vector<ToolCall> tool_calls{};
  std::optional<std::vector<TokenLogprob>> logprobs{};
  FinishReason finish_reason = FinishReason::stop;
};

/// Appends a whole answer, `object: "chat.completion"`, part by part: what has log probabilities
/// can be a thousand times as large as its text. begin(); for each choice begin_choice(), its
/// tokens' append_logprob() if it has any, and end_choice(); end().
class CompletionWriter {
 public:
  /// `head` must outlive the writer.
  explicit CompletionWriter(const AnswerHead& head) : head_(head) {}

  void begin(std::string& out) const;
  /// `choice`'s own logprobs are not looked at.
  void begin_choice(std::string& out, std::size_t index, const CompletionChoice& choice,
                    bool has_logprobs) const;
  void append_logprob(std::string& out, const TokenLogprob& logprob, bool is_first) const;
  void end_choice(std::string& out, FinishReason reason, bool has_logprobs) const;
  /// Without `usage` the member is left out.
  void end(std::string& out, const std::optional<Usage>& usage) const;

 private:
  const AnswerHead& head_;
};

/// A whole answer in one go. The index of a choice is its place.
void append_chat_completion(std::string& out, const AnswerHead& head,
                            std::span<const CompletionChoice> choices, const Usage& usage);

/// Where a chunk belongs.
struct ToolCallPlace {
  int choice = 0;
  int tool_call = 0;  ///< Its index among the choice's tool calls.
  CallForm form = CallForm::tool;
};

/// Appends the JSON of one chunk after the other (frame it with append_sse_written). All that does
/// not change in a stream is put together once, so a chunk costs a few copies.
class ChunkWriter {
 public:
  /// With `include_usage` every chunk carries `usage: null`, but for the one that append_usage()
  /// writes.
  /// `padding` draws what each chunk has in `obfuscation`, so that the sizes of chunks do not tell
  /// their texts; without it there is none.
  explicit ChunkWriter(const AnswerHead& head, bool include_usage = false,
                       std::optional<Rng> padding = {});

  /// Draws from this generator from now on, if chunks have padding.
  void set_padding(Rng rng) {
    if (padding_) padding_ = rng;
  }

  /// The first chunk of a choice: role assistant, content "" (null in front of tool calls).
  void append_role(std::string& out, int choice, bool has_content = true);
  /// The same and append_tool_call_start() in one, as OpenAI begins a choice that calls tools.
  void append_role_with_tool_call(std::string& out, ToolCallPlace place, std::string_view id,
                                  std::string_view name);
  void append_content(std::string& out, int choice, std::string_view text,
                      const TokenLogprob* logprob = nullptr);
  void append_tool_call_start(std::string& out, ToolCallPlace place, std::string_view id,
                              std::string_view name);
  void append_tool_call_arguments(std::string& out, ToolCallPlace place, std::string_view piece);
  void append_finish(std::string& out, int choice, FinishReason reason);
  /// The last chunk: no choices.
  void append_usage(std::string& out, const Usage& usage);

 private:
  void begin_delta(std::string& out, int choice) const;
  // `text_bytes`: of what is the answer's own in the chunk.
  void end_delta(std::string& out, std::size_t text_bytes);
  void end_chunk(std::string& out, std::size_t text_bytes);

  std::string head_;   // {"id":…,"system_fingerprint":…,"choices":[
  std::string tail_;   // ,"logprobs":null,"finish_reason":null}],"usage":null}
  std::string close_;  // ],"usage":null} or, with padding, ],"usage":null,"obfuscation":"
  std::optional<Rng> padding_;
  bool omits_nulls_;
};

}  // namespace lab
