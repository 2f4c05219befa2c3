// What a gateway counts of its requests: each thread for itself, added up when somebody looks.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mockgw/base/error_condition.h"
#include "shared/base/time.h"

namespace mockgw {

struct FaultRule;

/// Durations by size.
struct DurationHistogram {
  /// Upper bounds, in milliseconds; what is longer than the last goes into one more bucket. From
  /// what an instant gateway needs to the time-out of a patient client.
  static constexpr std::array<std::int64_t, 15> kBoundsMs{
      5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 20'000, 30'000, 60'000, 120'000};

  std::array<std::uint64_t, kBoundsMs.size() + 1> buckets{};
  lab::Duration sum{};

  void add(lab::Duration value);
  void add(const DurationHistogram& other);
  [[nodiscard]] std::uint64_t count() const;
};

/// One request, once it is over.
struct RequestRecord {
  std::string_view route{};  ///< A path of the gateway, or a word in its place.
  std::string_view model{};  ///< Its name in the gateway file; empty when none was found.
  unsigned status = 0;       ///< 0: the connection was reset instead.
  std::optional<ErrorCondition> condition{};  ///< Of an error in the profile's words.
  std::span<const FaultRule* const> faults{};
  std::vector<const FaultRule*> retried_faults{};  ///< Of attempts that were retried.
  std::int64_t retries = 0;                        ///< Of the upstream.
  bool was_cut_by_client = false;
  bool is_stream = false;    ///< The answer is one, good or bad.
  lab::Duration duration{};  ///< From the request's arrival to the answer's end.

  /// Of an answer that is a model's.
  struct ModelAnswer {
    std::int64_t prompt_tokens = 0;
    std::int64_t completion_tokens = 0;  ///< Those that were sent.
    lab::Duration planned_ttft{};
    lab::Duration planned_duration{};
  };
  std::optional<ModelAnswer> completion{};
};

/// Ordered maps: what is written from them is the same for the same requests.
struct RequestCounts {
  using Key = std::tuple<std::string, std::string, unsigned>;  ///< Route, model, status.

  struct Model {
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    DurationHistogram planned_ttft;
    DurationHistogram planned_duration;
    DurationHistogram duration;  ///< As it was; of the same answers.
  };

  /// Requests for a model that there is, however they were answered.
  struct Chats {
    std::map<unsigned, std::uint64_t> statuses;
    std::array<std::uint64_t, kErrorConditionCount> errors{};  ///< By condition.
    DurationHistogram duration;
  };
  using ChatsKey = std::tuple<std::string, bool>;  ///< Model, whether the answer is a stream.

  std::map<Key, std::uint64_t, std::less<>> requests;
  std::map<ChatsKey, Chats, std::less<>> chats;
  std::map<std::string, Model, std::less<>> models;
  std::map<std::string, std::uint64_t, std::less<>> faults;  ///< By rule.
  std::array<std::uint64_t, kErrorConditionCount> errors{};  ///< By condition.
  std::uint64_t retries = 0;                                 ///< Of upstreams.
  std::uint64_t cut_by_client = 0;
  lab::Duration duration{};  ///< Of all requests together.
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_turned_away = 0;

  void add(const RequestRecord& record);
  void add(const RequestCounts& other);
};

/// One thread's. add() and the gauges are for that thread alone; the rest is for any thread.
///
/// A lock that nobody else wants for each finished request, instead of an atomic for each count: it
/// costs two atomic operations for about ten counts, and keys need not be known beforehand.
class ThreadCounters {
 public:
  void add(const RequestRecord& record);
  void connection_accepted(bool is_turned_away);
  /// Nothing has been counted any more; the gauges go on.
  void reset();
  [[nodiscard]] RequestCounts counts() const;

  [[nodiscard]] std::int64_t in_flight() const {
    return in_flight_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t connections_open() const {
    return connections_open_.load(std::memory_order_relaxed);
  }
  void change_in_flight(std::int64_t by) { change(in_flight_, by); }
  void change_connections_open(std::int64_t by) { change(connections_open_, by); }

 private:
  // One thread writes, so this needs no locked instruction.
  static void change(std::atomic<std::int64_t>& gauge, std::int64_t by) {
    gauge.store(gauge.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::atomic<std::int64_t> in_flight_{0};
  std::atomic<std::int64_t> connections_open_{0};
  mutable std::mutex mutex_;
  RequestCounts counts_;
};

}  // namespace mockgw
