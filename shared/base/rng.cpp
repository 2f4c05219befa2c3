#include "shared/base/rng.h"

namespace lab {

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3u;
  }
  return hash;
}

Rng Rng::child(std::string_view purpose, std::uint64_t a, std::uint64_t b) const {
  std::uint64_t key = mix(state_ ^ stable_hash(purpose));
  key = mix(key + 0x9E3779B97F4A7C15u * (a + 1));
  key = mix(key + 0xD1B54A32D192ED03u * (b + 1));
  return Rng(key);
}

Rng Rng::child(std::string_view purpose, std::string_view identity) const {
  return child(purpose, stable_hash(identity), identity.size());
}

}  // namespace lab
