#include "loader/http/body_decoder.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "loader/http/body_encoder.h"

namespace loader {
namespace {

enum class Format { gzip, zlib };

std::string compressed(const std::string& text, Format format) {
  z_stream stream{};
  constexpr int kWindowBits = 15;
  constexpr int kGzipHeader = 16;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED,
               format == Format::gzip ? kWindowBits + kGzipHeader : kWindowBits, 8,
               Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string decoded(BodyDecoder& decoder, std::string_view bytes, std::size_t piece) {
  std::string out;
  while (!bytes.empty()) {
    const auto part = decoder.decode(bytes.substr(0, piece));
    EXPECT_TRUE(part.has_value());
    if (part.has_error()) return out;
    out += *part;
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return out;
}

const std::string kLongText = [] {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}();

TEST(BodyDecoder, DecodesGzipAndDeflateInAnyPieces) {
  for (const std::size_t piece : {1u, 7u, 1000u, 1'000'000u}) {
    BodyDecoder gzip("gzip", 1'000'000);
    EXPECT_EQ(decoded(gzip, compressed(kLongText, Format::gzip), piece), kLongText);
    EXPECT_FALSE(gzip.is_cut());
    BodyDecoder deflate("Deflate", 1'000'000);
    EXPECT_EQ(decoded(deflate, compressed(kLongText, Format::zlib), piece), kLongText);
  }
}

TEST(BodyDecoder, ReadsAllMembersOfAGzipBody) {
  const std::string bytes = compressed(kLongText, Format::gzip) + compressed("", Format::gzip) +
                            compressed("the end", Format::gzip);
  for (const std::size_t piece : {1u, 7u, 1000u, 1'000'000u}) {
    BodyDecoder decoder("gzip", 1'000'000);
    EXPECT_EQ(decoded(decoder, bytes, piece), kLongText + "the end");
    EXPECT_FALSE(decoder.is_cut());
    BodyDecoder cut("gzip", 1'000'000);
    decoded(cut, std::string_view(bytes).substr(0, bytes.size() - 9), piece);
    EXPECT_TRUE(cut.is_cut());
  }
}

TEST(BodyDecoder, LeavesOtherCodingsAlone) {
  for (const char* const coding : {"", "identity", "compress", "identity, compress"}) {
    BodyDecoder decoder(coding, 10);
    EXPECT_EQ(decoder.decode("any bytes, any number").value(), "any bytes, any number");
    EXPECT_FALSE(decoder.is_cut());
  }
}

TEST(BodyDecoder, RefusesWhatIsNotTheCoding) {
  BodyDecoder decoder("gzip", 1000);
  EXPECT_EQ(decoder.decode("plain text").error(), lab::Errc::bad_message);
}

TEST(BodyDecoder, NoticesACutBody) {
  BodyDecoder decoder("gzip", 1'000'000);
  const std::string bytes = compressed(kLongText, Format::gzip);
  decoded(decoder, std::string_view(bytes).substr(0, bytes.size() / 2), 100);
  EXPECT_TRUE(decoder.is_cut());
}

TEST(BodyDecoder, AnEmptyBodyIsNotCut) {
  // A HEAD's or a 304's.
  EXPECT_FALSE(BodyDecoder("gzip", 1000).is_cut());
}

TEST(BodyDecoder, BoundsWhatAFewBytesCanBecome) {
  BodyDecoder decoder("gzip", 1'000'000);
  const std::string bomb = compressed(std::string(50'000'000, 'x'), Format::gzip);
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(decoder.decode(bomb).error(), lab::Errc::body_too_large);
}

TEST(BodyDecoder, IgnoresWhatFollowsTheEnd) {
  BodyDecoder decoder("gzip", 1'000'000);
  EXPECT_EQ(decoded(decoder, compressed("text", Format::gzip) + "trailing", 5), "text");
}

// Made by other programs than the libraries that decode them here.
const std::string kBrotliBytes =
    "\x8b\x0c\x80\x68\x65\x6c\x6c\x6f\x20\x62\x72\x6f\x74\x6c\x69\x2c\x20\x68\x65\x6c\x6c\x6f"
    "\x20\x62\x72\x6f\x74\x6c\x69\x03";

TEST(BodyDecoder, DecodesBrotliAndZstdInAnyPieces) {
  for (const char* const coding : {"br", "zstd"}) {
    const std::string bytes = encode_body(kLongText, coding).value();
    ASSERT_LT(bytes.size(), kLongText.size() / 2);
    for (const std::size_t piece : {1u, 7u, 1000u, 1'000'000u}) {
      BodyDecoder decoder(coding, 1'000'000);
      EXPECT_EQ(decoded(decoder, bytes, piece), kLongText);
      EXPECT_FALSE(decoder.is_cut());
    }
  }
}

TEST(BodyDecoder, DecodesWhatOthersHaveCoded) {
  BodyDecoder brotli("br", 1000);
  EXPECT_EQ(brotli.decode(kBrotliBytes).value(), "hello brotli, hello brotli");
  // RFC 8878, 3.1.1: a frame of ten bytes in one raw block.
  BodyDecoder zstd("zstd", 1000);
  EXPECT_EQ(zstd.decode(std::string("\x28\xb5\x2f\xfd\x20\x0a\x51\x00\x00hello zstd", 19)).value(),
            "hello zstd");
}

TEST(BodyDecoder, UndoesAListOfCodingsFromItsEnd) {
  const std::string bytes = encode_body(kLongText, "gzip, br, zstd").value();
  BodyDecoder decoder("gzip,identity, br , zstd", 1'000'000);
  EXPECT_EQ(decoded(decoder, bytes, 100), kLongText);
  EXPECT_FALSE(decoder.is_cut());
}

TEST(BodyDecoder, ReadsAllFramesOfAZstdBody) {
  const std::string bytes =
      encode_body("one, ", "zstd").value() + encode_body("two", "zstd").value();
  BodyDecoder decoder("zstd", 1000);
  EXPECT_EQ(decoded(decoder, bytes, 3), "one, two");
  EXPECT_FALSE(decoder.is_cut());
}

TEST(BodyDecoder, RefusesACutOrWrongOrHugeBodyOfEachCoding) {
  for (const char* const coding : {"gzip", "deflate", "br", "zstd"}) {
    const std::string bytes = encode_body(kLongText, coding).value();
    BodyDecoder cut(coding, 1'000'000);
    decoded(cut, std::string_view(bytes).substr(0, bytes.size() - 1), 1000);
    EXPECT_TRUE(cut.is_cut()) << coding;
    BodyDecoder wrong(coding, 1000);
    EXPECT_EQ(wrong.decode("this is a plain text").error(), lab::Errc::bad_message) << coding;
    const std::string bomb = encode_body(std::string(50'000'000, 'x'), coding).value();
    ASSERT_LT(bomb.size(), 100'000u);
    BodyDecoder bounded(coding, 1'000'000);
    EXPECT_EQ(bounded.decode(bomb).error(), lab::Errc::body_too_large) << coding;
  }
}

TEST(BodyDecoder, RefusesAZstdWindowOfMoreThanHttpAllows) {
  // RFC 8878, 3.1.1.1.2: a frame whose window is of 128 MiB.
  BodyDecoder decoder("zstd", 1'000'000);
  EXPECT_EQ(
      decoder.decode(std::string("\x28\xb5\x2f\xfd\x00\x88\x51\x00\x00hello zstd", 19)).error(),
      lab::Errc::bad_message);
}

}  // namespace
}  // namespace loader
