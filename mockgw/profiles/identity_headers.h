// The headers of every answer (x-request-id and the like), prepared so that writing them for one
// answer costs a few copies: a profile's general templates would allocate several times for each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/profiles/profile.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

/// What differs from answer to answer.
struct AnswerIdentity {
  std::string_view request_id{};
  // Empty where the request names none; headers that speak of them are left out then.
  std::string_view model{};
  std::string_view provider{};
  std::int64_t processing_ms = 0;
  std::int64_t retries = 0;
  bool retries_are_exhausted = false;
};

class IdentityHeaders {
 public:
  IdentityHeaders() = default;
  explicit IdentityHeaders(const Profile& profile);

  void append_to(lab::HttpHeaders& headers, const AnswerIdentity& answer) const;

 private:
  struct Piece {
    std::string text;  // Constant, then the value that `mark` stands for.
    char mark = 0;
  };
  struct Header {
    std::string name;
    std::vector<Piece> pieces;
  };
  std::vector<Header> headers_;
};

/// Values that are the same for all answers of a gateway: organization, version.
[[nodiscard]] PlaceholderValues gateway_placeholders();

}  // namespace mockgw
