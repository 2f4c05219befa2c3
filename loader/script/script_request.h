// A request as a script makes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/flow/flow.h"
#include "shared/base/time.h"

namespace loader {

enum class ResponseType : std::uint8_t { text, binary, none };

struct ScriptRequest {
  std::string method;
  std::string url;
  std::string name;  ///< The tag; empty: the URL.
  TagList tags;      ///< The request's own.
  HeaderList headers;
  std::string body;
  lab::Duration timeout = std::chrono::seconds(60);
  std::optional<std::uint32_t> redirects_max{};  ///< None: as the options say.
  ResponseType response_type = ResponseType::text;
  /// None: nobody says what is expected.
  std::optional<std::vector<StatusRange>> expected = std::vector<StatusRange>{{200, 399}};
  std::int64_t jar = 0;  ///< 0: the virtual user's; -1: none.
  struct Cookie {
    std::string name;
    std::string value;
    bool replaces = false;  ///< What the jar has of that name is not sent.
  };
  std::vector<Cookie> cookies{};
  std::string encodings{};  ///< Of the body, to be made: "gzip, br"; empty: none.
};

}  // namespace loader
