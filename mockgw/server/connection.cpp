#include "mockgw/server/connection.h"

#include <spdlog/spdlog.h>

#include <boost/asio/this_coro.hpp>
#include <optional>

#include "mockgw/answer/chat_handler.h"
#include "mockgw/answer/request_handler.h"
#include "mockgw/answer/request_record.h"
#include "mockgw/server/responder.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// A request whose body is larger is not kept while its answer is sent.
constexpr std::size_t kBodyBytesKept = 64 * 1024;

// Whether the peer can be told why its request was not read.
bool deserves_answer(lab::ErrorCode ec, bool in_request) {
  return in_request &&
         (ec == lab::Errc::bad_message || ec == lab::Errc::header_too_large ||
          ec == lab::Errc::body_too_large || ec == lab::Errc::timeout ||
          ec == lab::Errc::partial_message || ec == boost::system::errc::not_supported ||
          ec == boost::system::errc::protocol_not_supported);
}

Arrival arrival_of(const ServerState::Connection& connection, const lab::HttpRequest& request,
                   lab::TimePoint now) {
  const ServerState& state = connection.state;
  return {.http = request,
          .moment = {.arrival = now,
                     .arrival_elapsed = state.gateway->elapsed(now),
                     .arrival_wall = state.runtime.wall_now()},
          .remote_address = connection.remote_address};
}

// Gives back what is owed for the exchange, and counts it.
void finish(ServerState& state, Exchange& exchange, const Sent& sent) {
  const lab::TimePoint now = state.runtime.now();
  settle(*exchange.state, exchange.owed, exchange.reply.call, sent, now);
  const RequestRecord record = record_of(exchange, sent, now - exchange.moment.arrival);
  if (spdlog::should_log(spdlog::level::debug)) {
    spdlog::debug("{}", request_line(record, exchange.request.identity.id));
  }
  state.counters->add(record);
}

asio::awaitable<void> refuse_unreadable(ServerState::Connection& connection,
                                        lab::ErrorCode reason) {
  ServerState& state = connection.state;
  lab::HttpServerConnection& http = connection.http;
  if (!deserves_answer(reason, http.in_request())) co_return;
  Arrival arrival = arrival_of(connection, http.request(), state.runtime.now());
  const bool is_large = reason == lab::Errc::body_too_large;
  const bool is_operators = is_large && state.operator_route(http.request().target);
  if (!is_operators) arrival.number = state.gateway->next_request_number();
  std::unique_ptr<Exchange> exchange = state.exchanges.take();
  exchange->begin(state.gateway_state(arrival.moment.arrival), arrival);
  if (is_operators) {
    answer_large_admin_body(*exchange);
  } else {
    answer_unreadable(*exchange, reason);
  }
  const lab::ErrorCode unsent = co_await http.write(exchange->response);
  const Sent sent{.ec = unsent, .was_cut_by_client = unsent.failed()};
  if (!is_operators) finish(state, *exchange, sent);
  if (!unsent) co_await http.linger();
}

// One whose client left the queue stays undecided. If it was let in at that very moment it has a
// slot; to give back one that it does not have changes nothing.
asio::awaitable<void> pass_gate(ServerState::Connection& connection, Exchange& exchange) {
  lab::Runtime& runtime = connection.state.runtime;
  AdmissionGate& gate = *exchange.state->gate;
  connection.http.watch_client();
  connection.queue = &gate;
  connection.queued = exchange.owed.number;
  const int priority = priority_of(exchange.request.headers());
  const auto refused = co_await gate.enter(runtime, exchange.owed.number, priority);
  connection.queue = nullptr;
  exchange.owed.has_slot = !refused;
  if (connection.http.client_left()) co_return;
  exchange.moment.offset = runtime.now() - exchange.moment.arrival;
  resume_chat(exchange, refused);
}

// Ends the waits of a connection's coroutine when the client leaves.
void end_waits(ServerState::Connection& connection, asio::cancellation_signal& waits) {
  if (connection.queue) {
    connection.queue->abandon(connection.queued, connection.state.runtime.now());
  }
  waits.emit(asio::cancellation_type::terminal);
}

