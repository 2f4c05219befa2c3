#include "loader/http/body_decoder.h"

#include <zlib.h>

#include <cassert>

#include "shared/runtime/http_message.h"

namespace loader {
namespace {

constexpr std::size_t kRoom = 16 * 1024;
// zlib's window size, plus 32 for "gzip or zlib, whichever the header says".
constexpr int kWindowBits = 15 + 32;

bool is_known_coding(std::string_view coding) {
  return lab::equals_ignore_case(coding, "gzip") || lab::equals_ignore_case(coding, "x-gzip") ||
         lab::equals_ignore_case(coding, "deflate");
}

}  // namespace

struct BodyDecoder::Inflation {
  z_stream stream{};
  std::string out;
  bool has_input = false;
  bool is_finished = false;

  Inflation() {
    [[maybe_unused]] const int status = inflateInit2(&stream, kWindowBits);
    assert(status == Z_OK);
  }
  ~Inflation() { inflateEnd(&stream); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

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
    : bytes_left_(bytes_max) {
  if (is_known_coding(content_encoding)) inflation_ = std::make_unique<Inflation>();
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
  while (has_more && !state.is_finished) {
    const int status = state.inflate_some();
    if (state.out.size() > bytes_left_) return lab::make_error_code(lab::Errc::body_too_large);
    if (status == Z_STREAM_END) state.is_finished = true;
    // Z_BUF_ERROR: all input is used up and there is nothing to put out.
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return lab::make_error_code(lab::Errc::bad_message);
    }
    has_more = state.stream.avail_in > 0 || state.stream.avail_out == 0;
  }
  bytes_left_ -= state.out.size();
  return std::string_view(state.out);
}

bool BodyDecoder::is_cut() const {
  return inflation_ && inflation_->has_input && !inflation_->is_finished;
}

}  // namespace loader
