// What k6/execution shows, and exec.test.abort() and fail().
#include <algorithm>
#include <chrono>

#include "loader/script/natives/natives.h"

namespace loader {
namespace {

/// Makes a plain object, member by member.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(const NativeCall& call)
      : call_(call),
        context_(call.GetIsolate()->GetCurrentContext()),
        object_(v8::Object::New(call.GetIsolate())) {}

  void number(std::string_view name, double value) {
    set_member(context_, object_, name, v8::Number::New(call_.GetIsolate(), value));
  }
  void count(std::string_view name, std::uint64_t value) {
    number(name, static_cast<double>(value));
  }
  void text(std::string_view name, std::string_view value) {
    set_member(context_, object_, name, to_v8(call_.GetIsolate(), value));
  }
  void give() { call_.GetReturnValue().Set(object_); }

 private:
  const NativeCall& call_;
  v8::Local<v8::Context> context_;
  v8::Local<v8::Object> object_;
};

double progress_of(const ScriptScenario& scenario, lab::TimePoint now) {
  double share = 0;
  if (scenario.share_done) {
    share = scenario.share_done();
  } else if (scenario.duration > lab::Duration::zero()) {
    share = lab::to_milliseconds(now - scenario.started) / lab::to_milliseconds(scenario.duration);
  }
  return std::clamp(share, 0.0, 1.0);
}

void native_scenario(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr || user->scenario() == nullptr) return call.GetReturnValue().SetNull();
  const ScriptScenario& scenario = *user->scenario();
  ObjectBuilder object(call);
  object.text("name", scenario.name);
  object.text("executor", scenario.executor);
  object.number("startTime",
                static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        scenario.wall_started.time_since_epoch())
                                        .count()));
  object.number("progress", progress_of(scenario, user->context().runtime().now()));
  object.count("iterationInInstance", user->iteration().iteration_in_scenario);
  object.count("iterationInTest", user->iteration().iteration_in_scenario);
  object.give();
}

void native_instance(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  const ScriptRunCounts counts = user != nullptr && user->run().settings.counts
                                     ? user->run().settings.counts()
                                     : ScriptRunCounts{};
  ObjectBuilder object(call);
  object.number("currentTestRunDuration", lab::to_milliseconds(counts.duration));
  object.count("iterationsCompleted", counts.iterations_completed);
  object.count("iterationsInterrupted", counts.iterations_interrupted);
  object.count("vusActive", counts.vus_active);
  object.count("vusInitialized", counts.vus_initialized);
  object.give();
}

void native_vu_info(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  ObjectBuilder object(call);
  object.count("idInInstance", user != nullptr ? user->vu() : 0);
  object.count("idInTest", user != nullptr ? user->vu() : 0);
  object.count("iterationInInstance", user != nullptr ? user->iteration().iteration_in_vu : 0);
  object.count("iterationInScenario", user != nullptr ? user->iteration_in_scenario_of_vu() : 0);
  object.give();
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
