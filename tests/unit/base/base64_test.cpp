#include "shared/base/base64.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

// Section 10 of RFC 4648.
struct Vector {
  const char* bytes;
  const char* padded;
  const char* unpadded;
};
constexpr Vector kVectors[] = {{"", "", ""},
                               {"f", "Zg==", "Zg"},
                               {"fo", "Zm8=", "Zm8"},
                               {"foo", "Zm9v", "Zm9v"},
                               {"foob", "Zm9vYg==", "Zm9vYg"},
                               {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                               {"foobar", "Zm9vYmFy", "Zm9vYmFy"}};

TEST(Base64, VectorsOfTheRfcThereAndBack) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(base64_encoded(vector.bytes), vector.padded);
    EXPECT_EQ(base64_encoded(vector.bytes, Base64::url_unpadded), vector.unpadded);
    EXPECT_EQ(base64_decoded(vector.padded, Base64::standard), vector.bytes);
    EXPECT_EQ(base64_decoded(vector.unpadded, Base64::standard_unpadded), vector.bytes);
  }
}

TEST(Base64, AlphabetsDifferInTwoDigits) {
  EXPECT_EQ(base64_encoded("hi?"
                           "?>>1"),
            "aGk/Pz4+MQ==");
  EXPECT_EQ(base64_encoded("hi?"
                           "?>>1",
                           Base64::standard_unpadded),
            "aGk/Pz4+MQ");
  EXPECT_EQ(base64_encoded("hi?"
                           "?>>1",
                           Base64::url),
            "aGk_Pz4-MQ==");
  EXPECT_EQ(base64_encoded("hi?"
                           "?>>1",
                           Base64::url_unpadded),
            "aGk_Pz4-MQ");
  EXPECT_EQ(base64_decoded("_-8=", Base64::url), "\xff\xef");
  EXPECT_EQ(base64_decoded("/+8=", Base64::standard), "\xff\xef");
  EXPECT_FALSE(base64_decoded("_-8=", Base64::standard));
  EXPECT_FALSE(base64_decoded("/+8", Base64::url_unpadded));
}

TEST(Base64, EveryByteComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(base64_decoded(base64_encoded(bytes, Base64::url), Base64::url), bytes);
}

TEST(Base64, LineEndsAreSkippedAndLeftOverBitsIgnored) {
  EXPECT_EQ(base64_decoded("Zm\r\n9v\n", Base64::standard), "foo");
  EXPECT_EQ(base64_decoded("Zg=\n=\r\n", Base64::standard), "f");
  EXPECT_EQ(base64_decoded("Zh==", Base64::standard), "f");
}

TEST(Base64, MalformedTextIsRefused) {
  for (const char* text : {"a", "ab", "abc", "ab=", "ab=c", "a===", "====", "abcd=", "abcd====",
                           "ab==x", "abc=d", "a b=", "a\xc3\xa9==", "abcde", "abc==", "ab==="}) {
    EXPECT_FALSE(base64_decoded(text, Base64::standard)) << text;
  }
  for (const char* text : {"a", "ab==", "abc=", "=", "abcde", "ab c"}) {
    EXPECT_FALSE(base64_decoded(text, Base64::standard_unpadded)) << text;
  }
}

}  // namespace
}  // namespace lab
