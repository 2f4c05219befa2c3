#include "loader/script/openssl_random.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

namespace loader {
namespace {

constexpr const char* kProvider = "lab";
constexpr const char* kAlgorithm = "LAB-SEEDED";

thread_local lab::Rng* current_rng = nullptr;

// What provider-rand(7) asks of a generator. It has no state of its own, but OpenSSL wants to be
// given one.
char no_state = '\0';

void* new_state(void* /*provider*/, void* /*parent*/, const OSSL_DISPATCH* /*parent_calls*/) {
  return &no_state;
}

void free_state(void* /*state*/) {}

int instantiate(void* /*state*/, unsigned /*strength*/, int /*resists_prediction*/,
                const unsigned char* /*personal*/, std::size_t /*personal_size*/,
                const OSSL_PARAM* /*params*/) {
  return 1;
}

int uninstantiate(void* /*state*/) { return 1; }

int generate(void* /*state*/, unsigned char* out, std::size_t size, unsigned /*strength*/,
             int /*resists_prediction*/, const unsigned char* /*more*/, std::size_t /*more_size*/) {
  if (current_rng == nullptr) return RAND_bytes(out, static_cast<int>(size));
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<unsigned char>((*current_rng)() >> 32);
  }
  return 1;
}

int enable_locking(void* /*state*/) { return 1; }
int lock(void* /*state*/) { return 1; }
void unlock(void* /*state*/) {}

const OSSL_PARAM* params_to_get(void* /*state*/, void* /*provider*/) {
  static const std::array<OSSL_PARAM, 4> params{
      {OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, nullptr),
       OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, nullptr),
       OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, nullptr), OSSL_PARAM_END}};
  return params.data();
}

int get_params(void* /*state*/, OSSL_PARAM* params) {
  constexpr unsigned kStrength = 256;
  constexpr std::size_t kRequestMax = std::size_t{1} << 16;
  if (OSSL_PARAM* const p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE)) {
    if (OSSL_PARAM_set_int(p, EVP_RAND_STATE_READY) != 1) return 0;
  }
  if (OSSL_PARAM* const p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH)) {
    if (OSSL_PARAM_set_uint(p, kStrength) != 1) return 0;
  }
  OSSL_PARAM* const p = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
  return p == nullptr || OSSL_PARAM_set_size_t(p, kRequestMax) == 1 ? 1 : 0;
}

using Call = void (*)();
template <class Function>
OSSL_DISPATCH entry(int id, Function* function) {
  return {id, reinterpret_cast<Call>(function)};
}

const OSSL_ALGORITHM* algorithms(void* /*provider*/, int operation, int* no_cache) {
  static const std::array<OSSL_DISPATCH, 11> calls{
      entry(OSSL_FUNC_RAND_NEWCTX, &new_state),
      entry(OSSL_FUNC_RAND_FREECTX, &free_state),
      entry(OSSL_FUNC_RAND_INSTANTIATE, &instantiate),
      entry(OSSL_FUNC_RAND_UNINSTANTIATE, &uninstantiate),
      entry(OSSL_FUNC_RAND_GENERATE, &generate),
      entry(OSSL_FUNC_RAND_ENABLE_LOCKING, &enable_locking),
      entry(OSSL_FUNC_RAND_LOCK, &lock),
      entry(OSSL_FUNC_RAND_UNLOCK, &unlock),
      entry(OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, &params_to_get),
      entry(OSSL_FUNC_RAND_GET_CTX_PARAMS, &get_params),
      {0, nullptr}};
  static const std::array<OSSL_ALGORITHM, 2> all{
      {{kAlgorithm, "provider=lab", calls.data(), nullptr}, {nullptr, nullptr, nullptr, nullptr}}};
  *no_cache = 0;
  return operation == OSSL_OP_RAND ? all.data() : nullptr;
}

int start_provider(const OSSL_CORE_HANDLE* /*handle*/, const OSSL_DISPATCH* /*core*/,
                   const OSSL_DISPATCH** calls, void** provider) {
  static const std::array<OSSL_DISPATCH, 2> own{
      {entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, &algorithms), {0, nullptr}}};
  *calls = own.data();
  *provider = &no_state;
  return 1;
}

OSSL_LIB_CTX* make_context() {
  OSSL_LIB_CTX* const made = OSSL_LIB_CTX_new();
  if (made != nullptr && OSSL_PROVIDER_add_builtin(made, kProvider, &start_provider) == 1 &&
      RAND_set_DRBG_type(made, kAlgorithm, nullptr, nullptr, nullptr) == 1 &&
      OSSL_PROVIDER_load(made, "default") != nullptr &&
      OSSL_PROVIDER_load(made, kProvider) != nullptr) {
    return made;
  }
  OSSL_LIB_CTX_free(made);
  return nullptr;
}

}  // namespace

OpensslRandom::OpensslRandom(lab::Rng& rng) {
  assert(current_rng == nullptr);
  current_rng = &rng;
}

OpensslRandom::~OpensslRandom() { current_rng = nullptr; }

// Never freed, as it serves until the exit.
OSSL_LIB_CTX* OpensslRandom::context() {
  static OSSL_LIB_CTX* const context = make_context();
  return context;
}

}  // namespace loader
