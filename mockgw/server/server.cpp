#include "mockgw/server/server.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <exception>

#include "mockgw/server/connection.h"
#include "mockgw/server/server_state.h"
#include "shared/runtime/listen_address.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// After an error of accept() that is not of one connection (no more file descriptors): long enough
// not to spin, short enough that nobody notices.
constexpr auto kAcceptPause = std::chrono::milliseconds(20);

lab::HttpLimits http_limits(const LimitsConfig& limits) {
  return {.header_bytes_max = limits.max_header_bytes,
          .header_fields_max = limits.max_header_fields,
          .body_bytes_max = limits.max_body_bytes};
}

lab::HttpServerTimeouts http_timeouts(const TimeoutsConfig& timeouts) {
  return {.idle = timeouts.idle,
          .header = timeouts.header,
          .body = timeouts.body,
          .write = timeouts.write};
}

void log_failure(std::exception_ptr failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    spdlog::error("a connection ended by an exception: {}", e.what());
  }
}

}  // namespace

ServerState::Connection::Connection(ServerState& owner, std::unique_ptr<lab::Stream> stream,
                                    const GatewayConfig& config)
    : state(owner),
      http(owner.runtime, std::move(stream), http_limits(config.limits),
           http_timeouts(config.timeouts)),
      remote_address(http.stream().remote_endpoint().address),
      place(owner.connections.insert(owner.connections.end(), this)) {
  // The clients' requests have the limit of their connection.
  http.limit_bodies_by([this](std::string_view target) {
    return state.operator_route(target) ? std::optional(kAdminBodyBytesMax) : std::nullopt;
  });
  state.counters->change_connections_open(+1);
}

ServerState::Connection::~Connection() {
  state.counters->change_connections_open(-1);
  state.connections.erase(place);
  if (state.connections.empty()) state.last_left.notify();
}

namespace {

// A flood brings thousands of failures: one line for their beginning, one for their end.
void note_accept_failure(ServerState& state, lab::ErrorCode ec) {
  if (state.accept_failures++ > 0) return;
  spdlog::warn("cannot accept a connection: {}; trying again", ec.message());
}
void note_accepted(ServerState& state) {
  if (state.accept_failures == 0) return;
  spdlog::info("accepting connections again after {} failures", state.accept_failures);
  state.accept_failures = 0;
}

void spawn_serve(const std::shared_ptr<ServerState>& state, std::unique_ptr<lab::Stream> stream) {
  auto waits = std::make_unique<asio::cancellation_signal>();
  const asio::cancellation_slot slot = waits->slot();
  auto serving = serve(state, std::move(stream), *waits);
  auto end = [kept = std::move(waits)](std::exception_ptr failure) { log_failure(failure); };
  asio::co_spawn(state->runtime.executor(), std::move(serving),
                 asio::bind_cancellation_slot(slot, std::move(end)));
}

asio::awaitable<void> accept_all(std::shared_ptr<ServerState> state) {
  while (!state->stopping) {
    auto accepted = co_await state->listener->accept();
    if (state->stopping) co_return;
    if (!accepted) {
      if (accepted.error() == asio::error::operation_aborted) co_return;
      note_accept_failure(*state, accepted.error());
      const lab::TimePoint retry_at = state->runtime.now() + kAcceptPause;
      if (const lab::ErrorCode ec = co_await state->runtime.sleep_until(retry_at)) co_return;
      continue;
    }
    note_accepted(*state);
    const auto open_max =
        std::min(state->gateway_state(state->runtime.now())->config.limits.max_connections,
                 state->options.connections_max);
    const bool is_turned_away = state->connections.size() + state->handshakes >= open_max;
    state->counters->connection_accepted(is_turned_away);
    if (is_turned_away) continue;
    spawn_serve(state, std::move(*accepted));
  }
}

}  // namespace

Server::Server(lab::Runtime& runtime, std::shared_ptr<Gateway> gateway, ServerOptions options)
    : state_(std::make_shared<ServerState>(runtime, std::move(gateway), options)) {}

Server::~Server() { stop(); }

lab::IoResult<lab::Endpoint> Server::start(const lab::Endpoint& endpoint, bool share) {
  auto listener = state_->runtime.listen(endpoint, share);
  if (!listener) return listener.error();
  state_->listener = std::move(*listener);
  asio::co_spawn(state_->runtime.executor(), accept_all(state_), log_failure);
  const lab::Endpoint bound = state_->listener->local_endpoint();
  state_->is_on_loopback = lab::is_loopback_address(bound.address);
  return bound;
}

void Server::stop() {
  if (state_->stopping) return;
  state_->stopping = true;
  if (state_->listener) state_->listener->close();
  for (ServerState::Connection* connection : state_->connections) {
    const bool is_idle = !connection->answers && !connection->http.in_request();
    if (is_idle) connection->http.stream().close();
  }
}

asio::awaitable<bool> Server::drained(lab::TimePoint deadline) {
  const std::shared_ptr<ServerState> state = state_;
  while (!state->connections.empty() && state->runtime.now() < deadline) {
    co_await state->last_left.wait_until(deadline);
  }
  co_return state->connections.empty();
}

std::size_t Server::open_connections() const { return state_->connections.size(); }

}  // namespace mockgw
