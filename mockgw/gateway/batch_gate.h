// The model server that all requests of a gateway share when the file asks for one: how far each
// answer has been decoded. BatchServer counts; the responders wait here.
#pragma once

#include <cstdint>
#include <optional>

#include "mockgw/gateway/shared_in_order.h"
#include "mockgw/overload/admission_config.h"
#include "mockgw/overload/batch_server.h"
#include "shared/base/time.h"

namespace mockgw {

/// Thread-safe. A request is told apart by its number in the gateway.
class BatchGate {
 public:
  explicit BatchGate(const std::optional<BatchServerConfig>& config);

  /// False if answers go by their own schedules, and nothing else here is to be called.
  [[nodiscard]] bool is_used() const { return is_used_; }

  /// The request begins to decode, or waits for a slot. `tokens` > 0.
  void arrive(std::uint64_t number, std::size_t tokens, lab::TimePoint now);
  /// The client left; without effect after the last token.
  void depart(std::uint64_t number, lab::TimePoint now);
  /// When to look again; nothing once `tokens` tokens are decoded. Never later than the next change
  /// that a finished request makes to the rate, so a wait ends late only by what a departing client
  /// sped up.
  [[nodiscard]] std::optional<lab::TimePoint> look_again_at(std::uint64_t number,
                                                            std::size_t tokens, lab::TimePoint now);

 private:
  const bool is_used_;
  SharedInOrder<BatchServer> server_;
};

}  // namespace mockgw
