#include "tests/sweep/sweep_case.h"

#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "loader/command/run_preparation.h"
#include "loader/summary/html_report.h"
#include "loader/summary/junit.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_text.h"
#include "loader/world/simulation.h"
#include "tests/sweep/random_case.h"
#include "tests/sweep/request_tally.h"

namespace lab::test {
namespace {

// Scenarios end by themselves: 2 s late start, 13 s of stages at most, 30 s of grace; a patient
// loader waits for what a slow gateway has queued up.
constexpr Duration kDurationMax = std::chrono::minutes(1);
constexpr Duration kPatientDurationMax = std::chrono::minutes(15);
// Far above what any case has taken (the sweep says how many events the largest did).
constexpr std::uint64_t kEventsMax = 5'000'000;
constexpr std::uint64_t kStepsPerInstantMax = 200'000;

std::string number(double value) { return std::to_string(static_cast<long long>(value)); }

// The counts that a summary must agree on.
class Counts {
 public:
  explicit Counts(const loader::SummaryData& summary) : summary_(summary) {}

  [[nodiscard]] double counter(std::string_view name) const {
    const auto* values = find<loader::CounterValues>(name);
    return values != nullptr ? values->count : 0;
  }
  [[nodiscard]] double rate_samples(std::string_view name) const {
    const auto* values = find<loader::RateValues>(name);
    return values != nullptr ? static_cast<double>(values->passes + values->fails) : 0;
  }

 private:
  template <class Values>
  [[nodiscard]] const Values* find(std::string_view name) const {
    for (const loader::SummaryMetric& metric : summary_.metrics) {
      if (metric.name == name) return std::get_if<Values>(&metric.values);
    }
    return nullptr;
  }

