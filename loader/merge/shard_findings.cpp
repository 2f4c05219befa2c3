#include "loader/merge/shard_findings.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "loader/run/exit_code.h"
#include "loader/scenarios/execution_segment.h"

namespace loader {
namespace {

std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
  return list;
}

// The first file of those that most are like.
std::size_t typical_of(const std::vector<ShardFile>& shards) {
  struct Alike {
    std::size_t first;
    std::size_t count;
  };
  std::vector<Alike> runs;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto known = std::find_if(runs.begin(), runs.end(), [&](const Alike& run) {
      return differences(shards[run.first].file.run, shards[i].file.run).empty();
    });
    if (known == runs.end()) {
      runs.push_back({i, 1});
    } else {
      ++known->count;
    }
  }
  return std::max_element(runs.begin(), runs.end(),
                          [](const Alike& a, const Alike& b) { return a.count < b.count; })
      ->first;
}

std::optional<lab::WallTime> start_of(const ShardFile& shard) {
  const auto started = lab::parse_rfc3339(shard.file.scenarios_started);
  return started ? std::optional(*started) : std::nullopt;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g %%", share * 100);
  return text;
}

std::string milliseconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g ms", value);
  return text;
}

ScenarioCounts counts_of(const ShardFile& shard, const std::string& scenario) {
  for (const ScenarioRecord& each : shard.file.scenarios) {
    if (each.name == scenario) return each.counts;
  }
  return {};
}

double drop_share(const ScenarioCounts& counts) {
  const auto due = static_cast<double>(counts.started + counts.dropped);
  return due > 0 ? static_cast<double>(counts.dropped) / due : 0;
}

void find_drops(const std::vector<ShardFile>& shards, std::vector<std::string>& findings) {
  for (const ShardFile& shard : shards) {
    for (const ScenarioRecord& scenario : shard.file.scenarios) {
      ScenarioCounts others;
      for (const ShardFile& other : shards) {
        if (&other == &shard) continue;
        const ScenarioCounts counts = counts_of(other, scenario.name);
        others.started += counts.started;
        others.dropped += counts.dropped;
      }
      const double share = drop_share(scenario.counts);
      const double of_others = drop_share(others);
      const bool has_others = others.started > 0;
      if (!has_others || share <= kDropShareMax || share <= kTimesTheOthers * of_others) continue;
      findings.push_back(shard_name(shard) + " was itself the bottleneck: of scenario " +
                         scenario.name + " it dropped " + percent(share) +
                         " of the iterations for want of virtual users, the others " +
                         percent(of_others));
    }
  }
}

// A lateness's 95th percentile, in milliseconds; none without samples.
std::optional<double> p95_of(const TrendRecord& record) {
  const auto trend = Trend::from(record);
  return trend ? std::optional(trend->percentile(95)) : std::nullopt;
}

std::optional<double> start_delay(const ShardFile& shard) {
  const MetricRegistry registry(shard.file.run.names);
  const std::string& name = registry.info(BuiltinMetrics::iteration_start_delay).name;
  for (const MetricRecord& metric : shard.file.measured.metrics) {
    if (metric.name == name) return p95_of(metric.trend);
  }
  return std::nullopt;
}

std::optional<double> read_delay(const ShardFile& shard) {
  const StrainRecord& strain = shard.file.strain;
  return strain.watched < kWatchedMin ? std::nullopt : p95_of(strain.reads);
}

/// Something that a part may do late, in words.
struct Lateness {
  std::optional<double> (*of)(const ShardFile& shard);
  const char* before;
  const char* after;
};

void find_delays(const std::vector<ShardFile>& shards, const Lateness& lateness,
                 std::vector<std::string>& findings) {
  std::vector<std::pair<double, const ShardFile*>> delays;
  for (const ShardFile& shard : shards) {
    if (const auto delay = lateness.of(shard)) delays.emplace_back(*delay, &shard);
  }
  if (delays.size() < 2) return;
  std::vector<double> sorted;
  for (const auto& [delay, shard] : delays) sorted.push_back(delay);
  std::sort(sorted.begin(), sorted.end());
  const double usual = sorted[(sorted.size() - 1) / 2];
  for (const auto& [delay, shard] : delays) {
    if (delay <= kLateWait || delay <= kTimesTheOthers * usual) continue;
    findings.push_back(shard_name(*shard) + " was itself the bottleneck: " + lateness.before +
                       milliseconds(delay) + lateness.after + " (p(95)), the others " +
                       milliseconds(usual));
  }
}

}  // namespace

