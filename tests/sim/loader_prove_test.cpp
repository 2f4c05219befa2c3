// Proofs of suites with known defects, and that what is proven holds for other seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "loader/prove/proof_json.h"
#include "loader/prove/prover.h"
#include "loader/prove/suite_characteristic.h"
#include "loader/suite/possible_samples.h"
#include "loader/thresholds/threshold_audit.h"
#include "shared/base/json.h"
#include "tests/sim/simulated_runs.h"

namespace loader {
namespace {

std::vector<MutantFamily> only(std::initializer_list<std::string_view> names) {
  std::vector<MutantFamily> chosen;
  for (const MutantFamily& family : builtin_mutant_families()) {
    if (std::find(names.begin(), names.end(), family.name) == names.end()) continue;
    chosen.push_back(family);
    chosen.back().windows.clear();
  }
  EXPECT_EQ(chosen.size(), names.size());
  return chosen;
}

/// A suite and all that proving it takes.
class Laboratory {
 public:
  explicit Laboratory(const std::string& suite) : prepared_(prepare_text(suite)) {
    impossible_ = impossible_thresholds(prepared_.suite.thresholds, prepared_.suite.registry,
                                        possible_samples(prepared_.suite, prepared_.spec.base_url));
    observe_for_proof(prepared_.suite);
  }

  [[nodiscard]] ProofSubject subject(std::uint64_t seed = 1) const {
    RunSpec spec = prepared_.spec;
    spec.seed = seed;
    return {.suite = prepared_.suite,
            .spec = spec,
            .sound = {lab::OwnedJson::object(), "gateway.json", lab::OwnedJson::object()},
            .gateway_name = "gateway.json",
            .network_name = "",
            .impossible = impossible_};
  }
  [[nodiscard]] Proof prove_it(const ProofPlan& plan, std::uint64_t seed = 1) const {
    return prove(subject(seed), plan, {}).value();
  }

 private:
  PreparedRun prepared_;
  std::vector<std::string> impossible_;
};

// Thirty chats a minute of each VU.
std::string chats(const std::string& thresholds, const std::string& duration = "40s") {
  return R"({"name": "chats", "options": {"scenarios": {"chat": {"executor": "constant-vus", "vus": 4, "duration": ")" +
         duration + R"("}}, "thresholds": )" + thresholds + R"(},
    "flows": {"default": [
      {"chat": {"prompt": "Hello", "max_tokens": 20}, "timeout": "20s", "checks": {"status is 200": {"status": 200}}},
      {"sleep": "1s"}],
      "never": [{"http": {"path": "/health"}, "checks": {"is up": {"status": 200}}}]}})";
}

std::string chats_with_default(std::string suite) {
  // With two flows a scenario says which is its own.
  const std::string executor = R"("executor": "constant-vus")";
  return suite.replace(suite.find(executor), executor.size(), executor + R"(, "exec": "default")");
}

const ThresholdProof& of(const Proof& proof, std::string_view metric) {
  const auto found =
      std::find_if(proof.thresholds.begin(), proof.thresholds.end(),
                   [&](const ThresholdProof& each) { return each.metric == metric; });
  EXPECT_NE(found, proof.thresholds.end()) << metric;
  return *found;
}

