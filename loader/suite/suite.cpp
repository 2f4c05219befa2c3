#include "loader/suite/suite.h"
#include "loader/suite/option_case.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "loader/thresholds/threshold_reader.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

bool is_file_name(std::string_view name) {
  return !name.empty() && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-' || c == '.';
         });
}

// Of a script, which may be named as it likes.
std::string as_file_name(std::string name) {
  for (char& c : name) {
    if (!is_file_name("_" + std::string(1, c))) c = '-';
  }
  return name.empty() || name == "-" ? "script" : name;
}

/// A member of the file, kept until what it is read over is known.
using Member = std::optional<lab::JsonValue>;

lab::ReadType<Member> kept(lab::ReadType<Member>::Schema schema) {
  return {[](const lab::JsonValue& value, Member& member) { member = value; }, schema};
}

lab::Json name_schema(lab::SchemaPrinter& /*printer*/) {
  return lab::Json{{"type", "string"}, {"pattern", "^[0-9A-Za-z_-][0-9A-Za-z_.-]*$"}};
}
lab::Json flows_schema(lab::SchemaPrinter& printer) {
  return lab::Json{
      {"type", "object"}, {"minProperties", 1}, {"additionalProperties", flow_schema(printer)}};
}

/// The file's own keys.
struct SuiteForm {
  Member name;
  Member options;
  Member flows;
  Member setup;
  Member teardown;
  Member network;
};
void fields(lab::Fields& f, SuiteForm& c) {
  f.ignored({"$schema", "Names this schema, for editors."});
  f("name", c.name, kept(name_schema),
    lab::Says("Also of the summary file.").by_default("the file's").such_as(R"("baseline")"));
  f("options", c.options, kept([](lab::SchemaPrinter& printer) {
      return printer.named("options", [&] { return options_schema(printer); });
    }),
    "k6's options object.");
  f.require("flows", c.flows, kept(flows_schema),
            lab::Says("What users do, by name. \"${NAME}\" in a string is the environment's.")
                .such_as(R"({"default":[{"chat":{"prompt":"Hello"}},{"sleep":"1s"}]})"));
  f("setup", c.setup, kept(flow_schema), "Once before the scenarios.");
  f("teardown", c.teardown, kept(flow_schema), "Once after them.");
  f("network", c.network, kept([](lab::SchemaPrinter& printer) {
      const lab::NetworkModel network;
      return lab::StructType::of<lab::NetworkModel>().schema(printer, &network);
    }),
    "The network of simulated runs.");
}

/// What k6 measures of protocols that loader does not speak.
struct UnmeasuredMetric {
  std::string_view name;
  MetricType type;
  ValueKind kind;
};
constexpr std::array kUnmeasured{
    UnmeasuredMetric{"ws_sessions", MetricType::counter, ValueKind::plain},
    UnmeasuredMetric{"ws_msgs_sent", MetricType::counter, ValueKind::plain},
    UnmeasuredMetric{"ws_msgs_received", MetricType::counter, ValueKind::plain},
    UnmeasuredMetric{"ws_ping", MetricType::trend, ValueKind::time},
    UnmeasuredMetric{"ws_session_duration", MetricType::trend, ValueKind::time},
    UnmeasuredMetric{"ws_connecting", MetricType::trend, ValueKind::time},
    UnmeasuredMetric{"grpc_req_duration", MetricType::trend, ValueKind::time},
};

/// As in k6 a threshold may be over each of them in any script. Those that nobody names stay away:
/// a metric is not for nothing. A script's own of that name is that one.
void declare_unmeasured(const lab::Json& thresholds, MetricRegistry& registry) {
  if (!thresholds.is_object()) return;
  for (const auto& [text, list] : thresholds.items()) {
    const auto reference = parse_metric_reference(text);
    if (!reference) continue;
    const auto named = std::ranges::find(kUnmeasured, reference->name, &UnmeasuredMetric::name);
    if (named == kUnmeasured.end() || registry.find(named->name)) continue;
    (void)registry.declare(named->name, named->type, named->kind);
  }
}

/// Reads one document; problems are collected, so that all of them are shown at once.
class SuiteReader {
 public:
  SuiteReader(const SuiteText& text, const lab::Json& document, const SuiteSettings& settings)
      : text_(text),
        settings_(settings),
        problems_(text.file),
        document_(document, "", problems_) {}

