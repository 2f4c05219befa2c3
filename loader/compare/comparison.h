// The comparison of two runs as a value: each figure, its change, how sure that is, and what it is
// taken for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/compare/compare_settings.h"
#include "loader/compare/compared_run.h"
#include "loader/compare/measures.h"

namespace loader {

enum class ChangeVerdict : std::uint8_t {
  worse,     ///< Surely worse, and by the margin at least.
  better,    ///< Surely better, and by as much.
  alike,     ///< No change that is both.
  unjudged,  ///< There is no telling how sure it is.
};
/// "worse", "better", "no difference", "not judged".
[[nodiscard]] std::string_view to_string(ChangeVerdict verdict);

/// Where a change is likely to lie.
struct ChangeInterval {
  double low = 0;
  double high = 0;
};

struct FigureChange {
  Measure measure = Measure::failed;
  std::string part{};  ///< "scenario chat"; empty: of the whole run.
  double a = 0;        ///< Milliseconds, a share, or per second.
  double b = 0;
  double change = 0;                         ///< Of a share b - a; else b / a - 1.
  std::optional<ChangeInterval> interval{};  ///< None: it is not judged.
  ChangeVerdict verdict = ChangeVerdict::unjudged;
  std::string reason{};  ///< Why it is not judged.
};

struct RunComparison {
  std::string a{};  ///< Names of the files.
  std::string b{};
  SummaryData of_a{};  ///< Their runs, without what happened when.
  SummaryData of_b{};
  CompareSettings settings{};
  std::vector<std::string> unlike{};      ///< See differences_of().
  std::vector<std::string> new_errors{};  ///< See new_errors().
  /// Why no figure can be judged; empty: they can.
  std::string no_verdict{};
  /// The whole run's first, then each part's, in the order of the measures.
  std::vector<FigureChange> figures{};

  [[nodiscard]] std::size_t count(ChangeVerdict verdict) const;
  [[nodiscard]] bool has_regression() const { return count(ChangeVerdict::worse) > 0; }
};

/// The same runs and settings give the same comparison.
[[nodiscard]] RunComparison compare_runs(ComparedRun a, ComparedRun b,
                                         const CompareSettings& settings);

}  // namespace loader