  const loader::SummaryData& summary_;
};

loader::PreparedRun prepare(const RandomCase& random, std::uint64_t seed) {
  const auto environment = loader::make_environment({}, {}).value();
  auto suite = loader::read_suite({random.suite, "suite.json", std::nullopt}, {environment, {}});
  loader::RunSpec config;
  config.base_url = loader::parse_url("http://localhost:8080").value();
  config.api_key = "test-api-key";
  config.seed = seed;
  config.breaks_down = true;
  return {std::move(suite).value(), std::move(config), {}};
}

void check_counts(const loader::SummaryData& summary, std::uint64_t written,
                  std::vector<std::string>& broken) {
  const Counts counts(summary);
  const double requests = counts.counter("http_reqs");
  if (requests != static_cast<double>(written)) {
    broken.push_back("http_reqs and its samples differ: " + number(requests) + ", " +
                     std::to_string(written));
  }
  if (requests != counts.rate_samples("http_req_failed")) {
    broken.push_back("http_reqs and http_req_failed differ: " + number(requests) + ", " +
                     number(counts.rate_samples("http_req_failed")));
  }
  const double outcomes =
      counts.counter("llm_requests_success") + counts.counter("llm_requests_error");
  if (outcomes != counts.rate_samples("llm_success_rate")) {
    broken.push_back("llm outcomes and llm_success_rate differ: " + number(outcomes) + ", " +
                     number(counts.rate_samples("llm_success_rate")));
  }
}

std::uint64_t count_of(const std::map<unsigned, std::uint64_t>& statuses, unsigned status) {
  const auto found = statuses.find(status);
  return found == statuses.end() ? 0 : found->second;
}

std::string both(std::uint64_t gateway, std::uint64_t loader) {
  return std::to_string(gateway) + " times at the gateway, " + std::to_string(loader) +
         " times at the loader";
}

// Every answer that the loader has seen was sent; it may have missed some.
void check_answers(const std::map<unsigned, std::uint64_t>& sent,
                   const std::map<unsigned, std::uint64_t>& seen,
                   std::vector<std::string>& broken) {
  for (const auto& [status, count] : seen) {
    if (status == 0 || count_of(sent, status) >= count) continue;
    broken.push_back("status " + std::to_string(status) + ": " +
                     both(count_of(sent, status), count));
  }
}

// Where nothing gets lost and nobody gives up, both have the same to tell of every request. An
// answer that the gateway cuts on purpose has its status for it, and none for the loader.
void check_same_answers(std::map<unsigned, std::uint64_t> sent,
                        std::map<unsigned, std::uint64_t> seen, std::vector<std::string>& broken) {
  for (auto* statuses : {&sent, &seen}) {
    (*statuses)[200] += (*statuses)[0];
    statuses->erase(0);
  }
  for (const auto& [status, count] : sent) seen.try_emplace(status, 0);
  for (const auto& [status, count] : seen) {
    if (count_of(sent, status) == count) continue;
    broken.push_back("status " + std::to_string(status) + (status == 200 ? " or none: " : ": ") +
                     both(count_of(sent, status), count));
  }
}

// A GET that a kept connection broke is sent again, so that the gateway sees two where the loader
// made one.
bool may_send_twice(const RandomCase& random) {
  const bool breaks =
      !random.is_network_clean || random.gateway.find("abort_before_headers") != std::string::npos;
  return breaks && random.suite.find("\"http\"") != std::string::npos;
}

// What the gateway has read is what the loader has counted, answered or not, and at most one
// request more for each iteration that was cut.
void check_requests(const RequestTally& tally, std::uint64_t cut,
                    const loader::Simulation& simulation, std::vector<std::string>& broken) {
  std::uint64_t counted = 0;
  for (const auto& [status, count] : tally.statuses) counted += count;
  if (simulation.gateway_requests() <= counted + cut) return;
  broken.push_back("the gateway saw " + std::to_string(simulation.gateway_requests()) +
                   " requests, the loader counted " + std::to_string(counted) + " and cut " +
                   std::to_string(cut));
}

// The gateway's own record against itself, and against what the loader has.
void check_gateway(const RandomCase& random, const loader::Simulation& simulation,
                   const RequestTally& tally, std::vector<std::string>& broken) {
  const auto& sent = simulation.gateway_statuses();
  std::uint64_t ended = 0;
  for (const auto& [status, count] : sent) ended += count;
  if (ended != simulation.gateway_requests()) {
    broken.push_back("of " + std::to_string(simulation.gateway_requests()) +
                     " requests at the gateway " + std::to_string(ended) + " came to an end");
  }
  if (random.is_network_clean && random.is_patient && !may_send_twice(random)) {
    check_same_answers(sent, tally.statuses, broken);
  } else {
    check_answers(sent, tally.statuses, broken);
  }
}

// Every file that a run leaves.
std::string bytes_of(const loader::RunResult& result, const RequestTally& tally) {
  const loader::SummaryData& summary = result.summary;
  return loader::summary_text(summary, {.mode = loader::SummaryMode::full}) +
         loader::summary_json(summary) + loader::summary_export_json(summary) +
         loader::junit_xml(summary) + loader::html_report(summary) +
         std::to_string(tally.samples.value());
}

void check_world(const SimRuntime& runtime, std::vector<std::string>& broken) {
  const SimRuntime::Pending pending = runtime.pending();
  if (pending.events + pending.connections + pending.listeners > 0) {
    broken.push_back("something is pending at the end: " + runtime.describe());
  }
}

}  // namespace

SweepOutcome run_sweep_case(std::uint64_t seed) {
  const RandomCase random = make_random_case(seed);
  const loader::PreparedRun prepared = prepare(random, seed);
  SweepOutcome outcome;
  RequestTally tally;
  loader::Outputs outputs;
  outputs.add(std::make_unique<TallyOutput>(tally));
  loader::Simulation simulation({.seed = seed,
                                 .network = random.network,
                                 .steps_per_instant_max = kStepsPerInstantMax,
                                 .events_max = kEventsMax});
  loader::RunObserver observer;
  observer.outputs = &outputs;
  std::uint64_t cut = 0;
  observer.finished = [&cut](const loader::RunProgress& progress) { cut = progress.interrupted; };
  const auto result = simulation.run(prepared.suite, prepared.spec,
                                     {random.gateway, "gateway.json", seed}, observer);
  if (!result) {
    outcome.broken.push_back(result.error().to_string());
    return outcome;
  }
  if (result->exit_code != loader::ExitCode::ok &&
      result->exit_code != loader::ExitCode::thresholds_crossed) {
    outcome.broken = result->errors;
    return outcome;
  }
  outcome.events = simulation.runtime().events_run();
  for (const auto& [status, count] : tally.statuses) outcome.requests += count;
  check_counts(result->summary, outcome.requests, outcome.broken);
  check_gateway(random, simulation, tally, outcome.broken);
  if (!may_send_twice(random)) check_requests(tally, cut, simulation, outcome.broken);
  check_world(simulation.runtime(), outcome.broken);
  if (result->summary.duration > (random.is_patient ? kPatientDurationMax : kDurationMax)) {
    outcome.broken.push_back("the run took " + format_duration(result->summary.duration));
  }
  outcome.bytes = bytes_of(*result, tally);
  return outcome;
}

}  // namespace lab::test
