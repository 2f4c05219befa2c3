#include "loader/http/body_decoder.h"

#include <zlib.h>

#include <cassert>

#include "shared/runtime/http_message.h"

namespace loader {
namespace {

constexpr std::size_t kRoom = 16 * 1024;
// zlib's window size, plus 32 for "gzip or zlib, whichever the header says".
constexpr int kWindowBits = 15 + 32;
constexpr Bytef kGzipMagic = 0x1f;

bool is_gzip(std::string_view coding) {
  return lab::equals_ignore_case(coding, "gzip") || lab::equals_ignore_case(coding, "x-gzip");
}

}  // namespace

struct BodyDecoder::Inflation {
  z_stream stream{};
  std::string out;
  bool is_gzip = false;
  bool has_input = false;
  bool is_finished = false;  // At the end of a member.

  explicit Inflation(bool gzip) : is_gzip(gzip) {
    [[maybe_unused]] const int status = inflateInit2(&stream, kWindowBits);
    assert(status == Z_OK);
  }
  ~Inflation() { inflateEnd(&stream); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  // False if what is left of the input is behind the end of the coded data.
  bool begin_member() {
    if (!is_finished) return true;
    // RFC 1952, 2.2: a gzip file is a series of members, and its content that of all of them. What
    // does not begin as one is padding.
    if (!is_gzip || stream.avail_in == 0 || *stream.next_in != kGzipMagic) return false;
    is_finished = false;
    return inflateReset(&stream) == Z_OK;
  }

  // One call of inflate() with fresh room; appends to `out`.
  int inflate_some() {
    const std::size_t before = out.size();
    out.resize(before + kRoom);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = kRoom;
    const int status = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + kRoom - stream.avail_out);
    return status;
  }
};

BodyDecoder::BodyDecoder(std::string_view content_encoding, std::uint64_t bytes_max)
    : bytes_max_(bytes_max) {
  const bool gzip = is_gzip(content_encoding);
  if (gzip || lab::equals_ignore_case(content_encoding, "deflate")) {
    inflation_ = std::make_unique<Inflation>(gzip);
  }
}

BodyDecoder::~BodyDecoder() = default;

lab::IoResult<std::string_view> BodyDecoder::decode(std::string_view piece) {
  if (!inflation_) return piece;
  Inflation& state = *inflation_;
  state.out.clear();
  state.has_input = state.has_input || !piece.empty();
  // zlib takes the input through a pointer to non-const, but does not write to it.
  state.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  state.stream.avail_in = static_cast<uInt>(piece.size());
  bool has_more = true;
  while (has_more && state.begin_member()) {
    const int status = state.inflate_some();
    if (state.out.size() > bytes_max_) return lab::make_error_code(lab::Errc::body_too_large);
    if (status == Z_STREAM_END) state.is_finished = true;
    // Z_BUF_ERROR: all input is used up and there is nothing to put out.
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return lab::make_error_code(lab::Errc::bad_message);
    }
    has_more = state.stream.avail_in > 0 || (state.stream.avail_out == 0 && !state.is_finished);
  }
  return std::string_view(state.out);
}

bool BodyDecoder::is_cut() const {
  return inflation_ && inflation_->has_input && !inflation_->is_finished;
}

}  // namespace loader
