#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "loader/scenarios/k6_values.h"
#include "loader/scenarios/scenario_reader.h"
#include "loader/suite/client_options_reader.h"
#include "loader/suite/k6_options.h"
#include "loader/suite/options.h"
#include "loader/thresholds/threshold_reader.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr std::int64_t kCountMax = 1'000'000'000;

const std::array<std::pair<std::string_view, std::string>, 3> kTimeUnits{
    {{"s", "s"}, {"ms", "ms"}, {"us", "us"}}};

// What `k6 inspect` prints for an option that was never set: null, or {"ttl": null, …}. No text is
// none of k6's units either.
bool is_unset(std::string_view key, const lab::Json& json) {
  if (json.is_null()) return true;
  if (key == "summaryTimeUnit" && json == "") return true;
  if (!json.is_object()) return false;
  // A scenario that says nothing is a mistake.
  if (key == "scenarios") return json.empty();
  return std::all_of(json.begin(), json.end(),
                     [](const lab::Json& member) { return member.is_null(); });
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
    if (member == members.end() || is_unset(key, *member)) return std::nullopt;
    // Stages of which there are none say nothing, as in k6.
    if (key == "stages" && member->is_array() && member->empty()) return std::nullopt;
    return lab::JsonValue(*member, path + std::string(key), value.problems());
  }
  [[nodiscard]] bool says_what_is_run() const {
    return find("scenarios") || find("stages") || find("iterations") || find("duration");
  }
};

using Find = std::function<std::optional<lab::JsonValue>(std::string_view)>;

/// Reads each key of a table where it is set.
class LayeredReader final : public lab::Fields {
 public:
  explicit LayeredReader(Find find) : find_(std::move(find)) {}
  void ignored(const lab::Field& /*field*/) override {}
  void visit(const lab::Field& field, const lab::ValueType& type, void* member) override {
    if (const auto found = find_(field.key)) type.read(*found, member);
  }

 private:
  Find find_;
};

class OptionsReader {
 public:
  OptionsReader(const lab::JsonValue& value, const OptionLayers& layers,
                lab::JsonProblems& layer_problems)
      : settings_(layers.settings),
        is_of_script_(layers.is_of_script),
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
    LayeredReader reader([this](std::string_view key) { return find(key); });
    fields(reader, options_);
    if (const auto found = find("systemTags")) warn_of_tags(*found);
    heed_words();
    consolidate();
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

