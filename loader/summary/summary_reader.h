// Reads summary files back: ours, and what k6's own handleSummary() is given, which has the same
// shape.
#pragma once

#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/error.h"

namespace loader {

/// Whether a JSON text is an object that has metrics, which no other file of a run has.
[[nodiscard]] bool is_summary(std::string_view text);

/// What summary_json() wrote, so that all that is made of a summary can be made again, but for the
/// distributions, which it does not write. Keys that are not known are ignored. A file of k6 has no
/// facts, errors, or values that thresholds were judged by: these are looked up among its
/// statistics. `name` is the file's, for the Error: what is wrong, and where in it.
[[nodiscard]] lab::Result<SummaryData> read_summary(std::string_view text, const std::string& name);

}  // namespace loader
