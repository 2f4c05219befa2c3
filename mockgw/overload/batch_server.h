// A model server that decodes in batches: a token rate shared among the running requests, and a
// bounded number of slots. Clock-free: times come in, times go out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/base/time.h"

namespace mockgw {

/// Each of n running requests decodes at min(max_rate_per_request, token_rate / n) tokens a second.
struct BatchServerConfig {
  std::int64_t slots = 64;   ///< Requests that run at once; more wait in order of arrival. ≥ 1
  double token_rate = 1000;  ///< Tokens a second of all together, > 0.
  double max_rate_per_request = 100;  ///< Tokens a second of one alone, > 0.
};

/// What a closed loop of `concurrency` requests of `tokens` each settles at.
struct BatchServerSteadyState {
  double rate_per_request = 0;   ///< Tokens a second of a running request.
  double tokens_per_second = 0;  ///< Of all.
  double requests_per_second = 0;
  lab::Duration latency{};  ///< From arrival to the last token, waiting for a slot included.
};
[[nodiscard]] BatchServerSteadyState steady_state(const BatchServerConfig& config,
                                                  std::int64_t concurrency, double tokens);

/// The number of parallel requests up to which none slows another down; beyond, latency grows in
/// proportion to them.
[[nodiscard]] double knee(const BatchServerConfig& config);

/// Exact processor sharing. Not synchronised; times must not go backwards. A shell calls advance()
/// when next_event() comes, and whenever it wants to know how far a request is.
class BatchServer {
 public:
  using Id = std::uint64_t;
  struct Event {
    enum class Kind { started, finished };
    Kind kind;
    Id id;
    lab::TimePoint at;
    friend bool operator==(const Event&, const Event&) = default;
  };

  explicit BatchServer(const BatchServerConfig& config) : config_(config) {}

  /// A request of `tokens` units of work, > 0 (prompt tokens may count for a fraction). The id is
  /// unused so far.
  void arrive(Id id, double tokens, lab::TimePoint now);
  /// The client left; nothing happens if the request has finished. Its slot goes to the next one
  /// waiting.
  void depart(Id id, lab::TimePoint now);

  /// What happened up to and including `now`, in order, since the last call.
  [[nodiscard]] std::vector<Event> advance(lab::TimePoint now);
  /// When the next request finishes if none arrives or departs; nothing when none runs.
  [[nodiscard]] std::optional<lab::TimePoint> next_event() const;

  /// Tokens of a request decoded by `now`: 0 while it waits, nothing if it is unknown or has
  /// finished.
  [[nodiscard]] std::optional<double> tokens_done(Id id, lab::TimePoint now);
  /// When a running request will have `tokens` done, as things are; nothing while it waits or if it
  /// is unknown.
  [[nodiscard]] std::optional<lab::TimePoint> time_of_token(Id id, double tokens,
                                                            lab::TimePoint now);

  [[nodiscard]] double rate_per_request() const;
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  // All running requests progress alike, so one number tells how far each is: `served_` is what a
  // request would have got that has run since the server was last idle. A request that starts at s
  // is done at s + its tokens.
  struct Running {
    double start;
    double end;
  };
  struct Waiting {
    Id id;
    double tokens;
  };

  void move_to(lab::TimePoint now);
  void serve_until(lab::TimePoint t);
  void fill_slots(lab::TimePoint now);
  void remove_running(Id id);
  [[nodiscard]] lab::TimePoint time_served(double served) const;

  BatchServerConfig config_;
  lab::TimePoint now_{};
  double served_ = 0;
  std::unordered_map<Id, Running> running_;
  std::map<std::pair<double, Id>, Id> by_end_;
  std::deque<Waiting> waiting_;
  std::vector<Event> events_;
};

}  // namespace mockgw
