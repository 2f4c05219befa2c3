#include "shared/sim/sim_runtime.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <exception>
#include <utility>

#include "shared/runtime/await.h"
#include "shared/sim/sim_listener.h"
#include "shared/sim/sim_stream.h"

namespace lab {
namespace {

constexpr std::size_t kWaitsShown = 5;
// Most steps take a microsecond or ten, but one of a script may take seconds; a look costs little.
constexpr std::uint64_t kStepsToLook = 4;

template <class T>
std::uint32_t take_slot(std::vector<T>& slots, std::vector<std::uint32_t>& free) {
  if (free.empty()) {
    slots.emplace_back();
    return static_cast<std::uint32_t>(slots.size() - 1);
  }
  const std::uint32_t index = free.back();
  free.pop_back();
  return index;
}

bool is_numeric_address(const std::string& host) {
  return host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

SimRuntime::SimRuntime(Options options) : options_(std::move(options)), rng_(options_.seed) {
  hosts_["localhost"] = "127.0.0.1";
}

// A coroutine that waits is owned by the handler of what it waits for, and may itself own the
// stream that holds the handler: dropping the handlers breaks those cycles. Whatever is completed
// meanwhile is dropped at once (closing_).
void SimRuntime::abandon() {
  closing_ = true;
  while (drop_some_handlers()) {
  }
  context_.reset();
}

SimRuntime::~SimRuntime() { abandon(); }

bool SimRuntime::drop_some_handlers() {
  bool dropped = false;
  for (Completion& completion : completions_) {
    dropped |= static_cast<bool>(Stream::Handler(std::move(completion.handler)));
  }
  for (Sleep& sleep : sleeps_) dropped |= static_cast<bool>(WaitHandler(std::move(sleep.handler)));
  while (!listeners_.empty()) {
    SimListener* const listener = listeners_.begin()->second;
    listeners_.erase(listeners_.begin());
    dropped |= listener->drop_handlers();
  }
  for (SimConnection* connection : std::vector(connections_.begin(), connections_.end())) {
    // An earlier drop may have ended this one.
    if (connections_.contains(connection)) {
      dropped |= connection->shared_from_this()->drop_handlers();
    }
  }
  return dropped;
}

asio::any_io_executor SimRuntime::executor() { return context_->get_executor(); }

WallTime SimRuntime::wall_now() const { return options_.epoch + now_.time_since_epoch(); }

SimRuntime::End SimRuntime::run() {
  end_ = run_to_end();
  return end_;
}

SimRuntime::End SimRuntime::run_to_end() {
  context_->restart();
  const auto work = asio::make_work_guard(*context_);
  stopped_ = false;
  for (;;) {
    while (!stopped_ && context_->poll_one() > 0) {
      count_step();
      if (steps_this_instant_ > options_.steps_per_instant_max) return End::steps_limit;
    }
    if (stopped_) return End::stopped;
    if (steps_this_instant_ > options_.steps_per_instant_max) return End::steps_limit;
    if (events_run_ >= options_.events_max) return End::events_limit;
    if (!step()) return End::quiescent;
    if (now_.time_since_epoch() > options_.time_max) return End::time_limit;
  }
}

void SimRuntime::count_step() {
  ++steps_this_instant_;
  if (++steps_to_look_ % kStepsToLook == 0 && look_) look_();
}

bool SimRuntime::step() {
  const auto due = events_.pop();
  if (!due) return false;
  if (due->time > now_) {
    now_ = due->time;
    steps_this_instant_ = 0;
    connects_this_instant_ = 0;
  }
  count_step();
  ++events_run_;
  hash_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  hash_.add(due->sequence);
  due->action.run(due->action.object, due->action.argument);
  return true;
}

Result<void> SimRuntime::run_until_complete(asio::awaitable<void> task) {
  std::exception_ptr exception;
  bool done = false;
  asio::co_spawn(*context_, std::move(task), [&](std::exception_ptr e) {
    exception = e;
    done = true;
    stop();
  });
  const End end = run();
  if (done) {
    if (exception) std::rethrow_exception(exception);
    return {};
  }
  switch (end) {
    case End::steps_limit:
      return Error{describe(), "too many steps without time moving"};
    case End::events_limit:
      return Error{describe(), "too many events"};
    case End::time_limit:
      return Error{describe(), "virtual time limit passed"};
    default:
      return Error{describe(), "deadlock: nothing left to happen, and the task is not done"};
  }
}

void SimRuntime::complete_at(TimePoint at, Stream::Handler handler, ErrorCode ec,
                             std::size_t bytes) {
  if (closing_) return;
  const std::uint32_t index = take_slot(completions_, free_completions_);
  // Not assigned: the move assignment of Boost 1.81's any_completion_handler calls itself for ever.
  completions_[index].handler.swap(handler);
  completions_[index].ec = ec;
  completions_[index].bytes = bytes;
  events_.schedule(at, {&run_completion, this, index});
}

void SimRuntime::run_completion(void* self, std::uint64_t index) {
  auto& runtime = *static_cast<SimRuntime*>(self);
  Completion completion = std::move(runtime.completions_[index]);
  runtime.free_completions_.push_back(static_cast<std::uint32_t>(index));
  runtime.hash_.add(completion.bytes << 16 ^ static_cast<std::uint64_t>(completion.ec.value()));
  std::move(completion.handler)(completion.ec, completion.bytes);
}

void SimRuntime::complete_wait_at(TimePoint at, WaitHandler handler, ErrorCode ec) {
  complete_at(
      at, [h = std::move(handler)](ErrorCode e, std::size_t) mutable { std::move(h)(e); }, ec, 0);
}

void SimRuntime::start_sleep(TimePoint deadline, WaitHandler handler,
                             asio::cancellation_slot slot) {
  if (closing_) return;
  const std::uint32_t index = take_slot(sleeps_, free_sleeps_);
  const EventId event = events_.schedule(std::max(deadline, now_), {&finish_sleep, this, index});
  sleeps_[index].handler.swap(handler);
  sleeps_[index].event = event;
  sleeps_[index].slot = slot;
  if (slot.is_connected()) {
    slot.assign([this, index, sequence = event.sequence](asio::cancellation_type) {
      abort_sleep(index, sequence);
    });
  }
}

void SimRuntime::finish_sleep(void* self, std::uint64_t index) {
  auto& runtime = *static_cast<SimRuntime*>(self);
  WaitHandler handler = std::move(runtime.sleeps_[index].handler);
  runtime.sleeps_[index].event = {};
  runtime.free_sleeps_.push_back(static_cast<std::uint32_t>(index));
  if (auto slot = runtime.sleeps_[index].slot; slot.is_connected()) slot.clear();
  std::move(handler)(ErrorCode{});
}

void SimRuntime::abort_sleep(std::uint32_t index, std::uint64_t sequence) {
  if (sleeps_[index].event.sequence != sequence || !events_.cancel(sleeps_[index].event)) return;
  WaitHandler handler = std::move(sleeps_[index].handler);
  sleeps_[index].event = {};
  free_sleeps_.push_back(index);
  complete_wait_at(now_, std::move(handler), asio::error::operation_aborted);
}

asio::awaitable<ErrorCode> SimRuntime::sleep_until(TimePoint deadline) {
  const auto [ec] = co_await asio::async_initiate<decltype(kAwait), void(ErrorCode)>(
      [](auto handler, SimRuntime* self, TimePoint at) {
        const auto slot = asio::get_associated_cancellation_slot(handler);
        self->start_sleep(at, WaitHandler(without_slot(std::move(handler))), slot);
      },
      kAwait, this, deadline);
  co_return ec;
}

IoResult<std::unique_ptr<Listener>> SimRuntime::listen(const Endpoint& endpoint, bool) {
  Endpoint local = endpoint;
  if (local.port == 0) local.port = next_port_++;
  if (listeners_.contains(local)) return ErrorCode(asio::error::address_in_use);
  return std::unique_ptr<Listener>(std::make_unique<SimListener>(*this, local));
}

SimListener* SimRuntime::find_listener(const Endpoint& endpoint) {
  for (const std::string& address : {endpoint.address, std::string("0.0.0.0"), std::string("::")}) {
    const auto found = listeners_.find({address, endpoint.port});
    if (found != listeners_.end()) return found->second;
  }
  return nullptr;
}

asio::awaitable<IoResult<std::unique_ptr<Stream>>> SimRuntime::connect(Endpoint endpoint,
                                                                       TimePoint deadline) {
  const std::uint64_t number = next_connection_++;
  // Keyed by where to and when, not by the number: one connection more shifts what befalls those of
  // its own instant at most.
  Rng rng = rng_.child("connection", endpoint.to_string())
                .child("at", static_cast<std::uint64_t>(now_.time_since_epoch().count()),
                       connects_this_instant_++);
  // SYN one way, SYN-ACK (or RST) the other.
  const TimePoint syn_arrives = options_.network.arrival(now_, rng);
  const bool lost = options_.network.connect_failure_probability > 0 &&
                    rng.uniform01() < options_.network.connect_failure_probability;
  if (const ErrorCode ec = co_await sleep_until(std::min(syn_arrives, deadline))) co_return ec;
  if (syn_arrives > deadline) co_return Errc::timeout;

  SimListener* listener = lost ? nullptr : find_listener(endpoint);
  std::unique_ptr<Stream> stream;
  if (listener != nullptr) {
    const Endpoint client{"127.0.0.1", static_cast<std::uint16_t>(32768 + number % 28232)};
    auto connection = std::make_shared<SimConnection>(*this, client, endpoint, rng.child("bytes"));
    stream = std::make_unique<SimStream>(connection, 0);
    if (!listener->offer(std::make_unique<SimStream>(connection, 1))) stream.reset();
  }
  const TimePoint answer_arrives = options_.network.arrival(now_, rng);
  if (const ErrorCode ec = co_await sleep_until(std::min(answer_arrives, deadline))) co_return ec;
  if (answer_arrives > deadline) co_return Errc::timeout;
  if (!stream) co_return ErrorCode(asio::error::connection_refused);
  co_return stream;
}

asio::awaitable<IoResult<std::vector<Endpoint>>> SimRuntime::resolve(std::string host,
                                                                     std::uint16_t port,
                                                                     TimePoint) {
  if (is_numeric_address(host)) co_return std::vector<Endpoint>{{host, port}};
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) co_return ErrorCode(asio::error::host_not_found);
  co_return std::vector<Endpoint>{{found->second, port}};
}

void SimRuntime::add_host(std::string name, std::string address) {
  hosts_[std::move(name)] = std::move(address);
}

SimRuntime::Pending SimRuntime::pending() const {
  return {events_.size(), connections_.size(), listeners_.size()};
}

std::vector<std::string> SimRuntime::waits() const {
  std::vector<std::string> sentences;
  for (const auto& [endpoint, listener] : listeners_) {
    if (listener->is_waiting()) sentences.push_back(endpoint.to_string() + " waits to accept");
  }
  for (const SimConnection* connection : connections_) {
    for (std::string& sentence : connection->waits()) sentences.push_back(std::move(sentence));
  }
  std::sort(sentences.begin(), sentences.end());
  return sentences;
}

std::string SimRuntime::describe() const {
  const Pending p = pending();
  std::string text = "seed " + std::to_string(options_.seed) + ", virtual time " +
                     format_duration(now_.time_since_epoch()) + ", " + std::to_string(p.events) +
                     " events, " + std::to_string(p.connections) + " connections, " +
                     std::to_string(p.listeners) + " listeners pending";
  const std::vector<std::string> sentences = waits();
  for (std::size_t i = 0; i < std::min(sentences.size(), kWaitsShown); ++i) {
    text += ", " + sentences[i];
  }
  if (sentences.size() > kWaitsShown) {
    text += ", and " + std::to_string(sentences.size() - kWaitsShown) + " more";
  }
  return text;
}

}  // namespace lab
