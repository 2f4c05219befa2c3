#include "loader/suite/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "loader/scenarios/scenario_reader.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::int64_t kCountMax = 1'000'000'000;
constexpr std::int64_t kBytesMax = std::int64_t{1} << 40;

// Options of k6 that concern its scripts, its cloud or its buffers, and what its inspect command
// works out from the others: without effect here, so harmless.
constexpr std::array<std::string_view, 13> kIgnored{"totalDuration",  "maxVUs",
                                                    "batch",          "batchPerHost",
                                                    "throw",          "ext",
                                                    "cloud",          "metricSamplesBufferSize",
                                                    "noCookiesReset", "discardResponseBodies",
                                                    "consoleOutput",  "linger",
                                                    "paused"};
// Options of k6 whose absence would change a run.
constexpr std::array<std::string_view, 9> kUnsupported{
    "rps",          "httpDebug",      "tlsCipherSuites", "tlsVersion", "tlsAuth",
    "blacklistIPs", "blockHostnames", "hosts",           "localIPs"};

using Word = std::pair<std::string_view, std::string_view>;
// What k6 prints as systemTags where nobody chose others.
constexpr std::array<Word, 14> kSystemTags{{{"check", "check"},
                                            {"error", "error"},
                                            {"error_code", "error_code"},
                                            {"expected_response", "expected_response"},
                                            {"group", "group"},
                                            {"method", "method"},
                                            {"name", "name"},
                                            {"proto", "proto"},
                                            {"scenario", "scenario"},
                                            {"service", "service"},
                                            {"status", "status"},
                                            {"subproto", "subproto"},
                                            {"tls_version", "tls_version"},
                                            {"url", "url"}}};

constexpr std::array<std::pair<std::string_view, DnsSelect>, 3> kDnsSelects{
    {{"first", DnsSelect::first},
     {"random", DnsSelect::random},
     {"roundRobin", DnsSelect::round_robin}}};
constexpr std::array<std::pair<std::string_view, DnsPolicy>, 5> kDnsPolicies{
    {{"any", DnsPolicy::any},
     {"preferIPv4", DnsPolicy::prefer_ipv4},
     {"preferIPv6", DnsPolicy::prefer_ipv6},
     {"onlyIPv4", DnsPolicy::only_ipv4},
     {"onlyIPv6", DnsPolicy::only_ipv6}}};

// What `k6 inspect` prints for an option that was never set.
bool is_unset(const lab::Json& json) {
  if (json.is_null()) return true;
  return json.is_object() && std::all_of(json.begin(), json.end(), is_unset);
}

/// One options object; members that are null count as absent.
class OptionsReader {
 public:
  explicit OptionsReader(const lab::JsonValue& value) : value_(value), object_(value.as_object()) {}

  Options read() {
    read_execution();
    read_segments();
    read_reports();
    read_connections();
    read_dns();
    if (const auto found = find("noSetup")) options_.no_setup = found->as_bool();
    if (const auto found = find("noTeardown")) options_.no_teardown = found->as_bool();
    read_duration("setupTimeout", options_.setup_timeout);
    read_duration("teardownTimeout", options_.teardown_timeout);
    read_duration("minIterationDuration", options_.min_iteration_duration);
    for (const std::string_view key : kIgnored) (void)object_.find(key);
    for (const std::string_view key : kUnsupported) {
      if (const auto found = find(key))
        found->problem("loader does not have this option of k6; leave it out");
    }
    object_.finish();
    return std::move(options_);
  }

 private:
  std::optional<lab::JsonValue> find(std::string_view key) {
    auto found = object_.find(key);
    if (found && is_unset(found->json())) return std::nullopt;
    return found;
  }
  void read_duration(std::string_view key, lab::Duration& duration) {
    if (const auto found = find(key)) duration = found->as_duration(duration);
  }
  void read_bool(std::string_view key, bool& flag) {
    if (const auto found = find(key)) flag = found->as_bool(flag);
  }

