// Keys of RSA and of elliptic curves, and what is done with them, as the Web Cryptography API has
// it, over OpenSSL: bytes in, bytes out, nothing kept.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/base/rng.h"

namespace loader {

struct AsymmetricKey {
  std::string kind{};  ///< "RSA", or the curve: "P-256", "P-384" or "P-521".
  unsigned bits = 0;   ///< Of RSA's modulus, or of the curve.
  bool is_private = false;
  std::string der{};  ///< PKCS #8 of a private key, SubjectPublicKeyInfo of a public one.
};

/// An error says that it is no such key, or of none of the kinds.
[[nodiscard]] lab::Result<AsymmetricKey> read_key(std::string_view der, bool is_private);

/// The numbers of a key in the order of RFC 7518, big-endian; empty: it has none. RSA's: n, e, d,
/// p, q, dp, dq, qi. A curve's: x, y, d, each as long as the curve's.
using KeyNumbers = std::array<std::string, 8>;
/// A private key, if there is a d. An error says what is wrong with the numbers.
[[nodiscard]] lab::Result<AsymmetricKey> key_of_numbers(std::string_view kind,
                                                        const KeyNumbers& numbers);
[[nodiscard]] lab::Result<KeyNumbers> numbers_of_key(std::string_view der, bool is_private);

/// A private key, whose numbers are the public one's as well. RSA has a modulus of `bits`, at least
/// 512, and the public exponent `exponent`, big-endian; a curve asks for neither.
[[nodiscard]] lab::Result<AsymmetricKey> generated_key(std::string_view kind, unsigned bits,
                                                       std::string_view exponent, lab::Rng& rng);

enum class SignatureScheme { pkcs1, pss, ecdsa };
struct SignatureInput {
  SignatureScheme scheme = SignatureScheme::pkcs1;
  std::string_view hash{};  ///< As digest() has them.
  std::string_view der{};   ///< Of the private key to sign, of the public one to verify.
  std::string_view data{};
  /// Of PSS, in bytes; 0: as long as can be, and to verify any; -1: as long as the hash.
  int salt_bytes = 0;
};
/// ECDSA's is r and s, each as long as the curve's numbers.
[[nodiscard]] lab::Result<std::string> signature_of(const SignatureInput& input, lab::Rng& rng);
/// False, too, where the key can't have made any.
[[nodiscard]] bool is_signature(const SignatureInput& input, std::string_view signature);

struct OaepInput {
  std::string_view hash{};
  std::string_view der{};  ///< Of the public key to encrypt, of the private one to decrypt.
  std::string_view label{};
  std::string_view data{};
};
[[nodiscard]] lab::Result<std::string> oaep_encrypted(const OaepInput& input, lab::Rng& rng);
[[nodiscard]] lab::Result<std::string> oaep_decrypted(const OaepInput& input, lab::Rng& rng);

/// What the owners of two keys of one curve have in common.
[[nodiscard]] lab::Result<std::string> ecdh_secret(std::string_view private_der,
                                                   std::string_view public_der, lab::Rng& rng);

}  // namespace loader
