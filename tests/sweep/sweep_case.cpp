#include "tests/sweep/sweep_case.h"

#include <optional>
#include <string_view>
#include <utility>

#include "loader/run_preparation.h"
#include "loader/simulate.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_text.h"
#include "tests/sweep/random_case.h"

namespace lab::test {
namespace {

// Scenarios end by themselves: 2 s late start, 13 s of stages at most, 30 s of grace.
constexpr Duration kDurationMax = std::chrono::minutes(1);

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
  loader::RunConfig config;
  config.base_url = loader::parse_url("http://localhost:8080").value();
  config.api_key = "test-api-key";
  config.seed = seed;
  return {std::move(suite).value(), std::move(config), {}};
}

// Requests that ended without any answer: timed out, refused, cut.
double unanswered(const loader::SummaryData& summary) {
  double count = 0;
  for (const loader::ErrorTally& error : summary.errors) {
    if (!error.text.starts_with("status ")) count += static_cast<double>(error.count);
  }
  return count;
}

void check_counts(const loader::SummaryData& summary, std::vector<std::string>& broken) {
  const Counts counts(summary);
  const double requests = counts.counter("http_reqs");
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

// The loader has seen a status no more often than the gateway has sent it.
void check_status(const loader::Simulation& simulation, unsigned status, double seen,
                  std::vector<std::string>& broken) {
  const auto& statuses = simulation.gateway_statuses();
  const auto sent = statuses.find(status);
  const auto count = sent == statuses.end() ? 0.0 : static_cast<double>(sent->second);
  if (count < seen) {
    broken.push_back("the gateway sent status " + std::to_string(status) + " " + number(count) +
                     " times, the loader saw it " + number(seen) + " times");
  }
}

// Only a request whose kept connection broke may be sent twice behind the loader's back, and only
// if that does no harm.
bool may_resend(const RandomCase& random) {
  const bool has_gets = random.suite.find("\"http\":") != std::string::npos;
  const bool breaks =
      !random.is_network_clean || random.gateway.find("abort_before_headers") != std::string::npos;
  return has_gets && breaks;
}

// What the gateway has read is what the loader has counted, answered or not, and at most one
// request more for each iteration that was cut.
void check_requests(double counted, std::uint64_t cut, const loader::Simulation& simulation,
                    std::vector<std::string>& broken) {
  const auto seen = static_cast<double>(simulation.gateway_requests());
  if (seen <= counted + static_cast<double>(cut)) return;
  broken.push_back("the gateway saw " + number(seen) + " requests, the loader counted " +
                   number(counted) + " and cut " + std::to_string(cut));
}

// The gateway's own record against itself, and against what the loader has. The gateway may have
// answered more often: requests cut by grace periods, and those whose answer came too late or not
// at all.
void check_gateway(const loader::SummaryData& summary, const loader::Simulation& simulation,
                   std::vector<std::string>& broken) {
  std::uint64_t ended = 0;
  for (const auto& [status, count] : simulation.gateway_statuses()) ended += count;
  if (ended != simulation.gateway_requests()) {
    broken.push_back("of " + std::to_string(simulation.gateway_requests()) +
                     " requests at the gateway " + std::to_string(ended) + " came to an end");
  }
  double answered = Counts(summary).counter("http_reqs") - unanswered(summary);
  for (const loader::ErrorTally& error : summary.errors) {
    if (!error.text.starts_with("status ")) continue;
    const auto count = static_cast<double>(error.count);
    answered -= count;
    const unsigned status = static_cast<unsigned>(std::stoul(error.text.substr(7)));
    check_status(simulation, status, count, broken);
  }
  check_status(simulation, 200, answered, broken);
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
  loader::Simulation simulation(seed, random.network);
  std::uint64_t cut = 0;
  loader::RunObserver observer;
  observer.finished = [&cut](const loader::RunProgress& progress) { cut = progress.interrupted; };
  const auto result = simulation.run(prepared, {random.gateway, "gateway.json", seed}, observer);
  if (!result) {
    outcome.broken.push_back(result.error().to_string());
    return outcome;
  }
  outcome.requests = static_cast<std::uint64_t>(Counts(result->summary).counter("http_reqs"));
  check_counts(result->summary, outcome.broken);
  check_gateway(result->summary, simulation, outcome.broken);
  if (!may_resend(random)) {
    const double counted = Counts(result->summary).counter("http_reqs");
    check_requests(counted, cut, simulation, outcome.broken);
  }
  check_world(simulation.runtime(), outcome.broken);
  if (result->summary.duration > kDurationMax) {
    outcome.broken.push_back("the run took " + format_duration(result->summary.duration));
  }
  if (result->exit_code != loader::ExitCode::ok &&
      result->exit_code != loader::ExitCode::thresholds_crossed) {
    outcome.broken.push_back("exit code " + std::to_string(static_cast<int>(result->exit_code)));
  }
  outcome.bytes = loader::summary_text(result->summary, {}) + loader::summary_json(result->summary);
  return outcome;
}

}  // namespace lab::test
