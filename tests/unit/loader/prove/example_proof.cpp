#include "example_proof.h"

#include <limits>
#include <utility>
#include <vector>

#include "loader/prove/family_trials.h"

namespace loader {
namespace {

constexpr std::uint64_t kSeeds = 10;
constexpr std::size_t kThresholds = 6;
using Sizes = std::initializer_list<double>;

std::vector<SeedBoundary> positions_of(const MutantFamily& family, Sizes sizes) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<SeedBoundary> positions;
  for (const double size : sizes) {
    const double position = family.position_of(size);
    positions.push_back({position, position, position});
  }
  positions.resize(kSeeds, {kNever, kNever, kNever});
  return positions;
}

MutantFamily family_of(std::string name, std::string breaks, std::string unit,
                       std::vector<double> range, double reference) {
  MutantFamily family;
  family.name = std::move(name);
  family.breaks = std::move(breaks);
  family.unit = std::move(unit);
  family.range = std::move(range);
  family.scale = SizeScale::logarithmic;
  family.reference = reference;
  return family;
}

MutantFamily linear(MutantFamily family) {
  family.scale = SizeScale::linear;
  return family;
}

FamilyProof in_window(FamilyProof proof, MutantWindow window) {
  proof.window = window;
  proof.name = mutant_name(proof.family, window);
  return proof;
}

/// The same with what one threshold does.
FamilyProof with_cell(FamilyProof proof, std::size_t threshold, std::uint64_t red, Sizes sizes) {
  proof.cells[threshold].red_at_reference = red;
  proof.cells[threshold].boundary = boundary_of(proof.family, positions_of(proof.family, sizes));
  proof.notice_order.push_back(threshold);
  return proof;
}

FamilyProof unknown(MutantFamily family, std::string not_asked, std::string not_run) {
  FamilyProof proof;
  proof.name = family.name;
  proof.family = std::move(family);
  proof.not_asked = std::move(not_asked);
  proof.not_run = std::move(not_run);
  return proof;
}

ThresholdProof sound(std::string metric, std::string expression) {
  ThresholdProof proof;
  proof.metric = std::move(metric);
  proof.expression = std::move(expression);
  proof.control_runs = 2 * kSeeds;
  proof.control_red_interval = wilson_interval(0, 2 * kSeeds);
  return proof;
}

ThresholdProof found(ThresholdProof proof, ThresholdFinding finding, std::string reason) {
  proof.finding = finding;
  proof.reason = std::move(reason);
  return proof;
}

std::vector<ThresholdProof> thresholds() {
  ThresholdProof failed = sound("http_req_failed", "rate<0.05");
  failed.sound_worst = 0.0;
  failed.worst = 1.0;
  failed.worst_mutant = "status-500 100%";
  failed.kills = 4;
  ThresholdProof duration = sound("http_req_duration", "p(95)<15000");
  duration.sound_worst = 2417.31;
  duration.worst = 60012.5;
  duration.worst_mutant = "latency 60s";
  duration.kills = 2;
  duration.lowered_by = {"status-500", "refused"};
  ThresholdProof streams =
      found(sound("llm_streaming_success", "rate>=0"), ThresholdFinding::cannot_go_red,
            "holds for every value that it can have");
  streams.sound_worst = 1.0;
  streams.worst = 0.0;
  streams.worst_mutant = "status-500 100%";
  ThresholdProof absent = found(sound("http_req_duration{name:chat|stream}", "p(99)<30000"),
                                ThresholdFinding::no_data, "no sample in any of 1184 runs");
  absent.control_no_data = 2 * kSeeds;
  ThresholdProof first =
      found(sound("llm_time_to_first_token", "p(95)<900"), ThresholdFinding::hair_trigger,
            "red without any mutant in 3 of 20 runs");
  first.control_red = 3;
  first.control_red_interval = wilson_interval(3, 2 * kSeeds);
  first.sound_worst = 931.4;
  first.worst = 61217.0;
  first.worst_mutant = "first-token 60s";
  first.kills = 1;
  ThresholdProof checks = sound("checks", "rate>0.9");
  checks.sound_worst = 1.0;
  checks.worst = 0.0;
  checks.worst_mutant = "refused 100%";
  checks.kills = 1;
  checks.redundant_with = 0;
  return {failed, duration, streams, absent, first, checks};
}

FamilyProof stalling_streams() {
  MutantFamily family = percent_family("stream-stall");
  family.breaks = "Streams are silent for <half a minute> & more in their middle.";
  FamilyProof proof = with_cell(tried(family, 1, {20, 31.5, 38, 41, 47, 52, 64, 88}), 1, 1,
                                {20, 31.5, 38, 41, 47, 52, 64, 88});
  proof.suggestions = {{"llm_stream_stall_max", "max<5600", 870.5, 1040.25, 30011, 30480, 20},
                       {"http_req_duration", "p(95)<11000", 2105, 2417.31, 31877, 34020, 20}};
  proof.command = "loader run smoke --simulate=mutants/stream-stall.json --seed 1";
  return proof;
}

FamilyProof missing_usage() {
  MutantFamily family = percent_family("missing-usage");
  family.breaks = "Answers come without the numbers of tokens.";
  FamilyProof proof = tried(family, 0, {});
  proof.command = "loader run smoke --simulate=mutants/missing-usage.json --seed 1";
  return proof;
}

FamilyProof one_token() {
  MutantFamily family;
  family.name = "one-token";
  family.breaks = "Answers have a single token.";
  FamilyProof proof = tried(family, 0, {});
  proof.suggestions = {{"llm_tokens_generated", "avg>14", 62.4, 71.9, 1, 1, 20}};
  proof.command = "loader run smoke --simulate=mutants/one-token.json --seed 1";
  return proof;
}

FamilyProof late_errors() {
  MutantFamily family = percent_family("status-500");
  FamilyProof proof =
      with_cell(in_window(tried(family, 7, {11, 13, 15, 16, 18, 19, 20, 24, 27, 33}),
                          MutantWindow::last_third),
                0, 7, {11, 13, 15, 16, 18, 19, 20, 24, 27, 33});
  proof.suggestions = {{"http_req_failed", "rate<0.03", 0, 0, 0.048, 0.071, 20}};
  proof.is_monotone = false;
  return proof;
}

std::vector<FamilyProof> noticed_families() {
  FamilyProof errors =
      with_cell(with_cell(tried(percent_family("status-500"), 10,
                                {4.1, 4.4, 4.5, 4.7, 4.9, 5.0, 5.1, 5.3, 5.6, 5.9}),
                          0, 10, {4.1, 4.4, 4.5, 4.7, 4.9, 5.0, 5.1, 5.3, 5.6, 5.9}),
                5, 10, {8.1, 8.8, 9.2, 9.6, 9.9, 10.1, 10.4, 10.8, 11, 11.9});
  MutantFamily down = percent_family("refused");
  FamilyProof refused = with_cell(tried(down, 10, {3, 3.2, 3.5, 4, 4.2, 4.6, 5, 5.5, 6, 6.4}), 0,
                                  10, {4, 4.2, 4.5, 4.6, 4.7, 5.1, 5.4, 5.9, 6.2, 7});
  refused.failed_otherwise = 4;
  MutantFamily slow = family_of("latency", "All chats take so much longer.", "s", {0.05, 60}, 30);
  FamilyProof latency = with_cell(
      with_cell(tried(slow, 10, {0.1, 0.1, 0.12, 0.14, 0.15, 0.15, 0.16, 0.2, 0.21, 0.24}), 4, 10,
                {0.1, 0.1, 0.12, 0.14, 0.15, 0.15, 0.16, 0.2, 0.21, 0.24}),
      1, 10, {12.6, 12.7, 12.7, 12.8, 12.8, 12.9, 13, 13.1, 13.1, 13.2});
  MutantFamily slots =
      family_of("fewer-slots", "The gateway runs fewer requests at once than there are users.",
                "% of the users", {100, 1}, 2);
  FamilyProof queue = with_cell(tried(slots, 10, {9, 8, 8, 7.5, 7, 7, 6.5, 6, 5.5, 4}), 1, 10,
                                {9, 8, 8, 7.5, 7, 7, 6.5, 6, 5.5, 4});
  MutantFamily lasting =
      linear(family_of("unreachable", "Nothing arrives for a while.", "s", {0, 600}, 120));
  FamilyProof cut = with_cell(tried(lasting, 10, {22, 24, 25, 25, 27, 29, 30, 31, 33, 38}), 0, 10,
                              {22, 24, 25, 25, 27, 29, 30, 31, 33, 38});
  return {errors, refused, latency, queue, cut};
}

}  // namespace

