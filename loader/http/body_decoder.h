// Removes the content codings of a response's body as it arrives: gzip, deflate, br and zstd.
#pragma once

#include <cstdint>
#include <list>
#include <string_view>
#include <variant>

#include "loader/http/brotli_decoder.h"
#include "loader/http/zlib_decoder.h"
#include "loader/http/zstd_decoder.h"
#include "shared/base/error.h"

namespace loader {

class BodyDecoder {
 public:
  /// `content_encoding` is the header's value, a list; codings that are not known, and "identity",
  /// leave the bytes as they are. A piece that stands for more than `bytes_max` fails: a few bytes
  /// can stand for gigabytes.
  BodyDecoder(std::string_view content_encoding, std::uint64_t bytes_max);

  /// The decoded form of the next piece; may be empty. Valid until the next call. Fails with
  /// Errc::bad_message or Errc::body_too_large.
  [[nodiscard]] lab::IoResult<std::string_view> decode(std::string_view piece);

  /// True at the end of the body if the coded data was not whole.
  [[nodiscard]] bool is_cut() const;

 private:
  /// In the order of decoding: the coding that was applied last comes first. A list, since the
  /// libraries' states don't move.
  std::list<std::variant<ZlibDecoder, BrotliDecoder, ZstdDecoder>> decoders_;
  std::uint64_t bytes_max_;
};

}  // namespace loader
