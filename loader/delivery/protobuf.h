// Writes protobuf's wire format (protobuf.dev/programming-guides/encoding). By hand: the two
// messages that are sent have a dozen fields each, and Debian has their .proto files in no package,
// so that a compiler and a run-time library would serve copies of ours.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace loader {

/// A message as it grows; fields stand in the order of the calls. Fields with their default value
/// are written, too.
class ProtobufMessage {
 public:
  void add_unsigned(std::uint32_t field, std::uint64_t value) {
    add_key(field, kVarint);
    append_varint(value);
  }
  /// int64 and int32: a negative number takes ten bytes.
  void add_int(std::uint32_t field, std::int64_t value) {
    add_unsigned(field, static_cast<std::uint64_t>(value));
  }
  /// sint64 and sint32: small negative numbers are short.
  void add_signed(std::uint32_t field, std::int64_t value) { add_unsigned(field, zigzag(value)); }
  void add_fixed(std::uint32_t field, std::uint64_t value) {
    add_key(field, kFixed64);
    append_fixed(value);
  }
  void add_double(std::uint32_t field, double value) {
    add_fixed(field, std::bit_cast<std::uint64_t>(value));
  }
  void add_text(std::uint32_t field, std::string_view text) {
    add_key(field, kBytes);
    append_varint(text.size());
    bytes_ += text;
  }
  void add_message(std::uint32_t field, const ProtobufMessage& message) {
    add_text(field, message.bytes_);
  }
  // Elements of a packed repeated field, which is itself added as a message is.
  void append_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void append_signed(std::int64_t value) { append_varint(zigzag(value)); }
  void append_fixed(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(value >> (8 * i));
  }
  void append_double(double value) { append_fixed(std::bit_cast<std::uint64_t>(value)); }
  /// Fields that were written before.
  void append_fields(std::string_view fields) { bytes_ += fields; }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  static constexpr std::uint32_t kVarint = 0;
  static constexpr std::uint32_t kFixed64 = 1;
  static constexpr std::uint32_t kBytes = 2;

  static constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  }
  void add_key(std::uint32_t field, std::uint32_t type) {
    append_varint((std::uint64_t{field} << 3) | type);
  }

  std::string bytes_;
};

}  // namespace loader
