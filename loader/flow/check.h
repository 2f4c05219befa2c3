// Checks: named conditions over one response, as k6's check(); evaluating them is pure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/metrics/check_tree.h"
#include "shared/base/json_reader.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace loader {

/// What the value of a JSON pointer, or of a header, must be. Everything that is set must hold;
/// with nothing set the subject only has to exist.
struct ValueCondition {
  bool not_empty = false;               ///< Not null, "", [], {} (0 and false are values).
  std::optional<lab::Json> equals;      ///< Numbers compare by value: 5 equals 5.0.
  std::vector<lab::Json> one_of;        ///< Empty: anything.
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

/// A body parsed as JSON on first use and at most once, whichever of the checks and the token
/// counter asks first. Boost.JSON does it: nlohmann's tree of a chat completion costs more than the
/// 3 µs that a whole step may take. A body that is not JSON holds nothing.
class JsonBody {
 public:
  /// `text` is borrowed.
  explicit JsonBody(std::string_view text);
  ~JsonBody();
  JsonBody(const JsonBody&) = delete;
  JsonBody& operator=(const JsonBody&) = delete;

  /// True if `pointer` (RFC 6901) leads to a value that fulfils `condition`.
  [[nodiscard]] bool holds(std::string_view pointer, const ValueCondition& condition);
  /// The whole number at `pointer`, if there is one.
  [[nodiscard]] std::optional<std::int64_t> integer_at(std::string_view pointer);
  /// The string at `pointer`; valid as long as this object.
  [[nodiscard]] std::optional<std::string_view> string_at(std::string_view pointer);

 private:
  struct State;
  const void* find(std::string_view pointer);

  std::string_view text_;
  std::unique_ptr<State> state_;
};

/// True if the check holds. `json` is the subject's body.
[[nodiscard]] bool evaluate(const Check& check, const CheckSubject& subject, JsonBody& json);

/// True if a check looks into the body, which a streamed response otherwise does not keep.
[[nodiscard]] bool needs_body(const std::vector<Check>& checks);

/// Reads a step's "checks" object: a map from name to conditions.
[[nodiscard]] std::vector<Check> read_checks(const lab::JsonValue& value);

}  // namespace loader
