#include "loader/script/asymmetric_crypto.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "loader/script/openssl_handle.h"
#include "loader/script/openssl_random.h"

namespace loader {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using PrivateKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using CurveSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

struct Curve {
  std::string_view name;
  std::string_view openssl_name;
};
constexpr std::array<Curve, 3> kCurves{
    {{"P-256", "prime256v1"}, {"P-384", "secp384r1"}, {"P-521", "secp521r1"}}};

constexpr std::array<const char*, 8> kRsaNumbers{
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,           OSSL_PKEY_PARAM_RSA_D,
    OSSL_PKEY_PARAM_RSA_FACTOR1,   OSSL_PKEY_PARAM_RSA_FACTOR2,     OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
constexpr std::array<const char*, 3> kCurveNumbers{
    OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y, OSSL_PKEY_PARAM_PRIV_KEY};

// Empty: of none of the kinds.
std::string kind_of(const Key& key) {
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return "RSA";
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key.get(), "EC") != 1 ||
      EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                     group.size(), nullptr) != 1) {
    return {};
  }
  const auto* const curve =
      std::ranges::find(kCurves, std::string_view(group.data()), &Curve::openssl_name);
  return curve == kCurves.end() ? std::string() : std::string(curve->name);
}

// Null: it is none.
Key parsed(std::string_view der, bool is_private) {
  const unsigned char* at = octets(der);
  const auto size = static_cast<long>(der.size());
  OSSL_LIB_CTX* const context = OpensslRandom::context();
  if (!is_private) return Key{d2i_PUBKEY_ex(nullptr, &at, size, context, nullptr)};
  const PrivateKeyInfo info{d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size)};
  return info ? Key{EVP_PKCS82PKEY_ex(info.get(), context, nullptr)} : Key{};
}

// The bytes that `write`, one of OpenSSL's i2d functions, has for `object`.
template <auto Write, class Object>
std::string written(const Object* object) {
  const int size = object == nullptr ? 0 : Write(object, nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  unsigned char* at = octets(der);
  if (size > 0) Write(object, &at);
  return der;
}

lab::Result<AsymmetricKey> described(const Key& key, bool is_private) {
  AsymmetricKey described{.kind = key ? kind_of(key) : std::string(), .is_private = is_private};
  if (described.kind.empty()) return failed("neither a key of RSA nor of P-256, P-384 or P-521");
  described.bits = static_cast<unsigned>(EVP_PKEY_get_bits(key.get()));
  if (is_private) {
    const PrivateKeyInfo info{EVP_PKEY2PKCS8(key.get())};
    described.der = written<i2d_PKCS8_PRIV_KEY_INFO>(info.get());
  } else {
    described.der = written<i2d_PUBKEY>(key.get());
  }
  if (described.der.empty()) return failed("OpenSSL could not write the key");
  return described;
}

Number number_of(std::string_view bytes) {
  return Number{BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr)};
}

Key key_of_params(const char* type, OSSL_PARAM_BLD* builder, bool is_private) {
  const Params params{OSSL_PARAM_BLD_to_param(builder)};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(OpensslRandom::context(), type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!params || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return {};
  }
  return Key{key};
}

// Whether e and d undo each other for the prime: e * d = 1 (mod prime - 1).
bool is_inverse(const BIGNUM* e, const BIGNUM* d, const BIGNUM* prime, BN_CTX* context) {
  const Number less{BN_dup(prime)};
  const Number product{BN_new()};
  return BN_sub_word(less.get(), 1) == 1 && BN_is_zero(less.get()) == 0 &&
         BN_mod_mul(product.get(), e, d, less.get(), context) == 1 && BN_is_one(product.get()) == 1;
}

lab::Result<AsymmetricKey> rsa_key(const KeyNumbers& numbers) {
  const bool is_private = !numbers[2].empty();
  const std::size_t count = is_private ? kRsaNumbers.size() : 2;
  const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
  std::array<Number, kRsaNumbers.size()> read;
  for (std::size_t i = 0; i < count; ++i) {
    read[i] = number_of(numbers[i]);
    if (BN_is_zero(read[i].get()) == 1) return failed("a number of the key is missing");
    OSSL_PARAM_BLD_push_BN(builder.get(), kRsaNumbers[i], read[i].get());
  }
  if (is_private) {
    const NumberContext context{BN_CTX_new()};
    const Number product{BN_new()};
    const auto& [n, e, d, p, q, dp, dq, qi] = read;
    if (BN_mul(product.get(), p.get(), q.get(), context.get()) != 1 ||
        BN_cmp(product.get(), n.get()) != 0 ||
        !is_inverse(e.get(), d.get(), p.get(), context.get()) ||
        !is_inverse(e.get(), d.get(), q.get(), context.get())) {
      return failed("the numbers of the key do not belong together");
    }
  }
  return described(key_of_params("RSA", builder.get(), is_private), is_private);
}

