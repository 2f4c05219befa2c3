// Protobuf messages as texts, for tests: every field in order, whatever its message is.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace loader {

inline std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(0));
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}

inline std::uint64_t take_fixed(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes.at(0))} << (8 * i);
    bytes.remove_prefix(1);
  }
  return value;
}

/// The bytes of the n-th field of this number, from 0; throws if there is none.
inline std::string field_of(std::string_view message, std::uint64_t number, int n = 0) {
  while (true) {
    const std::uint64_t key = take_varint(message);
    std::string value;
    if ((key & 7) == 0) {
      value = std::to_string(take_varint(message));
    } else if ((key & 7) == 1) {
      value = std::to_string(take_fixed(message));
    } else {
      const std::uint64_t size = take_varint(message);
      value = message.substr(0, size);
      message.remove_prefix(size);
    }
    if (key >> 3 == number && n-- == 0) return value;
  }
}

/// The same of a number of eight bytes that is a double.
inline double double_of(std::string_view message, std::uint64_t number, int n = 0) {
  return std::bit_cast<double>(std::uint64_t{std::stoull(field_of(message, number, n))});
}

inline int count_of(std::string_view message, std::uint64_t number) {
  int count = 0;
  while (!message.empty()) {
    const std::uint64_t key = take_varint(message);
    count += key >> 3 == number ? 1 : 0;
    if ((key & 7) == 0) {
      take_varint(message);
    } else if ((key & 7) == 1) {
      take_fixed(message);
    } else {
      const std::uint64_t size = take_varint(message);
      message.remove_prefix(size);
    }
  }
  return count;
}

}  // namespace loader
