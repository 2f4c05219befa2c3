#include "loader/metrics/run_windows.h"

#include <algorithm>
#include <utility>

namespace loader {
namespace {

// What a failure is called: by status, by what happened to the connection, or by what the answer
// lacks.
std::string kind_text(const RequestRecord& record) {
  if (record.outcome == "status") return "status " + std::to_string(record.status);
  const bool is_told = record.outcome == "transport" && !record.reason.empty();
  return std::string(is_told ? record.reason : record.outcome);
}

void add_tokens(std::optional<std::int64_t> tokens, std::uint64_t& sum, SketchTally& lengths) {
  if (!tokens || *tokens < 0) return;
  sum += static_cast<std::uint64_t>(*tokens);
  lengths.add(static_cast<double>(*tokens));
}

}  // namespace

void RunWindows::add(const RequestRecord& record, lab::Duration since_start) {
  if (!move_to(since_start)) return;
  Series& series = series_of(record);
  OpenWindow& open = series.open;
  const lab::Duration began =
      std::max(since_start - (record.end - record.start), lab::Duration::zero());
  const bool is_first = series.closed.ended == lab::Duration::zero();
  series.closed.began = is_first ? began : std::min(series.closed.began, began);
  series.closed.ended = since_start;
  ++open.requests;
  const double duration = lab::to_milliseconds(record.end - record.start);
  if (record.outcome == "ok") {
    open.succeeded.add(duration);
    if (duration > open.slowest_ms) {
      open.slowest_ms = duration;
      open.slowest = record.request_id;
    }
    add_tokens(record.tokens_out, open.tokens_out, series.tokens_out);
  } else {
    ++open.failed;
    open.failed_after.add(duration);
    const std::size_t kind = kind_of(record);
    if (open.failures.size() <= kind) open.failures.resize(kind + 1);
    ++open.failures[kind];
    if (open.examples.size() <= kind) open.examples.resize(kind + 1);
    if (open.examples[kind].empty()) open.examples[kind] = record.request_id;
  }
  add_tokens(record.tokens_in, open.tokens_in, series.tokens_in);
  if (record.time_to_first_token) {
    open.time_to_first_token.add(lab::to_milliseconds(*record.time_to_first_token));
  }
  for (const lab::Duration latency : record.inter_token_latencies) {
    open.inter_token.add(lab::to_milliseconds(latency));
  }
}

void RunWindows::add_iteration(lab::Duration since_start) {
  if (move_to(since_start)) ++users().iterations;
}

void RunWindows::add_dropped(std::uint64_t iterations, lab::Duration since_start) {
  if (move_to(since_start)) users().dropped += iterations;
}

UserWindow& RunWindows::users() {
  if (users_.size() <= open_) users_.resize(open_ + 1);
  return users_[open_];
}

bool RunWindows::move_to(lab::Duration since_start) {
  if (since_start < lab::Duration::zero()) return false;
  if (since_start < window_ * static_cast<std::int64_t>(open_ + 1)) return true;
  close_window();
  while (since_start / window_ >= static_cast<std::int64_t>(kWindowsMax)) {
    OverTime all{.window = window_, .users = std::move(users_)};
    for (const auto& each : series_) all.series.push_back(std::move(each->closed));
    window_ *= 2;
    all.widen_to(window_);
    users_ = std::move(all.users);
    for (std::size_t i = 0; i < series_.size(); ++i) series_[i]->closed = std::move(all.series[i]);
  }
  open_ = static_cast<std::size_t>(since_start / window_);
  return true;
}

RequestWindow RunWindows::window_of(const OpenWindow& open) {
  return {.requests = open.requests,
          .failed = open.failed,
          .failures = open.failures,
          .examples = open.examples,
          .slowest = open.slowest,
          .tokens_in = open.tokens_in,
          .tokens_out = open.tokens_out,
          .succeeded = open.succeeded.peek(),
          .failed_after = open.failed_after.peek(),
          .time_to_first_token = open.time_to_first_token.peek(),
          .inter_token = open.inter_token.peek()};
}

void RunWindows::close_window() {
  for (const auto& each : series_) {
    OpenWindow& open = each->open;
    if (open.requests == 0) continue;
    each->closed.at(open_).merge(window_of(open));
    open.requests = open.failed = open.tokens_in = open.tokens_out = 0;
    open.failures.clear();
    open.examples.clear();
    open.slowest.clear();
    open.slowest_ms = 0;
    for (SketchTally* const tally :
         {&open.succeeded, &open.failed_after, &open.time_to_first_token, &open.inter_token}) {
      tally->clear();
    }
  }
}

const RunWindows::Place& RunWindows::place_of(TagSetId tags) {
  if (place_of_set_.size() <= tags.index) place_of_set_.resize(tags.index + 1);
  std::optional<Place>& place = place_of_set_[tags.index];
  if (!place) {
    const auto tag = [&](std::string_view key) {
      return tags_.find(tags, key).value_or(std::string_view());
    };
    place = Place{tag("scenario"), tag("phase")};
  }
  return *place;
}

RunWindows::Series& RunWindows::series_of(const RequestRecord& record) {
  auto [scenario, phase] = place_of(record.tags);
  std::string_view model = record.model;
  const auto find = [&]() -> Series* {
    for (const auto& each : series_) {
      const RequestSeries& series = each->closed;
      if (series.phase == phase && series.scenario == scenario && series.model == model) {
        return each.get();
      }
    }
    return nullptr;
  };
  if (Series* const found = find()) return *found;
  if (series_.size() + 1 >= kSeriesMax) {
    scenario = phase = model = kOthers;
    if (Series* const found = find()) return *found;
  }
  Series& made = *series_.emplace_back(std::make_unique<Series>());
  made.closed.scenario = scenario;
  made.closed.phase = phase;
  made.closed.model = model;
  return made;
}

std::size_t RunWindows::kind_of(const RequestRecord& record) {
  std::string kind = kind_text(record);
  auto found = std::ranges::find(kinds_, kind);
  if (found == kinds_.end() && kinds_.size() + 1 >= kKindsMax) {
    kind = kOthers;
    found = std::ranges::find(kinds_, kind);
  }
  const auto index = static_cast<std::size_t>(found - kinds_.begin());
  if (found == kinds_.end()) kinds_.push_back(std::move(kind));
  return index;
}

OverTime RunWindows::over_time() const {
  OverTime all{.window = window_, .failure_kinds = kinds_, .users = users_};
  for (const auto& each : series_) {
    RequestSeries& series = all.series.emplace_back(each->closed);
    series.tokens_in = each->tokens_in.peek();
    series.tokens_out = each->tokens_out.peek();
    if (each->open.requests == 0) continue;
    series.at(open_).merge(window_of(each->open));
  }
  return all;
}

}  // namespace loader