MutantFamily percent_family(std::string name) {
  return family_of(std::move(name), "Chats are answered with an error.", "%", {0.1, 100}, 20);
}

FamilyProof tried(MutantFamily family, std::uint64_t noticed, Sizes sizes) {
  FamilyProof proof;
  proof.name = family.name;
  proof.family = std::move(family);
  proof.runs = 8 * kSeeds;
  proof.reference_runs = kSeeds;
  proof.noticed = noticed;
  proof.boundary = boundary_of(proof.family, positions_of(proof.family, sizes));
  proof.cells.resize(kThresholds);
  for (ProofCell& cell : proof.cells)
    cell.boundary = boundary_of(proof.family, positions_of(proof.family, {}));
  return proof;
}

Proof example_proof() {
  Proof proof;
  proof.suite = "smoke";
  proof.gateway = "healthy";
  proof.network = "lan";
  proof.seed = 1;
  proof.seeds = kSeeds;
  proof.runs = 1184;
  proof.events = 91'204'117;
  proof.virtual_seconds = 213'120;
  proof.thresholds = thresholds();
  proof.families = noticed_families();
  MutantFamily health;
  health.name = "unhealthy";
  health.breaks = "The health route answers with status 503.";
  proof.families.push_back(with_cell(tried(health, 10, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 0, 10,
                                     {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  proof.families.push_back(stalling_streams());
  proof.families.push_back(missing_usage());
  proof.families.push_back(one_token());
  proof.families.push_back(late_errors());
  proof.families.push_back(unknown(percent_family("model-out"), "it asks for one model only", ""));
  proof.families.push_back(
      unknown(family_of("drift", "It slows down from hour to hour.", " %/h", {1, 1000}, 25),
              "it is over after 3m0s; this takes 1h0m0s", ""));
  proof.families.push_back(unknown(percent_family("reset"), "", "interrupted"));
  proof.is_interrupted = true;
  proof.min_score = 80;
  return proof;
}

Proof holding_proof() {
  Proof proof;
  proof.suite = "smoke";
  proof.gateway = "healthy";
  proof.network = "lan";
  proof.seeds = kSeeds;
  proof.runs = 100;
  proof.thresholds = {thresholds().front()};
  FamilyProof family = noticed_families().front();
  family.cells.resize(1);
  family.notice_order = {0};
  proof.families = {family};
  return proof;
}

}  // namespace loader
