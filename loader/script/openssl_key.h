// Keys of RSA and of elliptic curves as OpenSSL has them: what the files of asymmetric cryptography
// have in common.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "loader/script/openssl_handle.h"

namespace loader {

using OpensslKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using OpensslKeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using OpensslNumber = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;

/// PKCS #8, or the SubjectPublicKeyInfo of a public key. Null: it is none, or something stands
/// behind it.
[[nodiscard]] OpensslKey parsed_key(std::string_view der, bool is_private);
/// As AsymmetricKey has it; empty: of none of the kinds.
[[nodiscard]] std::string kind_of(const OpensslKey& key);
/// Of one number of a curve's key.
[[nodiscard]] std::size_t curve_bytes(const OpensslKey& key);

[[nodiscard]] OpensslNumber number_of(std::string_view bytes);
/// As long as the number is, or `bytes` long.
[[nodiscard]] std::string bytes_of(const BIGNUM* number,
                                   std::optional<std::size_t> bytes = std::nullopt);

}  // namespace loader