lab::Result<AsymmetricKey> curve_key(std::string_view curve, const KeyNumbers& numbers) {
  const auto& [x, y, d, none1, none2, none3, none4, none5] = numbers;
  const bool is_private = !d.empty();
  const std::string name(curve);
  const std::size_t bytes = curve == "P-256" ? 32 : curve == "P-384" ? 48 : 66;
  if (x.size() > bytes || y.size() > bytes) return failed("a number is longer than the curve's");
  // Uncompressed, as SEC 1 has it.
  const std::string point =
      '\4' + std::string(bytes - x.size(), '\0') + x + std::string(bytes - y.size(), '\0') + y;
  const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const Number secret = number_of(d);
  if (is_private) {
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get());
  }
  const Key key = key_of_params("EC", builder.get(), is_private);
  if (!key) return failed("the point is not on the curve");
  const KeyContext check{EVP_PKEY_CTX_new_from_pkey(OpensslRandom::context(), key.get(), nullptr)};
  if (is_private && EVP_PKEY_pairwise_check(check.get()) != 1) {
    return failed("the numbers of the key do not belong together");
  }
  return described(key, is_private);
}

std::size_t curve_bytes(const Key& key) {
  return (static_cast<std::size_t>(EVP_PKEY_get_bits(key.get())) + 7) / 8;
}

// As long as it is, or `bytes` long.
std::string bytes_of(const BIGNUM* number, std::optional<std::size_t> bytes = std::nullopt) {
  std::string out(bytes.value_or(static_cast<std::size_t>(BN_num_bytes(number))), '\0');
  BN_bn2binpad(number, octets(out), static_cast<int>(out.size()));
  return out;
}

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
  return written<i2d_ECDSA_SIG>(both.get());
}

bool takes_scheme(const Key& key, SignatureScheme scheme) {
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
  const Key key = parsed(input.der, is_private);
  if (!key || kind_of(key) != "RSA") return failed("not a key of RSA");
  const KeyContext context{
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

lab::Result<AsymmetricKey> read_key(std::string_view der, bool is_private) {
  return described(parsed(der, is_private), is_private);
}

lab::Result<AsymmetricKey> key_of_numbers(std::string_view kind, const KeyNumbers& numbers) {
  if (kind == "RSA") return rsa_key(numbers);
  if (std::ranges::find(kCurves, kind, &Curve::name) != kCurves.end()) {
    return curve_key(kind, numbers);
  }
  return failed("neither RSA nor P-256, P-384 or P-521");
}

lab::Result<KeyNumbers> numbers_of_key(std::string_view der, bool is_private) {
  const Key key = parsed(der, is_private);
  if (!key) return failed("not a key");
  const bool is_rsa = kind_of(key) == "RSA";
  KeyNumbers numbers;
  const auto take = [&](std::size_t i, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) return;
    const Number owned{number};
    numbers[i] = is_rsa ? bytes_of(number) : bytes_of(number, curve_bytes(key));
  };
  const std::size_t count = is_rsa ? (is_private ? kRsaNumbers.size() : 2) : (is_private ? 3 : 2);
  for (std::size_t i = 0; i < count; ++i) take(i, is_rsa ? kRsaNumbers[i] : kCurveNumbers[i]);
  return numbers;
}

lab::Result<AsymmetricKey> generated_key(std::string_view kind, unsigned bits,
                                         std::string_view exponent, lab::Rng& rng) {
  const OpensslRandom random(rng);
  const bool is_rsa = kind == "RSA";
  const KeyContext context{
      EVP_PKEY_CTX_new_from_name(OpensslRandom::context(), is_rsa ? "RSA" : "EC", nullptr)};
  if (EVP_PKEY_keygen_init(context.get()) != 1) return failed("OpenSSL makes no such keys");
  const std::string name(kind);
  const bool is_set =
      is_rsa
          ? EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) == 1 &&
                EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), number_of(exponent).get()) == 1
          : EVP_PKEY_CTX_set_group_name(context.get(), name.c_str()) == 1;
  EVP_PKEY* key = nullptr;
  if (!is_set || EVP_PKEY_generate(context.get(), &key) != 1) {
    return failed("OpenSSL could not make a key of " + name);
  }
  return described(Key{key}, true);
}

lab::Result<std::string> signature_of(const SignatureInput& input, lab::Rng& rng) {
  const OpensslRandom random(rng);
  const Key key = parsed(input.der, true);
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
  const Key key = parsed(input.der, false);
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
  const Key own = parsed(private_der, true);
  const Key other = parsed(public_der, false);
  if (!own || !other) return failed("not a key");
  const KeyContext context{
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