  lab::Result<Suite> read() {
    if (settings_.script) begin_script();
    const auto overrides = read_chat_overrides(settings_.environment.set_by_user);
    if (!overrides) return overrides.error();
    overrides_ = *overrides;
    lab::read_fields(document_, form_);
    read_name();
    read_options_member();
    read_flows();
    if (settings_.script) declare_functions();
    if (form_.setup) suite_.setup = read_flow("setup", *form_.setup, flow_settings());
    if (form_.teardown) suite_.teardown = read_flow("teardown", *form_.teardown, flow_settings());
    read_thresholds_member();
    if (form_.network) suite_.network = lab::read_network_model(*form_.network);
    auto error = apply_flags();
    // All that is wrong with the file is said together; what flags do to it comes after.
    if (!layer_problems_.empty() || !problems_.empty()) return all_problems();
    if (error) return *std::move(error);
    declare_all_checks();
    return std::move(suite_);
  }

 private:
  void begin_script() {
    suite_.script = settings_.script;
    suite_.registry = settings_.script->registry();
  }
  // Steps it has none; what is called by that name is the function.
  void declare_functions() {
    if (suite_.script->exports("setup")) suite_.setup = Flow{.name = "setup", .steps = {}};
    if (suite_.script->exports("teardown")) {
      suite_.teardown = Flow{.name = "teardown", .steps = {}};
    }
  }
  lab::Result<Flow> function_of(const Scenario& scenario) const {
    const std::string name = scenario.exec.value_or("default");
    if (suite_.script->exports(name)) return Flow{.name = name, .steps = {}};
    return lab::Error{
        {},
        "There were problems with the specified script configuration:\n\t- executor " +
            scenario.name + ": function '" + name + "' not found in exports"};
  }

  // With the warnings: a mistyped key may be the cause of what is missing.
  [[nodiscard]] lab::Error all_problems() const {
    std::string text = layer_problems_.to_string();
    if (!text.empty() && !problems_.empty()) text += "\n";
    text += problems_.to_string();
    for (const std::string& warning : suite_.options.warnings) text += "\nwarning: " + warning;
    return {{}, std::move(text)};
  }

  void read_name() {
    suite_.source = text_.file;
    const Member& found = form_.name;
    suite_.name =
        found ? found->as_string("suite") : std::filesystem::path(text_.file).stem().string();
    if (suite_.script) suite_.name = as_file_name(suite_.name);
    if (is_file_name(suite_.name)) return;
    (found ? *found : document_)
        .problem("a suite's name is part of a file's: letters, digits, \"_\", \"-\" and \".\"");
  }

  void read_options_member() {
    static const lab::Json kNone = lab::Json::object();
    const Member& found = form_.options;
    suite_.options = read_options(found ? *found : lab::JsonValue(kNone, "options", problems_),
                                  settings_.layers, layer_problems_);
  }

  [[nodiscard]] FlowSettings flow_settings() const {
    return {.environment = settings_.environment.variables,
            .overrides = overrides_,
            .folder = text_.folder};
  }

  /// With a scenario's own environment, over which the user's wins.
  [[nodiscard]] FlowSettings flow_settings(const Scenario& scenario) {
    FlowSettings settings = flow_settings();
    Environment own = settings_.environment.set_by_user;
    for (const auto& [name, value] : scenario.env) {
      if (!own.emplace(name, value).second) continue;
      settings.environment[name] = value;
      if (name == "API_KEY") settings.api_key = value;
    }
    const std::string path = "options.scenarios." + scenario.name + ".env";
    if (auto overrides = read_chat_overrides(own)) {
      settings.overrides = *std::move(overrides);
    } else {
      problems_.add(path, overrides.error().to_string());
    }
    if (scenario.env.contains("GATEWAY_URL")) {
      problems_.add(path, "GATEWAY_URL is the run's; a step's path may be a whole URL");
    }
    return settings;
  }

  void read_flows() {
    if (suite_.script || !form_.flows || form_.flows->is_null()) return;
    const lab::JsonValue& flows = *form_.flows;
    lab::JsonObject members = flows.as_object();
    for (auto& [name, value] : members.members()) flows_.insert_or_assign(name, value);
    if (flows_.empty() && flows.json().is_object()) flows.problem("needs at least one flow");
    // A scenario's flow is read when it is known what the scenario says; the others only to see
    // what is wrong with them.
    for (const auto& [name, value] : flows_) {
      const bool is_run = std::ranges::any_of(
          suite_.options.scenarios,
          [&, this](const Scenario& scenario) { return flow_name(scenario) == name; });
      if (!is_run) (void)read_flow(name, value, flow_settings());
    }
  }

  /// What the scenario says, else "default", else the only one.
  [[nodiscard]] std::string flow_name(const Scenario& scenario) const {
    if (!scenario.exec && flows_.size() == 1) return flows_.begin()->first;
    return scenario.exec.value_or("default");
  }

