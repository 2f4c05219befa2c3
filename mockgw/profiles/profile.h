// Whose behaviour is imitated: for each condition the answer a client sees, and how streams,
// headers and health look. Profiles are data (fixtures/profiles/*.json); a user's own file works
// the same way and may extend one of ours.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/base/error_condition.h"
#include "mockgw/profiles/cors.h"
#include "mockgw/profiles/profile_template.h"
#include "mockgw/profiles/request_rules.h"
#include "mockgw/rate_limit/rate_limit_config.h"
#include "shared/base/choices.h"
#include "shared/base/owned_json.h"
#include "shared/base/time.h"

namespace mockgw {

/// The shape of an error body.
struct Envelope {
  enum class Kind {
    json,   ///< `body` rendered (see render_body), application/json.
    text,   ///< The message alone, text/plain.
    empty,  ///< No body and no content type.
  };
  std::string name;  ///< "openai", "refgw", …, or "custom" for one written out in the file.
  Kind kind = Kind::json;
  lab::OwnedJson body;
};

/// How one condition looks. All texts may hold placeholders.
struct ErrorTemplate {
  static constexpr std::string_view kSchemaName = "errorTemplate";
  static constexpr bool kDefaultsVary = true;
  static constexpr unsigned kStatusMin = 200;
  static constexpr unsigned kStatusMax = 599;

  unsigned status = 500;
  bool status_of_upstream =
      false;  ///< `"status": "upstream"`: the upstream's own when known, else `status`.
  std::string type;
  std::optional<std::string>
      code;  ///< Null in the body when absent, or when its placeholder has no value.
  std::optional<std::string> param;  ///< The same.
  std::string message;
  HeaderFields headers;  ///< One whose placeholder has no value is left out.
  Envelope envelope;
};

using ErrorTemplates = std::array<ErrorTemplate, kErrorConditionCount>;  ///< By ErrorCondition.

struct StreamingBehaviour {
  static constexpr std::string_view kSchemaName = "streaming";
  static constexpr bool kDefaultsVary = true;

  enum class CommitHeaders {
    immediate,    ///< Before the upstream has answered: TTFT by headers is then meaningless.
    first_token,  ///< With the first token, so that a failure before it keeps its status.
  };
  enum class PreTokenError {
    in_band,      ///< 200 and an error event.
    http_status,  ///< The condition's own status and body. Only possible while headers are not
                  ///< committed.
  };
  enum class MidStreamError {
    event,  ///< An error event, see render_stream_error().
    close,  ///< The connection is closed, without the end of the chunked body.
    reset,  ///< RST.
  };
  enum class Usage { never, last_chunk, stream_options };

  CommitHeaders commit_headers = CommitHeaders::first_token;
  PreTokenError pre_token_error = PreTokenError::http_status;
  MidStreamError mid_stream_error = MidStreamError::event;
  std::string error_event{};      ///< Sent as the event's name when not empty.
  bool done_after_error = false;  ///< [DONE] follows an error event.
  bool role_chunk = true;
  bool finish_reason_null =
      true;  ///< `finish_reason: null` before the last chunk; otherwise the member is left out.
  Usage usage = Usage::stream_options;
  lab::Duration keepalive{};  ///< Between comments while nothing is sent; zero = none.
  std::string keepalive_comment = " keep-alive";  ///< What follows the colon of such a comment.
  std::string trailer_event{};                    ///< Name of an event after [DONE]; empty = none.
  bool obfuscation = false;  ///< Chunks are padded, unless the request is against it.
  /// A tool call's id and name come with the role, not after it.
  bool tool_call_with_role = false;
};

/// What GET /health answers.
enum class HealthStyle {
  simple,      ///< {"status":"healthy","version":…}, always 200.
  documented,  ///< status, components, health_score, timestamp; 503 when unhealthy or unknown.
  text,        ///< "I'm alive!"
  empty,       ///< 200 without a body.
};

inline constexpr lab::Choices<HealthStyle, 4> kHealthStyles{{
    {"simple", HealthStyle::simple},
    {"documented", HealthStyle::documented},
    {"text", HealthStyle::text},
    {"empty", HealthStyle::empty},
}};

/// A header without which POST /v1/chat/completions is a `validation` failure, checked before the
/// body.
struct RequiredHeader {
  enum class Format { any, uuid };
  std::string name;  ///< In lower case.
  Format format = Format::any;
  std::string detail;  ///< The condition's {detail}.
};

struct Profile {
  std::string name;
  ErrorTemplates errors;
  StreamingBehaviour streaming;
  HeaderFields identity_headers;  ///< On every answer; texts with placeholders.
  RateLimitHeaderOptions rate_limit_headers;
  HealthStyle health = HealthStyle::simple;
  std::optional<RequiredHeader> required_header;
  RequestRules requests;
  bool has_short_paths = false;      ///< See find_route().
  std::string key_header;            ///< See api_key_of(); empty = none.
  std::optional<Cors> cors;          ///< Null: pages of other origins are told nothing.
  bool message_annotations = false;  ///< A buffered message has `annotations: []`.
  lab::OwnedJson success_envelope;   ///< A body that wraps each successful completion; null = none.
  std::optional<std::uint64_t> max_body_bytes;  ///< The gateway's, if its file gives none.
  std::string
      circuit_breaker_preset;  ///< A name circuit_breaker_presets.h knows; empty = no breaker.

  [[nodiscard]] const ErrorTemplate& error(ErrorCondition condition) const {
    return errors[static_cast<std::size_t>(condition)];
  }
};

struct RenderedError {
  unsigned status = 500;
  HeaderFields
      headers;  ///< Of the template. Rate-limit and identity headers are the caller's to add.
  std::string content_type;  ///< Empty when there is no body.
  std::string body;
};

/// The answer for a condition. Bytes of `values` that are not UTF-8 become U+FFFD.
[[nodiscard]] RenderedError render_error(const Profile& profile, ErrorCondition condition,
                                         const PlaceholderValues& values);

/// The data of the event that tells of a failure once the headers of a stream are out: the
/// stream_error template, which may speak of the cause's message. Nothing when the profile's
/// streams just end (see MidStreamError).
[[nodiscard]] std::optional<std::string> render_stream_error(const Profile& profile,
                                                             ErrorCondition cause,
                                                             const PlaceholderValues& values);

/// The headers of every answer; those whose placeholder has no value are left out.
[[nodiscard]] HeaderFields render_identity_headers(const Profile& profile,
                                                   const PlaceholderValues& values);

/// The success envelope around a completion (a JSON text); the completion itself when the profile
/// has none. With no completion the envelope holds null, as in the trailer event of a stream.
[[nodiscard]] std::string wrap_completion(const Profile& profile,
                                          std::optional<std::string> completion,
                                          const PlaceholderValues& values);

/// True if `value` (null when the header is absent) has the form that the profile requires.
[[nodiscard]] bool satisfies(const RequiredHeader& required, std::optional<std::string_view> value);

}  // namespace mockgw
