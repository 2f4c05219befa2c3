// One JavaScript heap with a script loaded in it: calls its functions on a fiber of its own, whose
// waits are awaited by the coroutine that made the call.
#pragma once

#include <v8.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/script/engine/crash_guard.h"
#include "loader/script/engine/fiber.h"
#include "loader/script/engine/kept_text.h"
#include "loader/script/engine/script_isolate.h"
#include "loader/script/engine/v8_engine.h"
#include "loader/script/go_random.h"
#include "loader/script/module_loader.h"
#include "loader/script/script_end.h"
#include "loader/script/script_log.h"
#include "loader/script/script_loop.h"
#include "loader/script/script_program.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace loader {

class ScriptUser;

/// By the places that native_exchange.cpp gives them.
using KeptTexts = std::array<KeptText, 32>;

/// Where an instance lives. What it points to outlives the instance.
struct ScriptSurroundings {
  /// Null in discovery, where waits take no time.
  lab::Runtime* runtime = nullptr;
  /// What Date says where there is no runtime.
  lab::WallTime wall_now{};
  /// Null in discovery.
  ScriptUser* user = nullptr;
  std::function<void(ScriptLogLine)> log;
  std::uint64_t vu = 0;  ///< __VU.
  lab::Rng rng{0};       ///< Of Math.random() and the like, until an iteration brings another.
};

/// Not thread-safe; one call at a time.
class ScriptInstance final : private CrashReceiver {
 public:
  ScriptInstance(ScriptProgram& program, ScriptSurroundings surroundings);
  ~ScriptInstance() override;
  ScriptInstance(const ScriptInstance&) = delete;
  ScriptInstance& operator=(const ScriptInstance&) = delete;

  /// Runs the init code. Once, before all calls.
  boost::asio::awaitable<ScriptEnd> load();
  /// The same where nothing can wait: sleeps and timers take no time.
  ScriptEnd load_now();

