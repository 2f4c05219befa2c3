// Draws that read as what they decide.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "shared/base/rng.h"

namespace lab::test {

class Draw {
 public:
  explicit Draw(Rng rng) : rng_(rng) {}

  bool chance(double probability) { return rng_.uniform01() < probability; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  double real(double low, double high) { return low + (high - low) * rng_.uniform01(); }
  std::string_view one_of(std::initializer_list<std::string_view> choices) {
    return choices.begin()[rng_.below(choices.size())];
  }
  std::string milliseconds(std::int64_t low, std::int64_t high) {
    return std::to_string(between(low, high)) + "ms";
  }

 private:
  Rng rng_;
};

}  // namespace lab::test
