// Sleeping, timers, the clock, the log, and what is drawn.
#include <boost/system/system_error.hpp>
#include <cstdlib>
#include <memory>

#include "loader/script/go_random.h"
#include "loader/script/natives/natives.h"

namespace loader {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> sleep(lab::Runtime* runtime, lab::Duration duration) {
  const lab::ErrorCode ec = co_await runtime->sleep_for(duration);
  if (ec) throw boost::system::system_error(ec);
}

void native_now(const NativeCall& call) {
  const lab::Runtime* const runtime = instance_of(call).surroundings().runtime;
  const lab::TimePoint now = runtime != nullptr ? runtime->now() : lab::TimePoint{};
  return_number(call, lab::to_milliseconds(now - lab::TimePoint{}));
}

void native_sleep(const NativeCall& call) {
  ScriptInstance& instance = instance_of(call);
  lab::Runtime* const runtime = instance.surroundings().runtime;
  if (runtime == nullptr) return;
  instance.wait(sleep(runtime, duration_of(number_argument(call, 0))));
}

void native_set_timer(const NativeCall& call) {
  if (!call[1]->IsFunction()) return;
  return_number(call, static_cast<double>(instance_of(call).loop().add_timer(
                          duration_of(number_argument(call, 0)), call[1].As<v8::Function>())));
}

asio::awaitable<void> end_turn(lab::Runtime* runtime) {
  (void)co_await runtime->sleep_for(lab::Duration::zero());
}

// (callback): called once everybody else on the thread has had a turn.
void native_pause(const NativeCall& call) {
  ScriptInstance* const instance = &instance_of(call);
  const auto callback = call[0].As<v8::Function>();
  lab::Runtime* const runtime = instance->surroundings().runtime;
  if (runtime == nullptr) {
    instance->loop().add_timer({}, callback);
    return;
  }
  const auto kept = std::make_shared<v8::Global<v8::Function>>(call.GetIsolate(), callback);
  instance->loop().begin(end_turn(runtime), [instance, kept] {
    v8::Isolate* const isolate = instance->v8();
    ignore_result(
        kept->Get(isolate)->Call(instance->context(), v8::Undefined(isolate), 0, nullptr));
  });
}

void native_clear_timer(const NativeCall& call) {
  instance_of(call).loop().clear_timer(static_cast<std::uint64_t>(number_argument(call, 0)));
}

void native_log(const NativeCall& call) {
  const int level = static_cast<int>(number_argument(call, 0));
  ScriptLogLine line{static_cast<ScriptLogLevel>(level & 3), text_argument(call, 1),
                     text_argument(call, 2)};
  line.fields = pairs_argument(call, 3);
  instance_of(call).log(std::move(line));
}

void native_random_unit(const NativeCall& call) {
  return_number(call, instance_of(call).rng().uniform01());
}

void native_go_seed(const NativeCall& call) {
  const std::string seed = text_argument(call, 0);
  instance_of(call).go_random().emplace(std::strtoll(seed.c_str(), nullptr, 10));
}

void native_go_float64(const NativeCall& call) {
  auto& random = instance_of(call).go_random();
  return_number(call, random ? random->float64() : 0);
}

constexpr NativeFunction kTimeNatives[] = {
    {"now", &native_now},
    {"sleep", &native_sleep},
    {"setTimer", &native_set_timer},
    {"clearTimer", &native_clear_timer},
    {"pause", &native_pause},
    {"log", &native_log},
    {"randomUnit", &native_random_unit},
    {"goSeed", &native_go_seed},
    {"goFloat64", &native_go_float64},
};

}  // namespace

std::span<const NativeFunction> time_natives() { return kTimeNatives; }

}  // namespace loader
