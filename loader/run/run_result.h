// What came of a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loader/run/exit_code.h"
#include "loader/run/run_record.h"
#include "loader/script/script.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

struct RunResult {
  ExitCode exit_code = ExitCode::ok;
  SummaryData summary;
  ThresholdReport thresholds;
  /// Why the exit code is not 0, for people; one sentence each.
  std::vector<std::string> errors;
  /// Those of them that are no verdict on what was measured: the run was interrupted, aborted or
  /// invalid. Reports tell them from thresholds that were crossed.
  std::vector<std::string> run_errors;
  /// What a script's handleSummary() wants written, by place; none: the built-in summary is shown.
  std::optional<ScriptUsers::Files> script_files{};
  std::optional<RunRecord> record{};  ///< If it was asked for.

  /// The first reason decides the exit code, as in k6.
  void fail(ExitCode code, std::string error) {
    if (code != ExitCode::thresholds_crossed) run_errors.push_back(error);
    errors.push_back(std::move(error));
    if (exit_code == ExitCode::ok) exit_code = code;
  }
  /// A crossed threshold has ended it: a verdict, on a run that is not whole.
  void abort(const std::string& error) {
    run_errors.push_back(error);
    fail(ExitCode::thresholds_crossed, error);
  }
  /// Reports are made of the summary alone: it says how the run has ended.
  void note_end() {
    summary.facts.exit_code = static_cast<std::uint64_t>(exit_code);
    summary.facts.errors = errors;
    summary.facts.run_errors = run_errors;
  }
};

}  // namespace loader
