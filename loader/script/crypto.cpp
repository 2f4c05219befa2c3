#include "loader/script/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "loader/script/openssl_handle.h"

namespace loader {
namespace {

using CipherHandle = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using KdfHandle = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;

struct Hash {
  std::string_view name;
  const char* openssl_name;
};
constexpr std::array<Hash, 9> kHashes{{{"md4", "MD4"},
                                       {"md5", "MD5"},
                                       {"sha1", "SHA1"},
                                       {"sha256", "SHA256"},
                                       {"sha384", "SHA384"},
                                       {"sha512", "SHA512"},
                                       {"sha512_224", "SHA512-224"},
                                       {"sha512_256", "SHA512-256"},
                                       {"ripemd160", "RIPEMD160"}}};

// Where MD4 is, and RIPEMD-160 before OpenSSL 3.0.7. It is a library context of its own: the
// default one, which TLS uses, shall not learn of old algorithms. Never freed, as it serves until
// the exit.
OSSL_LIB_CTX* legacy_context() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* const made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    OSSL_PROVIDER_load(made, "legacy");
    return made;
  }();
  return context;
}

// A hash that OpenSSL has, and the library context (null is the default one) that has it.
struct FetchedHash {
  EVP_MD* md = nullptr;
  OSSL_LIB_CTX* context = nullptr;
};

FetchedHash fetch(const char* openssl_name) {
  if (EVP_MD* const md = EVP_MD_fetch(nullptr, openssl_name, nullptr)) return {md, nullptr};
  return {EVP_MD_fetch(legacy_context(), openssl_name, nullptr), legacy_context()};
}

// Fetching costs more than hashing a line does, so each hash is fetched once.
lab::Result<FetchedHash> fetched(std::string_view name) {
  static const std::array<FetchedHash, kHashes.size()> all = [] {
    std::array<FetchedHash, kHashes.size()> made;
    std::ranges::transform(kHashes, made.begin(),
                           [](const Hash& hash) { return fetch(hash.openssl_name); });
    return made;
  }();
  const auto* const hash = std::ranges::find(kHashes, name, &Hash::name);
  if (hash == kHashes.end()) return lab::Error{"", "invalid algorithm: " + std::string(name)};
  const FetchedHash& found = all.at(static_cast<std::size_t>(hash - kHashes.begin()));
  if (found.md != nullptr) return found;
  return lab::Error{"", std::string(name) +
                            " is not in this installation of OpenSSL, which lacks "
                            "the legacy provider (legacy.so)"};
}

bool fits_int(std::size_t bytes) {
  // One block of slack, since a cipher's output may be that much longer.
  return bytes <= static_cast<std::size_t>(std::numeric_limits<int>::max()) - 64;
}

bool is_gcm(const CipherInput& input) { return input.algorithm == "aes-gcm"; }

std::optional<std::string> openssl_cipher_name(const CipherInput& input) {
  const std::size_t bits = input.key.size() * 8;
  if (bits != 128 && bits != 192 && bits != 256) return std::nullopt;
  const std::string prefix = "AES-" + std::to_string(bits);
  if (input.algorithm == "aes-cbc") return prefix + "-CBC";
  if (input.algorithm == "aes-ctr") return prefix + "-CTR";
  if (is_gcm(input)) return prefix + "-GCM";
  return std::nullopt;
}

lab::Result<CipherContext> started_cipher(const CipherInput& input, bool encrypts) {
  const std::optional<std::string> name = openssl_cipher_name(input);
  if (!name) return failed("AES takes a key of 16, 24 or 32 bytes in aes-cbc, aes-ctr or aes-gcm");
  if (is_gcm(input) ? input.iv.empty() : input.iv.size() != 16) {
    return failed("the initial vector has to be 16 bytes, or one or more for aes-gcm");
  }
  const CipherHandle cipher{EVP_CIPHER_fetch(nullptr, name->c_str(), nullptr)};
  CipherContext context{EVP_CIPHER_CTX_new()};
  std::size_t iv_bytes = input.iv.size();
  const std::array<OSSL_PARAM, 2> params{
      OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &iv_bytes),
      OSSL_PARAM_construct_end()};
  const OSSL_PARAM* const used = is_gcm(input) ? params.data() : params.data() + 1;
  if (EVP_CipherInit_ex2(context.get(), cipher.get(), octets(input.key), octets(input.iv),
                         encrypts ? 1 : 0, used) != 1) {
    return failed("OpenSSL refused the key or the initial vector");
  }
  return context;
}

// Runs additional data and data through a started cipher; nothing if padding or tag are wrong.
std::optional<std::string> run(EVP_CIPHER_CTX* context, const CipherInput& input) {
  int length = 0;
  if (!input.additional_data.empty() &&
      EVP_CipherUpdate(context, nullptr, &length, octets(input.additional_data),
                       static_cast<int>(input.additional_data.size())) != 1) {
    return std::nullopt;
  }
  std::string out(input.data.size() + EVP_MAX_BLOCK_LENGTH, '\0');
  int updated = 0;
  if (EVP_CipherUpdate(context, octets(out), &updated, octets(input.data),
                       static_cast<int>(input.data.size())) != 1) {
    return std::nullopt;
  }
  int finished = 0;
  if (EVP_CipherFinal_ex(context, octets(out) + updated, &finished) != 1) return std::nullopt;
  out.resize(static_cast<std::size_t>(updated) + static_cast<std::size_t>(finished));
  return out;
}

}  // namespace

