#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "loader/scenarios/k6_values.h"
#include "loader/scenarios/scenario_reader.h"
#include "loader/suite/client_options_reader.h"
#include "loader/suite/k6_options.h"
#include "loader/suite/options.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::int64_t kCountMax = 1'000'000'000;
constexpr std::int64_t kBytesMax = std::int64_t{1} << 40;
/// An option that k6 does not have.
constexpr std::string_view kBytesMaxOption = "responseBytesMax";

using Word = std::pair<std::string_view, std::string_view>;

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

bool is_off(const lab::Json& json) {
  return json == false || json == "" || json == "none" || (json.is_array() && json.empty());
}

/// The options of one file, as k6 reads them.
struct OptionsLayer {
  lab::JsonValue value;  ///< As written.
  lab::Json members;     ///< What numbers and switches are, they are here.
  std::string path;      ///< Of the members.

  explicit OptionsLayer(const lab::JsonValue& written)
      : value(written),
        members(object_as_k6_reads(written.json())),
        path(written.path().empty() ? "" : written.path() + ".") {}

  [[nodiscard]] std::optional<lab::JsonValue> find(std::string_view key) const {
    if (!members.is_object()) return std::nullopt;
    const auto member = members.find(key);
    if (member == members.end() || is_unset(*member)) return std::nullopt;
    // Stages of which there are none say nothing, as in k6.
    if (key == "stages" && member->is_array() && member->empty()) return std::nullopt;
    return lab::JsonValue(*member, path + std::string(key), value.problems());
  }
  [[nodiscard]] bool says_what_is_run() const {
    return find("scenarios") || find("stages") || find("iterations") || find("duration");
  }
};

class OptionsReader {
 public:
  OptionsReader(const lab::JsonValue& value, const OptionLayers& layers,
                lab::JsonProblems& layer_problems)
      : settings_(layers.settings),
        layer_problems_(layer_problems),
        suite_(value),
        config_problems_(layers.config_file),
        config_(lab::JsonValue(*layers.config, "", config_problems_)) {
    (void)value.as_object();
    for (const OptionSetting& setting : settings_) {
      setting_values_.push_back(as_k6_reads(setting.option, *setting.value));
    }
  }

  Options read() {
    read_execution();
    read_segments();
    read_reports();
    read_connections();
    read_dns();
    options_.client = read_client_options([this](std::string_view key) { return find(key); });
    if (const auto found = find("systemTags")) read_tags_of_system(*found);
    read_bool("noSetup", options_.no_setup);
    read_bool("noTeardown", options_.no_teardown);
    read_duration("setupTimeout", options_.setup_timeout);
    read_duration("teardownTimeout", options_.teardown_timeout);
    read_duration("minIterationDuration", options_.min_iteration_duration);
    heed_words();
    warn_of_unknown(suite_);
    warn_of_unknown(config_);
    for (const lab::Error& error : config_problems_.errors()) {
      layer_problems_.add(error.where, error.what);
    }
    return std::move(options_);
  }