  /// Calls an exported function, and goes on until nothing of it is left to happen. `argument` is
  /// JSON, kept between calls; null: undefined. Cancellation of type terminal interrupts it.
  boost::asio::awaitable<ScriptEnd> call(ScriptPhase phase, const std::string& function);
  /// What the last call returned, as JSON; none: undefined. An Error if it can't be said in JSON.
  [[nodiscard]] lab::Result<std::optional<std::string>> result_json();
  /// The same of handleSummary(): what is to be written where. An Error if it is no such map; none:
  /// it returned nothing.
  using Files = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] lab::Result<std::optional<Files>> result_files();
  /// What discovery wants to know: the exported functions and options go into the program.
  [[nodiscard]] lab::Result<void> read_exports();
  /// The scenario's variables over __ENV; empty: none.
  void set_scenario_environment(const std::map<std::string, std::string>& variables);
  void set_iteration(std::uint64_t iteration) { iteration_ = iteration; }

  /// The argument of calls: setup's data. None: undefined.
  void set_argument(std::optional<std::string> json) { argument_json_ = std::move(json); }
  /// The consolidated options, written over those that the script exports; before load().
  void set_options(std::string json) { options_json_ = std::move(json); }
  /// Draws from here on.
  void set_rng(lab::Rng rng) { rng_ = rng; }

  // What follows is for the natives, on the fiber.

  [[nodiscard]] static ScriptInstance& of(v8::Isolate* isolate) {
    return *static_cast<ScriptInstance*>(isolate->GetData(0));
  }
  [[nodiscard]] v8::Isolate* v8() const { return isolate_->v8(); }
  [[nodiscard]] v8::Local<v8::Context> context() const { return context_.Get(v8()); }
  [[nodiscard]] v8::Local<v8::Object> native() const { return native_.Get(v8()); }
  /// What texts of requests and answers were at their places the last time.
  [[nodiscard]] KeptTexts& texts() { return texts_; }
  /// A function of native.registry.
  [[nodiscard]] v8::Local<v8::Value> registered(std::string_view name) const;
  [[nodiscard]] ScriptProgram& program() { return program_; }
  [[nodiscard]] const ScriptSurroundings& surroundings() const { return surroundings_; }
  [[nodiscard]] ScriptPhase phase() const { return phase_; }
  [[nodiscard]] ModuleLoader& modules() { return modules_; }
  [[nodiscard]] ScriptLoop& loop() { return loop_; }
  [[nodiscard]] lab::Rng& rng() { return rng_; }

  /// Lets the virtual user wait for `operation`; false if it was interrupted meanwhile: then the
  /// native returns at once. In discovery nothing happens, and that at once.
  bool wait(boost::asio::awaitable<void> operation);
  /// The same for what must end before anything else may, interrupted or not.
  void wait_for_end(boost::asio::awaitable<void> operation);
  /// Whether it is being destroyed: nothing that is waited for comes any more.
  [[nodiscard]] bool is_leaving() const { return is_leaving_; }
  /// Ends what runs, uncatchably, by exec.test.abort().
  void abort(std::string reason);
  void throw_go_error(std::string_view text);
  void log(ScriptLogLevel level, std::string text, std::string_view source = {});
  void log(ScriptLogLine line);
  [[nodiscard]] std::optional<GoRandom>& go_random() { return go_random_; }

 private:
  using Job = std::function<void()>;
  /// A promise that was rejected while nobody had asked for its end.
  struct Rejection {
    v8::Global<v8::Promise> promise;
    v8::Global<v8::Value> reason;
  };

  /// Runs `job` on the fiber and whatever it waits for here.
  boost::asio::awaitable<void> run(Job job);
  /// The same of a job that waits for nothing.
  void run_now(Job job);
  void fiber_body();
  void resume();
  void suspend();
  void make_realm();
  void load_job();
  void call_job(ScriptPhase phase, const std::string& function);
  void enter_phase(ScriptPhase phase);
  /// A function of native.registry, looked up once.
  [[nodiscard]] v8::Local<v8::Function> helper(v8::Global<v8::Function>& kept,
                                               std::string_view name);
  [[nodiscard]] v8::Local<v8::Value> exported(const std::string& function);
  void apply_options();
  [[nodiscard]] v8::Local<v8::Value> argument();
  /// What the end of a call leaves: everything begun is cut, and how it ended is known.
  void conclude();
  /// The engine can't go on: the fiber is never resumed, and its heap and stack are not given back.
  [[noreturn]] void escape(const char* reason) override;
  boost::asio::awaitable<void> clean_up_after_escape();
  /// What was caught goes into end_.
  void finish(v8::TryCatch& caught);
  [[nodiscard]] std::string frame_of(v8::Local<v8::Message> message) const;
  [[nodiscard]] bool is_ending() const;
  /// By a function of native.registry: formatError or formatRejection.
  [[nodiscard]] std::string format(std::string_view formatter, v8::Local<v8::Value> thrown);
  /// Makes the JavaScript that is running unwind.
  void terminate();
  void discard_jobs();
  bool report_rejections();
  static void on_rejection(v8::PromiseRejectMessage message);

  friend class ScriptLoop;

  ScriptProgram& program_;
  ScriptSurroundings surroundings_;
  std::unique_ptr<ScriptIsolate> isolate_;
  v8::Global<v8::Context> context_;
  v8::Global<v8::Object> native_;
  v8::Global<v8::Value> argument_;
  v8::Global<v8::Value> returned_;
  v8::Global<v8::Function> begin_;
  v8::Global<v8::Function> end_hooks_;
  std::map<std::string, v8::Global<v8::Value>> exported_;
  KeptTexts texts_;
  ModuleLoader modules_;
  ScriptLoop loop_;
  lab::Rng rng_;
  std::optional<GoRandom> go_random_;  ///< After randomSeed().
  ScriptPhase phase_ = ScriptPhase::init;
  std::uint64_t iteration_ = 0;
  std::optional<std::string> argument_json_;
  std::string options_json_ = "null";
  std::vector<Rejection> rejections_;
  ScriptEnd end_;
  std::string abort_reason_;
  bool is_interrupted_ = false;
  bool is_aborted_ = false;
  bool is_leaving_ = false;  ///< The fiber is to return.
  bool is_dead_ = false;     ///< It has escaped.
  Job job_;
  bool is_job_done_ = false;
  std::optional<boost::asio::awaitable<void>> operation_;
  std::exception_ptr error_;      ///< Of an operation, for the caller of run().
  std::unique_ptr<Fiber> fiber_;  ///< Last: its stack holds what refers to the others.
};

}  // namespace loader
