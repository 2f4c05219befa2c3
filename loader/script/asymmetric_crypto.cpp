#include "loader/script/asymmetric_crypto.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <utility>

#include "loader/script/openssl_key.h"
#include "loader/script/openssl_random.h"

namespace loader {
namespace {

using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using CurveSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

// RFC 7518 has r and s one after the other, OpenSSL has them as DER.
std::string joined(std::string_view der, std::size_t bytes) {
  const unsigned char* at = octets(der);
  const CurveSignature both{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  return bytes_of(ECDSA_SIG_get0_r(both.get()), bytes) +
         bytes_of(ECDSA_SIG_get0_s(both.get()), bytes);
}

std::string parted(std::string_view joined, std::size_t bytes) {
  const CurveSignature both{ECDSA_SIG_new()};
  ECDSA_SIG_set0(both.get(), number_of(joined.substr(0, bytes)).release(),
                 number_of(joined.substr(bytes)).release());
  const int size = i2d_ECDSA_SIG(both.get(), nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  unsigned char* at = octets(der);
  if (size > 0) i2d_ECDSA_SIG(both.get(), &at);
  return der;
}

bool takes_scheme(const OpensslKey& key, SignatureScheme scheme) {
  if (!key) return false;
  return (kind_of(key) == "RSA") == (scheme != SignatureScheme::ecdsa);
}

bool set_padding(EVP_PKEY_CTX* context, const SignatureInput& input, int any_salt) {
  if (input.scheme != SignatureScheme::pss) return true;
  const int salt = input.salt_bytes == 0 ? any_salt : input.salt_bytes;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) == 1;
}

// EVP_PKEY_encrypt or EVP_PKEY_decrypt, with what prepares for it.
template <auto Init, auto Run>
lab::Result<std::string> oaep(const OaepInput& input, bool is_private, lab::Rng& rng) {
  const OpensslRandom random(rng);
  const OpensslKey key = parsed_key(input.der, is_private);
  if (!key || kind_of(key) != "RSA") return failed("not a key of RSA");
  const OpensslKeyContext context{
      EVP_PKEY_CTX_new_from_pkey(OpensslRandom::context(), key.get(), nullptr)};
  const std::string hash(input.hash);
  if (Init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_oaep_md_name(context.get(), hash.c_str(), nullptr) != 1 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md_name(context.get(), hash.c_str(), nullptr) != 1) {
    return failed("OpenSSL has no OAEP with " + hash);
  }
  if (!input.label.empty()) {
    void* const label = OPENSSL_memdup(input.label.data(), input.label.size());
    EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), label, static_cast<int>(input.label.size()));
  }
  std::size_t size = 0;
  std::string out;
  if (Run(context.get(), nullptr, &size, octets(input.data), input.data.size()) == 1) {
    out.resize(size);
    if (Run(context.get(), octets(out), &size, octets(input.data), input.data.size()) == 1) {
      out.resize(size);
      return bytes_result(std::move(out));
    }
  }
  return failed(is_private ? "decryption error" : "message too long for RSA key size");
}

}  // namespace

lab::Result<std::string> signature_of(const SignatureInput& input, lab::Rng& rng) {
  const OpensslRandom random(rng);
  const OpensslKey key = parsed_key(input.der, true);
  if (!takes_scheme(key, input.scheme)) return failed("not a key of that algorithm");
  const DigestContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* of_key = nullptr;
  const std::string hash(input.hash);
  std::size_t size = 0;
  std::string out;
  if (EVP_DigestSignInit_ex(context.get(), &of_key, hash.c_str(), OpensslRandom::context(), nullptr,
                            key.get(), nullptr) == 1 &&
      set_padding(of_key, input, RSA_PSS_SALTLEN_MAX) &&
      EVP_DigestSign(context.get(), nullptr, &size, octets(input.data), input.data.size()) == 1) {
    out.resize(size);
    if (EVP_DigestSign(context.get(), octets(out), &size, octets(input.data), input.data.size()) ==
        1) {
      out.resize(size);
      const bool is_curve = input.scheme == SignatureScheme::ecdsa;
      return bytes_result(is_curve ? joined(out, curve_bytes(key)) : std::move(out));
    }
  }
  return failed("the key is too small for the hash and the salt");
}

bool is_signature(const SignatureInput& input, std::string_view signature) {
  const OpensslKey key = parsed_key(input.der, false);
  if (!takes_scheme(key, input.scheme)) return false;
  const bool is_curve = input.scheme == SignatureScheme::ecdsa;
  if (is_curve && signature.size() != 2 * curve_bytes(key)) return false;
  const std::string given = is_curve ? parted(signature, curve_bytes(key)) : std::string(signature);
  const DigestContext context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* of_key = nullptr;
  const std::string hash(input.hash);
  return EVP_DigestVerifyInit_ex(context.get(), &of_key, hash.c_str(), OpensslRandom::context(),
                                 nullptr, key.get(), nullptr) == 1 &&
         set_padding(of_key, input, RSA_PSS_SALTLEN_AUTO) &&
         EVP_DigestVerify(context.get(), octets(given), given.size(), octets(input.data),
                          input.data.size()) == 1;
}

lab::Result<std::string> oaep_encrypted(const OaepInput& input, lab::Rng& rng) {
  return oaep<EVP_PKEY_encrypt_init, EVP_PKEY_encrypt>(input, false, rng);
}

lab::Result<std::string> oaep_decrypted(const OaepInput& input, lab::Rng& rng) {
  return oaep<EVP_PKEY_decrypt_init, EVP_PKEY_decrypt>(input, true, rng);
}

lab::Result<std::string> ecdh_secret(std::string_view private_der, std::string_view public_der,
                                     lab::Rng& rng) {
  const OpensslRandom random(rng);
  const OpensslKey own = parsed_key(private_der, true);
  const OpensslKey other = parsed_key(public_der, false);
  if (!own || !other) return failed("not a key");
  const OpensslKeyContext context{
      EVP_PKEY_CTX_new_from_pkey(OpensslRandom::context(), own.get(), nullptr)};
  std::size_t size = 0;
  if (EVP_PKEY_derive_init(context.get()) == 1 &&
      EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
      EVP_PKEY_derive(context.get(), nullptr, &size) == 1) {
    std::string out(size, '\0');
    const bool is_derived = EVP_PKEY_derive(context.get(), octets(out), &size) == 1;
    if (is_derived) return bytes_result(std::move(out));
  }
  return failed("the keys are not of one curve");
}

}  // namespace loader
