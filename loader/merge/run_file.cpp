#include "loader/merge/run_file.h"

#include <algorithm>
#include <utility>

#include "loader/merge/run_file_fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

DriftRecord record_of(const LatencyDrift& drift) {
  DriftRecord record{.window = drift.window()};
  for (const LatencyDrift::Window& window : drift.windows()) {
    record.counts.push_back(window.count);
    record.sums.push_back(window.sum);
  }
  return record;
}

bool is_text(const lab::Json& json, std::string_view key) {
  return json.is_object() && json.contains(key) && json[key].is_string();
}

// What a document is that is no run file.
std::string kind_of(const lab::Json& json) {
  if (json.is_object() && json.contains("metrics") && json.contains("root_group")) {
    return "is a summary, which has percentiles but no distributions: those of several runs can't "
           "be made from that, nor a verdict on them. Run with --mergeable FILE and merge those "
           "files";
  }
  return "is no run file, as --mergeable writes them";
}

// Whether it begins as a run file does, however short it was cut.
bool begins_like_run_file(std::string_view text) {
  const std::string beginning = R"({"format":")" + std::string(kRunFileFormat) + '"';
  std::size_t at = 0;
  for (const char c : text) {
    if (at == beginning.size()) return true;
    if (c == beginning[at]) {
      ++at;
    } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
      return false;
    }
  }
  return true;
}

boost::system::result<void, BadRunFile> check_format(const lab::Json& json,
                                                     const std::string& name) {
  if (!is_text(json, "format") || json["format"].get<std::string>() != kRunFileFormat) {
    return BadRunFile({name, kind_of(json)}, true);
  }
  const auto version = json.find("version");
  const bool is_number = version != json.end() && version->is_number_unsigned();
  if (is_number && version->get<std::uint64_t>() > kRunFileVersion) {
    return BadRunFile({name, "is of version " + version->dump() +
                                 " of the format, and this loader reads up to " +
                                 std::to_string(kRunFileVersion) + ": merge with a newer one"});
  }
  return {};
}

// One of them is enough to know that somebody else has written the file.
std::string first_of(const lab::JsonProblems& problems) {
  const std::size_t more = problems.errors().size() - 1;
  return problems.errors().front().to_string() +
         (more == 0 ? "" : " (and " + std::to_string(more) + " more)");
}

// They are shown on terminals, which take control characters for commands.
lab::Result<void> check_names(const RunIdentity& run) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const auto is_bad = [&](const std::string& name) {
    return std::ranges::any_of(name, is_control);
  };
  if (is_bad(run.suite)) return lab::Error{{}, "the suite's name has control characters"};
  if (std::ranges::any_of(run.declared, is_bad, &DeclaredMetric::name) ||
      std::ranges::any_of(run.thresholds, is_bad, &ThresholdsRecord::metric)) {
    return lab::Error{{}, "the name of a metric has control characters"};
  }
  return {};
}

// Whether it can be merged: tried, since then nothing can be in the way.
lab::Result<void> check_measurements(const RunFile& file) {
  if (const auto shown = check_names(file.run); !shown) return shown;
  auto registry = registry_of(file.run);
  if (!registry) return registry.error();
  if (const auto set = thresholds_of(file.run, *registry); !set) return set.error();
  if (registry->metrics().size() != registry_of(file.run)->metrics().size()) {
    return lab::Error{{}, "has thresholds on sub-metrics that it does not declare"};
  }
  const TagTable tags;
  Metrics metrics(*registry, tags);
  if (const auto added = add_record(file.measured, metrics, {}); !added) return added;
  Breakdown breakdown(*registry, tags);
  return add_record(file.parts, breakdown, {});
}

void compare(const std::map<std::string, std::string>& a,
             const std::map<std::string, std::string>& b, std::vector<std::string>& differ) {
  for (const auto& [what, value] : a) {
    const auto found = b.find(what);
    if (found == b.end() || found->second != value) differ.push_back(what);
  }
  for (const auto& [what, value] : b) {
    if (!a.contains(what)) differ.push_back(what);
  }
}

}  // namespace

