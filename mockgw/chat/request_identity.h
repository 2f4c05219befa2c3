// Who a request is: its id, which decides all its randomness, and the key it came with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/rng.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct RequestIdentity {
  std::string id;  ///< The client's x-request-id, or one made: "req_" and 32 hex digits.
  lab::Rng rng;    ///< Of this request alone: the same id, or number, gets the same generator in
                   ///< every run.
};

/// A client's id is taken if it is 1 to 128 visible ASCII characters. Requests without one are told
/// apart by `number`, and retries of one (x-stainless-retry-count, as the official clients send it)
/// by their count.
[[nodiscard]] RequestIdentity identify(const lab::HttpHeaders& headers, std::uint64_t number,
                                       const lab::Rng& gateway_rng);

/// The key of `own_header`, with or without "Bearer", else of `Authorization: Bearer` or, as the
/// password of nobody, of `Basic`, else of x-api-key, else of api-key; empty if there is none.
[[nodiscard]] std::string api_key_of(const lab::HttpHeaders& headers,
                                     std::string_view own_header = {});
/// The key as an error message may show it: "sk-a****wxyz".
[[nodiscard]] std::string mask_api_key(std::string_view key);

/// A UUID, version 4, drawn from `rng`.
[[nodiscard]] std::string make_uuid(lab::Rng rng);

/// Appends `length` letters and digits drawn from `rng`.
void append_random_id(std::string& out, std::size_t length, lab::Rng rng);

}  // namespace mockgw
