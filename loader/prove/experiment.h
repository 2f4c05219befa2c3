// Experiments on thresholds: suites, broken gateways, and what is expected of them, as a file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/mutant_family.h"
#include "loader/prove/run_readings.h"
#include "loader/prove/threshold_findings.h"
#include "loader/run/exit_code.h"
#include "shared/base/error.h"
#include "shared/base/owned_json.h"
#include "shared/base/time.h"

namespace loader {

/// A family of the catalogue at a size; without one, at its reference size.
struct ExperimentMutant {
  std::string family;
  std::optional<double> size;
};

/// A family at several sizes, each a run of its own.
struct ExperimentSweep {
  std::string family;
  std::vector<double> sizes;
};

/// What must hold in every run. Thresholds are named by their metric, or whole:
/// "http_req_duration: p(95)<15000".
struct Expectation {
  bool passes = false;               ///< No threshold is red.
  std::vector<std::string> fail;     ///< These are.
  std::vector<std::string> no_data;  ///< These have no samples.
  /// Some threshold is red so soon after the start; the run ends with it.
  std::optional<lab::Duration> noticed_within;
  std::optional<double> from;  ///< Of a sweep: below this size everything passes instead.
};

struct ExperimentCase {
  std::string name;
  std::string says;        ///< Why one would want to know.
  lab::OwnedJson suite;    ///< A suite's name or path, or a suite.
  lab::OwnedJson gateway;  ///< A gateway's name or path, or a gateway file; null: the healthy one.
  lab::OwnedJson network;  ///< The same of the network; null: the suite's own.
  std::map<std::string, std::string> env;
  std::optional<lab::Duration> duration;  ///< Of the suite's scenario.
  std::optional<ExperimentMutant> mutant;
  std::optional<ExperimentSweep> sweep;
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  Expectation expect;
};

struct Experiment {
  std::string name;
  std::vector<ExperimentCase> cases;
};

void fields(lab::Fields& f, ExperimentMutant& c);
void fields(lab::Fields& f, ExperimentSweep& c);
void fields(lab::Fields& f, Expectation& c);
void check(const lab::JsonValue& value, Expectation& expectation);
void fields(lab::Fields& f, Experiment& c);
void fields(lab::Fields& f, ExperimentCase& c);
void check(const lab::JsonValue& value, ExperimentCase& experiment_case);
[[nodiscard]] lab::Json experiment_schema(lab::SchemaPrinter& printer);

/// The Error lists all problems, each with its path.
[[nodiscard]] lab::Result<Experiment> read_experiment(std::string_view text,
                                                      const std::string& file);

/// What a run says to an expectation: what is not as expected, in a sentence; empty if all is.
/// `size` is that of a sweep's run.
[[nodiscard]] std::string unmet(const Expectation& expectation, std::optional<double> size,
                                const std::vector<SuiteThreshold>& thresholds,
                                const RunReadings& readings);
/// Names in an expectation that no threshold of the suite has; an Error lists those that there are.
[[nodiscard]] lab::Result<void> check_names(const Expectation& expectation,
                                            const std::vector<SuiteThreshold>& thresholds);

/// A case, or a size of a sweep, and how its runs went.
struct CaseOutcome {
  std::string name;
  std::string says;
  std::string size;  ///< "5%"; empty: no sweep.
  std::uint64_t runs = 0;
  std::uint64_t met = 0;
  std::string unmet;  ///< Of the first run that was not as expected.
  std::uint64_t unmet_seed = 0;
  [[nodiscard]] bool is_met() const { return met == runs && runs > 0; }
};

struct ExperimentOutcome {
  std::string name;
  std::vector<CaseOutcome> cases;
  bool is_interrupted = false;
  [[nodiscard]] bool is_met() const;
};

[[nodiscard]] std::string experiment_text(const ExperimentOutcome& outcome, bool has_colors);
[[nodiscard]] std::string experiment_json(const std::vector<ExperimentOutcome>& outcomes);

}  // namespace loader
