// A virtual user: runs one iteration of a flow after another over its own connections.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "loader/flow/flow.h"
#include "loader/flow/gateway_client.h"
#include "loader/flow/iteration.h"
#include "loader/flow/run_context.h"
#include "loader/http/http_client.h"

namespace loader {

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
  RunContext* context_;
  HttpClient client_;
  GatewayExchange exchange_;  ///< Kept for its memory.
  CookieJar cookies_;
};

}  // namespace loader
