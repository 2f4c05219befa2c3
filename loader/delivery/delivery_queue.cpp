#include "loader/delivery/delivery_queue.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace loader {
namespace {

constexpr lab::Duration kFirstPause = std::chrono::milliseconds(250);
// Of what a server says of its error.
constexpr std::size_t kWhyBytesMax = 200;

// A date is not read: servers of metrics send seconds (RFC 9110, 10.2.3 has both).
lab::Duration seconds_of(std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || rest != text.data() + text.size()) return {};
  return std::chrono::seconds(seconds);
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
  return {.verdict = is_to_come ? DeliveryReply::Verdict::again : DeliveryReply::Verdict::refused,
          .why = std::move(why),
          .pause_min = is_to_come ? seconds_of(retry_after) : lab::Duration{}};
}

DeliveryReply no_answer(std::string why) {
  return {.verdict = DeliveryReply::Verdict::again, .why = std::move(why), .is_answer = false};
}

lab::Duration pause_after(unsigned failures) {
  lab::Duration pause = kFirstPause;
  for (unsigned i = 1; i < failures && pause < DeliveryQueue::kPauseMax; ++i) pause *= 2;
  return std::min(pause, DeliveryQueue::kPauseMax);
}

void DeliveryQueue::add(Batch batch) {
  const std::size_t bytes = batch.body.size();
  const std::uint64_t samples = batch.samples;
  entries_.emplace(next_id_++,
                   Entry{.batch = std::move(batch), .bytes = bytes, .samples = samples});
  bytes_ += bytes;
}

std::optional<DeliveryQueue::Try> DeliveryQueue::next(lab::TimePoint now) {
  if (now < due()) return std::nullopt;
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [](const auto& each) { return !each.second.is_in_flight; });
  assert(found != entries_.end());
  found->second.is_in_flight = true;
  ++in_flight_;
  return Try{found->first, std::move(found->second.batch)};
}

lab::TimePoint DeliveryQueue::due() const {
  if (in_flight_ == in_flight_max_ || in_flight_ == entries_.size()) return lab::kNoDeadline;
  return resume_at_;
}

void DeliveryQueue::note_failure(std::string why, lab::TimePoint now) {
  last_failure_ = std::move(why);
  if (!failing_since_) failing_since_ = now;
}

std::string DeliveryQueue::settle(Try attempt, const DeliveryReply& reply, lab::TimePoint now) {
  const auto found = entries_.find(attempt.id);
  if (found == entries_.end()) return std::move(attempt.batch.body);  // Dropped with all others.
  Entry& entry = found->second;
  entry.is_in_flight = false;
  --in_flight_;
  if (!reply.why.empty()) last_failure_ = reply.why;
  if (reply.verdict == DeliveryReply::Verdict::arrived) {
    failing_since_.reset();
    sent_ += entry.samples;
    bytes_ -= entry.bytes;
    entries_.erase(found);
    failures_ = 0;
    last_arrival_ = now;
    return std::move(attempt.batch.body);
  }
  if (!failing_since_) failing_since_ = now;
  if (reply.is_answer) ++entry.answers;
  if (reply.verdict == DeliveryReply::Verdict::refused || entry.answers == kAnswersMax) {
    drop(found);
    return std::move(attempt.batch.body);
  }
  entry.batch = std::move(attempt.batch);
  pause(now, reply.pause_min);
  return {};
}

void DeliveryQueue::pause(lab::TimePoint now, lab::Duration at_least) {
  const lab::Duration pause =
      std::max(pause_after(++failures_), std::min(at_least, kRetryAfterMax));
  resume_at_ = std::max(resume_at_, now + pause);
}

void DeliveryQueue::drop(Entries::iterator entry) {
  dropped_ += entry->second.samples;
  bytes_ -= entry->second.bytes;
  entries_.erase(entry);
}

void DeliveryQueue::drop_all(const std::string& why) {
  if (last_failure_.empty()) last_failure_ = why;
  while (!entries_.empty()) drop(entries_.begin());
  in_flight_ = 0;
}

}  // namespace loader