TEST(Prove, FindsPlantedDefects) {
  const Laboratory laboratory(chats_with_default(chats(R"({
    "http_req_duration{scenario:chta}": ["p(95)<1000"],
    "checks": ["rate>=0"],
    "http_req_duration": ["p(99)<25000"],
    "checks{check:is up}": ["rate>0.99"],
    "http_req_waiting": ["p(95)<9000"],
    "http_req_failed": ["rate<0.5"],
    "llm_response_time": ["max<700"],
    "iterations": ["count<100000"]
  })")));
  const Proof proof = laboratory.prove_it(
      {.families = only({"status-500", "latency", "reset", "no-answer"}), .seeds = 4});
  EXPECT_EQ(of(proof, "http_req_duration{scenario:chta}").finding, ThresholdFinding::no_data);
  EXPECT_NE(of(proof, "http_req_duration{scenario:chta}").reason.find("chat"), std::string::npos)
      << "names what was meant";
  EXPECT_EQ(of(proof, "checks").finding, ThresholdFinding::cannot_go_red);
  EXPECT_EQ(of(proof, "checks").reason, "holds for every value that it can have");
  EXPECT_EQ(of(proof, "http_req_duration").finding, ThresholdFinding::cannot_go_red);
  EXPECT_NE(of(proof, "http_req_duration").reason.find("time-out"), std::string::npos);
  EXPECT_EQ(of(proof, "checks{check:is up}").finding, ThresholdFinding::no_data);
  EXPECT_EQ(of(proof, "http_req_failed").finding, ThresholdFinding::sound);
  EXPECT_EQ(of(proof, "llm_response_time").finding, ThresholdFinding::hair_trigger);
  EXPECT_GT(of(proof, "llm_response_time").control_red_interval.high, 0.5);
  EXPECT_EQ(of(proof, "iterations").finding, ThresholdFinding::cannot_go_red);
  const std::vector<std::string>& lowered = of(proof, "http_req_waiting").lowered_by;
  EXPECT_NE(std::find(lowered.begin(), lowered.end(), "status-500"), lowered.end());
  EXPECT_FALSE(proof.holds());
}

TEST(Prove, SeesWhichThresholdsAreRedundant) {
  const Laboratory laboratory(chats(
      R"({"http_req_failed": ["rate<0.1", "rate<0.3"], "http_req_duration": ["p(95)<5000"]})"));
  const Proof proof =
      laboratory.prove_it({.families = only({"status-500", "latency"}), .seeds = 3});
  EXPECT_FALSE(proof.thresholds[0].redundant_with);
  EXPECT_EQ(proof.thresholds[1].redundant_with, 0U);
  EXPECT_FALSE(proof.thresholds[2].redundant_with);
}

TEST(Prove, SuggestsWhatWouldHaveNoticedASurvivor) {
  const Laboratory laboratory(chats(R"({"http_req_failed": ["rate<0.5"]})"));
  const Proof proof =
      laboratory.prove_it({.families = only({"empty-content", "slow-tokens"}), .seeds = 4});
  for (const FamilyProof& family : proof.families) {
    EXPECT_TRUE(family.is_survivor()) << family.name;
    ASSERT_FALSE(family.suggestions.empty()) << family.name;
  }
  EXPECT_EQ(proof.families[0].suggestions[0].metric, "http_req_duration");
  EXPECT_EQ(proof.families[1].suggestions[0].metric, "llm_success_rate");
  // Pasted in, they do.
  const SuggestedThreshold& best = proof.families[1].suggestions[0];
  const Laboratory mended(chats(R"({")" + best.metric + R"(": [")" + best.expression + R"("]})"));
  const Proof again = mended.prove_it({.families = only({"empty-content"}), .seeds = 4}, 100);
  EXPECT_EQ(again.noticed(), 1U);
  EXPECT_EQ(again.thresholds[0].control_red, 0U);
}

TEST(Prove, IsTheSameToTheByteWhateverTheThreads) {
  const Laboratory laboratory(
      chats(R"({"http_req_failed": ["rate<0.05"], "http_req_duration": ["p(95)<5000"]})", "20s"));
  ProofPlan plan{.families = only({"status-500", "latency", "reset", "empty-content", "html-page"}),
                 .seeds = 3};
  const std::string one = proof_json(laboratory.prove_it(plan));
  plan.threads = 4;
  EXPECT_EQ(proof_json(laboratory.prove_it(plan)), one);
  EXPECT_NE(proof_json(laboratory.prove_it(plan, 7)), one);
}

TEST(Prove, TheBoundaryOfARateIsItsLimit) {
  // 2 minutes of 8 VUs: some 600 chats, so that a share of them has a standard deviation of 0.9 %.
  std::string suite = chats(R"({"http_req_failed": ["rate<0.05"]})", "2m");
  suite.replace(suite.find("\"vus\": 4"), 8, "\"vus\": 8");
  const Laboratory laboratory(suite);
  const Proof proof = laboratory.prove_it({.families = only({"status-500"}), .seeds = 8});
  const Boundary& boundary = proof.families[0].boundary;
  ASSERT_TRUE(boundary.half.size && boundary.most.size);
  EXPECT_NEAR(*boundary.half.size, 5, 0.7);
  // The size noticed in 95 % of runs, by the binomial distribution of about 600 chats.
  double expected = 5;
  while (binomial_tail(30, 600, expected / 100) < 0.95) expected += 0.01;
  EXPECT_NEAR(*boundary.most.size, expected, 1);
  EXPECT_LT(*boundary.half.low, *boundary.half.high);
}

// The share of held-out seeds in which the half boundary is noticed must be what the interval says:
// at its milder end less than half of the runs are red, at its more severe end more.
TEST(Prove, IntervalsHoldForOtherSeeds) {
  const Laboratory laboratory(
      chats(R"({"http_req_failed": ["rate<0.1"], "http_req_duration": ["p(95)<3000"]})", "1m"));
  const std::vector<MutantFamily> families = only({"status-500", "latency", "slow-tokens"});
  const Proof proof = laboratory.prove_it({.families = families, .seeds = 10});
  const ProofSubject subject = laboratory.subject(1000);
  const auto share_red = [&](const MutantFamily& family, double size) {
    constexpr std::uint64_t kRuns = 20;
    std::uint64_t red = 0;
    SuiteHabits habits = habits_of(subject.suite);
    const MutantWorld world =
        make_mutant(subject.sound, family, MutantWindow::whole, size, habits).value();
    for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
      const RunReadings readings = run_in_world(subject, world, 1000 + seed, {}).value();
      if (std::any_of(readings.thresholds.begin(), readings.thresholds.end(),
                      [](const ThresholdReading& each) { return each.is_red; })) {
        ++red;
      }
    }
    return static_cast<double>(red) / kRuns;
  };
  // Twenty runs say 0.5 ± 0.33 with 99.7 % confidence.
  for (const FamilyProof& family : proof.families) {
    ASSERT_TRUE(family.boundary.half.low && family.boundary.half.high) << family.name;
    EXPECT_LE(share_red(family.family, *family.boundary.half.low), 0.83) << family.name;
    EXPECT_GE(share_red(family.family, *family.boundary.half.high), 0.17) << family.name;
    EXPECT_GE(share_red(family.family, *family.boundary.most.size), 0.6) << family.name;
  }
}