 private:
  std::optional<lab::JsonValue> find(std::string_view key) {
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      if (settings_[i].option != key) continue;
      return lab::JsonValue(setting_values_[i], settings_[i].source, layer_problems_);
    }
    auto found = suite_.find(key);
    return found ? found : config_.find(key);
  }
  void read_duration(std::string_view key, lab::Duration& duration) {
    if (const auto found = find(key)) duration = found->as_duration(duration);
  }
  void read_bool(std::string_view key, bool& flag) {
    if (const auto found = find(key)) flag = found->as_bool(flag);
  }

  void read_execution() {
    // As in k6: a file that says what is to be run wipes what a weaker one says of it.
    const OptionsLayer& layer = suite_.says_what_is_run() ? suite_ : config_;
    ExecutionShortcuts shortcuts;
    const auto vus = find("vus");
    if (vus) shortcuts.vus = static_cast<std::uint64_t>(vus->as_integer(1, kCountMax, 1));
    if (const auto found = layer.find("iterations")) {
      shortcuts.iterations = static_cast<std::uint64_t>(found->as_integer(1, kCountMax, 1));
    }
    if (const auto found = layer.find("duration")) shortcuts.duration = found->as_duration();
    if (const auto found = layer.find("stages")) shortcuts.stages = read_stages(*found);
    if (const auto found = layer.find("scenarios")) {
      options_.scenarios_as_written = found->json();
      options_.scenarios = read_scenarios(*found);
      if (shortcuts.iterations || shortcuts.duration || !shortcuts.stages.empty()) {
        found->problem("can't go with iterations, duration or stages; say it in one way");
      }
      if (vus) warn(*vus, "has no effect beside scenarios, which have their own");
      return;
    }
    if (auto scenarios = scenarios_of(shortcuts)) {
      options_.scenarios = std::move(*scenarios);
    } else {
      layer.value.problem(scenarios.error().to_string());
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
    read_bool("noColor", options_.no_color);
    bool is_left_out = true;  // No report of its use is sent in any case.
    read_bool("noUsageReport", is_left_out);
  }

  void read_connections() {
    read_bool("insecureSkipTLSVerify", options_.insecure_skip_tls_verify);
    read_bool("noConnectionReuse", options_.no_connection_reuse);
    read_bool("noVUConnectionReuse", options_.no_vu_connection_reuse);
    if (const auto found = find("userAgent")) options_.user_agent = found->as_string();
    if (const auto found = find("maxRedirects")) {
      options_.redirects_max = static_cast<std::uint32_t>(found->as_integer(0, 100, 10));
    }
    if (const auto found = find(kBytesMaxOption)) {
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

  void read_tags_of_system(const lab::JsonValue& value) {
    options_.system_tags = read_system_tags(value);
    for (std::size_t i = SystemTags::kNeverSet; i < SystemTags::kNames.size(); ++i) {
      const std::string name(SystemTags::kNames[i]);
      if (!options_.system_tags.has(name)) continue;
      warn(value, name == "vu" || name == "iter"
                      ? "has " + name +
                            ", which samples do not carry; --samples FILE tells it of "
                            "each request"
                      : "has " + name + ", which loader does not know");
    }
  }

  // "inf" is for the whole run; a number without a unit is milliseconds.
  static std::optional<lab::Duration> read_ttl(const lab::JsonValue& value) {
    if (value.json() == "inf") return std::nullopt;
    const lab::Json read = as_k6_reads("duration", value.json());
    return lab::JsonValue(read, value.path(), value.problems()).as_duration();
  }

  void warn(const lab::JsonValue& value, std::string_view what) {
    options_.warnings.push_back(value.path() + " " + std::string(what));
  }

  void heed_words() {
    for (const K6Option& option : k6_options()) {
      if (option.option.empty() || option.word == K6Word::works) continue;
      const auto found = find(option.option);
      if (!found || is_off(found->json())) continue;
      if (option.word == K6Word::refused) {
        found->problem(std::string(option.says));
      } else {
        warn(*found, option.says);
      }
    }
  }

  // As in k6 an unknown option is no error: a script for a newer k6 still runs.
  void warn_of_unknown(const OptionsLayer& layer) {
    if (!layer.value.json().is_object()) return;
    std::set<std::string_view> known{kBytesMaxOption};
    for (const K6Option& option : k6_options()) {
      if (!option.option.empty()) known.insert(option.option);
    }
    const std::vector<std::string_view> names(known.begin(), known.end());
    for (const auto& [key, member] : layer.value.json().items()) {
      if (known.contains(key)) continue;
      const auto meant = lab::nearest(key, names);
      const std::string& path = layer.value.path();
      std::string text =
          (path.empty() ? layer.value.problems().file() : path) + ": unknown key \"" + key + "\"";
      text += meant ? "; did you mean \"" + std::string(*meant) + "\"? allowed: " : "; allowed: ";
      for (const std::string_view name : names) {
        text += (name == names.front() ? "\"" : ", \"") + std::string(name) + "\"";
      }
      options_.warnings.push_back(text);
    }
  }

  const std::vector<OptionSetting>& settings_;
  lab::JsonProblems& layer_problems_;
  OptionsLayer suite_;
  lab::JsonProblems config_problems_;
  OptionsLayer config_;
  std::vector<lab::Json> setting_values_;
  Options options_;
};

}  // namespace

Options read_options(const lab::JsonValue& value) {
  return read_options(value, {}, value.problems());
}

Options read_options(const lab::JsonValue& value, const OptionLayers& layers,
                     lab::JsonProblems& layer_problems) {
  return OptionsReader(value, layers, layer_problems).read();
}

}  // namespace loader
