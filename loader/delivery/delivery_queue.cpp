#include "loader/delivery/delivery_queue.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace loader {
namespace {

constexpr lab::Duration kFirstPause = std::chrono::milliseconds(250);
}  // namespace

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
    const std::uint64_t left_out = std::min(reply.left_out, entry.samples);
    sent_ += entry.samples - left_out;
    dropped_ += left_out;
    bytes_ -= entry.bytes;
    entries_.erase(found);
    failures_ = 0;
    last_arrival_ = now;
    return std::move(attempt.batch.body);
  }
  if (!failing_since_) failing_since_ = now;
  if (reply.is_answer) ++entry.answers;
  if (reply.verdict != DeliveryReply::Verdict::again || entry.answers == kAnswersMax) {
    drop(found);
    return std::move(attempt.batch.body);
  }
  entry.batch = std::move(attempt.batch);
  pause(now, reply.pause_min);
  return {};
}

void DeliveryQueue::replace(const Try& attempt, std::vector<Batch> parts) {
  const auto found = entries_.find(attempt.id);
  if (found == entries_.end()) return;  // Dropped with all others.
  --in_flight_;
  bytes_ -= found->second.bytes;
  entries_.erase(found);
  for (Batch& part : parts) add(std::move(part));
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
