// Texts and JSON bodies with {placeholders}: how the data files of profiles say what a client sees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/json_fwd.h"

namespace mockgw {

/// Names in lower case, in the order in which they are sent.
using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// What a template may name. Each is written in a file as {name}.
enum class Placeholder {
  // What the gateway knows about the request and its failure.
  detail,       ///< What exactly is wrong: the JSON error, the validation message.
  param,        ///< The request field that is wrong.
  code,         ///< The validator's code, or the template's own in a body.
  model,        ///< As the client named it.
  first_model,  ///< Of those that the gateway file lists.
  provider,     ///< Whose upstream would have answered.
  api_key,      ///< Masked; a profile never shows a whole key.
  organization,
  method,
  path,
  allow,  ///< The methods allowed, comma separated.
  timeout_ms,
  upstream_status,
  upstream_message,
  cause_message,  ///< In a stream error: the message of the condition that caused it.
  // What a limit decided.
  limit,
  used,
  requested,
  remaining,
  limit_unit,           ///< "tokens per min (TPM)", "requests per min (RPM)".
  limit_kind,           ///< "requests", "tokens", "max_parallel_requests".
  limit_scope,          ///< "api_key", "model".
  limit_subject,        ///< Whose limit it is: the masked key, the model's name.
  retry_after_seconds,  ///< Whole seconds, rounded up.
  retry_after_text,     ///< "3.89s", "6m0s".
  reset_at,             ///< RFC 3339.
  // Identity.
  request_id,
  processing_ms,
  retry_count,               ///< How often the upstream was called again. Of identity headers.
  retry_count_or_exhausted,  ///< The same; -1 when the last retry that is allowed failed as well.
  execution_id,
  span_id,
  parent_span_id,
  started_at,
  ended_at,
  version,
  completion,  ///< The whole JSON of a successful answer, for success envelopes.
  // What render_error() itself fills in, for envelopes.
  status,
  type,
  message,
};

/// The values of one rendering. A handful of entries, searched linearly.
class PlaceholderValues {
 public:
  void set(Placeholder placeholder, std::string value);
  [[nodiscard]] std::optional<std::string_view> find(Placeholder placeholder) const;
  [[nodiscard]] const std::vector<std::pair<Placeholder, std::string>>& entries() const {
    return entries_;
  }

 private:
  std::vector<std::pair<Placeholder, std::string>> entries_;
};

/// Replaces every {name}; "{{" is a brace. Null when the text names a placeholder that has no
/// value.
[[nodiscard]] std::optional<std::string> render_text_if_complete(std::string_view text,
                                                                 const PlaceholderValues& values);
/// The same, with nothing in the place of a placeholder that has no value.
[[nodiscard]] std::string render_text(std::string_view text, const PlaceholderValues& values);

/// A body is a JSON value whose strings are texts. A string that is one placeholder alone becomes
/// that string or null;
/// "{name:number}" becomes a number or null, "{name:json}" the JSON value that the text is, or
/// null. A member whose key ends in "?" is left out when it is null.
[[nodiscard]] lab::Json render_body(const lab::Json& body, const PlaceholderValues& values);

/// What is wrong with a text or with any string of a body ("unknown placeholder …"); empty when
/// nothing is.
[[nodiscard]] std::string template_problem(const lab::Json& text_or_body);

}  // namespace mockgw
