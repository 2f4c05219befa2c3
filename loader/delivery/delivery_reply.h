// What a server's answer means for the batch that it was sent: decided without I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loader/delivery/delivery_target.h"
#include "loader/delivery/secrets.h"
#include "loader/http/http_client.h"
#include "loader/http/url.h"
#include "shared/base/time.h"

namespace loader {

/// What a server made of a batch.
struct DeliveryReply {
  enum class Verdict : std::uint8_t {
    arrived,
    again,      ///< It may be sent once more, later.
    refused,    ///< It would be refused again.
    too_large,  ///< The same, but in parts it may be taken.
  };
  Verdict verdict = Verdict::arrived;
  std::string why{};      ///< For people; of an arrived one, what the server minds all the same.
  bool is_answer = true;  ///< False: there was none, which says nothing of the batch.
  std::uint64_t left_out = 0;  ///< Samples of an arrived one that the server did not take.
  lab::Duration pause_min{};   ///< The server's own wish (Retry-After).
};

/// By status and head of an HTTP answer: 2xx has arrived; 408, 429 and 5xx may be tried again; 413
/// is too large; the rest is refused. `retry_after` is the field's text, of which only seconds
/// count. The start of `body` explains a failure.
[[nodiscard]] DeliveryReply reply_of(unsigned status, std::string_view retry_after,
                                     std::string_view body);
/// The beginning of what a server says, on one line and without what a terminal would obey.
[[nodiscard]] std::string first_words(std::string_view text);
/// No answer came.
[[nodiscard]] DeliveryReply no_answer(std::string why);

/// What servers say of an error is short: no more of an answer's body is read.
inline constexpr std::uint64_t kAnswerBytesMax = 64 * 1024;
/// Of an exchange with the target. Nothing secret is in its words.
[[nodiscard]] DeliveryReply reply_of(const HttpOutcome& outcome, const DeliveryTarget& target,
                                     const Secrets& secrets);

/// Where a batch is to be sent instead, once, with its fields: the method and the body stay what
/// they are with 307 and 308 alone. Never to another host, nor out of TLS, for whom a password was
/// not meant.
[[nodiscard]] std::optional<Url> moved_to(const HttpOutcome& outcome, const Url& from);

}  // namespace loader
