// Digests, ciphers, base64 and random bytes.
#include <algorithm>

#include "loader/script/crypto.h"
#include "loader/script/natives/natives.h"
#include "shared/base/base64.h"

namespace loader {
namespace {

void give(const NativeCall& call, const lab::Result<std::string>& bytes) {
  if (!bytes) return instance_of(call).throw_go_error(bytes.error().what);
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), *bytes));
}

void native_digest(const NativeCall& call) {
  give(call, digest(text_argument(call, 0), bytes_argument(call, 1)));
}

void native_hmac(const NativeCall& call) {
  give(call, hmac(text_argument(call, 0), bytes_argument(call, 1), bytes_argument(call, 2)));
}

// Wrong padding or a wrong tag is null: what that means is WebCrypto's to say.
void native_cipher(const NativeCall& call) {
  const std::string algorithm = text_argument(call, 0);
  const bool encrypts = call[1]->BooleanValue(call.GetIsolate());
  const std::string key = bytes_argument(call, 2);
  const std::string iv = bytes_argument(call, 3);
  const std::string data = bytes_argument(call, 4);
  const std::string additional = bytes_argument(call, 5);
  const CipherInput input{.algorithm = algorithm,
                          .key = key,
                          .iv = iv,
                          .data = data,
                          .additional_data = additional,
                          .tag_bytes = static_cast<std::size_t>(number_argument(call, 6))};
  const auto result = encrypts ? encrypted(input) : decrypted(input);
  if (!result) return call.GetReturnValue().SetNull();
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), *result));
}

void native_pbkdf2(const NativeCall& call) {
  const std::string hash = text_argument(call, 0);
  const std::string password = bytes_argument(call, 1);
  const std::string salt = bytes_argument(call, 2);
  give(call, pbkdf2({.hash = hash,
                     .password = password,
                     .salt = salt,
                     .iterations = static_cast<int>(number_argument(call, 3)),
                     .bytes = static_cast<std::size_t>(number_argument(call, 4))}));
}

void native_hkdf(const NativeCall& call) {
  const std::string hash = text_argument(call, 0);
  const std::string key = bytes_argument(call, 1);
  const std::string salt = bytes_argument(call, 2);
  const std::string info = bytes_argument(call, 3);
  give(call, hkdf({.hash = hash,
                   .key = key,
                   .salt = salt,
                   .info = info,
                   .bytes = static_cast<std::size_t>(number_argument(call, 4))}));
}

void native_random_bytes(const NativeCall& call) {
  const auto size = static_cast<std::size_t>(std::max(0.0, number_argument(call, 0)));
  std::string bytes(std::min(size, kScriptBufferBytesMax), '\0');
  lab::Rng& rng = instance_of(call).rng();
  for (char& byte : bytes) byte = static_cast<char>(rng() >> 32);
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), bytes));
}

lab::Base64 variant_argument(const NativeCall& call) {
  return static_cast<lab::Base64>(static_cast<int>(number_argument(call, 1)) & 3);
}

void native_base64_encode(const NativeCall& call) {
  return_text(call, lab::base64_encoded(bytes_argument(call, 0), variant_argument(call)));
}

void native_base64_decode(const NativeCall& call) {
  const auto bytes = lab::base64_decoded(text_argument(call, 0), variant_argument(call));
  if (!bytes) return call.GetReturnValue().SetNull();
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), *bytes));
}

constexpr NativeFunction kCryptoNatives[] = {
    {"digest", &native_digest},
    {"hmac", &native_hmac},
    {"cipher", &native_cipher},
    {"pbkdf2", &native_pbkdf2},
    {"hkdf", &native_hkdf},
    {"randomBytes", &native_random_bytes},
    {"base64Encode", &native_base64_encode},
    {"base64Decode", &native_base64_decode},
};

}  // namespace

std::span<const NativeFunction> crypto_natives() { return kCryptoNatives; }

}  // namespace loader
