// A suite: what is to be run and what must hold, read from a file or from the built-in ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/flow.h"
#include "loader/metrics/metric_registry.h"
#include "loader/script/script.h"
#include "loader/suite/environment.h"
#include "loader/suite/options.h"
#include "loader/suite/suite_text.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/sim/network_model.h"

namespace loader {

/// A scenario with the flow that its VUs carry out.
struct ScenarioFlow {
  Scenario scenario;
  Flow flow;
  /// What a saturation-search judges each of its levels by; empty for other models.
  ThresholdSet search_thresholds;
};

struct Suite {
  /// Null: the flows say what is done. Else its functions do, by the flows' names, and the flows
  /// are empty.
  std::shared_ptr<const Script> script;
  std::string name;    ///< Also in NAME-test-summary.json: letters, digits, "_", "-", ".".
  std::string source;  ///< As the user named it.
  Options options;
  std::vector<ScenarioFlow> scenarios;  ///< Those of the options, with the flags applied.
  std::optional<Flow> setup;            ///< Run once before all scenarios, and
  std::optional<Flow> teardown;         ///< once after them.
  lab::NetworkModel network;            ///< For --simulate.
  MetricRegistry registry;              ///< With all sub-metrics, groups and checks declared.
  ThresholdSet thresholds;
};

/// What decides how a suite is read besides its file.
struct SuiteSettings {
  RunEnvironment environment;
  ExecutionShortcuts flags;
  OptionLayers layers{};
  std::shared_ptr<const Script> script{};  ///< Null: the text is a suite's.
  /// False: as in k6 it is nobody's business what a script's thresholds say.
  bool evaluates_thresholds = true;
};

/// Of a suite file's object.
[[nodiscard]] lab::Json suite_schema(lab::SchemaPrinter& printer);

/// Reads a suite. The Error holds all problems, one a line, each with file and path.
[[nodiscard]] lab::Result<Suite> read_suite(const SuiteText& text, const SuiteSettings& settings);

}  // namespace loader
