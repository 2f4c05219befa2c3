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
  /// One-way, per segment.
  Distribution latency = Distribution(Distribution::Constant{100e-6});
  /// Bytes per second and direction; 0: unlimited.
  double bandwidth_bytes_per_second = 0;
  /// A lost segment arrives later by `retransmit_delay`; TCP hides loss from its users as delay.
  double loss_probability = 0;
  Duration retransmit_delay = std::chrono::milliseconds(200);
  double connect_failure_probability = 0;   ///< connection_refused instead of a connection.
  double reset_probability = 0;             ///< Per segment: RST instead of its arrival.
  double short_read_probability = 0;        ///< Per read: fewer bytes than are there.
  std::uint32_t window_bytes = 256 * 1024;  ///< Unread and in-flight bytes before a writer waits.
  std::vector<Partition> partitions;

  /// When a segment of `bytes` sent at `now` arrives, were it alone on the wire.
  [[nodiscard]] TimePoint arrival(TimePoint now, std::size_t bytes, Rng& rng) const;
};

/// Reads a "network" section; problems with their paths.
[[nodiscard]] NetworkModel read_network_model(const JsonValue& value);

}  // namespace lab
