// WebCrypto's keys of RSA and of elliptic curves. What fails is null: what that means is
// WebCrypto's to say.
#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "loader/script/asymmetric_crypto.h"
#include "loader/script/asymmetric_key.h"
#include "loader/script/natives/natives.h"

namespace loader {
namespace {

bool flag_argument(const NativeCall& call, int index) {
  return call[index]->BooleanValue(call.GetIsolate());
}

void give_bytes(const NativeCall& call, const lab::Result<std::string>& bytes) {
  if (!bytes) return call.GetReturnValue().SetNull();
  call.GetReturnValue().Set(to_buffer(call.GetIsolate(), *bytes));
}

// [kind, bits, is private, DER]; a text of why there is none.
void give_key(const NativeCall& call, const lab::Result<AsymmetricKey>& key) {
  if (!key) return return_text(call, key.error().what);
  v8::Isolate* const isolate = call.GetIsolate();
  v8::Local<v8::Value> values[] = {
      to_v8(isolate, key->kind), v8::Integer::NewFromUnsigned(isolate, key->bits),
      v8::Boolean::New(isolate, key->is_private), to_buffer(isolate, key->der)};
  call.GetReturnValue().Set(v8::Array::New(isolate, values, std::size(values)));
}

// (DER, is private)
void native_read_key(const NativeCall& call) {
  give_key(call, read_key(bytes_argument(call, 0), flag_argument(call, 1)));
}

// (kind, number…)
void native_key_of_numbers(const NativeCall& call) {
  KeyNumbers numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = bytes_argument(call, static_cast<int>(i) + 1);
  }
  give_key(call, key_of_numbers(text_argument(call, 0), numbers));
}

// (DER, is private) -> [number…]
void native_numbers_of_key(const NativeCall& call) {
  const auto numbers = numbers_of_key(bytes_argument(call, 0), flag_argument(call, 1));
  if (!numbers) return call.GetReturnValue().SetNull();
  std::array<v8::Local<v8::Value>, std::tuple_size_v<KeyNumbers>> buffers;
  std::ranges::transform(*numbers, buffers.begin(), [&call](const std::string& bytes) {
    return to_buffer(call.GetIsolate(), bytes);
  });
  call.GetReturnValue().Set(v8::Array::New(call.GetIsolate(), buffers.data(), buffers.size()));
}

// (kind, bits, exponent)
void native_generate_key(const NativeCall& call) {
  give_key(call,
           generated_key(text_argument(call, 0), static_cast<unsigned>(number_argument(call, 1)),
                         bytes_argument(call, 2), instance_of(call).rng()));
}

// (algorithm, hash, DER, data, bytes of salt)
struct SignatureArguments {
  explicit SignatureArguments(const NativeCall& call)
      : algorithm(text_argument(call, 0)),
        hash(text_argument(call, 1)),
        der(bytes_argument(call, 2)),
        data(bytes_argument(call, 3)),
        salt_bytes(static_cast<int>(number_argument(call, 4))) {}
  [[nodiscard]] SignatureInput input() const {
    return {.scheme = algorithm == "ECDSA"     ? SignatureScheme::ecdsa
                      : algorithm == "RSA-PSS" ? SignatureScheme::pss
                                               : SignatureScheme::pkcs1,
            .hash = hash,
            .der = der,
            .data = data,
            .salt_bytes = salt_bytes};
  }
  std::string algorithm;
  std::string hash;
  std::string der;
  std::string data;
  int salt_bytes;
};

void native_sign(const NativeCall& call) {
  const SignatureArguments arguments(call);
  give_bytes(call, signature_of(arguments.input(), instance_of(call).rng()));
}

// The same, and the signature.
void native_verify(const NativeCall& call) {
  const SignatureArguments arguments(call);
  call.GetReturnValue().Set(is_signature(arguments.input(), bytes_argument(call, 5)));
}

// (encrypts, hash, DER, label, data)
void native_oaep(const NativeCall& call) {
  const std::string hash = text_argument(call, 1);
  const std::string der = bytes_argument(call, 2);
  const std::string label = bytes_argument(call, 3);
  const std::string data = bytes_argument(call, 4);
  const OaepInput input{.hash = hash, .der = der, .label = label, .data = data};
  lab::Rng& rng = instance_of(call).rng();
  give_bytes(call,
             flag_argument(call, 0) ? oaep_encrypted(input, rng) : oaep_decrypted(input, rng));
}

// (private DER, public DER)
void native_ecdh(const NativeCall& call) {
  give_bytes(
      call, ecdh_secret(bytes_argument(call, 0), bytes_argument(call, 1), instance_of(call).rng()));
}

constexpr NativeFunction kAsymmetricNatives[] = {
    {"readKey", &native_read_key},
    {"keyOfNumbers", &native_key_of_numbers},
    {"numbersOfKey", &native_numbers_of_key},
    {"generateKey", &native_generate_key},
    {"sign", &native_sign},
    {"verify", &native_verify},
    {"oaep", &native_oaep},
    {"ecdh", &native_ecdh},
};

}  // namespace

std::span<const NativeFunction> asymmetric_natives() { return kAsymmetricNatives; }

}  // namespace loader
