// A digest of everything that happened in a simulated run, and of every byte that was sent.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lab {

/// Not cryptographic: it tells runs apart, eight bytes a multiplication.
class EventHash {
 public:
  void add(std::uint64_t value) {
    value_ = std::rotl((value_ ^ value) * 0x9E3779B97F4A7C15u, 29) + 0xD1B54A32D192ED03u;
  }
  void add_bytes(const void* data, std::size_t size) {
    static_assert(std::endian::native == std::endian::little, "else the same bytes differ");
    const auto* bytes = static_cast<const unsigned char*>(data);
    add(size);
    std::uint64_t word = 0;
    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
      std::memcpy(&word, bytes, sizeof word);
      add(word);
    }
    word = 0;
    std::memcpy(&word, bytes, size);
    add(word);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace lab
