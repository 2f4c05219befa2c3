#include "mockgw/chat/request_identity.h"

#include <algorithm>
#include <array>
#include <optional>

#include "shared/base/base64.h"

namespace mockgw {
namespace {

constexpr std::size_t kIdBytesMax = 128;
constexpr std::size_t kKeyEndsShown = 4;
constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kBasic = "Basic ";

bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string make_request_id(lab::Rng rng) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, 36> id{'r', 'e', 'q', '_'};
  auto digit = id.begin() + 4;
  for (int word = 0; word < 2; ++word) {
    for (std::uint64_t bits = rng(), left = 16; left > 0; --left, bits >>= 4) {
      *digit++ = kHex[bits & 15];
    }
  }
  return {id.data(), id.size()};
}

// What follows the scheme, if there is anything.
std::optional<std::string_view> after_scheme(std::string_view value, std::string_view scheme) {
  if (value.size() <= scheme.size()) return std::nullopt;
  if (!lab::equals_ignore_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

// RFC 7617: a user's name, a colon and the password.
std::optional<std::string> password_of_nobody(std::string_view credentials) {
  auto text = lab::base64_decoded(credentials, lab::Base64::standard);
  if (!text || !text->starts_with(':')) return std::nullopt;
  return text->substr(1);
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

std::string api_key_of(const lab::HttpHeaders& headers, std::string_view own_header) {
  const auto own = own_header.empty() ? std::nullopt : headers.find(own_header);
  if (own) return std::string(after_scheme(*own, kBearer).value_or(*own));
  if (const auto value = headers.find("authorization")) {
    if (const auto key = after_scheme(*value, kBearer)) return std::string(*key);
    const auto credentials = after_scheme(*value, kBasic);
    if (auto key = credentials ? password_of_nobody(*credentials) : std::nullopt) return *key;
  }
  if (const auto value = headers.find("x-api-key")) return std::string(*value);
  return std::string(headers.find("api-key").value_or(""));
}

std::string mask_api_key(std::string_view key) {
  if (key.size() <= 2 * kKeyEndsShown) return std::string(key.size(), '*');
  std::string masked(key);
  const auto begin = masked.begin() + kKeyEndsShown;
  std::fill(begin, masked.end() - kKeyEndsShown, '*');
  return masked;
}

std::string make_uuid(lab::Rng rng) {
  constexpr std::string_view kHex = "0123456789abcdef";
  // RFC 9562, 5.4: the version is 4, and the variant's first digit 8, 9, a or b.
  std::string uuid = "xxxxxxxx-xxxx-4xxx-Vxxx-xxxxxxxxxxxx";
  for (char& c : uuid) {
    if (c == 'x') c = kHex[rng.below(16)];
    if (c == 'V') c = kHex[8 + rng.below(4)];
  }
  return uuid;
}

void append_random_id(std::string& out, std::size_t length, lab::Rng rng) {
  // 64 characters, so that six bits are one; that A and B come twice as often harms nobody.
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AB";
  static_assert(kAlphabet.size() == 64);
  constexpr std::size_t kCharactersPerDraw = 10;
  const std::size_t begin = out.size();
  out.resize(begin + length);
  char* at = out.data() + begin;
  for (std::size_t left = length; left > 0;) {
    const std::size_t drawn = std::min(left, kCharactersPerDraw);
    left -= drawn;
    std::uint64_t bits = rng();
    for (char* const end = at + drawn; at != end; bits >>= 6) *at++ = kAlphabet[bits & 63];
  }
}

}  // namespace mockgw
