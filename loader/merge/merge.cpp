#include "loader/merge/merge.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "loader/run/error_tally.h"
#include "loader/run/run_ticks.h"

namespace loader {
namespace {

/// When the parts began, on one clock: that of the whole run, which starts at zero.
struct Timeline {
  lab::WallTime started{};     ///< Of the whole run.
  lab::TimePoint scenarios{};  ///< Their start, of the earliest part.
  lab::Duration duration{};
};

lab::WallTime scenarios_started(const RunFile& file, lab::WallTime otherwise) {
  const auto started = lab::parse_rfc3339(file.scenarios_started);
  return started ? *started : otherwise;
}

lab::WallTime earliest(const std::vector<ShardFile>& shards) {
  auto first = lab::WallTime::max();
  for (const ShardFile& shard : shards) {
    first = std::min(first, scenarios_started(shard.file, lab::WallTime::max()));
  }
  return first == lab::WallTime::max() ? lab::WallTime{} : first;
}

Timeline timeline_of(const std::vector<ShardFile>& shards) {
  const lab::WallTime first = earliest(shards);
  lab::Duration before{};
  lab::Duration after{};
  for (const ShardFile& shard : shards) {
    const RunFile& file = shard.file;
    before = std::max(before, file.setup);
    after = std::max(after, scenarios_started(file, first) - first + file.duration - file.setup);
  }
  return {
      .started = first - before, .scenarios = lab::TimePoint(before), .duration = before + after};
}

LatencyDrift drift_of(const DriftRecord& record) {
  std::vector<LatencyDrift::Window> windows;
  for (std::size_t i = 0; i < record.counts.size(); ++i) {
    windows.push_back({.count = record.counts[i], .sum = record.sums[i]});
  }
  return LatencyDrift(record.window, std::move(windows));
}

// What samples of the whole have: what tells parts apart is of none of them.
std::map<std::string, std::string> common_tags(const std::vector<ShardFile>& shards) {
  std::map<std::string, std::string> common = shards.front().file.tags;
  for (const ShardFile& shard : shards) {
    std::erase_if(common, [&shard](const auto& tag) {
      const auto found = shard.file.tags.find(tag.first);
      return found == shard.file.tags.end() || found->second != tag.second;
    });
  }
  return common;
}

/// What all parts have measured.
class Totals {
 public:
  Totals(const RunIdentity& run, const Timeline& timeline,
         const std::map<std::string, std::string>& tags)
      : registry_(registry_of(run).value()),
        thresholds_(thresholds_of(run, registry_).value()),
        timeline_(timeline),
        metrics_(registry_, tags_),
        breakdown_(registry_, tags_),
        ticks_(metrics_, tags_.intern({tags.begin(), tags.end()}), run.vus_planned) {}

  void add(const RunFile& file, lab::WallTime first) {
    const lab::TimePoint start =
        timeline_.scenarios + (scenarios_started(file, first) - first) - file.setup;
    [[maybe_unused]] const auto metrics = add_record(file.measured, metrics_, start);
    [[maybe_unused]] const auto parts = add_record(file.parts, breakdown_, start);
    assert(metrics && parts);  // Tried when the file was read.
    drift_.merge(drift_of(file.drift));
    over_time_.merge(file.over_time);
    if (!file.strain.is_empty()) strain_.add(strain_of(file.strain).value());
    for (const ScenarioRecord& scenario : file.scenarios) {
      iterations_.completed += scenario.counts.completed;
      iterations_.interrupted += scenario.counts.interrupted;
    }
    errors_.push_back(file.errors);
    for (ErrorTally& error : errors_.back()) {
      error.first += start.time_since_epoch();
      error.last += start.time_since_epoch();
    }
    stretches_ = sum_of(stretches_, file.ticks);
    most_ = {.active_vus = most_.active_vus + file.most.active_vus,
             .vus = most_.vus + file.most.vus};
  }

  // What the whole says of itself each second, as it would have.
  void add_ticks() {
    if (stretches_.empty()) {
      ticks_.add_only(most_, timeline_.scenarios);
      return;
    }
    lab::Duration since{};
    for (const TickStretch& stretch : stretches_) {
      for (std::uint64_t tick = 0; tick < stretch.ticks; ++tick) {
        since += kTickInterval;
        ticks_.add(stretch.each, timeline_.scenarios + since);
        ticks_.add_drift(drift_, since, timeline_.scenarios + since);
      }
    }
  }

