#include "loader/http/body_decoder.h"

#include <algorithm>
#include <utility>

#include "loader/http/content_coding.h"

namespace loader {
namespace {

// Go bounds no list, but each entry costs memory, and nobody sends more.
constexpr std::size_t kCodingsMax = 4;

}  // namespace

BodyDecoder::BodyDecoder(std::string_view content_encoding, std::uint64_t bytes_max)
    : bytes_max_(bytes_max) {
  for (const std::string_view name : coding_names(content_encoding)) {
    const auto coding = content_coding(name);
    if (!coding || decoders_.size() == kCodingsMax) continue;
    switch (*coding) {
      case ContentCoding::gzip:
        decoders_.emplace_front(std::in_place_type<ZlibDecoder>, true);
        break;
      case ContentCoding::deflate:
        decoders_.emplace_front(std::in_place_type<ZlibDecoder>, false);
        break;
      case ContentCoding::brotli:
        decoders_.emplace_front(std::in_place_type<BrotliDecoder>);
        break;
      case ContentCoding::zstd:
        decoders_.emplace_front(std::in_place_type<ZstdDecoder>);
        break;
    }
  }
}

lab::IoResult<std::string_view> BodyDecoder::decode(std::string_view piece) {
  for (auto& decoder : decoders_) {
    const auto decoded =
        std::visit([&](auto& each) { return each.decode(piece, bytes_max_); }, decoder);
    if (decoded.has_error()) return decoded.error();
    piece = *decoded;
  }
  return piece;
}

bool BodyDecoder::is_cut() const {
  return std::any_of(decoders_.begin(), decoders_.end(), [](const auto& decoder) {
    return std::visit([](const auto& each) { return each.is_cut(); }, decoder);
  });
}

}  // namespace loader
