// The exit codes of the loader: k6's where k6 has one.
#pragma once

namespace loader {

enum class ExitCode : int {
  ok = 0,
  thresholds_crossed = 99,
  setup_timeout = 100,
  teardown_timeout = 101,
  invalid_configuration = 104,  ///< Suite, options or flags.
  interrupted = 105,
  flow_failed = 107,       ///< At run time, in a way that is ours.
  aborted_by_suite = 108,  ///< By an abort step, or exec.test.abort().
  marked_failed = 110,     ///< By exec.test.fail().
  not_proven = 120,        ///< A threshold without effect, a score too low, an expectation not met.
  bottleneck = 121,        ///< Verdicts hang on how late the loader itself was.
  regression = 122,        ///< `compare` found that a run is worse than another.
  incomplete = 123,  ///< Parts of the run are missing, late or broken: no verdict on the whole.
  failure = 255,     ///< Anything else.
};

}  // namespace loader