  void read_execution() {
    ExecutionShortcuts shortcuts;
    if (const auto found = find("vus")) {
      shortcuts.vus = static_cast<std::uint64_t>(found->as_integer(1, kCountMax, 1));
    }
    if (const auto found = find("iterations")) {
      shortcuts.iterations = static_cast<std::uint64_t>(found->as_integer(1, kCountMax, 1));
    }
    if (const auto found = find("duration")) shortcuts.duration = found->as_duration();
    if (const auto found = find("stages")) shortcuts.stages = read_stages(*found);
    if (const auto found = find("scenarios")) {
      options_.scenarios = read_scenarios(*found);
      if (!shortcuts.is_empty()) {
        found->problem("can't go with vus, iterations, duration or stages; say it in one way");
      }
      return;
    }
    if (auto scenarios = scenarios_of(shortcuts)) {
      options_.scenarios = std::move(*scenarios);
    } else {
      value_.problem(scenarios.error().to_string());
    }
  }

  void read_segments() {
    if (const auto found = find("executionSegment")) {
      const auto segment = parse_execution_segment(found->as_string("0:1"));
      if (segment)
        options_.execution_segment = *segment;
      else
        found->problem(segment.error().what);
    }
    if (const auto found = find("executionSegmentSequence")) {
      auto sequence = parse_execution_segment_sequence(found->as_string("0,1"));
      if (sequence)
        options_.execution_segment_sequence = std::move(*sequence);
      else
        found->problem(sequence.error().what);
    }
  }

  void read_reports() {
    if (const auto found = find("thresholds")) options_.thresholds = found->json();
    if (const auto found = find("summaryTrendStats")) {
      options_.summary_trend_stats = found->as_string_array();
    }
    if (const auto found = find("summaryTimeUnit")) {
      constexpr std::array<Word, 3> kUnits{{{"s", "s"}, {"ms", "ms"}, {"us", "us"}}};
      options_.summary_time_unit =
          found->as_enum(std::span<const Word>(kUnits), std::string_view{});
    }
    if (const auto found = find("tags")) options_.tags = read_tag_map(*found);
    if (const auto found = find("systemTags")) check_system_tags(*found);
  }

  /// Accepted as k6 inspect prints them; there is no choice of others.
  static void check_system_tags(const lab::JsonValue& value) {
    std::set<std::string_view> tags;
    for (const lab::JsonValue& tag : value.as_array()) {
      tags.insert(tag.as_enum(std::span<const Word>(kSystemTags), std::string_view{}));
    }
    if (tags.size() == kSystemTags.size() || !value.json().is_array()) return;
    value.problem("loader always has all of k6's default system tags; leave this out");
  }

  void read_connections() {
    read_bool("insecureSkipTLSVerify", options_.insecure_skip_tls_verify);
    read_bool("noConnectionReuse", options_.no_connection_reuse);
    read_bool("noVUConnectionReuse", options_.no_vu_connection_reuse);
    if (const auto found = find("userAgent")) options_.user_agent = found->as_string();
    if (const auto found = find("maxRedirects")) {
      options_.redirects_max = static_cast<std::uint32_t>(found->as_integer(0, 100, 10));
    }
    if (const auto found = find("responseBytesMax")) {
      options_.response_bytes_max =
          static_cast<std::uint64_t>(found->as_integer(1, kBytesMax, kResponseBytesMax));
    }
  }

  void read_dns() {
    const auto found = find("dns");
    if (!found) return;
    lab::JsonObject object = found->as_object();
    const auto member = [&object](std::string_view key) -> std::optional<lab::JsonValue> {
      auto value = object.find(key);
      return value && !value->is_null() ? value : std::nullopt;
    };
    if (const auto ttl = member("ttl")) options_.dns.ttl = read_ttl(*ttl);
    if (const auto select = member("select")) {
      options_.dns.select = select->as_enum(
          std::span<const std::pair<std::string_view, DnsSelect>>(kDnsSelects), DnsSelect::first);
    }
    if (const auto policy = member("policy")) {
      options_.dns.policy = policy->as_enum(
          std::span<const std::pair<std::string_view, DnsPolicy>>(kDnsPolicies), DnsPolicy::any);
    }
    object.finish();
  }

