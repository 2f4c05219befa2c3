// k6 scripts: read once, then run by the virtual users of any number of runs. The engine behind
// this is nobody else's business; a build without one refuses scripts here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/flow/iteration.h"
#include "loader/flow/run_context.h"
#include "loader/metrics/metric_registry.h"
#include "loader/script/script_end.h"
#include "loader/script/script_files.h"
#include "loader/script/script_log.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct ScriptProgram;
class ScriptUsers;

/// The text of a script, and where it stands.
struct ScriptText {
  std::string text;
  std::string path;    ///< Absolute, or "builtin:///scripts/x.js"; empty: standard input,
  std::string folder;  ///< which stands here.
};

/// What discovery is told besides the text.
struct ScriptDiscovery {
  std::map<std::string, std::string> environment{};  ///< __ENV.
  ScriptFetcher fetcher{};
  std::function<void(ScriptLogLine)> log{};
  lab::WallTime wall_now{};  ///< What Date says.
  std::uint64_t seed = 1;    ///< Of Math.random().
  /// Optimising code takes each virtual user some 40 ms and saves it a quarter of its time per
  /// iteration from then on: it pays where users run thousands of iterations, or wait between them.
  bool optimizes_early = false;
};

/// Why there is no script to run.
struct ScriptFailure {
  enum class Kind : std::uint8_t {
    exception,  ///< Thrown by its init code, or it could not be read.
    aborted,    ///< exec.test.abort() in its init code.
    invalid,    ///< It exports no function, or something that is none; or nobody handles a promise
                ///< that it rejects.
  };
  Kind kind = Kind::exception;
  std::string text;
};

/// A scenario as k6/execution shows it.
struct ScriptScenario {
  std::string name;
  std::string executor;
  std::string function;
  lab::TimePoint started{};
  lab::WallTime wall_started{};
  lab::Duration duration{};              ///< For `progress`, if it goes by time.
  std::function<double()> share_done{};  ///< `progress`, if it is counted in iterations.
  std::map<std::string, std::string> environment{};
};

/// What k6/execution says of the whole run, as far as this process knows.
struct ScriptRunCounts {
  std::uint64_t iterations_completed = 0;
  std::uint64_t iterations_interrupted = 0;
  std::uint64_t vus_active = 0;
  std::uint64_t vus_initialized = 0;
};

/// What the virtual users of a thread are told.
struct ScriptRunSettings {
  std::string options = "null";  ///< The consolidated ones, as JSON.
  bool meters_llm = true;        ///< Chat requests are measured as such.
  /// Whatever host the script names, requests go to the run's base URL.
  bool reaches_gateway_only = false;
  std::function<void(ScriptLogLine)> log{};
  std::function<lab::Duration()> elapsed{};  ///< Since the run's start.
  std::function<ScriptRunCounts()> counts{};
  /// Shown each kind of request that is made, once, as the step that a flow would have for it: by
  /// path, model, and whether it streams. Empty: nobody asks.
  std::function<void(Step)> request_seen{};
  /// Called for exec.test.fail(), with its reason.
  std::function<void(std::string)> mark_failed{};
};

/// A file that a script is made of.
struct ScriptFile {
  std::string url;        ///< "file:///abs/x.js", "https://…", "builtin:///…".
  std::string_view text;  ///< As it was read; valid as long as the script.
};

/// Discovered: its init code has run once. Does not change any more; any thread may use it.
class Script {
 public:
  /// Runs the init code. Waits take no time meanwhile.
  [[nodiscard]] static boost::system::result<std::shared_ptr<const Script>, ScriptFailure> discover(
      const ScriptText& text, ScriptDiscovery discovery);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  /// What it exports as `options`, as JSON; "{}": nothing.
  [[nodiscard]] const std::string& options() const;
  [[nodiscard]] bool exports(std::string_view function) const;
  /// The URL of its main module.
  [[nodiscard]] const std::string& main_url() const;
  /// All that discovery has read: modules, the main one among them, and what open() has opened.
  [[nodiscard]] std::vector<ScriptFile> files() const;
  /// With the metrics that it declares.
  [[nodiscard]] const MetricRegistry& registry() const;
  /// Those of one thread. `context` outlives them.
  [[nodiscard]] std::unique_ptr<ScriptUsers> make_users(RunContext& context,
                                                        ScriptRunSettings settings) const;

 private:
  Script();
  std::unique_ptr<ScriptProgram> program_;
};

/// How many virtual users this machine carries, by its limits on a process; each takes memory maps.
[[nodiscard]] std::uint64_t script_vus_max();
/// How many are to be made from here on, on all threads: many save memory rather than time. No
/// script runs meanwhile.
void expect_script_vus(std::uint64_t vus);

/// The virtual users of one thread, by index. All on the runtime's thread.
class ScriptUsers {
 public:
  virtual ~ScriptUsers() = default;

  /// Makes the user and runs its init code, unless that has been done. `vu` is __VU.
  virtual boost::asio::awaitable<ScriptEnd> prepare(std::size_t index, std::uint64_t vu) = 0;
  /// One iteration of a prepared user, as VirtualUser::run_iteration(). `scenario` lives until it
  /// has ended.
  virtual boost::asio::awaitable<IterationOutcome> run_iteration(std::size_t index,
                                                                 const ScriptScenario* scenario,
                                                                 IterationContext iteration) = 0;
  /// setup() or teardown(), in a heap of its own.
  virtual boost::asio::awaitable<IterationOutcome> run_once(ScriptPhase phase,
                                                            IterationContext iteration) = 0;
  /// What setup() has returned, as JSON; for those that run on other threads, too.
  [[nodiscard]] virtual std::optional<std::string> setup_data() const = 0;
  virtual void set_setup_data(std::optional<std::string> json) = 0;
  /// handleSummary(), in a heap of its own: files by place; none: it returned nothing, or there is
  /// no such function. The Error is for the log.
  using Files = std::vector<std::pair<std::string, std::string>>;
  virtual boost::asio::awaitable<lab::Result<std::optional<Files>>> summarize(std::string data) = 0;
};

}  // namespace loader
