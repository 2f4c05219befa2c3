// What a gateway tells browsers about pages of other origins (fetch.spec.whatwg.org, CORS).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mockgw/profiles/profile_template.h"
#include "shared/base/fields.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct Cors {
  std::string allow_origin = "*";
  std::string allow_methods;
  std::string allow_headers;  ///< Empty: those that are asked for.
  std::string vary;           ///< On every answer to a page; empty = none.
  std::int64_t max_age_seconds = 0;
  unsigned status = 204;  ///< Of the answer to a preflight.
  std::string body;       ///< The same.
};

void fields(lab::Fields& f, Cors& c);

/// Whether a request asks on a page's behalf if another may be sent.
[[nodiscard]] bool is_preflight(std::string_view method, const lab::HttpHeaders& headers);

/// The headers of the answer to a preflight with `headers`: no others are sent.
[[nodiscard]] HeaderFields preflight_headers(const Cors& cors, const lab::HttpHeaders& headers);

/// Adds what every answer to a page's request says.
void add_cors_headers(const Cors& cors, lab::HttpHeaders& answer);

}  // namespace mockgw
