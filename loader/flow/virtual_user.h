// A virtual user: runs one iteration of a flow after another over its own connections.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loader/flow/flow.h"
#include "loader/flow/gateway_client.h"
#include "loader/flow/phase_tags.h"
#include "loader/flow/run_context.h"
#include "loader/http/http_client.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// One iteration's identity. Views must live until the iteration has ended.
struct IterationContext {
  std::string_view scenario;  ///< Its name.
  /// On every sample of the iteration itself: scenario, the phase it starts in, the scenario's and
  /// the run's own tags.
  TagSetId tags{};
  /// The same for each step, by when it begins; null: `tags`. Lives until the iteration has ended.
  const PhaseTags* phases = nullptr;
  std::uint64_t vu = 1;                     ///< k6's __VU: from 1, unique in the run.
  std::uint64_t iteration_in_vu = 0;        ///< k6's __ITER.
  std::uint64_t iteration_in_scenario = 0;  ///< Unique in the scenario over all VUs and threads.
  lab::TimePoint started{};                 ///< Now: when run_iteration() is called.
  /// When the pacer wanted it to start; open models only. With it, the iteration emits
  /// iteration_start_delay when it starts and iteration_duration_intended when it completes.
  std::optional<lab::TimePoint> intended_start{};
  /// False for setup and teardown: no `iterations`, `iteration_duration` and the like.
  bool is_counted = true;
};

struct IterationOutcome {
  enum class Kind {
    completed,    ///< Failed requests and checks included.
    interrupted,  ///< Cut by cancellation.
    failed,       ///< The flow could not be carried out, for a reason that is ours (exit code 107).
    aborted,      ///< An abort step was reached (exit code 108).
  };
  Kind kind = Kind::completed;
  std::string error;  ///< Of `failed` and `aborted`, for people.
};

/// One virtual user. It keeps connections between iterations and nothing else; idle, it costs
/// little more than they.
class VirtualUser {
 public:
  /// `context` outlives it.
  explicit VirtualUser(RunContext& context) : context_(&context), client_(context.http()) {}

  /// Runs one iteration; one at a time. Emits what its steps measure and, when it completed,
  /// `iterations`, `iteration_duration`, and in any case `data_sent` and `data_received`. To cut
  /// it, emit a cancellation signal of type terminal: it stops at once, and nothing is emitted for
  /// the request in flight. It does not throw for that, and afterwards this virtual user may run
  /// further iterations under a fresh cancellation state. `flow` lives until the iteration has
  /// ended.
  boost::asio::awaitable<IterationOutcome> run_iteration(const Flow& flow,
                                                         IterationContext iteration);

  /// Closes all connections: at the end of a scenario, or when the VU is retired.
  void close_connections() { client_.close_connections(); }

 private:
  [[nodiscard]] lab::Rng rng_of(const IterationContext& iteration) const;
  void add_iteration_samples(const IterationContext& iteration, TagSetId tags, lab::TimePoint now);

  RunContext* context_;
  HttpClient client_;
  GatewayExchange exchange_;  ///< Kept for its memory.
};

}  // namespace loader
