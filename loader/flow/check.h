// Checks: named conditions over one response, as k6's check(); evaluating them is pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/json_body.h"
#include "loader/metrics/check_tree.h"
#include "shared/base/json_reader.h"
#include "shared/base/owned_json.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"
#include "shared/runtime/http_message.h"

namespace loader {

/// What the value of a JSON pointer, or of a header, must be. Everything that is set must hold;
/// with nothing set the subject only has to exist.
struct ValueCondition {
  bool not_empty = false;                ///< Not null, "", [], {} (0 and false are values).
  std::optional<lab::OwnedJson> equals;  ///< Numbers compare by value: 5 equals 5.0.
  std::vector<lab::OwnedJson> one_of;    ///< Empty: anything.
  std::optional<std::string> contains;  ///< Part of a string, or an element of an array of strings.
  [[nodiscard]] bool is_bare() const {
    return !not_empty && !equals && one_of.empty() && !contains;
  }
};

/// "duration": "<15s": the duration (sending + waiting + receiving) against a bound.
struct DurationCondition {
  enum class Operator { less, less_equal, greater, greater_equal };
  Operator op = Operator::less;
  lab::Duration bound{};
};

/// One named check. Everything that is set must hold.
struct Check {
  std::string name;
  CheckId id{};                             ///< Set by declare_checks().
  std::vector<unsigned> statuses;           ///< Any of these; empty: not asked.
  std::optional<std::string> json_pointer;  ///< RFC 6901; the body must be JSON and hold it.
  std::optional<std::string> header;        ///< A field name; excludes json_pointer.
  ValueCondition value;                     ///< Of the pointer or the header.
  std::optional<std::string> body_contains;
  std::optional<DurationCondition> duration;
  std::optional<bool> sse;  ///< Content-Type text/event-stream, or a body with "data:" lines.
};

/// The response of one step as the checks see it: the last attempt's and the last hop's. Views are
/// borrowed.
struct CheckSubject {
  unsigned status = 0;                        ///< 0: no response.
  const lab::HttpHeaders* headers = nullptr;  ///< Null: no response.
  std::string_view body;
  lab::Duration duration{};
};

/// True if the check holds. `json` is the subject's body.
[[nodiscard]] bool evaluate(const Check& check, const CheckSubject& subject, JsonBody& json);

/// Adds what the checks ask of a body.
void ask_for_checks(const std::vector<Check>& checks, JsonPointers& asked);

/// True if a check looks into the body, which a streamed response otherwise does not keep.
[[nodiscard]] bool needs_body(const std::vector<Check>& checks);

void fields(lab::Fields& f, Check& c);
void check(const lab::JsonValue& value, Check& c);
[[nodiscard]] lab::Json checks_schema(lab::SchemaPrinter& printer);
/// Reads a step's "checks" object: a map from name to conditions.
[[nodiscard]] std::vector<Check> read_checks(const lab::JsonValue& value);

}  // namespace loader
