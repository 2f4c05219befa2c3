// Removes what gzip or zlib ("deflate") did to a stream of bytes.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

class ZlibDecoder {
 public:
  explicit ZlibDecoder(bool is_gzip);
  ~ZlibDecoder();
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  /// As BodyDecoder's.
  [[nodiscard]] lab::IoResult<std::string_view> decode(std::string_view piece,
                                                       std::uint64_t bytes_max);
  [[nodiscard]] bool is_cut() const { return has_input_ && !is_finished_; }

 private:
  bool begin_member();
  int inflate_some();

  z_stream stream_{};
  std::string out_;
  bool is_gzip_;
  bool has_input_ = false;
  bool is_finished_ = false;  ///< At the end of a member.
};

}  // namespace loader