TEST(Prove, AGatewayThatNeverAnswersIsNoticed) {
  for (const std::string& name : builtin_suites()) {
    if (name == "custom-example") continue;
    RunCommand command = simulate_command(name);
    command.shortcuts.duration = std::chrono::minutes(1);
    const RunResult result =
        simulated(prepare(command),
                  gateway(R"({"faults": [{"fault": {"kind": "slow_headers", "delay": "24h"}}]})"));
    EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed) << name;
  }
}

TEST(Prove, StopsWhenInterruptedAndKeepsWhatIsKnown) {
  const Laboratory laboratory(chats(R"({"http_req_failed": ["rate<0.05"]})", "10s"));
  std::uint64_t runs = 0;
  const ProofObserver observer{
      .progress = [&runs](const ProofProgress& progress) { runs = progress.runs; },
      .is_interrupted = [&runs] { return runs >= 32; }};
  const ProofSubject subject = laboratory.subject();
  const auto proof = prove(
      subject, {.families = only({"status-500", "latency", "reset", "empty-content"}), .seeds = 2},
      observer);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->is_interrupted);
  EXPECT_GE(proof->asked(), 1U);
  EXPECT_EQ(proof->families.back().not_run, "interrupted");
  EXPECT_TRUE(proof->errors.empty());
}

TEST(Simulation, ManyAtOnceOnThreadsGiveWhatOneAloneGives) {
  const PreparedRun prepared = prepare_text(kChatSuite);
  const std::string alone = simulated(prepared).summary.simulation->hash;
  std::vector<std::string> hashes(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& hash : hashes) {
      threads.emplace_back([&] { hash = simulated(prepared).summary.simulation->hash; });
    }
  }
  for (const std::string& hash : hashes) EXPECT_EQ(hash, alone);
}

TEST(CharacteristicOf, SharpensWithTheLength) {
  const Laboratory laboratory(chats(R"({"http_req_failed": ["rate<0.05"]})", "30s"));
  const ProofSubject subject = laboratory.subject();
  const auto found = characteristic_of(subject,
                                       {.threshold = {"http_req_failed", "rate<0.1"},
                                        .variation = {"status-500", 0, 20},
                                        .family = only({"status-500"}).front(),
                                        .seeds = 4,
                                        .budget = std::nullopt,
                                        .threads = 2},
                                       {});
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(found->rows.front().cells.front().red, 0U);
  EXPECT_EQ(found->rows.back().cells.back().red, 4U);
  // 20 % against 10 % is told by fewer requests than 12 %.
  ASSERT_TRUE(found->rows[6].requests_needed && found->rows[10].requests_needed);
  EXPECT_GT(*found->rows[6].requests_needed, *found->rows[10].requests_needed);
  const auto unknown = characteristic_of(subject,
                                         {.threshold = {"http_req_fialed", "rate<0.1"},
                                          .variation = {"status-500", 0, 20},
                                          .family = only({"status-500"}).front(),
                                          .seeds = 1,
                                          .budget = std::nullopt},
                                         {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().where, "--oc");
}

}  // namespace
}  // namespace loader
