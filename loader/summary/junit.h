// --junit FILE: the thresholds of a run as test cases, for the reports of CI systems.
#pragma once

#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

/// A suite "NAME thresholds" with a case each threshold, which fails when crossed, and a suite
/// "NAME checks" with a case each check. A check never fails there, because it doesn't fail the
/// run: its counts are its output.
[[nodiscard]] std::string junit_xml(const SummaryData& data, std::string_view suite_name,
                                    lab::WallTime started);

}  // namespace loader
