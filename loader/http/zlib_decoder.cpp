#include "loader/http/zlib_decoder.h"

#include <cassert>

namespace loader {
namespace {

constexpr std::size_t kInflateRoom = 16 * 1024;
// zlib's window size, plus 32 for "gzip or zlib, whichever the header says".
constexpr int kInflateWindowBits = 15 + 32;
constexpr Bytef kGzipMagic = 0x1f;

}  // namespace

ZlibDecoder::ZlibDecoder(bool is_gzip) : is_gzip_(is_gzip) {
  [[maybe_unused]] const int status = inflateInit2(&stream_, kInflateWindowBits);
  assert(status == Z_OK);
}

ZlibDecoder::~ZlibDecoder() { inflateEnd(&stream_); }

// False if what is left of the input is behind the end of the coded data.
bool ZlibDecoder::begin_member() {
  if (!is_finished_) return true;
  // RFC 1952, 2.2: a gzip file is a series of members, and its content that of all of them. What
  // does not begin as one is padding.
  if (!is_gzip_ || stream_.avail_in == 0 || *stream_.next_in != kGzipMagic) return false;
  is_finished_ = false;
  return inflateReset(&stream_) == Z_OK;
}

// One call of inflate() with fresh room; appends to `out_`.
int ZlibDecoder::inflate_some() {
  const std::size_t before = out_.size();
  out_.resize(before + kInflateRoom);
  stream_.next_out = reinterpret_cast<Bytef*>(out_.data() + before);
  stream_.avail_out = kInflateRoom;
  const int status = inflate(&stream_, Z_NO_FLUSH);
  out_.resize(before + kInflateRoom - stream_.avail_out);
  return status;
}

lab::IoResult<std::string_view> ZlibDecoder::decode(std::string_view piece,
                                                    std::uint64_t bytes_max) {
  out_.clear();
  has_input_ = has_input_ || !piece.empty();
  // zlib takes the input through a pointer to non-const, but does not write to it.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  stream_.avail_in = static_cast<uInt>(piece.size());
  bool has_more = true;
  while (has_more && begin_member()) {
    const int status = inflate_some();
    if (out_.size() > bytes_max) return lab::make_error_code(lab::Errc::body_too_large);
    if (status == Z_STREAM_END) is_finished_ = true;
    // Z_BUF_ERROR: all input is used up and there is nothing to put out.
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return lab::make_error_code(lab::Errc::bad_message);
    }
    has_more = stream_.avail_in > 0 || (stream_.avail_out == 0 && !is_finished_);
  }
  return std::string_view(out_);
}

}  // namespace loader
