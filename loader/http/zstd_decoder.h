// Removes what zstd (RFC 8878) did to a stream of bytes.
#pragma once

#include <zstd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

class ZstdDecoder {
 public:
  ZstdDecoder();
  ~ZstdDecoder();
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  /// As BodyDecoder's. A body may have several frames.
  [[nodiscard]] lab::IoResult<std::string_view> decode(std::string_view piece,
                                                       std::uint64_t bytes_max);
  [[nodiscard]] bool is_cut() const { return is_within_frame_; }

 private:
  ZSTD_DStream* stream_;
  std::string out_;
  bool is_within_frame_ = false;
};

}  // namespace loader
