#include "loader/metrics/over_time.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace loader {
namespace {

void add(std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& more) {
  if (counts.size() < more.size()) counts.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) counts[i] += more[i];
}

void add_missing(std::vector<std::string>& examples, const std::vector<std::string>& more) {
  if (examples.size() < more.size()) examples.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (examples[i].empty()) examples[i] = more[i];
  }
}

// Where kinds of `from` are among those of `into`, which gets what it lacks.
std::vector<std::size_t> places_of(const std::vector<std::string>& from,
                                   std::vector<std::string>& into) {
  std::vector<std::size_t> places;
  for (const std::string& kind : from) {
    const auto found = std::ranges::find(into, kind);
    places.push_back(static_cast<std::size_t>(found - into.begin()));
    if (found == into.end()) into.push_back(kind);
  }
  return places;
}

RequestWindow renumbered(RequestWindow window, const std::vector<std::size_t>& places) {
  std::vector<std::uint64_t> failures;
  for (std::size_t i = 0; i < window.failures.size(); ++i) {
    if (window.failures[i] == 0) continue;
    if (failures.size() <= places[i]) failures.resize(places[i] + 1);
    failures[places[i]] += window.failures[i];
  }
  std::vector<std::string> examples;
  for (std::size_t i = 0; i < window.examples.size(); ++i) {
    if (window.examples[i].empty()) continue;
    if (examples.size() <= places[i]) examples.resize(places[i] + 1);
    examples[places[i]] = std::move(window.examples[i]);
  }
  window.failures = std::move(failures);
  window.examples = std::move(examples);
  return window;
}

void merge_into(RequestSeries& series, const RequestSeries& other,
                const std::vector<std::size_t>& places) {
  if (!other.windows.empty()) {
    series.began = series.windows.empty() ? other.began : std::min(series.began, other.began);
    series.ended = std::max(series.ended, other.ended);
  }
  series.tokens_in.merge(other.tokens_in);
  series.tokens_out.merge(other.tokens_out);
  for (std::size_t i = 0; i < other.windows.size(); ++i) {
    series.at(other.first + i).merge(renumbered(other.windows[i], places));
  }
}

// Parts of a run have the same plan, as far as each has come.
void merge_into(std::vector<PlannedLoad>& loads, const PlannedLoad& other) {
  const auto known = std::ranges::find_if(loads, [&](const PlannedLoad& each) {
    return each.scenario == other.scenario && each.phase == other.phase &&
           each.span.from == other.span.from;
  });
  if (known == loads.end()) {
    loads.push_back(other);
  } else {
    known->span.to = std::max(known->span.to, other.span.to);
  }
}

void widen(RequestSeries& series, std::size_t factor) {
  RequestSeries wide;
  for (std::size_t i = 0; i < series.windows.size(); ++i) {
    wide.at((series.first + i) / factor).merge(series.windows[i]);
  }
  series.first = wide.first;
  series.windows = std::move(wide.windows);
}

void widen(std::vector<UserWindow>& users, std::size_t factor) {
  std::vector<UserWindow> wide((users.size() + factor - 1) / factor);
  for (std::size_t i = 0; i < users.size(); ++i) {
    // The last one may be of fewer than `factor`.
    const std::size_t first = i / factor * factor;
    const auto of = static_cast<double>(std::min(factor, users.size() - first));
    UserWindow& into = wide[i / factor];
    into.active_vus += users[i].active_vus / of;
    into.vus += users[i].vus / of;
    into.iterations += users[i].iterations;
    into.dropped += users[i].dropped;
  }
  users = std::move(wide);
}

}  // namespace

void RequestWindow::merge(const RequestWindow& other) {
  requests += other.requests;
  failed += other.failed;
  add(failures, other.failures);
  add_missing(examples, other.examples);
  if (other.succeeded.max() > succeeded.max()) slowest = other.slowest;
  tokens_in += other.tokens_in;
  tokens_out += other.tokens_out;
  succeeded.merge(other.succeeded);
  failed_after.merge(other.failed_after);
  time_to_first_token.merge(other.time_to_first_token);
  inter_token.merge(other.inter_token);
}

const RequestWindow* RequestSeries::find(std::size_t window) const {
  return window < first || window >= end() ? nullptr : &windows[window - first];
}

RequestWindow& RequestSeries::at(std::size_t window) {
  if (windows.empty()) first = window;
  if (window < first) {
    windows.insert(windows.begin(), first - window, {});
    first = window;
  }
  if (window >= end()) windows.resize(window - first + 1);
  return windows[window - first];
}

RequestWindow RequestSeries::total() const {
  RequestWindow total;
  for (const RequestWindow& window : windows) total.merge(window);
  return total;
}

std::size_t OverTime::windows() const {
  std::size_t most = users.size();
  for (const RequestSeries& each : series) most = std::max(most, each.end());
  return most;
}

RequestSeries OverTime::sum() const {
  return sum([](const RequestSeries&) { return true; });
}

RequestSeries OverTime::sum(const std::function<bool(const RequestSeries&)>& is_asked) const {
  RequestSeries sum;
  std::vector<std::size_t> as_they_are;
  for (std::size_t i = 0; i < failure_kinds.size(); ++i) as_they_are.push_back(i);
  for (const RequestSeries& each : series) {
    if (is_asked(each)) merge_into(sum, each, as_they_are);
  }
  return sum;
}

void OverTime::widen_to(lab::Duration longer) {
  assert(window > lab::Duration::zero() && longer % window == lab::Duration::zero());
  const auto factor = static_cast<std::size_t>(longer / window);
  window = longer;
  if (factor == 1) return;
  for (RequestSeries& each : series) widen(each, factor);
  widen(users, factor);
}

void OverTime::merge(const OverTime& other) {
  if (other.window == lab::Duration::zero()) return;
  if (window == lab::Duration::zero()) window = other.window;
  if (other.window < window) {
    OverTime widened = other;
    widened.widen_to(window);
    return merge(widened);
  }
  widen_to(other.window);
  const std::vector<std::size_t> places = places_of(other.failure_kinds, failure_kinds);
  for (const RequestSeries& theirs : other.series) {
    auto mine = std::ranges::find_if(series, [&](const RequestSeries& each) {
      return each.scenario == theirs.scenario && each.phase == theirs.phase &&
             each.model == theirs.model;
    });
    if (mine == series.end()) {
      series.push_back({.scenario = theirs.scenario, .phase = theirs.phase, .model = theirs.model});
      mine = series.end() - 1;
    }
    merge_into(*mine, theirs, places);
  }
  for (const PlannedLoad& load : other.loads) merge_into(loads, load);
  if (users.size() < other.users.size()) users.resize(other.users.size());
  for (std::size_t i = 0; i < other.users.size(); ++i) {
    users[i].active_vus += other.users[i].active_vus;
    users[i].vus += other.users[i].vus;
    users[i].iterations += other.users[i].iterations;
    users[i].dropped += other.users[i].dropped;
  }
}

}  // namespace loader