  void conclude_into(RunResult& result, const RunIdentity& run, const MergeSettings& settings) {
    conclude({.metrics = metrics_,
              .duration = timeline_.duration,
              .errors = merged(errors_),
              .iterations = iterations_,
              .breakdown = &breakdown_,
              .over_time = over_time_.window > lab::Duration::zero() ? std::optional(over_time_)
                                                                     : std::nullopt,
              .strain = strain_.reads.count() > 0 ? &strain_ : nullptr},
             {.thresholds = thresholds_,
              .evaluates_thresholds = settings.evaluates_thresholds,
              .no_data = run.no_data,
              .trend_stats = settings.trend_stats.empty() ? run.trend_stats : settings.trend_stats,
              .time_unit = settings.time_unit.empty() ? run.time_unit : settings.time_unit},
             result);
  }

 private:
  MetricRegistry registry_;
  ThresholdSet thresholds_;
  TagTable tags_;
  Timeline timeline_;
  Metrics metrics_;
  Breakdown breakdown_;
  RunTicks ticks_;
  LatencyDrift drift_;
  Strain strain_;
  IterationTotals iterations_;
  std::vector<std::vector<ErrorTally>> errors_;
  std::vector<TickStretch> stretches_;
  RunTick most_;
  OverTime over_time_;
};

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

std::vector<ShardFile> taken_of(std::vector<ShardFile> shards,
                                const std::vector<std::size_t>& taken) {
  std::vector<ShardFile> kept;
  for (const std::size_t index : taken) kept.push_back(std::move(shards[index]));
  return kept;
}

// What one process was, or what all have alike; simulated if any part was.
RunFacts merged_facts(const std::vector<ShardFile>& shards) {
  RunFacts facts = shards.front().file.process;
  facts.errors.clear();
  facts.run_errors.clear();
  facts.exit_code = 0;
  if (facts.execution.empty() || shards.size() > 1) facts.execution = "merged";
  for (std::size_t i = 1; i < shards.size(); ++i) {
    const RunFacts& other = shards[i].file.process;
    if (other.source != facts.source) facts.source.clear();
    if (other.url != facts.url) facts.url.clear();
    if (other.host != facts.host) facts.host.clear();
    if (facts.gateway.empty()) facts.gateway = other.gateway;
    facts.threads += other.threads;
    // No command of one process runs them all again.
    facts.command.clear();
  }
  return facts;
}

void note(RunResult& result, const std::vector<ShardFile>& shards,
          const std::vector<std::string>& findings) {
  const std::string parts =
      shards.size() == 1 ? "1 part" : std::to_string(shards.size()) + " parts";
  const bool is_whole = shards.size() == 1 && findings.empty();
  if (!is_whole) result.summary.notes.push_back("merged from " + parts);
  for (const std::string& finding : findings) {
    result.summary.notes.push_back("INCOMPLETE: " + finding);
  }
}

}  // namespace

lab::Result<RunResult> merge_shards(std::vector<ShardFile> shards,
                                    std::vector<std::string> findings,
                                    const MergeSettings& settings) {
  ShardChoice choice = choose_shards(shards);
  if (choice.taken.empty()) return lab::Error{{}, "there is no run file to merge"};
  append(findings, std::move(choice.findings));
  shards = taken_of(std::move(shards), choice.taken);
  append(findings, missing_shards(shards));
  append(findings, broken_shards(shards));
  append(findings, skewed_shards(shards, settings.max_skew));
  append(findings, slow_shards(shards));
  append(findings, separate_gateways(shards));

  const RunIdentity& run = shards.front().file.run;
  const Timeline timeline = timeline_of(shards);
  Totals totals(run, timeline, common_tags(shards));
  for (const ShardFile& shard : shards) totals.add(shard.file, earliest(shards));
  totals.add_ticks();

  RunResult merged;
  for (const std::string& finding : findings) {
    merged.fail(ExitCode::incomplete, "incomplete: " + finding);
  }
  for (const ShardFile& shard : shards) {
    if (static_cast<ExitCode>(shard.file.end.exit_code) != ExitCode::marked_failed) continue;
    for (const std::string& error : shard.file.end.errors) {
      merged.fail(ExitCode::marked_failed, shard_name(shard) + ": " + error);
    }
  }
  totals.conclude_into(merged, run, settings);
  merged.summary.facts = merged_facts(shards);
  merged.summary.facts.suite = run.suite;
  merged.summary.facts.loader = run.loader;
  merged.summary.facts.started = lab::format_rfc3339(timeline.started);
  merged.note_end();
  note(merged, shards, findings);
  return lab::Result<RunResult>(boost::system::in_place_value, std::move(merged));
}

bool is_complete(const std::vector<ShardFile>& shards) {
  const ShardChoice choice = choose_shards(shards);
  if (choice.taken.empty()) return false;
  std::vector<ShardFile> taken;
  for (const std::size_t index : choice.taken) {
    taken.push_back({.name = shards[index].name, .file = {}});
    taken.back().file.segment = shards[index].file.segment;
    taken.back().file.run.sequence = shards[index].file.run.sequence;
  }
  return missing_shards(taken).empty();
}

}  // namespace loader