  // "inf" is for the whole run; a number without a unit is milliseconds.
  static std::optional<lab::Duration> read_ttl(const lab::JsonValue& value) {
    if (value.json() == "inf") return std::nullopt;
    if (value.json() == "0") return lab::Duration::zero();
    return value.as_duration();
  }

  const lab::JsonValue& value_;
  lab::JsonObject object_;
  Options options_;
};

std::vector<Stage> scaled(std::vector<Stage> stages, lab::Duration total) {
  lab::Duration before{};
  for (const Stage& stage : stages) before += stage.duration;
  if (before == lab::Duration::zero()) return stages;
  const double factor = lab::to_seconds(total) / lab::to_seconds(before);
  for (Stage& stage : stages) {
    stage.duration = lab::from_seconds(lab::to_seconds(stage.duration) * factor);
  }
  return stages;
}

// The VUs of a model that has one number of them.
std::optional<std::uint64_t> vus_of(const LoadModel& model) {
  if (const auto* m = std::get_if<ConstantVus>(&model)) return m->vus;
  if (const auto* m = std::get_if<SharedIterations>(&model)) return m->vus;
  if (const auto* m = std::get_if<PerVuIterations>(&model)) return m->vus;
  return std::nullopt;
}

LoadModel with_stages(const LoadModel& model, const ExecutionShortcuts& flags) {
  RampingVus ramping;
  if (const auto* before = std::get_if<RampingVus>(&model)) ramping = *before;
  ramping.start_vus = flags.vus.value_or(ramping.start_vus);
  ramping.stages = flags.stages;
  return ramping;
}

LoadModel with_iterations(const LoadModel& model, const ExecutionShortcuts& flags) {
  SharedIterations shared;
  shared.iterations = *flags.iterations;
  // The suite's VUs, but none that would have nothing to do.
  shared.vus = flags.vus.value_or(std::min(vus_of(model).value_or(1), shared.iterations));
  shared.max_duration = flags.duration.value_or(shared.max_duration);
  return shared;
}

lab::Result<LoadModel> with_duration(LoadModel model, const ExecutionShortcuts& flags) {
  const lab::Duration duration = *flags.duration;
  if (flags.vus) return ConstantVus{*flags.vus, duration};
  if (std::holds_alternative<SaturationSearch>(model)) {
    return lab::Error{"-d",
                      "a saturation-search lasts until it has found its rate; change its "
                      "stepDuration in the file"};
  }
  if (auto* ramping = std::get_if<RampingVus>(&model)) {
    ramping->stages = scaled(std::move(ramping->stages), duration);
  } else if (auto* arrivals = std::get_if<RampingArrivalRate>(&model)) {
    arrivals->stages = scaled(std::move(arrivals->stages), duration);
  } else if (auto* steady = std::get_if<ConstantArrivalRate>(&model)) {
    steady->duration = duration;
  } else if (auto* random = std::get_if<PoissonArrivalRate>(&model)) {
    random->duration = duration;
  } else {
    model = ConstantVus{vus_of(model).value_or(1), duration};
  }
  return model;
}

lab::Result<LoadModel> with_vus(LoadModel model, std::uint64_t vus) {
  if (auto* constant = std::get_if<ConstantVus>(&model)) {
    constant->vus = vus;
  } else if (auto* shared = std::get_if<SharedIterations>(&model)) {
    shared->vus = vus;
  } else if (auto* each = std::get_if<PerVuIterations>(&model)) {
    each->vus = vus;
  } else {
    return lab::Error{"-u", "a number of VUs alone says nothing to " +
                                std::string(executor_name(model)) + "; add -d, -i or -s"};
  }
  return model;
}

