// The cryptography that scripts call for, over OpenSSL: bytes in, bytes out, nothing kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

/// Hashes are md4, md5, sha1, sha256, sha384, sha512, sha512_224, sha512_256 and ripemd160; an
/// error says that there is none of the name, or that this installation of OpenSSL lacks it.
[[nodiscard]] lab::Result<std::string> digest(std::string_view hash, std::string_view bytes);
[[nodiscard]] lab::Result<std::string> hmac(std::string_view hash, std::string_view key,
                                            std::string_view bytes);

/// AES: aes-cbc (with the padding of PKCS #7), aes-ctr (all 16 bytes count) and aes-gcm (the tag
/// follows the ciphertext). The key's length, 16, 24 or 32 bytes, chooses among AES's three.
struct CipherInput {
  std::string_view algorithm = {};
  std::string_view key = {};
  std::string_view iv = {};
  std::string_view data = {};
  std::string_view additional_data = {};
  std::size_t tag_bytes = 16;
};
[[nodiscard]] lab::Result<std::string> encrypted(const CipherInput& input);

/// An error also if padding or tag show that key or data are not the right ones.
[[nodiscard]] lab::Result<std::string> decrypted(const CipherInput& input);

struct Pbkdf2Input {
  std::string_view hash = {};
  std::string_view password = {};
  std::string_view salt = {};
  int iterations = 0;
  std::size_t bytes = 0;
};
[[nodiscard]] lab::Result<std::string> pbkdf2(const Pbkdf2Input& input);

struct HkdfInput {
  std::string_view hash = {};
  std::string_view key = {};
  std::string_view salt = {};
  std::string_view info = {};
  std::size_t bytes = 0;
};
[[nodiscard]] lab::Result<std::string> hkdf(const HkdfInput& input);

}  // namespace loader