  void read_execution() {
    // As in k6: a file that says what is to be run wipes what a weaker one says of it.
    const OptionsLayer& layer = suite_.says_what_is_run() ? suite_ : config_;
    ExecutionShortcuts& shortcuts = options_.shortcuts;
    const auto vus = find("vus");
    if (vus) shortcuts.vus = static_cast<std::uint64_t>(vus->as_integer(0, kCountMax, 1));
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

  void warn_of_tags(const lab::JsonValue& value) {
    constexpr auto& kNames = SystemTags::kNames;
    for (const std::string& name : value.as_string_array()) {
      if (std::ranges::find(kNames, name) != kNames.end()) continue;
      const auto meant = lab::nearest(name, kNames);
      warn(value, "has " + name + ", which is no tag of k6's" +
                      (meant ? "; did you mean " + std::string(*meant) + "?" : ""));
    }
    for (std::size_t i = SystemTags::kNeverSet; i < SystemTags::kNames.size(); ++i) {
      const std::string name(SystemTags::kNames[i]);
      if (!options_.system_tags.has(name)) continue;
      warn(value, "has " + name + ", which loader does not know");
    }
  }

  void warn(const lab::JsonValue& value, std::string_view what) {
    options_.warnings.push_back(value.path() + " " + std::string(what));
  }

  void consolidate() {
    lab::Json all = lab::Json::object();
    for (const K6Option& option : k6_options()) {
      if (option.option.empty()) continue;
      if (const auto found = find(option.option)) all[std::string(option.option)] = found->json();
    }
    options_.consolidated = std::move(all);
  }

  void heed_words() {
    for (const K6Option& option : k6_options()) {
      if (option.option.empty() || option.word == K6Word::works) continue;
      const auto found = find(option.option);
      if (!found) continue;
      if (option.word == K6Word::for_scripts && is_of_script_) {
        read_of_script(option.option, *found);
        continue;
      }
      if (is_off(found->json())) continue;
      if (option.word == K6Word::refused) {
        found->problem(std::string(option.says));
      } else {
        warn(*found, option.says);
      }
    }
  }

  // The numbers are for the script's own modules, which read the options themselves.
  void read_of_script(std::string_view option, const lab::JsonValue& value) {
    if (option == "handleSummaryTimeout") {
      options_.summary_timeout = value.as_duration();
    } else {
      (void)value.as_integer(0, kCountMax, 0);
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
  bool is_of_script_;
  lab::JsonProblems& layer_problems_;
  OptionsLayer suite_;
  lab::JsonProblems config_problems_;
  OptionsLayer config_;
  std::vector<lab::Json> setting_values_;
  Options options_;
};

void read_segment(const lab::JsonValue& value, ExecutionSegment& segment) {
  const auto parsed = parse_execution_segment(value.as_string("0:1"));
  if (!parsed) return value.problem(parsed.error().what);
  segment = *parsed;
}
void read_sequence(const lab::JsonValue& value, std::vector<ExecutionSegment>& sequence) {
  auto parsed = parse_execution_segment_sequence(value.as_string("0,1"));
  if (!parsed) return value.problem(parsed.error().what);
  sequence = std::move(*parsed);
}
lab::Json text_schema(lab::SchemaPrinter& printer) {
  return lab::TextType().schema(printer, nullptr);
}

lab::Json tags_schema(lab::SchemaPrinter& /*printer*/) {
  const lab::Json nulls{{"type", "object"}, {"additionalProperties", {{"type", "null"}}}};
  const lab::Json names{{"type", "array"}, {"items", {{"type", "string"}}}};
  return lab::Json{{"anyOf", {names, nulls}}};
}

// Read before the others, by read_execution(): they go by each other.
lab::ReadType<Options> execution(lab::ReadType<Options>::Schema schema) {
  return {[](const lab::JsonValue& /*value*/, Options& /*options*/) {}, schema};
}
lab::Json count_schema(lab::SchemaPrinter& printer) {
  return lab::IntegerType::of<std::uint64_t>(lab::between(1, kCountMax)).schema(printer, nullptr);
}
lab::Json vus_schema(lab::SchemaPrinter& printer) {
  return lab::IntegerType::of<std::uint64_t>(lab::between(0, kCountMax)).schema(printer, nullptr);
}
lab::Json stages_or_none_schema(lab::SchemaPrinter& printer) {
  const lab::Json none{{"type", "array"}, {"maxItems", 0}};
  return lab::Json{{"anyOf", {stages_schema(printer), none}}};
}

void execution_fields(lab::Fields& f, Options& c) {
  f("scenarios", c, execution(scenarios_schema), "The loads, by name.");
  f("vus", c, execution(vus_schema), "Virtual users, instead of scenarios.");
  f("iterations", c, execution(count_schema), "Instead of scenarios.");
  f("duration", c,
    execution([](lab::SchemaPrinter& p) { return lab::DurationType().schema(p, nullptr); }),
    "Instead of scenarios.");
  f("stages", c, execution(stages_or_none_schema), "Instead of scenarios.");
  f("executionSegment", c.execution_segment,
    lab::ReadType<ExecutionSegment>(read_segment, text_schema),
    lab::Says("The share of the load that this process runs.").such_as(R"("0:1/2")"));
  f("executionSegmentSequence", c.execution_segment_sequence,
    lab::ReadType<std::vector<ExecutionSegment>>(read_sequence, text_schema),
    lab::Says("All shares.").such_as(R"("0,1/2,1")"));
}

void report_fields(lab::Fields& f, Options& c) {
  f("thresholds", c.thresholds,
    lab::ReadType<lab::OwnedJson>(
        [](const lab::JsonValue& value, lab::OwnedJson& as_written) { as_written = value.json(); },
        thresholds_schema),
    "What must hold; see thresholds.");
  f("summaryTrendStats", c.summary_trend_stats,
    lab::Says("Columns of the summary: avg, min, med, max, count, p(N).")
        .by_default("k6's")
        .such_as("[\"avg\",\"p(95)\"]"));
  f("summaryTimeUnit", c.summary_time_unit, kTimeUnits,
    lab::Says("Of the summary.").by_default("what fits"));
  f("tags", c.tags, lab::Says("On every sample.").such_as(R"({"team":"a"})"));
  f("systemTags", c.system_tags,
    lab::ReadType<SystemTags>(
        [](const lab::JsonValue& value, SystemTags& tags) { tags = read_system_tags(value); },
        tags_schema),
    lab::Says("Those that samples have; a name that none has is a warning.")
        .such_as(R"(["scenario","name","status"])"));
  f("noColor", c.no_color, "Of the summary.");
  // No report of its use is sent in any case.
  f("noUsageReport", c,
    lab::ReadType<Options>(
        [](const lab::JsonValue& value, Options& /*options*/) { (void)value.as_bool(); },
        [](lab::SchemaPrinter& p) { return lab::BoolType().schema(p, nullptr); }),
    "None is sent.");
}

}  // namespace

void fields(lab::Fields& f, Options& c) {
  execution_fields(f, c);
  f("setupTimeout", c.setup_timeout, "Of setup.");
  f("teardownTimeout", c.teardown_timeout, "Of teardown.");
  f("noSetup", c.no_setup, "Leave it out.");
  f("noTeardown", c.no_teardown, "Leave it out.");
  f("minIterationDuration", c.min_iteration_duration, "Users that are faster wait.");
  report_fields(f, c);
  fields(f, c.client);
}

lab::Json options_schema(lab::SchemaPrinter& printer) {
  const lab::SchemaDialect dialect = printer.dialect();
  printer.set_dialect(lab::SchemaDialect::k6);
  const Options defaults;
  lab::Json schema = lab::StructType::of<Options>().schema(printer, &defaults);
  printer.set_dialect(dialect);
  const lab::Json off = printer.named("off", [] {
    return lab::Json{{"anyOf",
                      {{{"type", "null"}},
                       {{"type", "object"}, {"additionalProperties", {{"type", "null"}}}},
                       {{"const", false}},
                       {{"const", "false"}},
                       {{"const", ""}},
                       {{"const", "none"}},
                       {{"type", "array"}, {"maxItems", 0}}}}};
  });
  for (const K6Option& option : k6_options()) {
    if (option.option.empty() || option.word == K6Word::works) continue;
    const bool is_refused = option.word == K6Word::refused;
    lab::Json& member = schema["properties"][std::string(option.option)];
    member["description"] =
        std::string(is_refused ? "Refused: " : "Told of: ") + std::string(option.says) + ".";
    if (is_refused) member.update(off);
  }
  schema["description"] = "k6's options object, as `k6 inspect` prints it; null is as left out.";
  return schema;
}

Options read_options(const lab::JsonValue& value) {
  return read_options(value, {}, value.problems());
}

Options read_options(const lab::JsonValue& value, const OptionLayers& layers,
                     lab::JsonProblems& layer_problems) {
  return OptionsReader(value, layers, layer_problems).read();
}

}  // namespace loader
