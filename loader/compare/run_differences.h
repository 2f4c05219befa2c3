// What tells two runs apart besides what they measured: whether they are alike enough to compare,
// and which errors only one of them has.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"

namespace loader {

/// In words, such as "the gateway: healthy in A, slow.json in B". What a file does not say is not
/// compared.
[[nodiscard]] std::vector<std::string> differences_of(const SummaryData& a, const SummaryData& b);

/// Kinds of failures that B has and A has not, with how often.
[[nodiscard]] std::vector<std::string> new_errors(const SummaryData& a, const SummaryData& b);

}  // namespace loader
