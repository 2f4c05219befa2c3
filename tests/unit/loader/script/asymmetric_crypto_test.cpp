#include "loader/script/asymmetric_crypto.h"

#include <gtest/gtest.h>

#include "loader/script/asymmetric_key.h"

namespace loader {
namespace {

const std::string kExponent("\x01\x00\x01", 3);

AsymmetricKey private_key(std::string_view kind, std::uint64_t seed = 1) {
  lab::Rng rng(seed);
  return generated_key(kind, 1024, kExponent, rng).value();
}

AsymmetricKey public_of(const AsymmetricKey& key) {
  KeyNumbers numbers = numbers_of_key(key.der, true).value();
  for (std::size_t i = 2; i < numbers.size(); ++i) numbers[i].clear();
  return key_of_numbers(key.kind, numbers).value();
}

TEST(AsymmetricCrypto, KeysComeBackFromTheirFormats) {
  for (const char* const kind : {"RSA", "P-256", "P-384", "P-521"}) {
    const AsymmetricKey key = private_key(kind);
    EXPECT_EQ(key.kind, kind);
    EXPECT_TRUE(key.is_private);
    EXPECT_EQ(read_key(key.der, true).value().der, key.der) << kind;
    EXPECT_EQ(key_of_numbers(kind, numbers_of_key(key.der, true).value()).value().der, key.der);
    const AsymmetricKey open = public_of(key);
    EXPECT_FALSE(open.is_private);
    EXPECT_EQ(open.bits, key.bits);
    EXPECT_EQ(read_key(open.der, false).value().der, open.der) << kind;
    // One is not the other.
    EXPECT_TRUE(read_key(key.der, false).has_error());
    EXPECT_TRUE(read_key(open.der, true).has_error());
  }
}

TEST(AsymmetricCrypto, ASeedMakesTheSameKeysAndSignatures) {
  for (const char* const kind : {"RSA", "P-256"}) {
    EXPECT_EQ(private_key(kind).der, private_key(kind).der);
    EXPECT_NE(private_key(kind).der, private_key(kind, 2).der);
  }
  const AsymmetricKey key = private_key("P-256");
  const SignatureInput input{
      .scheme = SignatureScheme::ecdsa, .hash = "sha256", .der = key.der, .data = "data"};
  const auto signed_by = [&input](std::uint64_t seed) {
    lab::Rng rng(seed);
    return signature_of(input, rng).value();
  };
  EXPECT_EQ(signed_by(1), signed_by(1));
  EXPECT_NE(signed_by(1), signed_by(2));
}

struct Scheme {
  SignatureScheme scheme;
  const char* kind;
  int salt_bytes;
};

class SchemeTest : public testing::TestWithParam<Scheme> {};

TEST_P(SchemeTest, OnlyWhatWasSignedIsVerified) {
  const AsymmetricKey key = private_key(GetParam().kind);
  const AsymmetricKey open = public_of(key);
  SignatureInput input{.scheme = GetParam().scheme,
                       .hash = "sha256",
                       .der = key.der,
                       .data = "data",
                       .salt_bytes = GetParam().salt_bytes};
  lab::Rng rng(7);
  std::string signature = signature_of(input, rng).value();
  EXPECT_EQ(signature.size(), std::string_view(GetParam().kind) == "RSA" ? 128U : 2 * 66U);
  input.der = open.der;
  EXPECT_TRUE(is_signature(input, signature));
  input.data = "dat";
  EXPECT_FALSE(is_signature(input, signature));
  input.data = "data";
  input.hash = "sha384";
  EXPECT_FALSE(is_signature(input, signature));
  input.hash = "sha256";
  signature[5] = static_cast<char>(signature[5] ^ 1);
  EXPECT_FALSE(is_signature(input, signature));
  EXPECT_FALSE(is_signature(input, ""));
  EXPECT_FALSE(is_signature(input, std::string(128, '\0')));
  // Neither with a key of another kind, nor with what is no key.
  input.der = key.der;
  EXPECT_FALSE(is_signature(input, signature));
  const AsymmetricKey other =
      private_key(std::string_view(GetParam().kind) == "RSA" ? "P-256" : "RSA");
  input.der = other.der;
  EXPECT_TRUE(signature_of(input, rng).has_error());
}

INSTANTIATE_TEST_SUITE_P(All, SchemeTest,
                         testing::Values(Scheme{SignatureScheme::pkcs1, "RSA", 0},
                                         Scheme{SignatureScheme::pss, "RSA", 0},
                                         Scheme{SignatureScheme::pss, "RSA", -1},
                                         Scheme{SignatureScheme::pss, "RSA", 20},
                                         Scheme{SignatureScheme::ecdsa, "P-521", 0}));

TEST(AsymmetricCrypto, ASaltThatHasNoRoomIsAnError) {
  const AsymmetricKey key = private_key("RSA");
  lab::Rng rng(1);
  EXPECT_TRUE(
      signature_of(
          {.scheme = SignatureScheme::pss, .hash = "sha256", .der = key.der, .salt_bytes = 95}, rng)
          .has_error());
}

TEST(AsymmetricCrypto, OaepHasRoomForTheModulusWithoutTwoHashes) {
  const AsymmetricKey key = private_key("RSA");
  const AsymmetricKey open = public_of(key);
  lab::Rng rng(1);
  for (const std::size_t size : {0U, 1U, 62U}) {
    const std::string data(size, 'x');
    const std::string secret =
        oaep_encrypted({.hash = "sha256", .der = open.der, .label = "l", .data = data}, rng)
            .value();
    EXPECT_EQ(oaep_decrypted({.hash = "sha256", .der = key.der, .label = "l", .data = secret}, rng)
                  .value(),
              data);
    EXPECT_TRUE(
        oaep_decrypted({.hash = "sha256", .der = key.der, .data = secret}, rng).has_error());
  }
  const std::string data(63, 'x');
  EXPECT_TRUE(oaep_encrypted({.hash = "sha256", .der = open.der, .data = data}, rng).has_error());
}

TEST(AsymmetricCrypto, BothSidesOfEcdhHaveOneSecret) {
  for (const char* const curve : {"P-256", "P-384", "P-521"}) {
    const AsymmetricKey one = private_key(curve, 1);
    const AsymmetricKey two = private_key(curve, 2);
    lab::Rng rng(3);
    const std::string secret = ecdh_secret(one.der, public_of(two).der, rng).value();
    EXPECT_EQ(secret.size(), (one.bits + 7) / 8);
    EXPECT_EQ(ecdh_secret(two.der, public_of(one).der, rng).value(), secret);
    EXPECT_TRUE(ecdh_secret(one.der, public_of(private_key("RSA")).der, rng).has_error());
  }
}

TEST(AsymmetricCrypto, NumbersThatMakeNoKeyAreErrors) {
  KeyNumbers numbers = numbers_of_key(private_key("RSA").der, true).value();
  KeyNumbers wrong = numbers;
  wrong[3] = wrong[4];
  EXPECT_EQ(key_of_numbers("RSA", wrong).error().what, "its numbers do not belong together");
  wrong = numbers;
  wrong[1] = "\x03";
  EXPECT_EQ(key_of_numbers("RSA", wrong).error().what, "its numbers do not belong together");
  wrong = numbers;
  wrong[3].clear();
  EXPECT_EQ(key_of_numbers("RSA", wrong).error().what, "its numbers do not belong together");
  EXPECT_TRUE(key_of_numbers("P-224", numbers).has_error());
  numbers = numbers_of_key(private_key("P-256").der, true).value();
  wrong = numbers;
  wrong[2] = "\x01";
  EXPECT_EQ(key_of_numbers("P-256", wrong).error().what, "its numbers do not belong together");
  wrong[0][0] = static_cast<char>(wrong[0][0] ^ 1);
  EXPECT_EQ(key_of_numbers("P-256", wrong).error().what, "its point is not on the curve");
  wrong[0] = std::string(33, '\1');
  EXPECT_EQ(key_of_numbers("P-256", wrong).error().what,
            "a number of it is longer than the curve's");
}

TEST(AsymmetricCrypto, WhatFollowsFromOtherNumbersNeedNotBeSaid) {
  const AsymmetricKey key = private_key("RSA");
  KeyNumbers numbers = numbers_of_key(key.der, true).value();
  for (std::size_t i = 5; i < numbers.size(); ++i) numbers[i].clear();
  EXPECT_EQ(key_of_numbers("RSA", numbers).value().der, key.der);
}

// OpenSSL reads all of these.
TEST(AsymmetricCrypto, KeysThatSignNothingAreErrors) {
  // P-256, PKCS #8 without the public key: d is 0, and the order and 1.
  const std::string head(
      "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a"
      "\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20",
      35);
  const std::string order(
      "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
      "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x52",
      32);
  for (const std::string& d : {std::string(32, '\0'), order}) {
    EXPECT_TRUE(read_key(head + d, true).has_error());
  }
  EXPECT_EQ(read_key(head + std::string(31, '\0') + '\5', true).value().kind, "P-256");
  // RSA: the modulus is one bit off, at its end.
  AsymmetricKey open = public_of(private_key("RSA"));
  EXPECT_TRUE(read_key(open.der, false).has_value());
  EXPECT_TRUE(read_key(open.der + '\0', false).has_error());
  AsymmetricKey key = private_key("RSA");
  const std::string n = numbers_of_key(key.der, true).value()[0];
  const std::size_t at = key.der.find(n);
  ASSERT_NE(at, std::string::npos);
  char& last = key.der[at + n.size() - 1];
  last = static_cast<char>(last ^ 2);
  EXPECT_EQ(read_key(key.der, true).error().what, "its numbers do not belong together");
}

TEST(AsymmetricCrypto, WhatIsNoKeyIsAnError) {
  const AsymmetricKey key = private_key("P-384");
  for (std::size_t size = 0; size < key.der.size(); ++size) {
    EXPECT_TRUE(read_key(std::string_view(key.der).substr(0, size), true).has_error()) << size;
  }
  lab::Rng rng(1);
  EXPECT_TRUE(generated_key("P-1", 0, "", rng).has_error());
  EXPECT_TRUE(generated_key("RSA", 100, kExponent, rng).has_error());
}

}  // namespace
}  // namespace loader
