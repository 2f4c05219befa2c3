// What k6/execution shows, and exec.test.abort() and fail().
#include <algorithm>
#include <chrono>

#include "loader/script/natives/natives.h"

namespace loader {
namespace {

void return_count(const NativeCall& call, std::uint64_t count) {
  return_number(call, static_cast<double>(count));
}

double progress_of(const ScriptScenario& scenario, lab::TimePoint now) {
  double share = 0;
  if (scenario.share_done) {
    share = scenario.share_done();
  } else if (scenario.duration > lab::Duration::zero()) {
    share = lab::to_milliseconds(now - scenario.started) / lab::to_milliseconds(scenario.duration);
  }
  return std::clamp(share, 0.0, 1.0);
}

double wall_milliseconds(lab::WallTime time) {
  const auto since_epoch = time.time_since_epoch();
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
}

// What these return is one member of the object of the same name in k6/execution: scripts ask for
// one at a time, again and again, and all of them together would be dear.

void native_scenario(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr || user->scenario() == nullptr) return call.GetReturnValue().SetNull();
  const ScriptScenario& scenario = *user->scenario();
  const std::string member = text_argument(call, 0);
  if (member == "name") return return_text(call, scenario.name);
  if (member == "executor") return return_text(call, scenario.executor);
  if (member == "startTime") return return_number(call, wall_milliseconds(scenario.wall_started));
  if (member == "progress") {
    return return_number(call, progress_of(scenario, user->context().runtime().now()));
  }
  // iterationInInstance and iterationInTest: this process runs all of the test.
  return_count(call, user->iteration().iteration_in_scenario);
}

void native_instance(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  const std::string member = text_argument(call, 0);
  if (user == nullptr) return return_count(call, 0);
  const ScriptRunSettings& settings = user->run().settings;
  if (member == "currentTestRunDuration") {
    return return_number(call, settings.elapsed ? lab::to_milliseconds(settings.elapsed()) : 0);
  }
  const ScriptRunCounts counts = settings.counts ? settings.counts() : ScriptRunCounts{};
  if (member == "iterationsCompleted") return return_count(call, counts.iterations_completed);
  if (member == "iterationsInterrupted") return return_count(call, counts.iterations_interrupted);
  return_count(call, member == "vusActive" ? counts.vus_active : counts.vus_initialized);
}

void native_vu_info(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  const std::string member = text_argument(call, 0);
  if (user == nullptr) return return_count(call, 0);
  if (member == "iterationInInstance") return return_count(call, user->iteration().iteration_in_vu);
  if (member == "iterationInScenario")
    return return_count(call, user->iteration_in_scenario_of_vu());
  return_count(call, user->vu());  // idInInstance and idInTest.
}

void native_abort(const NativeCall& call) { instance_of(call).abort(text_argument(call, 0)); }

void native_mark_failed(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user != nullptr && user->run().settings.mark_failed)
    user->run().settings.mark_failed(text_argument(call, 0));
}

constexpr NativeFunction kExecutionNatives[] = {
    {"scenario", &native_scenario},      {"instance", &native_instance},
    {"vuInfo", &native_vu_info},         {"abort", &native_abort},
    {"markFailed", &native_mark_failed},
};

}  // namespace

std::span<const NativeFunction> execution_natives() { return kExecutionNatives; }

}  // namespace loader
