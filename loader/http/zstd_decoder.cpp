#include "loader/http/zstd_decoder.h"

#include <cassert>
#include <new>

namespace loader {
namespace {

constexpr std::size_t kZstdRoom = 16 * 1024;
// RFC 9659: over HTTP a window is 8 MiB at most. A sender must not make each of many virtual users
// hold more.
constexpr int kZstdWindowLogMax = 23;

}  // namespace

ZstdDecoder::ZstdDecoder() : stream_(ZSTD_createDStream()) {
  if (stream_ == nullptr) throw std::bad_alloc();
  [[maybe_unused]] const std::size_t status =
      ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLogMax);
  assert(ZSTD_isError(status) == 0);
}

ZstdDecoder::~ZstdDecoder() { ZSTD_freeDStream(stream_); }

lab::IoResult<std::string_view> ZstdDecoder::decode(std::string_view piece,
                                                    std::uint64_t bytes_max) {
  out_.clear();
  ZSTD_inBuffer in{piece.data(), piece.size(), 0};
  bool has_more = !piece.empty();
  while (has_more) {
    const std::size_t before = out_.size();
    out_.resize(before + kZstdRoom);
    ZSTD_outBuffer room{out_.data() + before, kZstdRoom, 0};
    const std::size_t left = ZSTD_decompressStream(stream_, &room, &in);
    out_.resize(before + room.pos);
    if (ZSTD_isError(left) != 0) return lab::make_error_code(lab::Errc::bad_message);
    if (out_.size() > bytes_max) return lab::make_error_code(lab::Errc::body_too_large);
    is_within_frame_ = left != 0;
    has_more = in.pos < in.size || (is_within_frame_ && room.pos == room.size);
  }
  return std::string_view(out_);
}

}  // namespace loader
