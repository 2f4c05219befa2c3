// A run's windows made fit for pictures and their tables: few, and added up as the report shows
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/summary/summary_data.h"
#include "loader/summary/time_axis.h"

namespace loader {

/// So many can be pointed at one by one, and their tables stay readable.
inline constexpr std::size_t kRunColumnsMax = 120;

/// The requests of one model, scenario or phase.
struct NamedSeries {
  std::string name{};
  RequestSeries series{};
  std::vector<TimeSpan> loads{};  ///< When it was to have load; empty: that is not known.
};

struct RunColumns {
  OverTime over_time{};  ///< Its windows are the columns.
  TimeAxis axis{};
  RequestSeries all{};
  std::vector<NamedSeries> models{};  ///< Those with the most requests first; of chats.
};
/// None if there is nothing to show.
[[nodiscard]] std::optional<RunColumns> run_columns(const SummaryData& data);

[[nodiscard]] double failed_share(const RequestWindow& window);
/// None of nothing.
[[nodiscard]] std::optional<double> percentile_of(const Sketch& sketch, double percent);

}  // namespace loader