lab::Result<std::string> digest(std::string_view hash, std::string_view bytes) {
  const auto found = fetched(hash);
  if (found.has_error()) return found.error();
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum;
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), &length, found->md, nullptr) != 1) {
    return failed("OpenSSL could not compute " + std::string(hash));
  }
  return bytes_result({reinterpret_cast<const char*>(sum.data()), length});
}

lab::Result<std::string> hmac(std::string_view hash, std::string_view key, std::string_view bytes) {
  const auto found = fetched(hash);
  if (found.has_error()) return found.error();
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum;
  std::size_t length = 0;
  // A null key would mean "the key of the last time".
  const unsigned char* const key_octets = key.data() == nullptr ? sum.data() : octets(key);
  if (EVP_Q_mac(found->context, "HMAC", nullptr, EVP_MD_get0_name(found->md), nullptr, key_octets,
                key.size(), octets(bytes), bytes.size(), sum.data(), sum.size(),
                &length) == nullptr) {
    return failed("OpenSSL could not compute the HMAC with " + std::string(hash));
  }
  return bytes_result({reinterpret_cast<const char*>(sum.data()), length});
}

lab::Result<std::string> encrypted(const CipherInput& input) {
  if (!fits_int(input.data.size()) || !fits_int(input.additional_data.size())) {
    return failed("the data to encrypt are longer than 2 GiB");
  }
  const auto context = started_cipher(input, true);
  if (context.has_error()) return context.error();
  auto out = run(context->get(), input);
  if (!out) return failed("OpenSSL could not encrypt the data");
  if (!is_gcm(input)) return bytes_result(*std::move(out));
  std::string tag(input.tag_bytes, '\0');
  if (EVP_CIPHER_CTX_ctrl(context->get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                          octets(tag)) != 1) {
    return failed("a tag of AES-GCM is 1 to 16 bytes long");
  }
  return bytes_result(*out + tag);
}

lab::Result<std::string> decrypted(const CipherInput& input) {
  if (!fits_int(input.data.size()) || !fits_int(input.additional_data.size())) {
    return failed("the data to decrypt are longer than 2 GiB");
  }
  const auto context = started_cipher(input, false);
  if (context.has_error()) return context.error();
  CipherInput untagged = input;
  if (is_gcm(input)) {
    if (input.data.size() < input.tag_bytes) return failed("the data are shorter than their tag");
    untagged.data = input.data.substr(0, input.data.size() - input.tag_bytes);
    std::string tag(input.data.substr(untagged.data.size()));
    if (EVP_CIPHER_CTX_ctrl(context->get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                            octets(tag)) != 1) {
      return failed("a tag of AES-GCM is 1 to 16 bytes long");
    }
  }
  auto out = run(context->get(), untagged);
  if (!out) return failed("key, initial vector or data are not what was encrypted");
  return bytes_result(*std::move(out));
}

lab::Result<std::string> pbkdf2(const Pbkdf2Input& input) {
  const auto hash = fetched(input.hash);
  if (hash.has_error()) return hash.error();
  std::string out(input.bytes, '\0');
  if (input.iterations < 1 || out.empty() || !fits_int(out.size()) ||
      !fits_int(input.password.size()) || !fits_int(input.salt.size()) ||
      PKCS5_PBKDF2_HMAC(input.password.data(), static_cast<int>(input.password.size()),
                        octets(input.salt), static_cast<int>(input.salt.size()), input.iterations,
                        hash->md, static_cast<int>(out.size()), octets(out)) != 1) {
    return failed("PBKDF2 derives one or more bytes in one or more iterations");
  }
  return bytes_result(std::move(out));
}

lab::Result<std::string> hkdf(const HkdfInput& input) {
  const auto hash = fetched(input.hash);
  if (hash.has_error()) return hash.error();
  const KdfHandle kdf{EVP_KDF_fetch(hash->context, "HKDF", nullptr)};
  const KdfContext context{EVP_KDF_CTX_new(kdf.get())};
  // OpenSSL's parameters are of const data, though their types do not say it, and never null.
  static char nothing = '\0';
  const auto octet_param = [](const char* name, std::string_view bytes) {
    char* const data = bytes.empty() ? &nothing : const_cast<char*>(bytes.data());
    return OSSL_PARAM_construct_octet_string(name, data, bytes.size());
  };
  std::string md_name = EVP_MD_get0_name(hash->md);
  const std::array<OSSL_PARAM, 5> params{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, md_name.data(), md_name.size()),
      octet_param(OSSL_KDF_PARAM_KEY, input.key), octet_param(OSSL_KDF_PARAM_SALT, input.salt),
      octet_param(OSSL_KDF_PARAM_INFO, input.info), OSSL_PARAM_construct_end()};
  std::string out(input.bytes, '\0');
  if (out.empty() || EVP_KDF_derive(context.get(), octets(out), out.size(), params.data()) != 1) {
    return failed("HKDF derives from 1 to 255 times as many bytes as its hash has");
  }
  return bytes_result(std::move(out));
}

}  // namespace loader
