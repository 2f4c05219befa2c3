// The simulated world: virtual time that jumps to the next event, and connections in memory. One
// thread, one seed, the same bytes every time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "shared/base/rng.h"
#include "shared/runtime/runtime.h"
#include "shared/sim/event_hash.h"
#include "shared/sim/event_queue.h"
#include "shared/sim/network_model.h"

namespace lab {

class SimConnection;
class SimListener;

class SimRuntime final : public Runtime {
 public:
  struct Options {
    std::uint64_t seed = 1;
    NetworkModel network = {};
    /// wall_now() at virtual time zero.
    WallTime epoch = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    /// Bounds that turn an endless loop into an error: steps without time moving, events in all,
    /// and virtual time itself. 10,000 virtual users that start at once take 50,000 events in their
    /// first second; half a million steps are 70,000 requests of an endless loop.
    std::uint64_t steps_per_instant_max = 500'000;
    std::uint64_t events_max = 100'000'000'000;
    Duration time_max = std::chrono::hours(24 * 365);
  };
  /// Why run() came back.
  enum class End { quiescent, stopped, steps_limit, events_limit, time_limit };

  SimRuntime() : SimRuntime(Options{}) {}
  explicit SimRuntime(Options options);
  /// Abandons what is under way. Streams and listeners held elsewhere must be gone by then.
  ~SimRuntime() override;
  SimRuntime(const SimRuntime&) = delete;
  SimRuntime& operator=(const SimRuntime&) = delete;

  /// Runs until nothing is left to happen (quiescent), stop(), or a limit.
  End run();
  void stop() { stopped_ = true; }
  /// `look` is called every now and then while run() runs, between two steps, until it is replaced:
  /// for news of the real world. What it does not change stays the same to the last byte.
  void look_around(std::function<void()> look) { look_ = std::move(look); }
  /// Runs `task` until it is done; its exception is rethrown. What else is under way stays as it
  /// is. An Error, with seed, time and what is pending, when the world comes to rest before (a
  /// deadlock) or meets a limit.
  Result<void> run_until_complete(asio::awaitable<void> task);
  /// Why the last run() came back.
  [[nodiscard]] End end() const { return end_; }
  /// Destroys every coroutine that still waits, and with it what it owns; nothing can run after.
  /// For what lives shorter than the runtime and is used by coroutines that will not come to their
  /// end.
  void abandon();

  [[nodiscard]] asio::any_io_executor executor() override;
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override;
  asio::awaitable<ErrorCode> sleep_until(TimePoint deadline) override;
  IoResult<std::unique_ptr<Listener>> listen(const Endpoint& endpoint, bool share) override;
  asio::awaitable<IoResult<std::unique_ptr<Stream>>> connect(Endpoint endpoint,
                                                             TimePoint deadline) override;
  asio::awaitable<IoResult<std::vector<Endpoint>>> resolve(std::string host, std::uint16_t port,
                                                           TimePoint deadline) override;
  /// Makes resolve() know a name. "localhost" is known from the start.
  void add_host(std::string name, std::string address);

  /// A digest of every event so far, its time, order and result, and of every byte sent: equal for
  /// equal inputs and seed.
  [[nodiscard]] std::uint64_t event_hash() const { return hash_.value(); }
  [[nodiscard]] std::uint64_t events_run() const { return events_run_; }
  /// What is still to happen or to be waited for; all zero after a clean end.
  struct Pending {
    std::size_t events = 0;
    std::size_t connections = 0;
    std::size_t listeners = 0;
  };
  [[nodiscard]] Pending pending() const;
  /// "seed 7, virtual time 12.5s, 3 events, 2 connections, 1 listeners pending", and who waits for
  /// what, as far as it is a few.
  [[nodiscard]] std::string describe() const;

 private:
  friend class SimConnection;
  friend class SimListener;
  using WaitHandler = asio::any_completion_handler<void(ErrorCode)>;

  struct Completion {
    Stream::Handler handler;
    ErrorCode ec;
    std::size_t bytes = 0;
  };
  struct Sleep {
    WaitHandler handler;
    asio::cancellation_slot slot;
    EventId event;
  };

  /// Calls `handler` by an event at `at`; never inline.
  void complete_at(TimePoint at, Stream::Handler handler, ErrorCode ec, std::size_t bytes);
  void complete_wait_at(TimePoint at, WaitHandler handler, ErrorCode ec);
  void start_sleep(TimePoint deadline, WaitHandler handler, asio::cancellation_slot slot);
  static void run_completion(void* self, std::uint64_t index);
  static void finish_sleep(void* self, std::uint64_t index);
  void abort_sleep(std::uint32_t index, std::uint64_t sequence);
  [[nodiscard]] SimListener* find_listener(const Endpoint& endpoint);
  End run_to_end();
  void count_step();
  bool step();
  bool drop_some_handlers();
  [[nodiscard]] std::vector<std::string> waits() const;

  Options options_;
  Rng rng_;
  TimePoint now_{};
  EventHash hash_;
  std::uint64_t events_run_ = 0;
  std::uint64_t steps_this_instant_ = 0;
  std::uint64_t steps_to_look_ = 0;
  std::function<void()> look_;
  std::uint64_t next_connection_ = 0;
  std::uint64_t connects_this_instant_ = 0;
  std::uint16_t next_port_ = 49152;
  End end_ = End::quiescent;
  bool stopped_ = false;
  bool closing_ = false;
  EventQueue events_;
  std::vector<Completion> completions_;
  std::vector<std::uint32_t> free_completions_;
  std::vector<Sleep> sleeps_;
  std::vector<std::uint32_t> free_sleeps_;
  std::map<Endpoint, SimListener*> listeners_;
  std::map<std::string, std::string> hosts_;
  // For teardown only: their order reaches nothing.
  std::unordered_set<SimConnection*> connections_;
  // Last, so that it goes first: handlers queued in it may own streams.
  std::optional<asio::io_context> context_{1};
};

}  // namespace lab
