// Parts of a small run, as their files have them.
#pragma once

#include <string>

#include "loader/merge/run_file.h"
#include "loader/merge/shard_findings.h"
#include "loader/scenarios/shard.h"

namespace loader {

/// Of a run of two virtual users and requests of 10, 20, … milliseconds.
inline RunFile example_file(std::uint64_t number = 1, std::uint64_t of = 3, int requests = 4) {
  MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  for (int i = 1; i <= requests; ++i) {
    metrics.add(BuiltinMetrics::http_reqs, 1, {}, {});
    metrics.add(BuiltinMetrics::http_req_duration, 10.0 * i, {}, {});
    metrics.add(BuiltinMetrics::http_req_failed, i == 1 ? 1 : 0, {}, {});
  }
  const GroupId group = metrics.declare_group({}, "chat");
  metrics.add_check(metrics.declare_check(group, "ok"), true, {}, {});
  RunFile file;
  file.run.loader = "1.0";
  file.run.suite = "example";
  file.run.facts = {{"the seed", "1"}, {"scenario s", "2 looping VUs"}};
  file.run.sequence = to_string(equal_segments(of));
  file.run.vus_planned = 2;
  file.run.declared = {{.name = "http_req_duration{status:200}",
                        .type = MetricType::trend,
                        .kind = ValueKind::time}};
  file.run.thresholds = {{.metric = "http_req_duration", .thresholds = {"p(95)<1000", "max<35"}}};
  file.segment = to_string(equal_segments(of)[number - 1]);
  file.scenarios_started = "2026-01-31T12:00:00Z";
  file.setup = std::chrono::seconds(1);
  file.duration = std::chrono::seconds(11);
  file.scenarios = {{"s", {.started = 100, .completed = 100}}};
  file.ticks = {{10, {.active_vus = 1, .vus = 1}}};
  file.measured = record_of(metrics, {});
  file.drift = {.counts = {2}, .sums = {30}};
  file.errors = {{.text = "EOF",
                  .count = 1,
                  .host = "gateway",
                  .first = std::chrono::seconds(number),
                  .last = std::chrono::seconds(number + 1),
                  .request_id = "load-test-" + std::to_string(number)}};
  return file;
}

inline ShardFile example_shard(std::uint64_t number, std::uint64_t of = 3) {
  return {.name = "shard-" + std::to_string(number) + ".json", .file = example_file(number, of)};
}

inline std::vector<ShardFile> example_shards(std::uint64_t of = 3) {
  std::vector<ShardFile> shards;
  for (std::uint64_t number = 1; number <= of; ++number) {
    shards.push_back(example_shard(number, of));
  }
  return shards;
}

}  // namespace loader
