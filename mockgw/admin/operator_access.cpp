#include "mockgw/admin/operator_access.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "shared/runtime/web_page_rules.h"

namespace mockgw {
namespace {

std::optional<OperatorRefusal> refuse_page(const lab::HttpHeaders& headers) {
  const auto page = lab::foreign_page(headers);
  if (!page) return std::nullopt;
  return OperatorRefusal{403, *page + " may not use the operator's routes"};
}

// Takes as long whatever the token's bytes are, so that the time does not tell how many are right.
bool is_token(std::string_view given, std::string_view expected) {
  return given.size() == expected.size() &&
         CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

// RFC 6750, 2.1; the scheme's name is without case (RFC 9110, 11.1).
std::string_view bearer_token(const lab::HttpHeaders& headers) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view value = headers.find("authorization").value_or("");
  const bool is_bearer = value.size() > kScheme.size() &&
                         lab::equals_ignore_case(value.substr(0, kScheme.size()), kScheme);
  const std::size_t begin = std::min(value.find_first_not_of(' ', kScheme.size()), value.size());
  return is_bearer ? value.substr(begin) : "";
}

std::optional<OperatorRefusal> refuse_stranger(const lab::HttpHeaders& headers,
                                               const AdminConfig& config, bool is_on_loopback) {
  if (config.token.empty()) {
    if (is_on_loopback) return std::nullopt;
    return OperatorRefusal{
        403,
        "mockgw listens to other machines, so its operator's routes need a token: start it "
        "with MOCKGW_ADMIN_TOKEN, --admin-token or \"admin\": {\"token\": \"…\"} in the "
        "gateway file, and send Authorization: Bearer …"};
  }
  if (is_token(bearer_token(headers), config.token)) return std::nullopt;
  return OperatorRefusal{401, "the operator's routes need Authorization: Bearer and the token"};
}

}  // namespace

std::optional<OperatorRefusal> refuse_metrics(const lab::HttpHeaders& headers) {
  return refuse_page(headers);
}

std::optional<OperatorRefusal> refuse_admin(const lab::HttpHeaders& headers,
                                            const AdminConfig& config, bool is_on_loopback) {
  // HTTP/1.0 may come without; no browser speaks it.
  const auto host = headers.find("host");
  if (host && !lab::is_own_host(*host, config.hosts)) {
    return OperatorRefusal{403, "the host " + lab::quoted_start(*host) +
                                    " is none of this gateway's names; list it in the gateway "
                                    "file, as in \"admin\": {\"hosts\": [\"mockgw\"]}"};
  }
  if (auto refusal = refuse_page(headers)) return refusal;
  return refuse_stranger(headers, config, is_on_loopback);
}

}  // namespace mockgw
