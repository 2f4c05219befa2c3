#include "loader/http/body_encoder.h"

#include <gtest/gtest.h>

#include "loader/http/body_decoder.h"

namespace loader {
namespace {

const std::string kBody = "a body, a body, a body, a body, a body, a body, a body, a body";

TEST(BodyEncoder, BeginsAsItsCodingDoes) {
  // RFC 1952, 2.3.1; RFC 1950, 2.2; RFC 8878, 3.1.1. Brotli has no such bytes.
  EXPECT_TRUE(encode_body(kBody, "gzip").value().starts_with("\x1f\x8b\x08"));
  EXPECT_TRUE(encode_body(kBody, "deflate").value().starts_with("\x78"));
  EXPECT_TRUE(encode_body(kBody, "zstd").value().starts_with("\x28\xb5\x2f\xfd"));
}

TEST(BodyEncoder, IsUndoneByTheDecoder) {
  for (const char* const codings : {"gzip", "deflate", "br", "zstd", "deflate, gzip", "br,zstd"}) {
    for (const std::string& body : {kBody, std::string(), std::string(300'000, '\0')}) {
      const std::string coded = encode_body(body, codings).value();
      EXPECT_NE(coded, body) << codings;
      BodyDecoder decoder(codings, 1'000'000);
      EXPECT_EQ(decoder.decode(coded).value(), body) << codings;
      EXPECT_FALSE(decoder.is_cut()) << codings;
    }
  }
}

TEST(BodyEncoder, WithoutACodingTheBodyStays) { EXPECT_EQ(encode_body(kBody, "").value(), kBody); }

TEST(BodyEncoder, RefusesACodingThatIsNotKnown) {
  EXPECT_EQ(encode_body(kBody, "gzip, lzw").error().to_string(),
            "\"lzw\" is no content coding; use gzip, deflate, br or zstd");
}

}  // namespace
}  // namespace loader
