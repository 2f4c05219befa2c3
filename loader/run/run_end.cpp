// The end of a run: what its threads have measured becomes a verdict, a summary and a record.
#include <algorithm>
#include <optional>
#include <utility>

#include "loader/run/error_tally.h"
#include "loader/run/planned_loads.h"
#include "loader/run/run.h"
#include "loader/summary/summary_search.h"

namespace loader {
namespace {

// Of loads that others decide, lateness makes some values doubtful; of a search it makes the load.
void doubt_searches(const std::vector<SearchSummary>& searches, std::optional<SelfDoubt>& doubt) {
  if (!doubt || doubt->findings.empty()) return;
  for (const SearchSummary& search : searches) {
    if (!search.first_bad()) continue;
    doubt->findings.push_back(
        {.kind = "search",
         .text = "the limit that '" + search.scenario + "' has found may be the loader's own",
         .details = {
             "a level may have been bad because the loader was late, or had no more to give"}});
  }
}

}  // namespace

std::optional<Strain> Run::strain() const {
  if (!watch_) return std::nullopt;
  Strain strain = watch_->strain();
  if (threads_) threads_->add_to(strain);
  strain.held_by_outputs = report().held_by_outputs;
  strain.shares_machine = is_this_machine(spec_.base_url.host);
  return strain;
}

std::vector<ErrorTally> Run::errors() const {
  if (!threads_) return part_.errors().list(started_);
  std::vector<std::vector<ErrorTally>> lists = threads_->errors(started_);
  lists.push_back(part_.errors().list(started_));
  return merged(lists);
}

// With the ticks, so that keeping windows wakes nobody.
void Run::note_breaches() {
  if (!spec_.evaluates_thresholds || suite_.thresholds.empty()) return;
  const lab::TimePoint now = runtime_.now();
  const lab::Duration since_start = now - scenarios_started_;
  breaches_.note(evaluate_during_run(suite_.thresholds, all_metrics(), now - started_),
                 since_start);
  judgement_due_ = now + BreachHistory::pause_after(since_start);
}

std::optional<OverTime> Run::over_time() const {
  if (part_.windows() == nullptr) return std::nullopt;
  OverTime over_time = part_.windows()->over_time();
  if (threads_) threads_->add_to(over_time);
  add_to(over_time, ticks_.stretches());
  over_time.breaches = breaches_.breaches();
  if (wall_started_) {
    over_time.loads = planned_loads(suite_.options.scenarios, runtime_.now() - scenarios_started_);
  }
  return over_time;
}

std::optional<IterationTotals> Run::iterations() const {
  if (!wall_started_) return std::nullopt;
  IterationTotals totals;
  for (const ScenarioReport& scenario : report().scenarios) {
    totals.completed += scenario.counts.completed;
    totals.interrupted += scenario.counts.interrupted;
  }
  return totals;
}

void Run::conclude() {
  if (spec_.keeps_windows && wall_started_) note_breaches();
  std::optional<Breakdown> breakdown;
  if (spec_.breaks_down) {
    breakdown.emplace(suite_.registry, no_tags_);
    breakdown->merge(*part_.breakdown());
    if (threads_) threads_->add_to(*breakdown);
  }
  const std::optional<Strain> own_strain = strain();
  const RunTotals totals{.metrics = all_metrics(),
                         .duration = runtime_.now() - started_,
                         .errors = errors(),
                         .iterations = iterations(),
                         .breakdown = breakdown ? &*breakdown : nullptr,
                         .over_time = over_time(),
                         .strain = own_strain ? &*own_strain : nullptr};
  const bool evaluates_thresholds = spec_.evaluates_thresholds && !has_waited_in_vain_;
  loader::conclude(totals,
                   {.thresholds = suite_.thresholds,
                    .evaluates_thresholds = evaluates_thresholds,
                    .no_data = spec_.no_data,
                    .trend_stats = suite_.options.summary_trend_stats,
                    .time_unit = suite_.options.summary_time_unit},
                   result_);
  std::vector<SearchSummary> searches = part_.searches();
  if (evaluates_thresholds) judge_searches(searches);
  doubt_searches(searches, result_.summary.self_doubt);
  result_.summary.searches = std::move(searches);
  if (spec_.records) result_.record = record(totals);
}

RunRecord Run::record(const RunTotals& totals) const {
  RunRecord record{.scenarios_started = wall_started_,
                   .setup = wall_started_ ? scenarios_started_ - started_ : totals.duration,
                   .duration = totals.duration,
                   .is_whole = is_whole_,
                   .ticks = ticks_.stretches(),
                   .most = most(),
                   .metrics = record_of(totals.metrics, started_),
                   .drift = drift(),
                   .strain = totals.strain != nullptr ? record_of(*totals.strain) : StrainRecord(),
                   .errors = totals.errors};
  std::erase_if(record.metrics.metrics, [this](const MetricRecord& metric) {
    return is_told_by_ticks(suite_.registry, metric.name);
  });
  record.over_time = totals.over_time;
  if (totals.breakdown != nullptr) record.parts = record_of(*totals.breakdown, started_);
  const PartReport ended = report();
  for (std::size_t i = 0; i < ended.scenarios.size(); ++i) {
    record.scenarios.push_back({suite_.options.scenarios[i].name, ended.scenarios[i].counts});
  }
  return record;
}

// A search without a good level has a verdict like a crossed threshold: its thresholds never held.
void Run::judge_searches(const std::vector<SearchSummary>& searches) {
  for (const SearchSummary& search : searches) {
    if (!search.is_over || search.last_good()) continue;
    result_.fail(ExitCode::thresholds_crossed,
                 "saturation search '" + search.scenario + "': " + search_result(search));
  }
}

}  // namespace loader