lab::Result<LoadModel> with_flags(const LoadModel& model, const ExecutionShortcuts& flags) {
  if (!flags.stages.empty()) return with_stages(model, flags);
  if (flags.iterations) return with_iterations(model, flags);
  if (flags.duration) return with_duration(model, flags);
  return with_vus(model, *flags.vus);
}

// The single scenario that flags are about. Of several that run one flow only the flow is left.
lab::Result<Scenario> base_of(std::vector<Scenario> scenarios) {
  if (scenarios.size() == 1) return std::move(scenarios.front());
  Scenario base;
  base.name = "default";
  base.exec = scenarios.front().exec;
  for (const Scenario& scenario : scenarios) {
    if (scenario.exec == base.exec) continue;
    return lab::Error{"-u, -d, -i, -s",
                      "the suite has several scenarios with different flows; "
                      "change their load in the file"};
  }
  return base;
}

std::optional<lab::Error> find_conflict(const ExecutionShortcuts& shortcuts) {
  if (shortcuts.stages.empty() || (!shortcuts.iterations && !shortcuts.duration))
    return std::nullopt;
  return lab::Error{{},
                    std::string("stages and ") +
                        (shortcuts.iterations ? "iterations" : "duration") +
                        " both say what is to be run; give one of iterations, duration and stages"};
}

std::optional<lab::Error> first_wrong(const LoadModel& model) {
  std::vector<std::string> wrong = validate(model);
  if (wrong.empty()) return std::nullopt;
  return lab::Error{std::string(executor_name(model)), std::move(wrong.front())};
}

}  // namespace

Options read_options(const lab::JsonValue& value) { return OptionsReader(value).read(); }

lab::Result<std::vector<Scenario>> scenarios_of(const ExecutionShortcuts& shortcuts) {
  if (auto conflict = find_conflict(shortcuts)) return *std::move(conflict);
  Scenario scenario;
  scenario.name = "default";
  const std::uint64_t vus = shortcuts.vus.value_or(1);
  if (!shortcuts.stages.empty()) {
    scenario.model = with_stages(scenario.model, shortcuts);
  } else if (shortcuts.iterations) {
    scenario.model = with_iterations(SharedIterations{vus, vus}, shortcuts);
  } else if (shortcuts.duration) {
    scenario.model = ConstantVus{vus, *shortcuts.duration};
  } else if (shortcuts.vus) {
    scenario.model = SharedIterations{vus, vus};
  } else {
    scenario.model = PerVuIterations{};
  }
  if (auto wrong = first_wrong(scenario.model)) return *std::move(wrong);
  return std::vector<Scenario>{std::move(scenario)};
}

lab::Result<std::vector<Scenario>> apply_shortcuts(std::vector<Scenario> scenarios,
                                                   const ExecutionShortcuts& flags) {
  if (flags.is_empty()) return scenarios;
  if (auto conflict = find_conflict(flags)) return *std::move(conflict);
  auto base = base_of(std::move(scenarios));
  if (!base) return base.error();
  auto model = with_flags(base->model, flags);
  if (!model) return model.error();
  base->model = *std::move(model);
  if (auto wrong = first_wrong(base->model)) return *std::move(wrong);
  return std::vector<Scenario>{*std::move(base)};
}

lab::Result<std::vector<Stage>> parse_stages(std::string_view text) {
  std::vector<Stage> stages;
  const lab::Error malformed{
      "--stage", "\"" + std::string(text) + "\" is not DURATION:TARGET, for example \"30s:10\""};
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    const std::size_t colon = item.find(':');
    if (colon == std::string_view::npos) return malformed;
    const auto duration = lab::parse_duration(item.substr(0, colon));
    Stage stage;
    const char* const end = item.data() + item.size();
    const auto [parsed, ec] = std::from_chars(item.data() + colon + 1, end, stage.target);
    if (!duration || *duration < lab::Duration::zero() || ec != std::errc{} || parsed != end) {
      return malformed;
    }
    stage.duration = *duration;
    stages.push_back(stage);
    if (comma == std::string_view::npos) return stages;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace loader
