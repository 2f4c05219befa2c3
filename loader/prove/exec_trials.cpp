#include "loader/prove/exec_trials.h"

#include <optional>
#include <utility>

#include "loader/prove/child_process.h"
#include "loader/world/real_gateway.h"
#include "loader/world/real_world.h"
#include "shared/base/json.h"

namespace loader {
namespace {

bool mentions(const lab::Json& patch, std::string_view blank) {
  return patch.dump().find(blank) != std::string::npos;
}

std::optional<std::string> why_not_real(const MutantFamily& family, MutantWindow window,
                                        lab::Duration duration) {
  if (!family.network->is_null()) return "it breaks the network, which is simulated only";
  if (mentions(*family.gateway, "<share>")) return "how many users the command has is not known";
  if (mentions(*family.gateway, "<model>")) return "which models the command asks for is not known";
  SuiteHabits habits;
  habits.duration = duration;
  MutantFamily only_time = family;
  only_time.needs.clear();
  only_time.requests_min = 0;
  return why_not_asked(only_time, window, habits);
}

std::string number_in_name(std::uint64_t seed) {
  return seed == 0 ? std::string() : "." + std::to_string(seed + 1);
}

/// The runs of a command.
class ExecProving {
 public:
  ExecProving(const ExecPlan& plan, const SoundWorld& sound, const ProofObserver& observer)
      : plan_(plan), sound_(sound), observer_(observer) {}

  lab::Result<Proof> prove() {
    start_proof();
    for (const MutantFamily& family : plan_.families) add(family);
    runs_planned_ = plan_.seeds * (1 + proof_.families.size());
    if (const auto sound = run_sound(); !sound) return sound.error();
    for (FamilyProof& family : proof_.families) {
      if (const auto run = try_family(family); !run) return run.error();
    }
    proof_.is_interrupted = is_interrupted();
    judge();
    return std::move(proof_);
  }

 private:
  void start_proof() {
    proof_.suite = plan_.command;
    proof_.gateway = sound_.gateway_file;
    proof_.seed = plan_.seed;
    proof_.seeds = plan_.seeds;
    proof_.min_score = plan_.min_score;
    proof_.has_all_families = plan_.has_all_families;
    ThresholdProof& threshold = proof_.thresholds.emplace_back();
    threshold.metric = "exit code";
    threshold.expression = "0";
  }

  void add(const MutantFamily& family) {
    const auto add_one = [this](MutantFamily one, MutantWindow window) {
      FamilyProof proof;
      proof.name = mutant_name(one, window);
      // Its reference size is the only one that is tried.
      if (one.has_size()) one.breaks += " Here: " + one.size_text(one.reference) + ".";
      one.range.clear();
      proof.family = std::move(one);
      proof.window = window;
      proof.cells.resize(1);
      proof_.families.push_back(std::move(proof));
    };
    add_one(family, MutantWindow::whole);
    for (const FamilyWindow& window : family.windows) {
      MutantFamily one = family;
      one.reference = window.reference;
      add_one(std::move(one), window.during);
    }
  }

  [[nodiscard]] lab::TimePoint now() const { return world_.clock().start; }
  [[nodiscard]] bool is_interrupted() const {
    return observer_.is_interrupted && observer_.is_interrupted();
  }

  lab::Result<void> run_sound() {
    ThresholdProof& threshold = proof_.thresholds.front();
    for (std::uint64_t seed = 0; seed < plan_.seeds && !is_interrupted(); ++seed) {
      const lab::TimePoint started = now();
      const auto is_red = run({sound_.gateway, sound_.network}, "sound", seed);
      if (!is_red) return is_red.error();
      duration_ = now() - started;
      ++threshold.control_runs;
      if (*is_red) ++threshold.control_red;
    }
    return {};
  }

  lab::Result<void> try_family(FamilyProof& family) {
    const auto why = why_not_real(family.family, family.window, duration_);
    family.not_asked = why.value_or("");
    if (why) return {};
    SuiteHabits habits;
    habits.duration = duration_;
    const auto world =
        make_mutant(sound_, family.family, family.window, family.family.reference, habits);
    if (!world) return world.error();
    for (std::uint64_t seed = 0; seed < plan_.seeds; ++seed) {
      const auto red = is_interrupted() ? lab::Result<bool>(false) : run(*world, family.name, seed);
      if (!red) return red.error();
      if (is_interrupted()) {
        family.not_run = "interrupted";
        return {};
      }
      ++family.runs;
      ++family.reference_runs;
      if (!*red) continue;
      ++family.noticed;
      ++family.cells[0].red_at_reference;
    }
    return {};
  }

  /// True if the command says no.
  lab::Result<bool> run(const MutantWorld& world, const std::string& name, std::uint64_t seed) {
    GatewayText text = gateway_text(world, sound_.gateway_file);
    text.seed = plan_.seed + seed;
    const auto gateway = RealGateway::start(text);
    if (!gateway) return gateway.error();
    const auto end =
        run_child({.command = plan_.command,
                   .environment = {{"GATEWAY_URL", (*gateway)->url()}, {"API_KEY", plan_.api_key}},
                   .output = plan_.folder + "/" + name + number_in_name(seed) + ".log",
                   .timeout = plan_.timeout},
                  {[this] { return now(); }, [this] { return is_interrupted(); }});
    if (!end) return end.error();
    ++proof_.runs;
    if (observer_.progress) observer_.progress({name, proof_.runs, runs_planned_});
    // The shell's word for a command that there is not.
    constexpr int kNotFound = 127;
    if (end->how == ChildEnd::How::exited && end->code == kNotFound) {
      return lab::Error{"--exec", "the command could not be run (exit code 127); see " +
                                      plan_.folder + "/" + name + number_in_name(seed) + ".log"};
    }
    return end->how != ChildEnd::How::exited || end->code != 0;
  }

  void judge() {
    ThresholdProof& threshold = proof_.thresholds.front();
    threshold.control_red_interval = wilson_interval(threshold.control_red, threshold.control_runs);
    bool is_ever_red = false;
    for (FamilyProof& family : proof_.families) {
      if (!family.is_known()) continue;
      is_ever_red = is_ever_red || family.noticed > 0;
      if (family.is_noticed()) ++threshold.kills;
      if (family.noticed > 0) family.notice_order = {0};
    }
    if (threshold.control_red > 0) {
      threshold.finding = ThresholdFinding::hair_trigger;
      threshold.reason = "the command fails against the sound gateway in " +
                         std::to_string(threshold.control_red) + " of " +
                         std::to_string(threshold.control_runs) + " runs; see " + plan_.folder +
                         "/sound.log";
    } else if (!is_ever_red && proof_.asked() > 0) {
      threshold.finding =
          proof_.has_all_families ? ThresholdFinding::cannot_go_red : ThresholdFinding::not_tried;
      threshold.reason = "the command ends with 0 whatever is broken";
    }
  }

  const ExecPlan& plan_;
  const SoundWorld& sound_;
  const ProofObserver& observer_;
  RealWorld world_;           ///< Its clock alone.
  lab::Duration duration_{};  ///< Of the last sound run.
  std::uint64_t runs_planned_ = 0;
  Proof proof_;
};

}  // namespace

lab::Result<Proof> prove_command_line(const ExecPlan& plan, const SoundWorld& sound,
                                      const ProofObserver& observer) {
  return ExecProving(plan, sound, observer).prove();
}

}  // namespace loader
