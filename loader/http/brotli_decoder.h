// Removes what brotli (RFC 7932) did to a stream of bytes.
#pragma once

#include <brotli/decode.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

class BrotliDecoder {
 public:
  BrotliDecoder();
  ~BrotliDecoder();
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  /// As BodyDecoder's. What follows the end is ignored.
  [[nodiscard]] lab::IoResult<std::string_view> decode(std::string_view piece,
                                                       std::uint64_t bytes_max);
  [[nodiscard]] bool is_cut() const { return has_input_ && !is_finished_; }

 private:
  BrotliDecoderState* state_;
  std::string out_;
  bool has_input_ = false;
  bool is_finished_ = false;
};

}  // namespace loader
