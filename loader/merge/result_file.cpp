#include "loader/merge/result_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "loader/merge/foreign_text.h"
#include "loader/merge/merge.h"
#include "loader/merge/run_file.h"
#include "loader/summary/summary_reader.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

// "nightly" of "runs/nightly-test-summary.json.gz".
std::string suite_of_file(const std::string& name) {
  std::string stem = std::filesystem::path(name).filename().string();
  for (const std::string_view ending : {".gz", ".json", "-summary", "-test"}) {
    if (stem.size() > ending.size() && stem.ends_with(ending)) {
      stem.erase(stem.size() - ending.size());
    }
  }
  return stem;
}

// k6's files don't say how the run has ended.
void add_end(SummaryData& summary) {
  summary.facts.exit_code.reset();
  std::vector<std::string> crossed;
  for (const SummaryMetric& metric : summary.metrics) {
    if (std::ranges::any_of(metric.thresholds, &ThresholdResult::crossed)) {
      crossed.push_back(metric.name);
    }
  }
  if (crossed.empty()) return;
  summary.facts.errors = {crossed_message(crossed)};
}

lab::Result<SummaryData> merged_alone(RunFile file, const std::string& name) {
  std::vector<ShardFile> shards;
  shards.push_back({.name = name, .file = std::move(file)});
  auto merged = merge_shards(std::move(shards), {}, {});
  if (!merged) return merged.error();
  return lab::Result<SummaryData>(boost::system::in_place_value, std::move(merged->summary));
}

}  // namespace

lab::Result<SummaryData> read_result(std::string_view text, const std::string& name) {
  if (is_summary(text)) {
    auto summary = read_summary(text, name);
    if (!summary || !summary->facts.suite.empty()) return summary;
    summary->facts.suite = suite_of_file(name);
    add_end(*summary);
    return summary;
  }
  auto file = read_run_file(text, name);
  if (file) return merged_alone(*std::move(file), name);
  if (!file.error().is_foreign) return lab::Error(file.error());
  if (const std::string kind = foreign_kind(text); !kind.empty()) {
    return lab::Error{name, "is " + kind + "; here a summary is wanted, or a run file"};
  }
  // Half a summary does not show what it is.
  const auto json = lab::parse_json(text, name);
  if (!json && text.starts_with('{')) {
    return lab::Error{name, "is broken or cut short: " + json.error().what};
  }
  return lab::Error{name,
                    "is neither a summary, as a run leaves it, nor a run file, as --mergeable "
                    "writes them"};
}

}  // namespace loader
