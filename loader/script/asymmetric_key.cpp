#include "loader/script/asymmetric_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "loader/script/openssl_key.h"
#include "loader/script/openssl_random.h"

namespace loader {
namespace {

using PrivateKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using ParamsBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

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

// The bytes that `Write`, one of OpenSSL's i2d functions, has for `object`.
template <auto Write, class Object>
std::string written(const Object* object) {
  const int size = object == nullptr ? 0 : Write(object, nullptr);
  std::string der(static_cast<std::size_t>(std::max(size, 0)), '\0');
  unsigned char* at = octets(der);
  if (size > 0) Write(object, &at);
  return der;
}

lab::Result<AsymmetricKey> described(const OpensslKey& key, bool is_private) {
  AsymmetricKey described{.kind = key ? kind_of(key) : std::string(), .is_private = is_private};
  if (described.kind.empty()) return failed("it is no key of RSA, P-256, P-384 or P-521");
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

OpensslKey key_of_params(const char* type, OSSL_PARAM_BLD* builder, bool is_private) {
  const Params params{OSSL_PARAM_BLD_to_param(builder)};
  const OpensslKeyContext context{
      EVP_PKEY_CTX_new_from_name(OpensslRandom::context(), type, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!params || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return {};
  }
  return OpensslKey{key};
}

// number mod (prime - 1).
OpensslNumber reduced(const BIGNUM* number, const BIGNUM* prime, BN_CTX* context) {
  const OpensslNumber less{BN_dup(prime)};
  OpensslNumber rest{BN_new()};
  BN_sub_word(less.get(), 1);
  if (BN_mod(rest.get(), number, less.get(), context) != 1) BN_zero(rest.get());
  return rest;
}

// Whether e and d undo each other for the prime: e * d = 1 (mod prime - 1).
bool is_inverse(const BIGNUM* e, const BIGNUM* d, const BIGNUM* prime, BN_CTX* context) {
  const OpensslNumber product{BN_new()};
  return BN_mul(product.get(), e, d, context) == 1 &&
         BN_is_one(reduced(product.get(), prime, context).get()) == 1;
}

bool is_above(const BIGNUM* number, unsigned bound) {
  const OpensslNumber border{BN_new()};
  return BN_set_word(border.get(), bound) == 1 && BN_cmp(number, border.get()) > 0;
}

// By n, e, d, p, q; of a public key by the first two. As much as Go's library asks for.
bool is_rsa(std::span<const OpensslNumber> numbers, bool is_private, BN_CTX* context) {
  constexpr int kExponentBitsMax = 31;
  const BIGNUM* const n = numbers[0].get();
  const BIGNUM* const e = numbers[1].get();
  if (!is_above(n, 1) || !is_above(e, 1) || BN_num_bits(e) > kExponentBitsMax) return false;
  if (!is_private) return true;
  const BIGNUM* const d = numbers[2].get();
  const BIGNUM* const p = numbers[3].get();
  const BIGNUM* const q = numbers[4].get();
  const OpensslNumber product{BN_new()};
  return is_above(d, 1) && is_above(p, 1) && is_above(q, 1) &&
         BN_mul(product.get(), p, q, context) == 1 && BN_cmp(product.get(), n) == 0 &&
         is_inverse(e, d, p, context) && is_inverse(e, d, q, context);
}

constexpr std::string_view kUnlike = "its numbers do not belong together";

// Which must be there.
OpensslNumber number_in(const OpensslKey& key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) return OpensslNumber{BN_new()};
  return OpensslNumber{number};
}

// OpenSSL reads keys that are none.
bool is_sound(const OpensslKey& key, bool is_private) {
  if (kind_of(key) != "RSA") {
    const OpensslKeyContext check{
        EVP_PKEY_CTX_new_from_pkey(OpensslRandom::context(), key.get(), nullptr)};
    return is_private ? EVP_PKEY_private_check(check.get()) == 1 &&
                            EVP_PKEY_pairwise_check(check.get()) == 1
                      : EVP_PKEY_public_check_quick(check.get()) == 1;
  }
  const NumberContext context{BN_CTX_new()};
  std::array<OpensslNumber, 5> numbers;
  for (std::size_t i = 0; i < (is_private ? numbers.size() : 2); ++i) {
    numbers[i] = number_in(key, kRsaNumbers[i]);
  }
  return is_rsa(numbers, is_private, context.get());
}

lab::Result<AsymmetricKey> rsa_key(const KeyNumbers& given) {
  const bool is_private = !given[2].empty();
  std::array<OpensslNumber, kRsaNumbers.size()> numbers;
  for (std::size_t i = 0; i < (is_private ? 5U : 2U); ++i) numbers[i] = number_of(given[i]);
  const NumberContext context{BN_CTX_new()};
  if (!is_rsa(numbers, is_private, context.get())) return failed(kUnlike);
  if (is_private) {
    // What follows from the others need not be said.
    auto& [n, e, d, p, q, dp, dq, qi] = numbers;
    dp = reduced(d.get(), p.get(), context.get());
    dq = reduced(d.get(), q.get(), context.get());
    qi.reset(BN_mod_inverse(nullptr, q.get(), p.get(), context.get()));
    if (!qi) return failed(kUnlike);
  }
  const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
  for (std::size_t i = 0; i < (is_private ? numbers.size() : 2); ++i) {
    OSSL_PARAM_BLD_push_BN(builder.get(), kRsaNumbers[i], numbers[i].get());
  }
  return described(key_of_params("RSA", builder.get(), is_private), is_private);
}

lab::Result<AsymmetricKey> curve_key(std::string_view curve, const KeyNumbers& numbers) {
  const auto& [x, y, d, none1, none2, none3, none4, none5] = numbers;
  const bool is_private = !d.empty();
  const std::string name(curve);
  const std::size_t bytes = curve == "P-256" ? 32 : curve == "P-384" ? 48 : 66;
  if (x.size() > bytes || y.size() > bytes) {
    return failed("a number of it is longer than the curve's");
  }
  // Uncompressed, as SEC 1 has it.
  const std::string point =
      '\4' + std::string(bytes - x.size(), '\0') + x + std::string(bytes - y.size(), '\0') + y;
  const ParamsBuilder builder{OSSL_PARAM_BLD_new()};
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const OpensslNumber secret = number_of(d);
  if (is_private) {
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get());
  }
  const OpensslKey key = key_of_params("EC", builder.get(), is_private);
  if (!key) return failed("its point is not on the curve");
  if (!is_sound(key, is_private)) return failed(kUnlike);
  return described(key, is_private);
}

}  // namespace

std::string kind_of(const OpensslKey& key) {
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

OpensslKey parsed_key(std::string_view der, bool is_private) {
  const unsigned char* at = octets(der);
  const unsigned char* const end = at + der.size();
  const auto size = static_cast<long>(der.size());
  OSSL_LIB_CTX* const context = OpensslRandom::context();
  OpensslKey key;
  if (!is_private) {
    key.reset(d2i_PUBKEY_ex(nullptr, &at, size, context, nullptr));
  } else if (const PrivateKeyInfo info{d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size)}) {
    key.reset(EVP_PKCS82PKEY_ex(info.get(), context, nullptr));
  }
  return at == end ? std::move(key) : OpensslKey{};
}

OpensslNumber number_of(std::string_view bytes) {
  return OpensslNumber{BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr)};
}

