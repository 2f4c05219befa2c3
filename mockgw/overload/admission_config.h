// The section `overload` of a gateway file: how many requests run at once, how many wait, and who
// is turned away.
#pragma once

#include <cstdint>
#include <optional>

#include "mockgw/overload/batch_server.h"
#include "shared/base/time.h"
#include "shared/base/value_types.h"

namespace mockgw {

/// Adaptive concurrency after Netflix's Gradient2: the limit follows the ratio of the usual to the
/// recent duration.
struct GradientConfig {
  std::int64_t initial_limit = 20;
  std::int64_t min_limit = 1;   ///< ≥ 1
  std::int64_t queue_size = 4;  ///< By how much the limit grows while durations are as usual.
  double tolerance =
      1.5;  ///< Durations may be so many times the usual before the limit falls, ≥ 1.
  double smoothing = 0.2;  ///< Share of a new limit in the next one, 0 to 1.
};

/// Controlled delay (RFC 8289): sheds from the queue when even its best wait stayed above the
/// target for an interval.
struct CodelConfig {
  lab::Duration target = std::chrono::milliseconds(5);
  lab::Duration interval = std::chrono::milliseconds(100);
};

struct AdmissionConfig {
  static constexpr std::string_view kSchemaName = "overload";
  enum class Discipline { fifo, lifo, priority };
  enum class WhenFull {
    reject,  ///< queue_full, or concurrency_limited where nothing may wait.
    wait,    ///< The queue has no limit of its own but kWaitersMax.
  };
  enum class Shed { none, codel, gradient };

  std::int64_t max_concurrency = 0;  ///< 0 = unlimited: everything is admitted at once.
  std::int64_t queue_size = 100;
  lab::Duration queue_timeout = std::chrono::seconds(10);  ///< Zero = wait for ever.
  Discipline discipline = Discipline::fifo;
  WhenFull when_full = WhenFull::reject;
  bool permits_bug_compat =
      false;  ///< The reference gateway runs max_concurrency + queue_size at once.
  Shed shed = Shed::none;
  CodelConfig codel{};
  GradientConfig gradient{};
  std::optional<BatchServerConfig> batch;  ///< "server_model": {"batch": …}; absent = "fixed".

  static constexpr std::int64_t kWaitersMax = 100'000;
};

void fields(lab::Fields& f, BatchServerConfig& c);
void fields(lab::Fields& f, CodelConfig& c);
void check(const lab::JsonValue& section, CodelConfig& c);
void fields(lab::Fields& f, GradientConfig& c);
void fields(lab::Fields& f, AdmissionConfig& c);
void check(const lab::JsonValue& section, AdmissionConfig& c);
[[nodiscard]] AdmissionConfig read_admission(const lab::JsonObject& section);
[[nodiscard]] lab::Json to_json(const AdmissionConfig& config);

}  // namespace mockgw