// Counts a request as being answered while it lives.
class InFlight {
 public:
  explicit InFlight(ThreadCounters& counters) : counters_(counters) {
    counters_.change_in_flight(+1);
  }
  ~InFlight() { counters_.change_in_flight(-1); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  ThreadCounters& counters_;
};

void decide(ServerState::Connection& connection, Exchange& exchange) {
  ServerState& state = connection.state;
  const lab::HttpRequest& request = connection.http.request();
  Arrival arrival = arrival_of(connection, request, connection.http.request_read_at());
  const std::shared_ptr<GatewayState>& in_force = state.gateway_state(arrival.moment.arrival);
  if (const auto route = find_operator_route(in_force->config, lab::target_path(request.target))) {
    exchange.begin(in_force, arrival);
    return answer_operator(*state.gateway, exchange, *route, state.is_on_loopback);
  }
  arrival.number = state.gateway->next_request_number();
  exchange.begin(in_force, arrival);
  answer_request(exchange);
}

// What it took to plan an answer, in the units of WorkTurns: about what a token and a step were
// measured to take. Nothing for the usual ones, which shall not wait for each other.
std::size_t planning_units(const ChatPlan& plan) {
  constexpr std::size_t kUnitsAToken = 16;
  constexpr std::size_t kUnitsAStep = 16;
  constexpr std::size_t kUnitsUsual = 16 * 1024;
  const std::size_t units = static_cast<std::size_t>(plan.usage.completion_tokens) * kUnitsAToken +
                            plan.schema_steps * kUnitsAStep;
  return units > kUnitsUsual ? units : 0;
}

// Nothing of a request's body is needed once its answer is decided.
void forget_request(lab::HttpRequest& request, Exchange& exchange) {
  exchange.request.chat.reset();
  if (request.body.capacity() > kBodyBytesKept) std::string().swap(request.body);
}

// The stream under TLS; null if the client did not get that far within the time for a head.
asio::awaitable<std::unique_ptr<lab::Stream>> secure(ServerState& state,
                                                     std::unique_ptr<lab::Stream> stream) {
  const lab::TimePoint now = state.runtime.now();
  const lab::TimePoint deadline = now + state.gateway_state(now)->config.timeouts.header;
  ++state.handshakes;
  auto secured = co_await lab::accept_tls(std::move(stream), *state.options.tls, deadline);
  --state.handshakes;
  if (!secured) {
    spdlog::debug("a TLS handshake failed: {}", secured.error().message());
    co_return nullptr;
  }
  co_return std::move(secured->stream);
}

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<ServerState> state, std::unique_ptr<lab::Stream> stream,
                            asio::cancellation_signal& waits) {
  // A cancelled wait fails; it does not throw, and what follows it is not cancelled.
  co_await asio::this_coro::throw_if_cancelled(false);
  if (state->options.tls) stream = co_await secure(*state, std::move(stream));
  if (!stream || state->stopping) co_return;
  ServerState::Connection connection(*state, std::move(stream),
                                     state->gateway_state(state->runtime.now())->config);
  lab::HttpServerConnection& http = connection.http;
  http.on_client_left([&] { end_waits(connection, waits); });
  while (!state->stopping) {
    connection.answers = false;
    const lab::ErrorCode unread = co_await http.read_request();
    connection.answers = true;
    if (unread) co_return co_await refuse_unreadable(connection, unread);
    // Only requests for completions can take long; those for health do not wait for them.
    const bool may_take_long = http.request().method == "POST";
    if (may_take_long && !state->turns.is_free()) co_await state->turns.wait();
    std::unique_ptr<Exchange> exchange = state->exchanges.take();
    decide(connection, *exchange);
    std::optional<InFlight> in_flight;
    if (!exchange->is_operators) in_flight.emplace(*state->counters);
    if (state->stopping) http.close_after_response();
    if (exchange->awaits_slot) co_await pass_gate(connection, *exchange);
    if (exchange->reply.is_completion) state->turns.add(planning_units(exchange->plan));
    forget_request(http.request(), *exchange);
    const Sent sent = co_await send_answer({state->runtime, http, state->turns}, *exchange);
    if (!exchange->is_operators) finish(*state, *exchange, sent);
    if (sent.ec) co_return;
    if (!http.keep_alive()) {
      // A client that keeps its end open would hold up the drain: only one that has sent on waits.
      if (!state->stopping || http.has_unread_bytes()) co_await http.linger();
      co_return;
    }
    state->exchanges.keep(std::move(exchange));
  }
}

}  // namespace mockgw
