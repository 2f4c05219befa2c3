#include "loader/summary/load_levels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

constexpr std::size_t kLevelsMax = 12;
constexpr std::size_t kLevelsMin = 3;
// Less than that between the least and the greatest load shows nothing.
constexpr double kLoadRatio = 1.5;
// A level that lasted for less says little.
constexpr double kLevelShare = 0.01;
// What is told of low and of high load lasted for so much of the run.
constexpr double kSideShare = 0.05;
constexpr double kFine = kFailingLevel / 2;
constexpr double kSlower = 2;
// Fewer values make no p95 that is worth a sentence.
constexpr std::uint64_t kValuesLeast = 30;

/// Load below a level, and from it on.
struct Sides {
  LoadLevel low{};
  LoadLevel high{};
};

LoadLevel sum_of(const std::vector<LoadLevel>& levels, std::size_t from, std::size_t to) {
  LoadLevel sum{.least = levels[from].least};
  for (std::size_t i = from; i < to; ++i) {
    sum.seconds += levels[i].seconds;
    sum.requests.merge(levels[i].requests);
  }
  return sum;
}

using IsSo = std::function<bool(const LoadLevel&)>;

// Where all levels are fine below and bad above.
std::optional<Sides> sides(const std::vector<LoadLevel>& levels, const IsSo& is_fine,
                           const IsSo& is_bad) {
  if (levels.empty()) return std::nullopt;
  const auto first_bad = std::ranges::find_if_not(levels, is_fine);
  if (first_bad == levels.begin() || first_bad == levels.end() ||
      !std::all_of(first_bad, levels.end(), is_bad)) {
    return std::nullopt;
  }
  const auto at = static_cast<std::size_t>(first_bad - levels.begin());
  Sides found{sum_of(levels, 0, at), sum_of(levels, at, levels.size())};
  const double all = found.low.seconds + found.high.seconds;
  if (std::min(found.low.seconds, found.high.seconds) < kSideShare * all) return std::nullopt;
  return found;
}

std::string with_more(const LoadLevel& high) {
  return "With " + format_short(std::round(high.least)) + " or more active virtual users ";
}

std::optional<std::string> failures_sentence(const std::vector<LoadLevel>& levels) {
  const auto found = sides(
      levels, [](const LoadLevel& level) { return failed_share(level.requests) < kFine; },
      [](const LoadLevel& level) { return failed_share(level.requests) >= kFailingLevel; });
  if (!found) return std::nullopt;
  return with_more(found->high) + format_share(failed_share(found->high.requests)) +
         " of the requests failed, with fewer " + format_share(failed_share(found->low.requests)) +
         ".";
}

std::optional<std::string> latency_sentence(const std::vector<LoadLevel>& levels) {
  const auto p95 = [](const LoadLevel& level) { return level.requests.succeeded.percentile(95); };
  if (levels.empty() || levels.front().requests.succeeded.count() < kValuesLeast) {
    return std::nullopt;
  }
  const double limit = kSlower * p95(levels.front());
  const auto found = sides(
      levels, [&](const LoadLevel& level) { return p95(level) <= limit; },
      [&](const LoadLevel& level) { return p95(level) > limit; });
  if (!found || found->high.requests.succeeded.count() < kValuesLeast) return std::nullopt;
  return with_more(found->high) + "the p95 of successes was " +
         format_milliseconds(p95(found->high), "") + ", with fewer " +
         format_milliseconds(p95(found->low), "") + ".";
}

}  // namespace

// Of the columns with load, whose users were there for all of it.
std::vector<LoadLevel> load_levels(const RunColumns& columns) {
  const std::vector<UserWindow>& users = columns.over_time.users;
  double most = 0;
  for (const UserWindow& window : users) most = std::max(most, window.active_vus);
  std::vector<LoadLevel> levels(kLevelsMax);
  double seconds_in_all = 0;
  for (std::size_t i = 0; i < std::min(users.size(), columns.axis.columns); ++i) {
    const double vus = users[i].active_vus;
    const RequestWindow* const requests = columns.all.find(i);
    if (vus <= 0 || requests == nullptr) continue;
    const auto place = static_cast<std::size_t>(vus / most * kLevelsMax);
    LoadLevel& level = levels[std::min(place, kLevelsMax - 1)];
    const double seconds = columns.axis.seconds(i);
    level.least = level.seconds == 0 ? vus : std::min(level.least, vus);
    level.vus += vus * seconds;
    level.seconds += seconds;
    level.requests.merge(*requests);
    seconds_in_all += seconds;
  }
  std::erase_if(levels, [&](const LoadLevel& level) {
    return level.seconds <= seconds_in_all * kLevelShare;
  });
  for (LoadLevel& level : levels) level.vus /= level.seconds;
  const bool tells =
      levels.size() >= kLevelsMin && levels.back().vus >= levels.front().vus * kLoadRatio;
  if (!tells) levels.clear();
  return levels;
}

std::vector<std::string> load_sentences(const std::vector<LoadLevel>& levels) {
  std::vector<std::string> sentences;
  for (auto& sentence : {failures_sentence(levels), latency_sentence(levels)}) {
    if (sentence) sentences.push_back(*sentence);
  }
  return sentences;
}

}  // namespace loader
