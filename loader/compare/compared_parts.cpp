#include "loader/compare/compared_parts.h"

#include <map>
#include <utility>

namespace loader {
namespace {

using Parts = std::vector<std::pair<std::string, SeriesGroup>>;  ///< In the order of the run.

void add(Parts& parts, const std::string& name, std::size_t series) {
  for (auto& [known, group] : parts) {
    if (known == name) return group.push_back(series);
  }
  parts.push_back({name, {series}});
}

// One part of a kind is the whole run again.
void append_if_several(Parts& all, Parts parts) {
  if (parts.size() < 2) return;
  for (auto& part : parts) all.push_back(std::move(part));
}

Parts parts_of(const RunBlocks& run) {
  Parts scenarios;
  Parts phases;
  Parts models;
  for (std::size_t i = 0; i < run.series.size(); ++i) {
    const BlockSeries& series = run.series[i];
    add(scenarios, series.scenario.empty() ? "no scenario" : "scenario " + series.scenario, i);
    if (!series.phase.empty()) add(phases, series.scenario + ": " + series.phase, i);
    add(models, series.model.empty() ? "no chats" : "model " + series.model, i);
  }
  Parts all;
  append_if_several(all, std::move(scenarios));
  append_if_several(all, std::move(phases));
  append_if_several(all, std::move(models));
  return all;
}

SeriesGroup all_series(const RunBlocks& run) {
  SeriesGroup all;
  for (std::size_t i = 0; i < run.series.size(); ++i) all.push_back(i);
  return all;
}

}  // namespace

std::vector<ComparedPart> compared_parts(const RunBlocks& a, const RunBlocks& b) {
  std::vector<ComparedPart> parts{{.name = {}, .a = all_series(a), .b = all_series(b)}};
  const Parts of_b = parts_of(b);
  const std::map<std::string, SeriesGroup> by_name(of_b.begin(), of_b.end());
  for (auto& [name, group] : parts_of(a)) {
    const auto found = by_name.find(name);
    if (found == by_name.end() || parts.size() > kComparedPartsMax) continue;
    parts.push_back({.name = name, .a = std::move(group), .b = found->second});
  }
  return parts;
}

}  // namespace loader
