// Keys of RSA and of elliptic curves, as the Web Cryptography API has them: where they come from,
// and what they are made of.
#pragma once

#include <array>
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

}  // namespace loader
