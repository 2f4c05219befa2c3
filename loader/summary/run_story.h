// What happened in a run, in sentences: when it failed, for which model, what to look up, and what
// became slower.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/summary/run_columns.h"
#include "loader/summary/summary_data.h"

namespace loader {

struct StorySentence {
  std::string text{};
  bool is_bad = false;
  std::string request_id{};  ///< Of a request that shows it; empty: none does.
};

/// The most important first; each says only what was measured. What is normal has no sentence, but
/// for how many requests failed. Without `columns` there is little to tell.
[[nodiscard]] std::vector<StorySentence> run_story(const SummaryData& data,
                                                   const std::optional<RunColumns>& columns);

}  // namespace loader
