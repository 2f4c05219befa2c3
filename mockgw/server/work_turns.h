// Whose turn it is to do work that takes long: a thread answers all its clients, and a hundred
// large answers at once must not keep the next small one waiting.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>

namespace mockgw {

/// Counts the work that was done since everything else that is ready had its turn. Once that is
/// enough for now, those who ask before they work wait, first come, first served. Not by the clock,
/// so that a simulation is always the same. On one thread.
class WorkTurns {
 public:
  explicit WorkTurns(boost::asio::any_io_executor executor);

  /// Turns of all others before the next work: a small request on a new connection takes several,
  /// to be accepted, read and answered.
  static constexpr int kTurnsBetween = 6;
  /// A unit takes about as long as a byte of an answer; so many take a millisecond or two.
  static constexpr std::size_t kUnitsARound = std::size_t{256} << 10;

  /// Returns at once unless too much was done just now. Not to be cancelled.
  [[nodiscard]] boost::asio::awaitable<void> wait();
  [[nodiscard]] bool is_free() const { return *units_ < kUnitsARound; }
  void add(std::size_t units);

 private:
  boost::asio::any_io_executor executor_;
  std::shared_ptr<std::size_t> units_;  // Shared with the handlers that end the round.
};

}  // namespace mockgw
