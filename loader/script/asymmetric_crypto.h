// What is done with keys of RSA and of elliptic curves, as the Web Cryptography API has it, over
// OpenSSL: bytes in, bytes out, nothing kept. Keys are DER, as AsymmetricKey has them.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/base/rng.h"

namespace loader {

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
