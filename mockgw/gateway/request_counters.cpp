#include "mockgw/gateway/request_counters.h"

#include <algorithm>
#include <numeric>

#include "mockgw/faults/fault_rules.h"

namespace mockgw {
namespace {

// Looks up by a view of the key; makes a key of its own the first time only.
template <class Map, class View>
typename Map::mapped_type& at(Map& map, const View& key) {
  const auto found = map.find(key);
  if (found != map.end()) return found->second;
  return map.emplace(typename Map::key_type(key), typename Map::mapped_type{}).first->second;
}

void add_completion(RequestCounts::Model& model, const RequestRecord& record) {
  model.prompt_tokens += static_cast<std::uint64_t>(record.completion->prompt_tokens);
  model.completion_tokens += static_cast<std::uint64_t>(record.completion->completion_tokens);
  model.planned_ttft.add(record.completion->planned_ttft);
  model.planned_duration.add(record.completion->planned_duration);
  model.duration.add(record.duration);
}

void add_chat(RequestCounts::Chats& chats, const RequestRecord& record) {
  ++chats.statuses[record.status];
  if (record.condition) ++chats.errors[static_cast<std::size_t>(*record.condition)];
  chats.duration.add(record.duration);
}

}  // namespace

void DurationHistogram::add(lab::Duration value) {
  // A bound belongs to its bucket, as Prometheus has it ("le").
  const auto bound = std::ranges::find_if(
      kBoundsMs, [value](std::int64_t ms) { return value <= std::chrono::milliseconds(ms); });
  ++buckets[static_cast<std::size_t>(bound - kBoundsMs.begin())];
  sum += value;
}

void DurationHistogram::add(const DurationHistogram& other) {
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
  sum += other.sum;
}

std::uint64_t DurationHistogram::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

void RequestCounts::add(const RequestRecord& record) {
  ++at(requests, std::tuple(record.route, record.model, record.status));
  duration += record.duration;
  if (record.condition) ++errors[static_cast<std::size_t>(*record.condition)];
  for (const FaultRule* rule : record.faults) ++at(faults, std::string_view(rule->name));
  for (const FaultRule* rule : record.retried_faults) ++at(faults, std::string_view(rule->name));
  retries += static_cast<std::uint64_t>(record.retries);
  if (record.was_cut_by_client) ++cut_by_client;
  if (record.completion) add_completion(at(models, record.model), record);
  if (!record.model.empty())
    add_chat(at(chats, std::tuple(record.model, record.is_stream)), record);
}

void RequestCounts::add(const RequestCounts& other) {
  for (const auto& [key, count] : other.requests) requests[key] += count;
  for (const auto& [name, model] : other.models) {
    Model& mine = models[name];
    mine.prompt_tokens += model.prompt_tokens;
    mine.completion_tokens += model.completion_tokens;
    mine.planned_ttft.add(model.planned_ttft);
    mine.planned_duration.add(model.planned_duration);
    mine.duration.add(model.duration);
  }
  for (const auto& [key, theirs] : other.chats) {
    Chats& mine = chats[key];
    for (const auto& [status, count] : theirs.statuses) mine.statuses[status] += count;
    for (std::size_t i = 0; i < mine.errors.size(); ++i) mine.errors[i] += theirs.errors[i];
    mine.duration.add(theirs.duration);
  }
  for (const auto& [rule, count] : other.faults) faults[rule] += count;
  for (std::size_t i = 0; i < errors.size(); ++i) errors[i] += other.errors[i];
  retries += other.retries;
  cut_by_client += other.cut_by_client;
  duration += other.duration;
  connections_accepted += other.connections_accepted;
  connections_turned_away += other.connections_turned_away;
}

void ThreadCounters::add(const RequestRecord& record) {
  const std::lock_guard lock(mutex_);
  counts_.add(record);
}

void ThreadCounters::connection_accepted(bool is_turned_away) {
  const std::lock_guard lock(mutex_);
  ++counts_.connections_accepted;
  if (is_turned_away) ++counts_.connections_turned_away;
}

void ThreadCounters::reset() {
  const std::lock_guard lock(mutex_);
  counts_ = {};
}

RequestCounts ThreadCounters::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace mockgw
