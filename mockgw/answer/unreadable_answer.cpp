#include <algorithm>
#include <array>
#include <string>

#include "mockgw/answer/plain_answer.h"
#include "mockgw/answer/request_handler.h"

namespace mockgw {
namespace {

// How the words and the status of an answer to an unreadable request follow from the reason.
struct Unreadable {
  lab::ErrorCode reason;
  unsigned status;  // 0: the profile's own for a bad request.
  std::string_view detail;
};

const Unreadable& unreadable(lab::ErrorCode reason) {
  namespace errc = boost::system::errc;
  static const auto kReasons = std::to_array<Unreadable>({
      // RFC 6585, 5
      {lab::Errc::header_too_large, 431, "The header section of the request is too large."},
      {lab::Errc::timeout, 408, "The request did not arrive in time."},
      {lab::Errc::partial_message, 0, "The request ended too early."},
      {errc::make_error_code(errc::not_supported), 501,
       "The only transfer coding supported is chunked."},
      {errc::make_error_code(errc::protocol_not_supported), 505,
       "The only versions of HTTP supported are 1.0 and 1.1."},
      {lab::Errc::bad_message, 0, "The request is not valid HTTP/1.1."},
  });
  const auto found = std::ranges::find(kReasons, reason, &Unreadable::reason);
  return found == kReasons.end() ? kReasons.back() : *found;
}

}  // namespace

void answer_unreadable(Exchange& exchange, lab::ErrorCode reason) {
  exchange.record.route = "unreadable";
  Refusal refusal;
  if (reason == lab::Errc::body_too_large) {
    refusal.values.set(Placeholder::limit, std::to_string(exchange.config().limits.max_body_bytes));
    refusal.condition = ErrorCondition::body_too_large;
    return answer_error(exchange, std::move(refusal), {});
  }
  const Unreadable& why = unreadable(reason);
  refusal.values.set(Placeholder::detail, std::string(why.detail));
  if (why.status != 0) refusal.status = why.status;
  answer_error(exchange, std::move(refusal), {});
}

}  // namespace mockgw