std::vector<std::string> differences(const RunIdentity& a, const RunIdentity& b) {
  std::vector<std::string> differ;
  const auto add = [&differ](bool is_same, const char* what) {
    if (!is_same) differ.emplace_back(what);
  };
  add(a.suite == b.suite && a.names == b.names, "the suite");
  compare(a.facts, b.facts, differ);
  add(a.shared_limits == b.shared_limits, "the limits of the simulated gateway");
  add(a.sequence == b.sequence, "the segments that the load is split into");
  add(a.vus_planned == b.vus_planned, "the virtual users");
  add(a.thresholds == b.thresholds, "the thresholds");
  add(a.declared == b.declared, "the metrics");
  add(a.no_data == b.no_data, "--no-data");
  add(a.trend_stats == b.trend_stats && a.time_unit == b.time_unit, "what the summary shows");
  add(a.loader == b.loader, "the loader's version");
  return differ;
}

RunFile make_run_file(RunPartIdentity part, RunFacts process, RunEnd end, RunRecord record) {
  return {.run = std::move(part.run),
          .segment = std::move(part.segment),
          .tags = std::move(part.tags),
          .end = std::move(end),
          .process = std::move(process),
          .scenarios_started =
              record.scenarios_started ? lab::format_rfc3339(*record.scenarios_started) : "",
          .setup = record.setup,
          .duration = record.duration,
          .scenarios = std::move(record.scenarios),
          .ticks = std::move(record.ticks),
          .most = record.most,
          .measured = std::move(record.metrics),
          .drift = record_of(record.drift),
          .strain = std::move(record.strain),
          .errors = std::move(record.errors),
          .parts = std::move(record.parts),
          .over_time = std::move(record.over_time).value_or(OverTime())};
}

std::string run_file_text(const RunFile& file) {
  // What a gateway has said may be no UTF-8.
  return lab::write_fields(file).dump(-1, ' ', false, lab::Json::error_handler_t::replace) + "\n";
}

boost::system::result<RunFile, BadRunFile> read_run_file(std::string_view text,
                                                         const std::string& name) {
  const auto json = lab::parse_json(text, name);
  if (!json && !begins_like_run_file(text)) {
    return BadRunFile({name, "is no run file, as --mergeable writes them"}, true);
  }
  if (!json) return BadRunFile({name, "is broken or cut short: " + json.error().what});
  if (const auto format = check_format(*json, name); !format) return format.error();
  lab::JsonProblems problems("", false);
  RunFile file;
  lab::read_fields(lab::JsonValue(*json, "", problems), file);
  if (!problems.empty()) return BadRunFile({name, "is broken: " + first_of(problems)});
  if (const auto checked = check_measurements(file); !checked) {
    return BadRunFile({name, "is broken: " + checked.error().to_string()});
  }
  return {boost::system::in_place_value, std::move(file)};
}

lab::Result<MetricRegistry> registry_of(const RunIdentity& run) {
  MetricRegistry registry(run.names);
  for (const DeclaredMetric& metric : run.declared) {
    const auto declared = metric.name.find('{') == std::string::npos
                              ? registry.declare(metric.name, metric.type, metric.kind)
                              : registry.declare_reference(metric.name);
    if (!declared) return declared.error();
  }
  return lab::Result<MetricRegistry>(boost::system::in_place_value, std::move(registry));
}

lab::Result<ThresholdSet> thresholds_of(const RunIdentity& run, MetricRegistry& registry) {
  ThresholdSet set;
  for (const ThresholdsRecord& metric : run.thresholds) {
    const auto declared = registry.declare_reference(metric.metric);
    if (!declared) return declared.error();
    if (metric.thresholds.empty()) set.push_back({.metric = *declared, .thresholds = {}});
    for (const std::string& expression : metric.thresholds) {
      const auto added = add_threshold(set, registry, metric.metric, expression);
      if (!added) return added.error();
    }
  }
  return set;
}

lab::Json run_file_schema(lab::SchemaPrinter& printer) {
  const RunFile defaults;
  return lab::StructType::of<RunFile>().schema(printer, &defaults);
}

}  // namespace loader
