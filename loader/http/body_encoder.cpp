#include "loader/http/body_encoder.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <cassert>
#include <cstdint>
#include <utility>

#include "loader/http/content_coding.h"

namespace loader {
namespace {

constexpr int kDeflateWindowBits = 15;
constexpr int kGzipHeader = 16;
constexpr int kDeflateMemory = 8;
// What the libraries of k6 take by default.
constexpr int kBrotliQuality = 6;
constexpr int kZstdLevel = 3;

std::string deflated(std::string_view body, int window_bits) {
  z_stream stream{};
  [[maybe_unused]] int status = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                             window_bits, kDeflateMemory, Z_DEFAULT_STRATEGY);
  assert(status == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  // zlib takes the input through a pointer to non-const, but does not write to it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  status = deflate(&stream, Z_FINISH);
  assert(status == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string brotli(std::string_view body) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
  std::string out(size, '\0');
  [[maybe_unused]] const BROTLI_BOOL is_done =
      BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, body.size(),
                            reinterpret_cast<const std::uint8_t*>(body.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data()));
  assert(is_done == BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string zstd(std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size =
      ZSTD_compress(out.data(), out.size(), body.data(), body.size(), kZstdLevel);
  assert(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

std::string coded(std::string_view body, ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return deflated(body, kDeflateWindowBits + kGzipHeader);
    case ContentCoding::deflate:
      return deflated(body, kDeflateWindowBits);
    case ContentCoding::brotli:
      return brotli(body);
    case ContentCoding::zstd:
      return zstd(body);
  }
  return {};
}

}  // namespace

lab::Result<std::string> encode_body(std::string_view body, std::string_view codings) {
  std::string out(body);
  for (const std::string_view name : coding_names(codings)) {
    const auto coding = content_coding(name);
    if (!coding) {
      return lab::Error{
          "", "\"" + std::string(name) + "\" is no content coding; use gzip, deflate, br or zstd"};
    }
    out = coded(out, *coding);
  }
  return lab::Result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace loader
