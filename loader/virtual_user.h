// A virtual user: runs one iteration of a flow after another over its own connections.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "loader/flow.h"
#include "loader/metrics.h"
#include "loader/tags.h"
#include "loader/url.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace loader {

/// What all virtual users of a run agree on.
struct RunSettings {
  Url base_url;  ///< GATEWAY_URL or --url.
  std::string api_key;
  lab::Rng rng{0};  ///< The run's; each iteration draws from a child of it, keyed by its identity.
  bool insecure_skip_tls_verify = false;
  bool no_connection_reuse = false;  ///< k6's noConnectionReuse: a new connection for each request.
  bool no_vu_connection_reuse = false;  ///< k6's noVUConnectionReuse: for each iteration.
  std::uint32_t redirects_max = 10;
  std::uint64_t response_bytes_max = 10 * 1024 * 1024;
  std::string user_agent;
};

/// What the virtual users of one thread share: settings, host names resolved once, TLS context, tag
/// sets already seen. Not thread-safe; outlives its virtual users. What it is
/// made from outlives it.
class RunContext {
 public:
  /// `tags` is the table that `metrics` was made with.
  RunContext(lab::Runtime& runtime, Metrics& metrics, TagTable& tags, RunSettings settings);
  ~RunContext();
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;

  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// One iteration's identity. Views must live until the iteration has ended.
struct IterationContext {
  std::string_view scenario;  ///< Its name; with the two numbers below it keys the Rng.
  /// On every sample: scenario, phase, the scenario's and the run's own tags.
  TagSetId tags;
  std::uint64_t vu = 1;                     ///< k6's __VU: from 1, unique in the run.
  std::uint64_t iteration_in_vu = 0;        ///< k6's __ITER.
  std::uint64_t iteration_in_scenario = 0;  ///< Unique in the scenario over all VUs and threads.
  /// When the pacer wanted it to start; open models only. With it, the iteration emits
  /// iteration_start_delay when it starts and iteration_duration_intended when it completes.
  std::optional<lab::TimePoint> intended_start;
  /// False for setup and teardown: no `iterations`, `iteration_duration` and the like.
  bool is_counted = true;
};

struct IterationOutcome {
  enum class Kind {
    completed,    ///< Failed requests and checks included.
    interrupted,  ///< Cut by cancellation.
    failed,       ///< The flow could not be carried out, for a reason that is ours (exit code 107).
  };
  Kind kind = Kind::completed;
  std::string error;  ///< Of `failed`, for people.
};

/// One virtual user. It keeps connections between iterations and nothing else; idle, it costs
/// little more than they.
class VirtualUser {
 public:
  /// `context` outlives it.
  explicit VirtualUser(RunContext& context);
  ~VirtualUser();
  VirtualUser(VirtualUser&&) noexcept;
  VirtualUser& operator=(VirtualUser&&) noexcept;

  /// Runs one iteration; one at a time. Emits what its steps measure and, when it completed,
  /// `iterations`, `iteration_duration`, and in any case `data_sent` and `data_received`. To cut
  /// it, emit a cancellation signal of type terminal: it stops at once, and nothing is emitted for
  /// the request in flight. It does not throw for that, and afterwards this virtual user may run
  /// further iterations under a fresh cancellation state. `flow` lives until the iteration has
  /// ended.
  boost::asio::awaitable<IterationOutcome> run_iteration(const Flow& flow,
                                                         IterationContext iteration);

  /// Closes all connections: at the end of a scenario, or when the VU is retired.
  void close_connections();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace loader
