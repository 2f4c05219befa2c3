// --junit FILE: the thresholds of a run as test cases, for the reports of CI systems.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// What the file says beside the summary.
struct JunitRun {
  lab::WallTime started{};
  /// Why the run did not come to its end, or was none: interrupted, aborted, a flow that could not
  /// be carried out. Crossed thresholds are cases of their own.
  std::vector<std::string> errors{};
};

/// A suite "NAME thresholds" with a case each threshold, which fails when crossed, and one that is
/// an error for each of the run's errors; and a suite "NAME checks" with a case each check. A check
/// never fails there, because it doesn't fail the run: its counts are its output.
[[nodiscard]] std::string junit_xml(const SummaryData& data, std::string_view suite_name,
                                    const JunitRun& run);

}  // namespace loader
