#include "loader/command/suite_with_flow.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "loader/metrics/metric_registry.h"
#include "loader/suite/suite.h"
#include "shared/base/embedded_files.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

using lab::Json;

std::set<std::string> functions_of(const Json& options) {
  std::set<std::string> names;
  if (const auto scenarios = options.find("scenarios");
      scenarios != options.end() && scenarios->is_object()) {
    for (const Json& scenario : *scenarios) {
      const bool has_exec = scenario.is_object() && scenario.contains("exec") &&
                            scenario["exec"].is_string() && scenario["exec"] != "";
      names.insert(has_exec ? scenario["exec"].get<std::string>() : "default");
    }
  }
  if (names.empty()) names.insert("default");
  return names;
}

void drop_foreign_thresholds(Json& options, std::vector<std::string>& warnings) {
  const auto thresholds = options.find("thresholds");
  if (thresholds == options.end() || !thresholds->is_object()) return;
  const MetricRegistry registry;
  Json kept = Json::object();
  for (const auto& [name, expressions] : thresholds->items()) {
    const auto reference = parse_metric_reference(name);
    if (reference && !registry.find(reference->name)) {
      warnings.push_back("threshold on " + name +
                         " left out: the metric is the script's own, and only the script knows "
                         "when to add to it");
    } else {
      kept[name] = expressions;
    }
  }
  *thresholds = std::move(kept);
}

// What a suite's name may be made of.
std::string suite_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  const auto is_odd = [](unsigned char c) {
    return std::isalnum(c) == 0 && c != '_' && c != '-' && c != '.';
  };
  std::replace_if(name.begin(), name.end(), is_odd, '-');
  return name.empty() ? "options" : name;
}

}  // namespace

lab::Result<ComposedSuite> suite_with_flow(const std::string& text, const std::string& file,
                                           const std::string& flow) {
  const auto embedded = lab::embedded_file("suites/" + flow + ".json");
  if (!embedded) {
    return lab::Error{"--flow", "there is no built-in suite \"" + flow + "\"; " +
                                    lab::instead_of(flow, builtin_suites())};
  }
  const auto options = lab::parse_json(text, file);
  if (!options) return options.error();
  if (!options->is_object() || options->contains("flows")) {
    return lab::Error{file, "--flow is for a k6 options object, as k6 inspect prints it; this is " +
                                std::string(options->is_object() ? "a suite with flows of its own"
                                                                 : "no object")};
  }
  const Json whole = lab::parse_json(*embedded, flow).value();
  ComposedSuite composed;
  Json suite{{"name", suite_name(file)}, {"options", *options}};
  drop_foreign_thresholds(suite["options"], composed.warnings);
  const Json steps = *whole["flows"].begin();
  for (const std::string& function : functions_of(*options)) suite["flows"][function] = steps;
  composed.text = suite.dump();
  return composed;
}

}  // namespace loader
