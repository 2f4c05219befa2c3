#include "mockgw/server/server.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <list>
#include <vector>

#include "mockgw/server/chat_handler.h"
#include "mockgw/server/operator_access.h"
#include "mockgw/server/operator_handler.h"
#include "mockgw/server/request_handler.h"
#include "mockgw/server/request_record.h"
#include "mockgw/server/responder.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/wakeup.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// After an error of accept() that is not of one connection (no more file descriptors): long enough
// not to spin, short enough that nobody notices.
constexpr auto kAcceptPause = std::chrono::milliseconds(20);
// An answer whose buffers grew past this is not kept for the next request.
constexpr std::size_t kAnswerBytesKept = 8 * 1024;
constexpr std::int64_t kAnswerTokensKept = 512;
constexpr std::size_t kAnswersKept = 64;
// A request whose body is larger is not kept while its answer is sent.
constexpr std::size_t kBodyBytesKept = 64 * 1024;

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

// Whether the peer can be told why its request was not read.
bool deserves_answer(lab::ErrorCode ec, bool in_request) {
  return in_request &&
         (ec == lab::Errc::bad_message || ec == lab::Errc::header_too_large ||
          ec == lab::Errc::body_too_large || ec == lab::Errc::timeout ||
          ec == lab::Errc::partial_message || ec == boost::system::errc::not_supported ||
          ec == boost::system::errc::protocol_not_supported);
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

struct Server::State {
  // One connection under way; on the list while it lives.
  struct Connection {
    Connection(State& owner, std::unique_ptr<lab::Stream> stream, const GatewayConfig& config)
        : state(owner),
          http(owner.runtime, std::move(stream), http_limits(config.limits),
               http_timeouts(config.timeouts)),
          remote_address(http.stream().remote_endpoint().address),
          place(owner.connections.insert(owner.connections.end(), this)) {
      http.limit_bodies_by([this](std::string_view target) { return state.body_limit(target); });
      state.counters->change_connections_open(+1);
    }
    ~Connection() {
      state.counters->change_connections_open(-1);
      state.connections.erase(place);
      if (state.connections.empty()) state.last_left.notify();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    State& state;
    lab::HttpServerConnection http;
    std::string remote_address;
    bool answers = false;
    AdmissionGate* queue = nullptr;  // While the request `queued` waits there.
    std::uint64_t queued = 0;
    std::list<Connection*>::iterator place;
  };

  State(lab::Runtime& its_runtime, std::shared_ptr<Gateway> its_gateway, ServerOptions its_options)
      : runtime(its_runtime),
        options(its_options),
        gateway(std::move(its_gateway)),
        counters(gateway->add_thread()),
        view(*gateway) {}

  [[nodiscard]] const std::shared_ptr<GatewayState>& gateway_state(lab::TimePoint now) {
    return view.get(gateway->elapsed(now));
  }

  [[nodiscard]] std::optional<OperatorRoute> operator_route(std::string_view target) {
    return find_operator_route(gateway_state(runtime.now())->config, lab::target_path(target));
  }
  // Nothing for the clients' requests, which have the limit of their connection.
  [[nodiscard]] std::optional<std::uint64_t> body_limit(std::string_view target) {
    return operator_route(target) ? std::optional(kAdminBodyBytesMax) : std::nullopt;
  }

  [[nodiscard]] Arrival arrival(const Connection& connection, lab::TimePoint now) {
    return {.number = gateway->next_request_number(),
            .now = now,
            .elapsed = gateway->elapsed(now),
            .wall_now = runtime.wall_now(),
            .remote_address = connection.remote_address};
  }

  // Answers are kept here between requests, not by connections: an idle one needs none.
  [[nodiscard]] AnswerPtr take_answer() {
    if (spare_answers.empty()) return std::make_unique<Answer>();
    AnswerPtr answer = std::move(spare_answers.back());
    spare_answers.pop_back();
    return answer;
  }
  void keep_answer(AnswerPtr answer) {
    answer->state.reset();
    const bool is_small = answer->response.body.capacity() <= kAnswerBytesKept &&
                          answer->plan.usage.completion_tokens <= kAnswerTokensKept;
    if (is_small && spare_answers.size() < kAnswersKept) {
      spare_answers.push_back(std::move(answer));
    }
  }

  lab::Runtime& runtime;
  const ServerOptions options;
  std::shared_ptr<Gateway> gateway;
  std::shared_ptr<ThreadCounters> counters;  // Shared with the gateway, which adds them up.
  StateView view;
  WorkTurns turns{runtime.executor()};
  std::vector<AnswerPtr> spare_answers;
  std::unique_ptr<lab::Listener> listener;
  bool is_on_loopback = true;  // The listener is.
  std::list<Connection*> connections;
  lab::Wakeup last_left{runtime};
  std::size_t handshakes = 0;         // Connections that are not on the list yet.
  std::uint64_t accept_failures = 0;  // Since the last connection.
  bool stopping = false;
};

namespace {

using State = Server::State;

asio::awaitable<void> refuse_unreadable(State& state, State::Connection& connection,
                                        lab::ErrorCode reason) {
  lab::HttpServerConnection& http = connection.http;
  if (!deserves_answer(reason, http.in_request())) co_return;
  const lab::TimePoint now = state.runtime.now();
  if (reason == lab::Errc::body_too_large && state.operator_route(http.request().target)) {
    const AnswerPtr refusal =
        answer_large_admin_body(state.gateway_state(now), state.take_answer());
    const lab::ErrorCode unsent = co_await http.write(refusal->response);
    if (!unsent) co_await http.linger();
    co_return;
  }
  const AnswerPtr answer = answer_unreadable(state.gateway_state(now), http.request(),
                                             state.arrival(connection, now), reason);
  const lab::ErrorCode unsent = co_await http.write(answer->response);
  const Sent sent{.ec = unsent, .was_cut_by_client = unsent.failed()};
  state.counters->add(record_of(*answer, sent, state.runtime.now() - now));
  if (!unsent) co_await http.linger();
}

// What is left to settle of a request whose client left the queue. If it was let in at that very
// moment it has a slot; to give back one that it does not have changes nothing.
AnswerPtr abandoned_chat(PendingChat& chat, AnswerPtr answer) {
  answer->settlement = std::move(chat.context.settlement);
  answer->settlement.number = chat.context.number;
  answer->settlement.has_slot = true;
  return answer;
}

asio::awaitable<AnswerPtr> pass_gate(State::Connection& connection, AnswerPtr answer,
                                     lab::TimePoint arrived) {
  lab::Runtime& runtime = connection.state.runtime;
  std::unique_ptr<PendingChat> chat = std::move(answer->pending);
  AdmissionGate& gate = *answer->state->gate;
  connection.http.watch_client();
  connection.queue = &gate;
  connection.queued = chat->context.number;
  const auto refused = co_await gate.enter(runtime, chat->context.number, chat->priority);
  connection.queue = nullptr;
  if (connection.http.client_left()) co_return abandoned_chat(*chat, std::move(answer));
  const lab::Duration waited = runtime.now() - arrived;
  co_return resume_chat(std::move(chat), refused, waited, std::move(answer));
}

// Ends the waits of a connection's coroutine when the client leaves.
void end_waits(State::Connection& connection, asio::cancellation_signal& waits) {
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

AnswerPtr decide(State& state, State::Connection& connection, lab::TimePoint arrived) {
  const lab::HttpRequest& request = connection.http.request();
  const std::shared_ptr<GatewayState>& in_force = state.gateway_state(arrived);
  if (const auto route = find_operator_route(in_force->config, lab::target_path(request.target))) {
    const OperatorRequest asked{*route, request, arrived, state.runtime.wall_now(),
                                state.is_on_loopback};
    return answer_operator(*state.gateway, in_force, asked, state.take_answer());
  }
  return answer_request(in_force, request, state.arrival(connection, arrived), state.take_answer());
}

// What it took to plan an answer, in the units of WorkTurns: about what a token and a step were
// measured to take. Nothing for the usual ones, which shall not wait for each other.
std::size_t planning_units(const Answer& answer) {
  constexpr std::size_t kUnitsAToken = 16;
  constexpr std::size_t kUnitsAStep = 16;
  constexpr std::size_t kUnitsUsual = 16 * 1024;
  const std::size_t units =
      static_cast<std::size_t>(answer.plan.usage.completion_tokens) * kUnitsAToken +
      answer.plan.schema_steps * kUnitsAStep;
  return units > kUnitsUsual ? units : 0;
}

// Nothing of a request's body is needed once its answer is decided.
void forget_large_body(lab::HttpRequest& request) {
  if (request.body.capacity() > kBodyBytesKept) std::string().swap(request.body);
}

// Gives back what the answer held, and counts it.
void finish(State& state, Answer& answer, const Sent& sent, lab::TimePoint arrived) {
  const lab::TimePoint now = state.runtime.now();
  if (!answer.settlement.is_empty()) {
    settle(*answer.state, answer.settlement, sent, now);
  }
  state.counters->add(record_of(answer, sent, now - arrived));
}

// The stream under TLS; null if the client did not get that far within the time for a head.
asio::awaitable<std::unique_ptr<lab::Stream>> secure(State& state,
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

// `waits` cancels what this coroutine waits for; the completion handler keeps it.
asio::awaitable<void> serve(std::shared_ptr<State> state, std::unique_ptr<lab::Stream> stream,
                            asio::cancellation_signal& waits) {
  // A cancelled wait fails; it does not throw, and what follows it is not cancelled.
  co_await asio::this_coro::throw_if_cancelled(false);
  if (state->options.tls) stream = co_await secure(*state, std::move(stream));
  if (!stream || state->stopping) co_return;
  State::Connection connection(*state, std::move(stream),
                               state->gateway_state(state->runtime.now())->config);
  lab::HttpServerConnection& http = connection.http;
  http.on_client_left([&] { end_waits(connection, waits); });
  while (!state->stopping) {
    connection.answers = false;
    const lab::ErrorCode unread = co_await http.read_request();
    connection.answers = true;
    if (unread) co_return co_await refuse_unreadable(*state, connection, unread);
    const lab::TimePoint arrived = http.request_read_at();
    // Only requests for completions can take long; those for health do not wait for them.
    const bool may_take_long = http.request().method == "POST";
    if (may_take_long && !state->turns.is_free()) co_await state->turns.wait();
    AnswerPtr answer = decide(*state, connection, arrived);
    std::optional<InFlight> in_flight;
    if (!answer->is_operators) in_flight.emplace(*state->counters);
    if (state->stopping) http.close_after_response();
    if (answer->pending) answer = co_await pass_gate(connection, std::move(answer), arrived);
    if (answer->is_completion) state->turns.add(planning_units(*answer));
    forget_large_body(http.request());
    const Sent sent = co_await send_answer({state->runtime, http, state->turns}, *answer, arrived);
    if (!answer->is_operators) finish(*state, *answer, sent, arrived);
    if (sent.ec) co_return;
    if (!http.keep_alive()) {
      // A client that keeps its end open would hold up the drain: only one that has sent on waits.
      if (!state->stopping || http.has_unread_bytes()) co_await http.linger();
      co_return;
    }
    state->keep_answer(std::move(answer));
  }
}

// A flood brings thousands of failures: one line for their beginning, one for their end.
void note_accept_failure(State& state, lab::ErrorCode ec) {
  if (state.accept_failures++ > 0) return;
  spdlog::warn("cannot accept a connection: {}; trying again", ec.message());
}
void note_accepted(State& state) {
  if (state.accept_failures == 0) return;
  spdlog::info("accepting connections again after {} failures", state.accept_failures);
  state.accept_failures = 0;
}

void spawn_serve(const std::shared_ptr<State>& state, std::unique_ptr<lab::Stream> stream) {
  auto waits = std::make_unique<asio::cancellation_signal>();
  const asio::cancellation_slot slot = waits->slot();
  auto serving = serve(state, std::move(stream), *waits);
  auto end = [kept = std::move(waits)](std::exception_ptr failure) { log_failure(failure); };
  asio::co_spawn(state->runtime.executor(), std::move(serving),
                 asio::bind_cancellation_slot(slot, std::move(end)));
}

asio::awaitable<void> accept_all(std::shared_ptr<State> state) {
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
    : state_(std::make_shared<State>(runtime, std::move(gateway), options)) {}

Server::~Server() { stop(); }

lab::IoResult<lab::Endpoint> Server::start(const lab::Endpoint& endpoint, bool share) {
  auto listener = state_->runtime.listen(endpoint, share);
  if (!listener) return listener.error();
  state_->listener = std::move(*listener);
  asio::co_spawn(state_->runtime.executor(), accept_all(state_), log_failure);
  const lab::Endpoint bound = state_->listener->local_endpoint();
  state_->is_on_loopback = is_loopback_address(bound.address);
  return bound;
}

void Server::stop() {
  if (state_->stopping) return;
  state_->stopping = true;
  if (state_->listener) state_->listener->close();
  for (State::Connection* connection : state_->connections) {
    const bool is_idle = !connection->answers && !connection->http.in_request();
    if (is_idle) connection->http.stream().close();
  }
}

asio::awaitable<bool> Server::drained(lab::TimePoint deadline) {
  const std::shared_ptr<State> state = state_;
  while (!state->connections.empty() && state->runtime.now() < deadline) {
    co_await state->last_left.wait_until(deadline);
  }
  co_return state->connections.empty();
}

std::size_t Server::open_connections() const { return state_->connections.size(); }

}  // namespace mockgw
