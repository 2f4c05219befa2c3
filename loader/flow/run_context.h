// What the virtual users of one thread share: settings, host names resolved once, the TLS context,
// tag sets already seen.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "loader/flow/flow.h"
#include "loader/flow/flow_tags.h"
#include "loader/flow/system_tags.h"
#include "loader/http/client_options.h"
#include "loader/http/http_client_context.h"
#include "loader/http/rate_gate.h"
#include "loader/http/url.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/request_record.h"
#include "loader/metrics/tags.h"
#include "shared/base/rng.h"
#include "shared/runtime/runtime.h"

namespace loader {

/// What all virtual users of a run agree on.
struct RunSettings {
  Url base_url;  ///< GATEWAY_URL or --url.
  std::string api_key;
  lab::Rng rng{0};  ///< The run's; each iteration draws from a child of it, keyed by its identity.
  /// Changes all X-Request-IDs and what scripts draw at random, and nothing else. 0: none.
  std::uint64_t salt = 0;
  ClientOptions client{};
  SystemTags system_tags{};
  /// Null: requests are not bounded. The threads of a run share it.
  std::shared_ptr<RateGate> rate_gate{};
  /// Shown each message, if `client.debug` says so; callable from any thread. Empty: nobody looks.
  std::function<void(std::string)> show{};
  /// Told of each request that has finished and is measured; empty: nobody asks.
  std::function<void(const RequestRecord&)> on_request{};
  /// Told what the user should know, each thing once; empty: nobody asks.
  std::function<void(std::string)> warn{};
};

/// Where a step's request goes.
struct StepTarget {
  StepTarget() = default;
  /// `its_text` is for the tags `url` and `name`.
  StepTarget(Url its_url, std::string its_text)
      : url(std::move(its_url)), text(std::move(its_text)), host(url.authority()) {}
  Url url;
  std::string text;
  std::string host;  ///< The URL's authority: "gateway:8080".
};

/// Not thread-safe; outlives its virtual users. What it is made from outlives it.
class RunContext {
 public:
  /// `tags` is the table that `metrics` was made with.
  RunContext(lab::Runtime& runtime, Metrics& metrics, TagTable& tags, RunSettings settings);
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;

  [[nodiscard]] lab::Runtime& runtime() { return runtime_; }
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  [[nodiscard]] FlowTags& tags() { return tags_; }
  [[nodiscard]] HttpClientContext& http() { return http_; }
  [[nodiscard]] const RunSettings& settings() const { return settings_; }
  [[nodiscard]] const ClientOptions& client() const { return settings_.client; }

  /// Told the user, unless it has been; of many different texts only the first.
  void warn_once(const std::string& text);

  /// Of every chat request; empty without a key.
  [[nodiscard]] const std::string& authorization() const { return authorization_; }
  /// Of every request; empty: no such header.
  [[nodiscard]] const std::string& user_agent() const { return user_agent_; }

  /// Of a chat or http step whose path is `path`; joined with the base URL once. The reader of the
  /// flow has refused paths that cannot be joined.
  [[nodiscard]] const StepTarget& target(const Step& step, const std::string& path);

 private:
  lab::Runtime& runtime_;
  Metrics& metrics_;
  RunSettings settings_;
  std::string authorization_;
  std::string user_agent_;
  FlowTags tags_;
  HttpClientContext http_;
  std::unordered_map<const Step*, StepTarget> targets_;
  std::set<std::string> warned_;
};

}  // namespace loader
