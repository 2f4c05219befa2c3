// What a virtual user does in one iteration: a tree of steps, read from a suite file and never
// changed afterwards.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "loader/flow/check.h"
#include "loader/flow/prompt.h"
#include "loader/flow/retry.h"
#include "loader/flow/text_template.h"
#include "loader/metrics/check_tree.h"
#include "shared/base/distribution.h"
#include "shared/base/json_reader.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace loader {

using TagList = std::vector<std::pair<std::string, std::string>>;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Step;

/// POST /v1/chat/completions. The body is head + prompt + tail, prepared when the suite is read.
struct ChatStep {
  struct Model {
    std::string name;
    std::string body_head;  ///< Up to and including the quote that opens the prompt; the whole body
                            ///< without a prompt.
  };
  std::vector<Model> models;  ///< One is drawn for each request; at least one.
  std::optional<PromptSource> prompt;
  std::string body_tail;
  std::string path = "/v1/chat/completions";
  bool stream = false;
  HeaderList headers;  ///< Over the standard ones.
};

struct HttpStep {
  std::string method = "GET";
  std::string path;  ///< Below the gateway's base URL, or an absolute http:// or https:// URL.
  HeaderList headers;
  std::string body;
};

struct SleepStep {
  lab::Distribution seconds;
};

struct GroupStep {
  std::string name;
  std::string path;  ///< The tag `group`, "::outer::inner"; set by declare_checks().
  std::vector<Step> steps;
};

struct RepeatStep {
  std::uint32_t times = 1;
  std::vector<Step> steps;
};

/// One branch is drawn, by weight.
struct PickStep {
  struct Branch {
    double weight = 1;
    std::vector<Step> steps;
  };
  std::vector<Branch> branches;
};

/// Ends the run, as k6's test.abort() does.
struct AbortStep {
  std::string reason;
};

/// Service-level objectives of a chat step: a request that succeeds and keeps all that are set
/// counts as llm_goodput.
struct Objectives {
  static constexpr std::string_view kSchemaName = "objectives";

  std::optional<lab::Duration> time_to_first_token;
  std::optional<lab::Duration> time_per_output_token;
  std::optional<lab::Duration> duration;  ///< As the caller waited, retries included.
};

/// From `first` to `last`, both of them in it.
struct StatusRange {
  unsigned first = 0;
  unsigned last = 0;
};

struct Step {
  std::variant<ChatStep, HttpStep, SleepStep, GroupStep, RepeatStep, PickStep, AbortStep> action;
  // For chat and http only:
  std::string name;  ///< The `name` tag; empty: the URL.
  TagList tags;
  lab::Duration timeout = std::chrono::seconds(60);  ///< Of one attempt, connecting included.
  std::vector<Check> checks;
  JsonPointers asked;  ///< Of its bodies: by the checks, and by the metrics of a chat.
  RetryPolicy retry;
  Objectives objectives;
  /// Of responses that are no failures: http_req_failed, expected_response. The default is k6's.
  std::vector<StatusRange> expected_statuses{{200, 399}};
  /// False: nobody says what is expected, so there is neither the metric nor the tag.
  bool has_expectation = true;

  [[nodiscard]] bool expects(unsigned status) const {
    return std::any_of(
        expected_statuses.begin(), expected_statuses.end(),
        [status](StatusRange range) { return status >= range.first && status <= range.last; });
  }
};

/// What a step that sends a request may have beside it.
void fields(lab::Fields& f, Step& c);
void fields(lab::Fields& f, Objectives& c);

struct Flow {
  std::string name;
  std::vector<Step> steps;
  std::string group{};  ///< The path of the group that all of it is in: k6's "::setup"; or none.
};

/// Declares the flow's groups and checks, and notes their ids in it; before the run.
void declare_checks(Flow& flow, CheckTree& tree);
/// The same for setup and teardown, which k6 puts into a group of their name.
void declare_checks_in_group(Flow& flow, CheckTree& tree);

/// What the user's environment says over every chat step: MODEL, MAX_TOKENS and TEMPERATURE, each
/// only when the user set it. "0" is a value.
struct ChatOverrides {
  std::optional<std::string> model;
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
};

/// Reads the overrides from the variables that the user set (not from defaults). An empty variable
/// counts as not set: that is how a compose file passes on what its user did not set.
[[nodiscard]] lab::Result<ChatOverrides> read_chat_overrides(const Environment& set_by_user);

struct FlowSettings {
  Environment environment{};  ///< For ${NAME}: defaults included.
  ChatOverrides overrides{};
  /// Of chat steps, instead of the run's.
  std::optional<std::string> api_key{};
  /// Of the suite file, for prompt files; none for embedded suites.
  std::optional<std::string> folder{};
};

/// Reads one member of a suite's "flows": an array of steps. Problems are recorded in the value's
/// JsonProblems, each with its path; the result is then only good for reading on.
[[nodiscard]] Flow read_flow(std::string name, const lab::JsonValue& value,
                             const FlowSettings& settings);
[[nodiscard]] lab::Json flow_schema(lab::SchemaPrinter& printer);

}  // namespace loader
