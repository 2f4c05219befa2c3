// Where OpenSSL gets its random numbers from when a script calls for them: keys, salts and
// signatures of a run follow from its seed, as everything random in it does.
#pragma once

#include <openssl/types.h>

#include "shared/base/rng.h"

namespace loader {

/// While it lives, the random numbers of context() are those of `rng`, on the calling thread; else
/// OpenSSL's own, which then must not show in what comes out. One at a time; nothing else may have
/// the thread meanwhile.
class OpensslRandom {
 public:
  explicit OpensslRandom(lab::Rng& rng);
  ~OpensslRandom();
  OpensslRandom(const OpensslRandom&) = delete;
  OpensslRandom& operator=(const OpensslRandom&) = delete;

  /// To be given to what is made or used. TLS has another. Null: OpenSSL could not make it.
  [[nodiscard]] static OSSL_LIB_CTX* context();
};

}  // namespace loader
