#include "loader/compare/run_differences.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>

#include "shared/base/time.h"

namespace loader {
namespace {

// From here on runs are not equally long.
constexpr double kLengthDifference = 0.1;

using Names = std::set<std::string>;

Names names_of(const SummaryData& summary, std::string RequestSeries::* member) {
  Names names;
  if (!summary.over_time) return names;
  for (const RequestSeries& series : summary.over_time->series) {
    if (!(series.*member).empty()) names.insert(series.*member);
  }
  return names;
}

std::string listed(const Names& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "none" : list;
}

/// Collects what is different.
class Differences {
 public:
  void add(const std::string& what, const std::string& a, const std::string& b) {
    if (a == b || a.empty() || b.empty()) return;
    said_.push_back(what + ": " + a + " in A, " + b + " in B");
  }
  std::vector<std::string> said() && { return std::move(said_); }

 private:
  std::vector<std::string> said_;
};

std::string world_of(const RunFacts& facts) {
  if (facts.execution.empty() || facts.execution == "merged") return {};
  return facts.is_simulated() ? "virtual time" : "real time";
}

std::string end_of(const RunFacts& facts) {
  // A threshold's verdict is one of those things that are compared.
  return facts.run_errors.empty() ? "whole" : facts.run_errors.front();
}

std::map<std::string, std::uint64_t> error_counts(const SummaryData& summary) {
  std::map<std::string, std::uint64_t> counts;
  if (!summary.over_time) {
    for (const ErrorTally& error : summary.errors) counts[error.text] += error.count;
    return counts;
  }
  const std::vector<std::string>& kinds = summary.over_time->failure_kinds;
  const RequestWindow total = summary.over_time->sum().total();
  for (std::size_t i = 0; i < std::min(kinds.size(), total.failures.size()); ++i) {
    if (total.failures[i] > 0) counts[kinds[i]] += total.failures[i];
  }
  return counts;
}

}  // namespace

std::vector<std::string> differences_of(const SummaryData& a, const SummaryData& b) {
  Differences differences;
  differences.add("the suite", a.facts.suite, b.facts.suite);
  differences.add("time", world_of(a.facts), world_of(b.facts));
  differences.add("the gateway", a.facts.gateway, b.facts.gateway);
  differences.add("the loader", a.facts.loader, b.facts.loader);
  if (a.over_time && b.over_time) {
    for (const auto& [what, member] : {std::pair("the scenarios", &RequestSeries::scenario),
                                       std::pair("the phases", &RequestSeries::phase),
                                       std::pair("the models", &RequestSeries::model)}) {
      differences.add(what, listed(names_of(a, member)), listed(names_of(b, member)));
    }
  }
  const lab::Duration longer = std::max(a.duration, b.duration);
  const lab::Duration shorter = std::min(a.duration, b.duration);
  if (lab::to_seconds(longer - shorter) > kLengthDifference * lab::to_seconds(longer)) {
    const auto seconds = [](const SummaryData& run) {
      return lab::format_duration(std::chrono::round<std::chrono::seconds>(run.duration));
    };
    differences.add("the length", seconds(a), seconds(b));
  }
  differences.add("how it ended", end_of(a.facts), end_of(b.facts));
  return std::move(differences).said();
}

std::vector<std::string> new_errors(const SummaryData& a, const SummaryData& b) {
  const auto known = error_counts(a);
  std::vector<std::string> errors;
  for (const auto& [text, count] : error_counts(b)) {
    if (!known.contains(text)) errors.push_back(text + ", " + std::to_string(count) + "×");
  }
  return errors;
}

}  // namespace loader
