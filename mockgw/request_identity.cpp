#include "mockgw/request_identity.h"

#include <algorithm>

namespace mockgw {
namespace {

constexpr std::size_t kIdBytesMax = 128;
constexpr std::size_t kKeyEndsShown = 4;

bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string make_request_id(lab::Rng rng) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id = "req_";
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = rng();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4) id += kHex[bits & 15];
  }
  return id;
}

}  // namespace

RequestIdentity identify(const lab::HttpHeaders& headers, std::uint64_t number,
                         const lab::Rng& gateway_rng) {
  const auto given = headers.find("x-request-id");
  if (!given || !is_usable_id(*given)) {
    const lab::Rng rng = gateway_rng.child("request", number);
    return {make_request_id(rng.child("id")), rng};
  }
  const lab::Rng rng = gateway_rng.child("request", *given);
  const auto retry = headers.find("x-stainless-retry-count");
  const bool is_retry = retry && *retry != "0";
  return {std::string(*given), is_retry ? rng.child("retry", *retry) : rng};
}

std::string_view api_key_of(const lab::HttpHeaders& headers) {
  constexpr std::string_view kScheme = "Bearer ";
  if (const auto value = headers.find("authorization")) {
    if (value->size() > kScheme.size() &&
        lab::equals_ignore_case(value->substr(0, kScheme.size()), kScheme)) {
      std::string_view key = value->substr(kScheme.size());
      key.remove_prefix(std::min(key.find_first_not_of(' '), key.size()));
      return key;
    }
  }
  if (const auto value = headers.find("x-api-key")) return *value;
  return headers.find("api-key").value_or("");
}

std::string mask_api_key(std::string_view key) {
  if (key.size() <= 2 * kKeyEndsShown) return std::string(key.size(), '*');
  std::string masked(key);
  const auto begin = masked.begin() + kKeyEndsShown;
  std::fill(begin, masked.end() - kKeyEndsShown, '*');
  return masked;
}

std::string random_id(std::string_view prefix, std::size_t length, lab::Rng rng) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string id(prefix);
  for (std::size_t i = 0; i < length; ++i) id += kAlphabet[rng.below(kAlphabet.size())];
  return id;
}

}  // namespace mockgw
