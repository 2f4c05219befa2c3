// Go's math/rand source, for scripts that call randomSeed(): the same seed gives the numbers that
// k6 gives, because k6's Math.random is rand.New(rand.NewSource(seed)).Float64 from then on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace loader {

// Additive lagged Fibonacci generator x[n] = x[n - 607] + x[n - 273] modulo 2^64. The first one of
// a process computes a table that all share (some 15 ms), which is safe from several threads.
class GoRandom {
 public:
  static constexpr std::size_t kLength = 607;

  explicit GoRandom(std::int64_t seed);

  // The next number in [0, 1).
  [[nodiscard]] double float64();

 private:
  [[nodiscard]] std::uint64_t next();

  std::array<std::uint64_t, kLength> state_;
  std::size_t tap_;
  std::size_t feed_;
};

}  // namespace loader