  void read_thresholds_member() {
    const lab::JsonValue value(*suite_.options.thresholds, "options.thresholds", problems_);
    if (settings_.script) declare_unmeasured(*suite_.options.thresholds, suite_.registry);
    const bool are_wanted = settings_.evaluates_thresholds || !settings_.script;
    suite_.thresholds =
        read_thresholds(value, suite_.registry,
                        are_wanted ? WrongThresholds::are_problems : WrongThresholds::are_left_out);
    for (const Scenario& scenario : suite_.options.scenarios) {
      if (std::holds_alternative<SaturationSearch>(scenario.model)) {
        read_search_thresholds(scenario.name);
      }
    }
  }

  /// A scenario does not know the metrics; what its search's thresholds mean is settled here.
  void read_search_thresholds(const std::string& scenario) {
    const lab::Json& scenarios = *suite_.options.scenarios_as_written;
    const auto member = scenarios.at(scenario).find("thresholds");
    if (member == scenarios.at(scenario).end()) return;  // That problem is recorded already.
    const lab::JsonValue value(*member, "options.scenarios." + scenario + ".thresholds", problems_);
    ThresholdSet& set = search_thresholds_[scenario];
    set = read_thresholds(value, suite_.registry);
    if (set.empty() && member->is_object()) {
      value.problem("needs at least one threshold, or no level would ever be bad");
    }
    for (const MetricThresholds& metric : set) {
      for (const Threshold& threshold : metric.thresholds) {
        if (threshold.abort_on_fail) {
          value.problem("\"" + threshold.expression.source +
                        "\": abortOnFail is for the suite's thresholds; these end a level");
        }
      }
    }
  }

  lab::Result<Flow> flow_of(const Scenario& scenario) {
    if (suite_.script) return function_of(scenario);
    const std::string name = flow_name(scenario);
    const auto found = flows_.find(name);
    if (found == flows_.end()) {
      std::string known;
      for (const auto& flow : flows_) known += (known.empty() ? "\"" : ", \"") + flow.first + "\"";
      return lab::Error{text_.file + ": scenario " + scenario.name,
                        "there is no flow \"" + name + "\"; exec is one of " + known};
    }
    const FlowSettings settings = flow_settings(scenario);
    // Wrong for one scenario, it is not read for the next, which would say the same again.
    if (wrong_flows_.contains(name)) return Flow{.name = name, .steps = {}};
    const std::size_t problems = problems_.errors().size();
    Flow flow = read_flow(name, found->second, settings);
    if (problems_.errors().size() > problems) wrong_flows_.insert(name);
    return flow;
  }

  std::optional<lab::Error> apply_flags() {
    if (suite_.script) {
      const auto applied = apply_shortcuts_to_script(suite_.options, settings_.flags);
      if (!applied) return applied.error();
    } else {
      auto scenarios = apply_shortcuts(suite_.options.scenarios, settings_.flags);
      if (!scenarios) return scenarios.error();
      suite_.options.scenarios = std::move(*scenarios);
    }
    for (const Scenario& scenario : suite_.options.scenarios) {
      auto flow = flow_of(scenario);
      if (!flow) return flow.error();
      suite_.scenarios.push_back({scenario, std::move(*flow), search_thresholds_[scenario.name]});
    }
    return std::nullopt;
  }

  void declare_all_checks() {
    // A script says its groups and checks as it runs.
    if (suite_.script) return;
    CheckTree& tree = suite_.registry.checks();
    if (suite_.setup) declare_checks_in_group(*suite_.setup, tree);
    for (ScenarioFlow& scenario : suite_.scenarios) declare_checks(scenario.flow, tree);
    if (suite_.teardown) declare_checks_in_group(*suite_.teardown, tree);
  }

  const SuiteText& text_;
  const SuiteSettings& settings_;
  lab::JsonProblems problems_;
  lab::JsonProblems layer_problems_{""};  ///< Of flags, variables and the file of --config.
  lab::JsonValue document_;
  SuiteForm form_;
  ChatOverrides overrides_;
  std::map<std::string, lab::JsonValue> flows_;
  std::set<std::string> wrong_flows_;
  std::map<std::string, ThresholdSet> search_thresholds_;  ///< By scenario.
  Suite suite_;
};

}  // namespace

lab::Json suite_schema(lab::SchemaPrinter& printer) {
  const SuiteForm form;
  return lab::StructType::of<SuiteForm>().schema(printer, &form);
}

lab::Result<Suite> read_suite(const SuiteText& text, const SuiteSettings& settings) {
  if (settings.script) {
    const auto options = lab::parse_json(settings.script->options(), text.file);
    if (!options) return options.error();
    const lab::Json whole{{"options", with_k6_case(*options)}, {"flows", lab::Json::object()}};
    return SuiteReader(text, whole, settings).read();
  }
  const auto document = lab::parse_json(text.text, text.file);
  if (!document) return document.error();
  return SuiteReader(text, *document, settings).read();
}

}  // namespace loader
