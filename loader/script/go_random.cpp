#include "loader/script/go_random.h"

#include <vector>

namespace loader {
namespace {

constexpr std::size_t kLength = GoRandom::kLength;
constexpr std::size_t kTap = 273;
constexpr std::int64_t kSeedModulus = (std::int64_t{1} << 31) - 1;
// What Go's authors seeded with, and how many numbers they let pass, before they wrote down the
// state that every seed is mixed with: "rngCooked" of math/rand/rng.go, made by gen_cooked.go
// beside it.
constexpr std::int64_t kTableSeed = 1;
constexpr std::uint64_t kTableSteps = 7'800'000'000'000;

using State = std::array<std::uint64_t, kLength>;

// Three numbers of Lehmer's generator make each word of a state. The table was made with 20 and 10
// bits between them, seeds of today have 40 and 20.
State lehmer_state(std::int64_t seed, int first_shift, int second_shift) {
  constexpr int kDiscarded = 20;
  std::uint64_t x = static_cast<std::uint64_t>(seed);
  const auto lehmer = [&x] { return x = x * 48271 % static_cast<std::uint64_t>(kSeedModulus); };
  for (int i = 0; i < kDiscarded; ++i) lehmer();
  State state{};
  for (std::uint64_t& word : state) {
    word = lehmer() << first_shift;
    word ^= lehmer() << second_shift;
    word ^= lehmer();
  }
  return state;
}

// A polynomial over the integers modulo 2^64; coefficient i belongs to x^i.
using Polynomial = std::vector<std::uint64_t>;

// The remainder modulo x^607 - x^334 - 1, whose powers of x are the generator's steps.
void reduce(Polynomial& polynomial) {
  for (std::size_t degree = polynomial.size(); degree-- > kLength;) {
    const std::uint64_t coefficient = polynomial[degree];
    polynomial[degree - kLength] += coefficient;
    polynomial[degree - kTap] += coefficient;
  }
  polynomial.resize(kLength);
}

Polynomial square(const Polynomial& factor) {
  Polynomial product(2 * kLength);
  for (std::size_t i = 0; i < kLength; ++i) {
    for (std::size_t j = 0; j < kLength; ++j) product[i + j] += factor[i] * factor[j];
  }
  reduce(product);
  return product;
}

Polynomial power_of_x(std::uint64_t exponent) {
  Polynomial power(kLength);
  power[0] = 1;
  for (int bit = 63; bit >= 0; --bit) {
    power = square(power);
    if ((exponent >> bit & 1) == 0) continue;
    power.insert(power.begin(), 0);
    reduce(power);
  }
  return power;
}

// Where the word that was written first, of those in a state, stands after so many steps. It is the
// next to be overwritten, and its successors stand below it.
std::size_t oldest_word(std::uint64_t steps) {
  return (2 * kLength - kTap - 1 - static_cast<std::size_t>(steps % kLength)) % kLength;
}

// The state after kTableSteps steps without taking them: with the first words in the order of their
// making, word n + i is the sum over k of c[k] * word[k + i], where c is x^n.
State cooked_state() {
  const State first = lehmer_state(kTableSeed, 20, 10);
  std::vector<std::uint64_t> words;
  words.reserve(2 * kLength);
  for (std::size_t i = 0; i < kLength; ++i) {
    words.push_back(first[(oldest_word(0) + kLength - i) % kLength]);
  }
  for (std::size_t i = kLength; i < 2 * kLength; ++i) {
    words.push_back(words[i - kLength] + words[i - kTap]);
  }
  const Polynomial power = power_of_x(kTableSteps);
  State cooked{};
  for (std::size_t i = 0; i < kLength; ++i) {
    std::uint64_t& word = cooked[(oldest_word(kTableSteps) + kLength - i) % kLength];
    for (std::size_t k = 0; k < kLength; ++k) word += power[k] * words[k + i];
  }
  return cooked;
}

// Go's way from any integer to a seed of Lehmer's generator, which must not be 0.
std::int64_t lehmer_seed(std::int64_t seed) {
  constexpr std::int64_t kInsteadOfZero = 89482311;
  seed %= kSeedModulus;
  if (seed < 0) seed += kSeedModulus;
  return seed == 0 ? kInsteadOfZero : seed;
}

}  // namespace

GoRandom::GoRandom(std::int64_t seed)
    : state_(lehmer_state(lehmer_seed(seed), 40, 20)), tap_(0), feed_(kLength - kTap) {
  static const State cooked = cooked_state();
  for (std::size_t i = 0; i < kLength; ++i) state_[i] ^= cooked[i];
}

std::uint64_t GoRandom::next() {
  tap_ = (tap_ == 0 ? kLength : tap_) - 1;
  feed_ = (feed_ == 0 ? kLength : feed_) - 1;
  return state_[feed_] += state_[tap_];
}

// Float64 of Go 1: Int63 over 2^63, drawn again if rounding makes it 1.
double GoRandom::float64() {
  constexpr std::uint64_t kInt63 = (std::uint64_t{1} << 63) - 1;
  for (;;) {
    const double number = static_cast<double>(next() & kInt63) / 0x1p63;
    if (number != 1) return number;
  }
}

}  // namespace loader
