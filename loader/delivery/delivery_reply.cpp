#include "loader/delivery/delivery_reply.h"

#include <charconv>

namespace loader {
namespace {

// Of what a server says of its error.
constexpr std::size_t kWhyBytesMax = 200;

// A date is not read: servers of metrics send seconds (RFC 9110, 10.2.3 has both).
lab::Duration seconds_of(std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || rest != text.data() + text.size()) return {};
  return std::chrono::seconds(seconds);
}

// An answer that is too long, or a refusal that breaks off, says enough by its head.
std::optional<unsigned> status_that_counts(const HttpOutcome& outcome) {
  if (outcome.has_response()) return outcome.status;
  const bool is_refusal = outcome.head_status >= 300;
  if (is_refusal || outcome.body.size() > kAnswerBytesMax) return outcome.head_status;
  return std::nullopt;
}

}  // namespace

std::string first_words(std::string_view text) {
  std::string words;
  for (const char c : text.substr(0, kWhyBytesMax)) {
    words += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

DeliveryReply reply_of(unsigned status, std::string_view retry_after, std::string_view body) {
  if (status >= 200 && status < 300) return {};
  const bool is_to_come = status == 408 || status == 429 || status >= 500;
  std::string why = "status " + std::to_string(status);
  if (const std::string words = first_words(body); !words.empty()) why += ": " + words;
  using Verdict = DeliveryReply::Verdict;
  const Verdict of_refused = status == 413 ? Verdict::too_large : Verdict::refused;
  return {.verdict = is_to_come ? Verdict::again : of_refused,
          .why = std::move(why),
          .pause_min = is_to_come ? seconds_of(retry_after) : lab::Duration{}};
}

DeliveryReply no_answer(std::string why) {
  return {.verdict = DeliveryReply::Verdict::again, .why = std::move(why), .is_answer = false};
}

DeliveryReply reply_of(const HttpOutcome& outcome, const DeliveryTarget& target,
                       const Secrets& secrets) {
  const auto status = status_that_counts(outcome);
  if (!status) return no_answer(secrets.hide(outcome.error.text));
  if (target.left_out != nullptr) {
    if (const auto left_out = target.left_out(*status, outcome.body)) {
      return {.why = first_words(secrets.hide(left_out->why)), .left_out = left_out->samples};
    }
  }
  DeliveryReply reply = reply_of(*status, outcome.headers.find("Retry-After").value_or(""),
                                 secrets.hide(outcome.body));
  if (const auto location = outcome.headers.find("Location"); location && *status / 100 == 3) {
    reply.why += ", Location: " + first_words(secrets.hide(*location));
  }
  return reply;
}

std::optional<Url> moved_to(const HttpOutcome& outcome, const Url& from) {
  const auto location = outcome.headers.find("Location");
  if (!location || (outcome.status != 307 && outcome.status != 308)) return std::nullopt;
  auto to = resolve_url(from, *location);
  if (!to || to->host != from.host) return std::nullopt;
  // What was to be sent under TLS is not sent without.
  if (from.is_https && !to->is_https) return std::nullopt;
  return *std::move(to);
}

}  // namespace loader
