#include "loader/script/crypto.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

std::string hex(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string bytes_of(std::string_view hex_text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex_text.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex_text.substr(at, 2)), nullptr, 16));
  }
  return bytes;
}

struct HashVector {
  const char* hash;
  const char* bytes;
  const char* sum;
};

TEST(ScriptCrypto, DigestsOfTheStandards) {
  // MD4 and MD5: RFC 1320 and 1321; SHA: FIPS 180-4's "abc"; RIPEMD-160: its authors' page.
  constexpr HashVector kVectors[] = {
      {"md4", "abc", "a448017aaf21d8525fc10ae87aa6729d"},
      {"md4", "", "31d6cfe0d16ae931b73c59d7e0c089c0"},
      {"md5", "abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"md5", "", "d41d8cd98f00b204e9800998ecf8427e"},
      {"sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"sha384", "abc",
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
       "8086072ba1e7cc2358baeca134c825a7"},
      {"sha512", "abc",
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
      {"sha512_224", "abc", "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"},
      {"sha512_256", "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
      {"ripemd160", "abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
  };
  for (const HashVector& vector : kVectors) {
    EXPECT_EQ(hex(digest(vector.hash, vector.bytes).value()), vector.sum) << vector.hash;
  }
}

TEST(ScriptCrypto, HmacsOfTheRfcs) {
  // Test case 2 of RFC 2202, 2286 (RIPEMD-160) and 4231.
  constexpr std::string_view kData = "what do ya want for nothing?";
  constexpr HashVector kVectors[] = {
      {"md5", "", "750c783e6ab0b503eaa86e310a5db738"},
      {"sha1", "", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
      {"ripemd160", "", "dda6c0213a485a9e24f4742064a7f033b43c4069"},
      {"sha256", "", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"sha384", "",
       "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
       "8e2240ca5e69e2c78b3239ecfab21649"},
      {"sha512", "",
       "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
       "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
  };
  for (const HashVector& vector : kVectors) {
    EXPECT_EQ(hex(hmac(vector.hash, "Jefe", kData).value()), vector.sum) << vector.hash;
  }
  // Computed by k6 v1.3.
  EXPECT_EQ(hex(hmac("md4", "key", "hello world").value()), "1d7eb23d4e3c39def574142337ee83d3");
  EXPECT_EQ(hex(hmac("sha512_224", "key", "hello world").value()),
            "a8e5289077249fdfe86fa129bafd135b3ff0c3cfb1ad587887f5e247");
  // No key at all.
  EXPECT_EQ(hex(hmac("md5", {}, {}).value()), "74e6f7298a9c2d168935f58c001bad88");
}

TEST(ScriptCrypto, UnknownHashIsRefusedByName) {
  EXPECT_EQ(digest("sha3", "").error().what, "invalid algorithm: sha3");
  EXPECT_EQ(hmac("", "", "").error().what, "invalid algorithm: ");
  EXPECT_EQ(pbkdf2({.hash = "x", .iterations = 1, .bytes = 1}).error().what,
            "invalid algorithm: x");
  EXPECT_EQ(hkdf({.hash = "x", .bytes = 1}).error().what, "invalid algorithm: x");
}

TEST(ScriptCrypto, AesCbcAndCtrOfSp80038a) {
  // Sections F.2.1 and F.5.5 of NIST SP 800-38A; the last 16 bytes of CBC are the padding's block.
  const std::string key = bytes_of("2b7e151628aed2a6abf7158809cf4f3c");
  const std::string long_key =
      bytes_of("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const std::string iv = bytes_of("000102030405060708090a0b0c0d0e0f");
  const std::string counter = bytes_of("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  const std::string plain = bytes_of("6bc1bee22e409f96e93d7e117393172a");

  CipherInput cbc{.algorithm = "aes-cbc", .key = key, .iv = iv, .data = plain};
  const std::string cbc_text = encrypted(cbc).value();
  EXPECT_EQ(hex(cbc_text.substr(0, 16)), "7649abac8119b246cee98e9b12e9197d");
  EXPECT_EQ(cbc_text.size(), 32U);
  cbc.data = cbc_text;
  EXPECT_EQ(decrypted(cbc).value(), plain);

  CipherInput ctr{.algorithm = "aes-ctr", .key = long_key, .iv = counter, .data = plain};
  const std::string ctr_text = encrypted(ctr).value();
  EXPECT_EQ(hex(ctr_text), "601ec313775789a5b7a7f504bbf3d228");
  ctr.data = ctr_text;
  EXPECT_EQ(decrypted(ctr).value(), plain);
}

TEST(ScriptCrypto, AesGcmOfItsAuthors) {
  // Test case 4 of "The Galois/Counter Mode of Operation", McGrew and Viega.
  const std::string key = bytes_of("feffe9928665731c6d6a8f9467308308");
  const std::string iv = bytes_of("cafebabefacedbaddecaf888");
  const std::string additional = bytes_of("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = bytes_of(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  CipherInput input{
      .algorithm = "aes-gcm", .key = key, .iv = iv, .data = plain, .additional_data = additional};
  const std::string text = encrypted(input).value();
  EXPECT_EQ(hex(text),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
            "5bc94fbc3221a5db94fae95ae7121a47");

  input.data = text;
  EXPECT_EQ(decrypted(input).value(), plain);
  // A shorter tag is the beginning of the whole one.
  input.data = std::string_view(text).substr(0, text.size() - 4);
  input.tag_bytes = 12;
  EXPECT_EQ(decrypted(input).value(), plain);
  // Other additional data, another tag.
  input.additional_data = "other";
  EXPECT_EQ(decrypted(input).error().what,
            "key, initial vector or data are not what was encrypted");
}

TEST(ScriptCrypto, NoDataAreData) {
  const std::string key(16, 'k');
  const std::string iv(16, 'i');
  CipherInput input{.algorithm = "aes-cbc", .key = key, .iv = iv};
  const std::string padding_only = encrypted(input).value();
  EXPECT_EQ(padding_only.size(), 16U);
  input.data = padding_only;
  EXPECT_EQ(decrypted(input).value(), "");
  EXPECT_EQ(encrypted({.algorithm = "aes-gcm", .key = key, .iv = iv}).value().size(), 16U);
}

TEST(ScriptCrypto, UnfitCipherInputIsRefused) {
  const std::string key(16, 'k');
  const std::string iv(16, 'i');
  const std::string_view short_key = std::string_view(key).substr(1);
  EXPECT_TRUE(encrypted({.algorithm = "aes-cbc", .key = short_key, .iv = iv}).has_error());
  EXPECT_TRUE(encrypted({.algorithm = "aes-xts", .key = key, .iv = iv}).has_error());
  EXPECT_TRUE(encrypted({.algorithm = "aes-ctr", .key = key, .iv = std::string_view(iv).substr(1)})
                  .has_error());
  EXPECT_TRUE(encrypted({.algorithm = "aes-gcm", .key = key}).has_error());
  EXPECT_TRUE(
      decrypted({.algorithm = "aes-cbc", .key = key, .iv = iv, .data = "no block"}).has_error());
  EXPECT_EQ(decrypted({.algorithm = "aes-gcm", .key = key, .iv = iv, .data = "short"}).error().what,
            "the data are shorter than their tag");
}

TEST(ScriptCrypto, Pbkdf2OfRfc6070And7914) {
  EXPECT_EQ(hex(pbkdf2({.hash = "sha1",
                        .password = "password",
                        .salt = "salt",
                        .iterations = 2,
                        .bytes = 20})
                    .value()),
            "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
  EXPECT_EQ(hex(pbkdf2({.hash = "sha256",
                        .password = "passwd",
                        .salt = "salt",
                        .iterations = 1,
                        .bytes = 64})
                    .value()),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
  EXPECT_TRUE(pbkdf2({.hash = "sha1", .iterations = 0, .bytes = 20}).has_error());
  EXPECT_TRUE(pbkdf2({.hash = "sha1", .iterations = 1, .bytes = 0}).has_error());
}

TEST(ScriptCrypto, HkdfOfRfc5869) {
  const std::string key(22, '\x0b');
  const std::string salt = bytes_of("000102030405060708090a0b0c");
  const std::string info = bytes_of("f0f1f2f3f4f5f6f7f8f9");
  HkdfInput input{.hash = "sha256", .key = key, .salt = salt, .info = info, .bytes = 42};
  // Test case 1, and 3, which has neither salt nor info.
  EXPECT_EQ(hex(hkdf(input).value()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  input.salt = {};
  input.info = {};
  EXPECT_EQ(hex(hkdf(input).value()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  input.bytes = 256 * 32;
  EXPECT_EQ(hkdf(input).error().what,
            "HKDF derives from 1 to 255 times as many bytes as its hash has");
}

}  // namespace
}  // namespace loader
