// The gateway file's `faults`: which requests go wrong, when, and how. Deciding is here; acting is
// the responders'.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/base/error_condition.h"
#include "shared/base/distribution.h"
#include "shared/base/json_reader.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/base/value_types.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

enum class FaultKind {
  status,   ///< The upstream answers with another status than 200: status, body, message,
            ///< retry_after, headers.
  error,    ///< A condition of the profile comes about: condition, message, retry_after, headers.
  latency,  ///< `delay` on top of the time to the first token.
  slow_headers,  ///< The head is held back by `delay`; what was due meanwhile follows in a burst.
  abort_before_headers,  ///< RST instead of an answer.
  reset_mid_stream,    ///< RST after `after_tokens`; a buffered answer breaks in the middle of its
                       ///< body.
  stream_error_event,  ///< What the profile does to a stream that fails after `after_tokens`, with
                       ///< `message`; a buffered answer is its upstream_5xx.
  truncate_no_done,    ///< A clean end after `after_tokens`: no finish chunk, no usage, no [DONE].
  stall,               ///< Silence for `duration` after `after_tokens`.
  malformed_chunk,     ///< An event that is not JSON after `after_tokens`; a buffered body is cut
                       ///< short.
  duplicate_chunk,     ///< The content chunk number `after_tokens` (from 1) is sent twice.
  empty_content,       ///< An answer that says nothing.
  missing_usage,       ///< No usage where it was due.
  missing_finish_reason,  ///< No finish chunk in a stream.
  wrong_content_type,     ///< `content_type` instead of the right one.
  crlf_framing,           ///< Events end in CR LF.
  data_no_space,          ///< "data:{…}", which the event-stream format allows.
  split_utf8,             ///< Writes end inside of characters.
  keepalive_only,  ///< Comments every second for `duration`, then the end; no event. A buffered
                   ///< answer is empty, that much later.
};

/// One thing that goes wrong. Fields that the kind does not name above are unused.
struct Fault {
  static constexpr std::string_view kSchemaName = "fault";

  FaultKind kind = FaultKind::status;
  unsigned status = 500;
  ErrorCondition condition = ErrorCondition::upstream_5xx;
  std::string message{};  ///< The upstream's own words, for the profile's; empty: ours.
  std::optional<std::string>
      body{};                 ///< As sent; absent: the profile's error for such an upstream.
  std::string retry_after{};  ///< The header's value; empty: none.
  std::vector<std::pair<std::string, std::string>> headers{};
  lab::Distribution delay{};  ///< Seconds.
  lab::Duration duration = std::chrono::seconds(30);
  std::uint64_t after_tokens = 1;
  std::string content_type = "text/html";
};

/// What a request must be like; everything given must hold.
struct FaultMatch {
  std::optional<std::string> model{};
  /// The request's, or its beginning when this ends in "*". Absent: chat completions only, which
  /// most kinds are about.
  std::optional<std::string> path{};
  std::optional<std::string> api_key{};
  std::optional<bool> stream{};
  /// Header name and value; an empty value asks for presence only.
  std::vector<std::pair<std::string, std::string>> headers{};
  double percent =
      100;  ///< Of the requests that the above matches; decided by the request's identity.
  std::uint64_t every_nth = 1;  ///< Of those, the nth, 2nth, ….
  std::uint64_t first_n = 0;    ///< Of those, the first n only; 0: no such bound.
};

/// When a rule is active, from the gateway's start on.
struct FaultSchedule {
  lab::Duration from{};
  std::optional<lab::Duration> length{};  ///< Absent: without end.
  std::optional<lab::Duration> every{};  ///< The start of one active time to the start of the next.
  lab::Duration ramp{};  ///< From the start of an active time to where the rule hits in full.

  [[nodiscard]] bool contains(lab::Duration elapsed) const;
  /// The part of the rule's percentage that holds at a moment it contains, 0 to 1.
  [[nodiscard]] double share(lab::Duration elapsed) const;
};

struct FaultRule {
  std::string name;
  FaultMatch match;
  FaultSchedule active;
  Fault fault;
};

/// What of a request the rules look at.
struct FaultFacts {
  std::string_view model{};
  std::string_view path{};
  std::string_view api_key{};
  bool stream = false;
  bool is_chat = true;
  const lab::HttpHeaders& headers;
};

/// The rules that hit one request, in the file's order; of two of the same kind the first counts.
class FaultPlan {
 public:
  void add(const FaultRule& rule) { rules_.push_back(&rule); }
  [[nodiscard]] bool empty() const { return rules_.empty(); }
  [[nodiscard]] const Fault* find(FaultKind kind) const;
  /// The fault that answers instead of the model: a `status`, else an `error`.
  [[nodiscard]] const Fault* refusal() const;
  [[nodiscard]] bool has(FaultKind kind) const { return find(kind) != nullptr; }
  /// Drawn from the delay of that kind's fault; zero without one. `rng` is the request's own.
  [[nodiscard]] lab::Duration delay(FaultKind kind, const lab::Rng& rng) const;
  [[nodiscard]] const std::vector<const FaultRule*>& rules() const { return rules_; }

 private:
  std::vector<const FaultRule*> rules_;
};

/// The rules of one gateway and how often each has matched. plan() may be called from several
/// threads at once.
class FaultRules {
 public:
  explicit FaultRules(std::vector<FaultRule> rules);

  /// What goes wrong with this request. `rng` is the request's own generator: the percentage of a
  /// rule is decided by it and the rule's name, so that the same request gets the same fault
  /// whatever else is going on.
  [[nodiscard]] FaultPlan plan(const FaultFacts& facts, lab::Duration elapsed, const lab::Rng& rng);
  [[nodiscard]] const std::vector<FaultRule>& rules() const { return rules_; }

 private:
  std::vector<FaultRule> rules_;
  std::unique_ptr<std::atomic<std::uint64_t>[]>
      matched_;  // By rule: requests that passed all but nth and first_n.
};

void fields(lab::Fields& f, Fault& c);
void check(const lab::JsonValue& section, Fault& c);
void fields(lab::Fields& f, FaultMatch& c);
void fields(lab::Fields& f, FaultSchedule& c);
void check(const lab::JsonValue& section, FaultSchedule& c);
void fields(lab::Fields& f, FaultRule& c);
void check(const lab::JsonValue& section, FaultRule& c);
/// Of the section.
[[nodiscard]] const lab::ValueType& faults_type();

/// Reads [{"name","match":{…},"active":{…},"fault":{"kind":…,…}}].
[[nodiscard]] std::vector<FaultRule> read_faults(const lab::JsonValue& value);
[[nodiscard]] lab::Json to_json(const std::vector<FaultRule>& rules);

}  // namespace mockgw