std::string shard_name(const ShardFile& shard) {
  return shard.name + " (segment " + shard.file.segment + ")";
}

ShardChoice choose_shards(const std::vector<ShardFile>& shards) {
  ShardChoice choice;
  if (shards.empty()) return choice;
  const ShardFile& typical = shards[typical_of(shards)];
  std::map<std::string, const ShardFile*> of_segment;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const ShardFile& shard = shards[i];
    const std::vector<std::string> differ = differences(typical.file.run, shard.file.run);
    if (!differ.empty()) {
      choice.findings.push_back(shard_name(shard) + " is of another run than " + typical.name +
                                " and is left out; what differs: " + listed(differ));
      continue;
    }
    const auto [first, is_new] = of_segment.emplace(shard.file.segment, &shard);
    if (is_new) {
      choice.taken.push_back(i);
    } else {
      choice.findings.push_back(shard_name(shard) + " has the same segment as " +
                                first->second->name + " and is left out");
    }
  }
  return choice;
}

std::vector<std::string> missing_shards(const std::vector<ShardFile>& shards) {
  std::vector<std::string> findings;
  if (shards.empty()) return findings;
  const auto sequence = parse_execution_segment_sequence(shards.front().file.run.sequence);
  if (!sequence) return {sequence.error().to_string()};
  for (std::size_t i = 0; i < sequence->size(); ++i) {
    const std::string segment = to_string((*sequence)[i]);
    const bool is_there = std::any_of(shards.begin(), shards.end(), [&](const ShardFile& shard) {
      return shard.file.segment == segment;
    });
    if (is_there) continue;
    findings.push_back("segment " + segment + ", shard " + std::to_string(i + 1) + " of " +
                       std::to_string(sequence->size()) + ", is missing");
  }
  return findings;
}

std::vector<std::string> skewed_shards(const std::vector<ShardFile>& shards,
                                       lab::Duration max_skew) {
  std::vector<std::string> findings;
  std::vector<lab::WallTime> starts;
  for (const ShardFile& shard : shards) {
    if (const auto start = start_of(shard)) starts.push_back(*start);
  }
  std::sort(starts.begin(), starts.end());
  for (const ShardFile& shard : shards) {
    const auto start = start_of(shard);
    if (!start) {
      findings.push_back(shard_name(shard) + " never began its scenarios");
      continue;
    }
    // Of two, the earlier one is as good as the other: it is the later one that is late.
    const lab::Duration off = *start - starts[(starts.size() - 1) / 2];
    if (std::chrono::abs(off) <= max_skew) continue;
    findings.push_back(shard_name(shard) + " started " +
                       lab::format_duration(std::chrono::abs(off)) +
                       (off > lab::Duration::zero() ? " later" : " earlier") +
                       " than the others; --max-skew allows " + lab::format_duration(max_skew));
  }
  return findings;
}

std::vector<std::string> broken_shards(const std::vector<ShardFile>& shards) {
  std::vector<std::string> findings;
  for (const ShardFile& shard : shards) {
    const RunEnd& end = shard.file.end;
    const auto code = static_cast<ExitCode>(end.exit_code);
    const bool is_verdict = code == ExitCode::ok || code == ExitCode::thresholds_crossed ||
                            code == ExitCode::marked_failed || code == ExitCode::bottleneck;
    if (end.is_whole && is_verdict) continue;
    findings.push_back(shard_name(shard) +
                       (end.is_whole ? " ended with exit code " : " ended early, with exit code ") +
                       std::to_string(end.exit_code) +
                       (end.errors.empty() ? "" : ": " + listed(end.errors)));
  }
  return findings;
}

std::vector<std::string> slow_shards(const std::vector<ShardFile>& shards) {
  std::vector<std::string> findings;
  find_drops(shards, findings);
  find_delays(shards, {start_delay, "it started iterations ", " late"}, findings);
  find_delays(shards, {read_delay, "what came waited ", " until it was read"}, findings);
  return findings;
}

std::vector<std::string> separate_gateways(const std::vector<ShardFile>& shards) {
  const RunIdentity& run = shards.front().file.run;
  const auto sequence = parse_execution_segment_sequence(run.sequence);
  if (run.shared_limits.empty() || !sequence || sequence->size() < 2) return {};
  return {"each part had a simulated gateway of its own, with all of its limits (" +
          listed(run.shared_limits) +
          "); one gateway for all parts would have been met by the whole load: simulate such a run "
          "in one process"};
}

}  // namespace loader
