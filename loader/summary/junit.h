// --junit FILE: the thresholds of a run as test cases, for the reports of CI systems.
#pragma once

#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// A suite "NAME thresholds" with a case each threshold, which fails when crossed, and one that is
/// an error for each of the run's errors; and a suite "NAME checks" with a case each check. A check
/// never fails there, because it doesn't fail the run: its counts are its output. NAME and when the
/// run was are from the data's facts.
[[nodiscard]] std::string junit_xml(const SummaryData& data);

}  // namespace loader
