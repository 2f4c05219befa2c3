// The files that a run leaves of what it measured, of either kind, as one: a summary.
#pragma once

#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/error.h"

namespace loader {

/// Of a summary (k6's own as well) or a run file, which is merged by itself: what it is a part of
/// is missing, and its notes say so. Its facts have at least a name: where the file has none, that
/// of the file; and where the file does not say how the run ended, whether a threshold was crossed.
/// `name` is the file's. The Error says what the text is, if it is neither, or what is wrong in it.
[[nodiscard]] lab::Result<SummaryData> read_result(std::string_view text, const std::string& name);

}  // namespace loader
