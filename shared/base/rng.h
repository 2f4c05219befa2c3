// Seeded randomness, keyed by identity: one seed a run, one child generator per purpose and
// identity.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace lab {

/// FNV-1a, 64 bits: a hash that is the same on every platform (std::hash is not).
[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3u;
  }
  return hash;
}

/// What randomness is for: a literal, hashed when it is compiled.
class Purpose {
 public:
  consteval Purpose(const char* name) : hash_(stable_hash(name)) {}
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
  std::uint64_t hash_;
};

/// A 64-bit generator (SplitMix64: Steele, Lea, Flood 2014) whose whole state is one word, because
/// a child is made per request; Boost 1.81 has only engines that cost microseconds to seed. Models
/// UniformRandomBitGenerator, so Boost.Random's distributions take it; their results, unlike the
/// standard library's, are the same everywhere.
class Rng {
 public:
  using result_type = std::uint64_t;

  explicit Rng(std::uint64_t seed) : state_(seed) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    state_ += 0x9E3779B97F4A7C15u;
    return mix(state_);
  }

  /// A generator for one purpose and identity, e.g. child("think", vu, iteration). It depends on
  /// this generator's *seed position* and the key alone and draws nothing from this one, so a new
  /// draw elsewhere shifts nothing.
  [[nodiscard]] Rng child(Purpose purpose, std::uint64_t a = 0, std::uint64_t b = 0) const {
    std::uint64_t key = mix(state_ ^ purpose.hash());
    key = mix(key + 0x9E3779B97F4A7C15u * (a + 1));
    key = mix(key + 0xD1B54A32D192ED03u * (b + 1));
    return Rng(key);
  }
  /// The same, keyed by a text identity such as a request id.
  [[nodiscard]] Rng child(Purpose purpose, std::string_view identity) const {
    return child(purpose, stable_hash(identity), identity.size());
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform01() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
  /// Uniform in [0, bound); bound > 0. The modulo bias, below bound/2^64, is accepted.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Uint128>((*this)()) * bound) >> 64);
  }

 private:
  __extension__ using Uint128 = unsigned __int128;

  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace lab
