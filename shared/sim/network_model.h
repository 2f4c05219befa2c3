// What a simulated network does to a connection and its bytes. Defaults: a quiet data centre.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/distribution.h"
#include "shared/base/error.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace lab {

/// A stretch of time in which nothing arrives; it arrives afterwards.
struct Partition {
  Duration from{};
  Duration until{};
};

struct NetworkModel {
  static constexpr std::string_view kSchemaName = "network";

  /// One-way, per segment.
  Distribution latency = Distribution(Distribution::Constant{100e-6});
  /// Bytes per second of each direction of a connection; 0: unlimited.
  double bandwidth_bytes_per_second = 0;
  /// A lost segment arrives later by `retransmit_delay`; TCP hides loss from its users as delay.
  double loss_probability = 0;
  Duration retransmit_delay = std::chrono::milliseconds(200);
  double connect_failure_probability = 0;   ///< connection_refused instead of a connection.
  double reset_probability = 0;             ///< Per segment: RST to both ends instead of it.
  double short_read_probability = 0;        ///< Per read: fewer bytes than are there.
  std::uint32_t window_bytes = 256 * 1024;  ///< Unread and in-flight bytes before a writer waits.
  std::vector<Partition> partitions;        ///< Ascending, none touching the next.

  /// How long `bytes` keep the wire busy.
  [[nodiscard]] Duration transmission(std::size_t bytes) const;
  /// When what has left the sender at `sent` arrives.
  [[nodiscard]] TimePoint arrival(TimePoint sent, Rng& rng) const;
};

void fields(Fields& f, NetworkModel& c);
/// Reads a "network" section; problems with their paths.
[[nodiscard]] NetworkModel read_network_model(const JsonValue& value);

}  // namespace lab
