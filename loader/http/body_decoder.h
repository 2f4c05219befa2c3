// Removes the content coding of a response's body as it arrives: gzip and deflate, by zlib.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

class BodyDecoder {
 public:
  /// `content_encoding` is the header's value; codings that are not known, and "identity", leave
  /// the bytes as they are. A piece that stands for more than `bytes_max` fails: a few bytes can
  /// stand for gigabytes.
  BodyDecoder(std::string_view content_encoding, std::uint64_t bytes_max);
  ~BodyDecoder();
  BodyDecoder(const BodyDecoder&) = delete;
  BodyDecoder& operator=(const BodyDecoder&) = delete;

  /// The decoded form of the next piece; may be empty. Valid until the next call. Fails with
  /// Errc::bad_message or Errc::body_too_large.
  [[nodiscard]] lab::IoResult<std::string_view> decode(std::string_view piece);

  /// True at the end of the body if the coded data was not whole.
  [[nodiscard]] bool is_cut() const;

 private:
  struct Inflation;
  std::unique_ptr<Inflation> inflation_;
  std::uint64_t bytes_max_;
};

}  // namespace loader