std::size_t curve_bytes(const OpensslKey& key) {
  return (static_cast<std::size_t>(EVP_PKEY_get_bits(key.get())) + 7) / 8;
}

std::string bytes_of(const BIGNUM* number, std::optional<std::size_t> bytes) {
  std::string out(bytes.value_or(static_cast<std::size_t>(BN_num_bytes(number))), '\0');
  BN_bn2binpad(number, octets(out), static_cast<int>(out.size()));
  return out;
}

lab::Result<AsymmetricKey> read_key(std::string_view der, bool is_private) {
  const OpensslKey key = parsed_key(der, is_private);
  if (key && !kind_of(key).empty() && !is_sound(key, is_private)) return failed(kUnlike);
  return described(key, is_private);
}

lab::Result<AsymmetricKey> key_of_numbers(std::string_view kind, const KeyNumbers& numbers) {
  if (kind == "RSA") return rsa_key(numbers);
  if (std::ranges::find(kCurves, kind, &Curve::name) != kCurves.end()) {
    return curve_key(kind, numbers);
  }
  return failed("neither RSA nor P-256, P-384 or P-521");
}

lab::Result<KeyNumbers> numbers_of_key(std::string_view der, bool is_private) {
  const OpensslKey key = parsed_key(der, is_private);
  if (!key) return failed("not a key");
  const bool is_rsa = kind_of(key) == "RSA";
  KeyNumbers numbers;
  const auto take = [&](std::size_t i, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) return;
    const OpensslNumber owned{number};
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
  const OpensslKeyContext context{
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
  return described(OpensslKey{key}, true);
}

}  // namespace loader
