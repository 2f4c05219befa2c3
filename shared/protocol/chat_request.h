// POST /v1/chat/completions, the request: read from JSON and checked as OpenAI does.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_json.h"
#include "shared/protocol/call_form.h"

namespace lab {

enum class Role { system, developer, user, assistant, tool, function };
[[nodiscard]] std::string_view to_string(Role role);

/// A call that an earlier answer asked for.
struct MessageToolCall {
  std::string id;  ///< Empty for the older function_call, which has none.
  std::string name;
  std::string arguments;  ///< JSON text, or whatever a custom tool is given.
};

struct ChatMessage {
  Role role = Role::user;
  std::string content;  ///< Text parts are joined by a line end.
  std::string name;
  std::string tool_call_id;
  bool has_image = false;
  std::size_t image_part = 0;   ///< Which part of its content is the first image, if it has one.
  bool has_tool_calls = false;  ///< The member was there.
  std::vector<MessageToolCall> tool_calls;
};

struct ChatTool {
  std::string name;
  OwnedJson parameters;  ///< A JSON schema; null if none was given.
  std::string description{};
  bool strict = false;           ///< Arguments are to keep to the schema.
  std::string unknown_member{};  ///< The path of one that OpenAI does not document.
  CallForm form = CallForm::tool;
};

struct ToolChoice {
  enum class Kind { automatic, none, required, function };
  Kind kind = Kind::automatic;
  std::string function;  ///< The name, for Kind::function; a custom tool's as well.
};

struct ResponseFormat {
  enum class Kind { text, json_object, json_schema };
  Kind kind = Kind::text;
  std::string name;
  OwnedJson schema;  ///< For Kind::json_schema; null if none was given.
  bool strict = false;
};

/// What few requests have. Apart from the rest, because each text that a request might have costs
/// those that lack it.
struct UnusualMembers {
  std::vector<ChatTool> functions;  ///< The older form of tools.
  ToolChoice function_call;         ///< The older form of tool_choice.
  bool has_function_call = false;   ///< The member was there.
  /// The names that a tool_choice of type allowed_tools leaves; without one there are none here.
  std::vector<std::string> allowed_tools;
  std::string reasoning_effort;
  bool wants_audio = false;  ///< By its modalities; known where values are checked like OpenAI's.
  /// Members that OpenAI does not document, at most kUnknownMembersMax: the request's own by name,
  /// the first of what is inside of it by path.
  std::vector<std::string> unknown_members;
  std::string unknown_member_inside;
};

struct ChatRequest {
  std::string model;
  std::vector<ChatMessage> messages;
  /// max_completion_tokens, which wins, or max_tokens.
  std::optional<std::int64_t> max_tokens;
  bool is_max_completion_tokens = false;  ///< By its newer name.
  std::int64_t n = 1;
  std::vector<std::string> stop;
  bool stream = false;
  bool include_usage = false;
  bool include_obfuscation = true;
  std::optional<std::int64_t> seed;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<double> frequency_penalty;
  std::optional<double> presence_penalty;
  std::string user;
  std::string service_tier;
  std::vector<ChatTool> tools;
  ToolChoice tool_choice;
  bool parallel_tool_calls = true;
  bool has_parallel_tool_calls = false;  ///< The member was there.
  ResponseFormat response_format;
  bool logprobs = false;
  int top_logprobs = 0;
  OwnedJson metadata;  ///< Null if none was given.
  std::optional<UnusualMembers> unusual;

  // Of vLLM, see RequestDialect.
  bool ignore_eos = false;      ///< The answer ends at max_tokens and nowhere else.
  std::int64_t min_tokens = 0;  ///< And no earlier than here.
};

/// Whose request it is, where servers differ.
struct RequestDialect {
  /// ignore_eos and min_tokens are known, and sampling has vLLM's bounds: any temperature from 0
  /// on, any n from 1 on, up to kStopsMax sequences in stop. A boolean may be what pydantic takes
  /// for one: 0, 1, "true", "no", "on", "f" …
  bool has_vllm_sampling = false;
  /// What OpenAI refuses of single values (openai_checks.h, and calls and images of the history) is
  /// refused; others take it as it comes.
  bool checks_like_openai = false;
};

/// Why a request is refused with status 400; the words, parameter and code are OpenAI's.
struct RequestProblem {
  enum class Kind {
    invalid_json,  ///< Not JSON, not UTF-8, or nested deeper than kRequestDepthMax.
    validation,
  };
  Kind kind = Kind::validation;
  std::string message{};
  std::optional<std::string> param{};
  std::optional<std::string> code{};
};

/// Found by boost::system::result::value() through ADL; reaching it is a programmer's error.
[[noreturn]] void throw_exception_from_error(const RequestProblem& problem,
                                             const boost::source_location& location);

inline constexpr std::size_t kRequestDepthMax = 100;
inline constexpr std::size_t kUnknownMembersMax = 16;
/// Of `stop` where a server has no bound: an answer is searched for each of them.
inline constexpr std::size_t kStopsMax = 128;

/// Unknown members are noted and otherwise ignored; an optional member that is null counts as
/// absent.
[[nodiscard]] boost::system::result<ChatRequest, RequestProblem> parse_chat_request(
    std::string_view body, RequestDialect dialect = {});

}  // namespace lab
